using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.Calculation;

namespace OffGridFlow.Infrastructure.Calculation;

internal sealed class CalculationExceptionConfiguration : IEntityTypeConfiguration<CalculationException>
{
    public void Configure(EntityTypeBuilder<CalculationException> builder)
    {
        builder.ToTable("CalculationExceptions");
        builder.HasKey(exception => exception.EntryId);
        builder.HasOne<ActivityEntry>().WithOne().HasForeignKey<CalculationException>(exception => exception.EntryId).OnDelete(DeleteBehavior.Restrict);
        builder.Property(exception => exception.Code).HasMaxLength(60);
        builder.Property(exception => exception.Message).HasMaxLength(1000);
        builder.Property(exception => exception.Mend).HasMaxLength(1000);
        builder.HasIndex(exception => new { exception.TenantId, exception.Code });
    }
}
