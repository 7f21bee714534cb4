using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace OffGridFlow.Infrastructure.Identity;

/// <summary>One key of the data-protection ring, encrypted by the master key that lies outside the database.</summary>
public sealed class DataProtectionKey
{
    public required Guid Id { get; init; }
    public required string FriendlyName { get; init; }

    /// <summary>The key element as the framework writes it, its secret encrypted.</summary>
    public required string Xml { get; init; }
}

internal sealed class DataProtectionKeyConfiguration : IEntityTypeConfiguration<DataProtectionKey>
{
    public void Configure(EntityTypeBuilder<DataProtectionKey> builder)
    {
        builder.ToTable("DataProtectionKeys");
        builder.HasKey(key => key.Id);
        builder.Property(key => key.FriendlyName).HasMaxLength(200);
    }
}
