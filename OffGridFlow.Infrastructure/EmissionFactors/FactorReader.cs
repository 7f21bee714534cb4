using System.Text.Json;
using Npgsql;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Quantities;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.EmissionFactors;

/// <summary>Reads factors and their sets back from the database, with the digits that were written.</summary>
internal static class FactorReader
{
    /// <summary>For a query whose factors are <c>f</c> and sets <c>s</c>; read by <see cref="Read"/>.</summary>
    public const string Columns =
        """
        f.key, f.id, f.activity, f.name, f.category, f.unit, f.basis, f.co2, f.ch4, f.n2o, f.co2e, f.biogenic_co2, f.biogenic_methane, f.other_gases::text, f.region,
        f.region_name, f.year, f.data_from, f.data_to, f.part, f.supply, f.scopes, f.loss_share, f.uncertainty_percent, f.source_table, f.note, f.caution, f.retired_at,
        s.id, s.family, s.edition, s.publisher, s.title, s.vintage, s.gwp_basis, s.license, s.source, s.cautions, s.checksum, s.tenant_id is not null, s.boundary,
        s.superseded_at, s.loaded_at, s.created_by, s.key
        """;

    /// <summary>How many columns <see cref="Columns"/> are: those of a query's own come after.</summary>
    public const int Count = 45;

    public static StoredFactor Read(NpgsqlDataReader row, UnitTable units)
    {
        var set = new FactorSet
        {
            Id = row.GetString(28), Family = row.GetString(29), Edition = row.GetString(30), Publisher = row.GetString(31), Title = row.GetString(32),
            Vintage = Enum.Parse<Vintage>(row.GetString(33)), GwpBasis = row.OptionalText(34), License = row.GetString(35), Source = row.GetString(36),
            Cautions = row.GetFieldValue<string[]>(37), Checksum = row.GetString(38), IsOwn = row.GetBoolean(39), Boundary = row.OptionalText(40),
        };
        var gases = row.GetString(13);
        var factor = new EmissionFactor
        {
            Id = row.GetString(1), Set = set, Activity = row.GetString(2), Name = row.GetString(3), Category = row.GetString(4), Unit = units.Find(row.GetString(5)),
            Basis = Enum.Parse<GasBasis>(row.GetString(6)), Co2 = Figure(row, 7), Ch4 = Figure(row, 8), N2o = Figure(row, 9), Co2e = Figure(row, 10),
            BiogenicCo2 = Figure(row, 11), BiogenicMethane = row.GetBoolean(12),
            OtherGases = gases == "{}" ? new Dictionary<string, decimal>() : JsonSerializer.Deserialize<Dictionary<string, decimal>>(gases)!,
            Region = row.GetString(14), Year = row.GetInt32(16), DataFrom = row.Optional<DateOnly>(17), DataTo = row.Optional<DateOnly>(18),
            Part = Enum.Parse<FactorPart>(row.GetString(19)), Supply = Enum.Parse<SupplyKind>(row.GetString(20)), Scopes = row.GetString(21), LossShare = Figure(row, 22),
            UncertaintyPercent = Figure(row, 23), SourceTable = row.OptionalText(24), Note = row.OptionalText(25), Caution = row.OptionalText(26),
        };
        return new StoredFactor(
            row.GetGuid(0), factor, row.GetString(15), row.Optional<DateTimeOffset>(27), row.Optional<DateTimeOffset>(41),
            row.GetFieldValue<DateTimeOffset>(42), row.OptionalText(43), row.GetGuid(44));
    }

    /// <summary>Without the zeros that the column's scale adds: the digits as published.</summary>
    private static decimal? Figure(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetDecimal(column).Normalized();
}

/// <summary>A factor as it lies in the database.</summary>
/// <param name="RetiredAt">Not offered and not chosen any more since then; what cites it keeps it.</param>
/// <param name="SupersededAt">The same for its whole set.</param>
/// <param name="CreatedBy">Who loaded the set; null for a shipped one.</param>
public sealed record StoredFactor(
    Guid Key, EmissionFactor Factor, string RegionName, DateTimeOffset? RetiredAt, DateTimeOffset? SupersededAt, DateTimeOffset LoadedAt,
    string? CreatedBy, Guid SetKey);
