using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OffGridFlow.Core.Calculation;

namespace OffGridFlow.Infrastructure.Calculation;

internal sealed class StoredInstrumentConfiguration : IEntityTypeConfiguration<StoredInstrument>
{
    /// <summary>Room for the names of all flags.</summary>
    private const int Flags = 200;

    public void Configure(EntityTypeBuilder<StoredInstrument> builder)
    {
        builder.ToTable("ContractualInstruments");
        builder.HasKey(instrument => instrument.Id);
        builder.Property(instrument => instrument.Name).HasMaxLength(200);
        builder.Property(instrument => instrument.Supplier).HasMaxLength(200);
        builder.Property(instrument => instrument.Technology).HasMaxLength(100);
        builder.Property(instrument => instrument.Registry).HasMaxLength(100);
        builder.Property(instrument => instrument.SerialFrom).HasMaxLength(100);
        builder.Property(instrument => instrument.SerialTo).HasMaxLength(100);
        builder.Property(instrument => instrument.CriteriaMet).HasMaxLength(Flags);
        builder.Property(instrument => instrument.CriteriaNotMet).HasMaxLength(Flags);
        builder.Property(instrument => instrument.Evidence).HasMaxLength(4000);
        builder.HasIndex(instrument => new { instrument.TenantId, instrument.FirstDay });
        builder.HasIndex(instrument => instrument.SiteIds).HasMethod("gin");
    }
}
