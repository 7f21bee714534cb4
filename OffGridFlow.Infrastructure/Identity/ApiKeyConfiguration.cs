using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OffGridFlow.Core.Auditing;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Tenancy;

namespace OffGridFlow.Infrastructure.Identity;

/// <summary>People are named without a foreign key: a key and its history outlive them.</summary>
internal sealed class ApiKeyConfiguration : IEntityTypeConfiguration<ApiKey>
{
    public void Configure(EntityTypeBuilder<ApiKey> builder)
    {
        builder.ToTable("ApiKeys", table => table.HasCheckConstraint(
            "ck_api_keys_scopes", $"not ('{Permissions.AdministrationWrite}' = any (scopes))"));
        builder.HasKey(key => key.Id);
        builder.Property(key => key.Name).HasMaxLength(ApiKey.NameLength);
        builder.Property(key => key.Prefix).HasMaxLength(ApiKey.PrefixLength);
        builder.Property(key => key.CreatedBy).HasMaxLength(User.DisplayNameLength);
        builder.Property(key => key.LastUsedFrom).HasMaxLength(AuditEntry.AddressLength);
        builder.Property(key => key.RevokedBy).HasMaxLength(User.DisplayNameLength);
        builder.HasIndex(key => key.SecretHash).IsUnique();
        builder.HasIndex(key => new { key.TenantId, key.CreatedAt });
        builder.HasOne<Tenant>().WithMany().HasForeignKey(key => key.TenantId).OnDelete(DeleteBehavior.Cascade);
    }
}
