using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OffGridFlow.Core.Identity;

namespace OffGridFlow.Infrastructure.Identity;

internal sealed class PersonalSettingConfiguration : IEntityTypeConfiguration<PersonalSetting>
{
    public void Configure(EntityTypeBuilder<PersonalSetting> builder)
    {
        builder.ToTable("PersonalSettings");
        builder.HasKey(setting => new { setting.TenantId, setting.UserId, setting.Name });
        builder.Property(setting => setting.Name).HasMaxLength(PersonalSetting.NameLength);
        builder.Property(setting => setting.Value).HasMaxLength(PersonalSetting.ValueLength);
        builder.HasOne<Membership>().WithMany().HasForeignKey(setting => new { setting.TenantId, setting.UserId }).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class SavedViewConfiguration : IEntityTypeConfiguration<SavedView>
{
    public void Configure(EntityTypeBuilder<SavedView> builder)
    {
        builder.ToTable("SavedViews");
        builder.HasKey(view => view.Id);
        builder.Property(view => view.Page).HasMaxLength(SavedView.PageLength);
        builder.Property(view => view.Name).HasMaxLength(SavedView.NameLength);
        builder.Property(view => view.Query).HasMaxLength(SavedView.QueryLength);
        // Some letters take more room in upper case.
        builder.Property(view => view.NormalizedName).HasMaxLength(3 * SavedView.NameLength);
        builder.HasIndex(view => new { view.TenantId, view.UserId, view.Page, view.NormalizedName }).IsUnique();
        builder.HasOne<Membership>().WithMany().HasForeignKey(view => new { view.TenantId, view.UserId }).OnDelete(DeleteBehavior.Cascade);
    }
}
