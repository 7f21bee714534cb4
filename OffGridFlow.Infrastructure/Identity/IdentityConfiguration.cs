using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OffGridFlow.Core.Auditing;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Tenancy;

namespace OffGridFlow.Infrastructure.Identity;

internal sealed class UserConfiguration : IEntityTypeConfiguration<User>
{
    public void Configure(EntityTypeBuilder<User> builder)
    {
        builder.ToTable("Users");
        builder.HasKey(user => user.Id);
        builder.Property(user => user.Email).HasMaxLength(User.EmailLength);
        builder.Property(user => user.NormalizedEmail).HasMaxLength(User.EmailLength);
        builder.Property(user => user.DisplayName).HasMaxLength(User.DisplayNameLength);
        builder.Property(user => user.PasswordHash).HasMaxLength(400);
        builder.Property(user => user.SecurityStamp).HasMaxLength(100);
        builder.HasIndex(user => user.NormalizedEmail).IsUnique();
    }
}

internal sealed class MembershipConfiguration : IEntityTypeConfiguration<Membership>
{
    public void Configure(EntityTypeBuilder<Membership> builder)
    {
        builder.ToTable("Memberships");
        builder.HasKey(membership => new { membership.TenantId, membership.UserId });
        builder.Property(membership => membership.State).HasDefaultValue(MembershipState.Active);
        builder.Property(membership => membership.CreatedAt).HasDefaultValueSql("now()");
        builder.Property(membership => membership.Version).HasDefaultValue(1).IsConcurrencyToken();
        builder.HasIndex(membership => membership.UserId);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(membership => membership.TenantId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<User>().WithMany().HasForeignKey(membership => membership.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class SessionConfiguration : IEntityTypeConfiguration<Session>
{
    public void Configure(EntityTypeBuilder<Session> builder)
    {
        builder.ToTable("Sessions");
        builder.HasKey(session => session.Id);
        builder.Property(session => session.Address).HasMaxLength(AuditEntry.AddressLength);
        builder.HasIndex(session => session.KeyHash).IsUnique();
        builder.HasIndex(session => session.RefreshHash);
        builder.HasIndex(session => session.RefreshFamilyHash);
        builder.HasIndex(session => session.UserId);
        builder.HasOne<User>().WithMany().HasForeignKey(session => session.UserId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(session => session.TenantId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class InvitationConfiguration : IEntityTypeConfiguration<Invitation>
{
    public void Configure(EntityTypeBuilder<Invitation> builder)
    {
        builder.ToTable("Invitations");
        builder.HasKey(invitation => invitation.Id);
        builder.Property(invitation => invitation.Email).HasMaxLength(User.EmailLength);
        builder.Property(invitation => invitation.NormalizedEmail).HasMaxLength(User.EmailLength);
        builder.Property(invitation => invitation.CreatedBy).HasMaxLength(User.DisplayNameLength);
        builder.HasIndex(invitation => invitation.TokenHash).IsUnique();
        builder.HasIndex(invitation => new { invitation.TenantId, invitation.NormalizedEmail }).IsUnique()
            .HasFilter("accepted_at is null and revoked_at is null");
        builder.HasOne<Tenant>().WithMany().HasForeignKey(invitation => invitation.TenantId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class PasswordResetConfiguration : IEntityTypeConfiguration<PasswordReset>
{
    public void Configure(EntityTypeBuilder<PasswordReset> builder)
    {
        builder.ToTable("PasswordResets");
        builder.HasKey(reset => reset.Id);
        builder.Property(reset => reset.CreatedBy).HasMaxLength(User.DisplayNameLength);
        builder.HasIndex(reset => reset.TokenHash).IsUnique();
        builder.HasIndex(reset => new { reset.TenantId, reset.UserId });
        builder.HasOne<Membership>().WithMany().HasForeignKey(reset => new { reset.TenantId, reset.UserId }).OnDelete(DeleteBehavior.Cascade);
    }
}
