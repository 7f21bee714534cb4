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

internal sealed class ExchangeRateConfiguration : IEntityTypeConfiguration<ExchangeRate>
{
    public void Configure(EntityTypeBuilder<ExchangeRate> builder)
    {
        builder.ToTable("ExchangeRates");
        builder.HasKey(rate => new { rate.TenantId, rate.FromCurrency, rate.ToCurrency, rate.Month });
        builder.Property(rate => rate.FromCurrency).HasMaxLength(3);
        builder.Property(rate => rate.ToCurrency).HasMaxLength(3);
        builder.Property(rate => rate.Source).HasMaxLength(MoneyRows.SourceLength);
        builder.Property(rate => rate.ChangedBy).HasMaxLength(200);
    }
}

internal sealed class PriceIndexConfiguration : IEntityTypeConfiguration<PriceIndex>
{
    public void Configure(EntityTypeBuilder<PriceIndex> builder)
    {
        builder.ToTable("PriceIndices");
        builder.HasKey(index => new { index.TenantId, index.Currency, index.Year, index.Month });
        builder.Property(index => index.Currency).HasMaxLength(3);
        builder.Property(index => index.Source).HasMaxLength(MoneyRows.SourceLength);
        builder.Property(index => index.ChangedBy).HasMaxLength(200);
    }
}
