using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Quantities;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.EmissionFactors;

/// <summary>Writes a set with its factors, in the caller's transaction. The same for shipped sets and for tenants' own.</summary>
internal static class FactorWriter
{
    /// <summary>Rows of one statement: a few megabytes of JSON.</summary>
    private const int Batch = 2000;

    private static readonly JsonSerializerOptions Columns = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <param name="tenantId">Null for a shipped set.</param>
    /// <param name="createdBy">Whose it is; null for a shipped set.</param>
    public static async Task WriteAsync(
        NpgsqlConnection connection, Guid? tenantId, ShippedFactorSet content, RegionTable regions, DateTimeOffset at, string? createdBy, CancellationToken cancellationToken)
    {
        var set = content.Set;
        var setKey = SetKey(tenantId, set);
        await connection.ExecuteAsync(
            """
            insert into factor_sets (key, tenant_id, id, family, edition, publisher, title, vintage, gwp_basis, license, source, boundary, cautions, corrections, checksum,
              factor_count, loaded_at, created_by, version)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, 1)
            """,
            cancellationToken, setKey, Sql.Uuid(tenantId), set.Id, set.Family, set.Edition, set.Publisher, set.Title, set.Vintage.ToString(), Sql.Text(set.GwpBasis),
            set.License, set.Source, Sql.Text(set.Boundary), set.Cautions.ToArray(),
            Jsonb(JsonSerializer.Serialize(content.Corrections, Columns)), set.Checksum, content.Factors.Count, at, Sql.Text(createdBy));
        foreach (var batch in content.Factors.Chunk(Batch))
        {
            var rows = JsonSerializer.Serialize(batch.Select(factor => RowOf(factor, tenantId, setKey, regions)), Columns);
            await connection.ExecuteAsync(
                """
                insert into emission_factors (key, tenant_id, set_key, id, activity, name, category, unit, basis, co2, ch4, n2o, co2e, biogenic_co2, biogenic_methane,
                  other_gases, region, region_name, year, data_from, data_to, part, supply, scopes, loss_share, uncertainty_percent, source_table, note, caution, gases, words)
                select key, tenant_id, set_key, id, activity, name, category, unit, basis, co2, ch4, n2o, co2e, biogenic_co2, biogenic_methane,
                  other_gases, region, region_name, year, data_from, data_to, part, supply, scopes, loss_share, uncertainty_percent, source_table, note, caution, gases, words
                from jsonb_populate_recordset(null::emission_factors, $1)
                """,
                cancellationToken, Jsonb(rows));
        }
    }

    /// <summary>The key of a shipped set follows from its digits, so that addresses of its factors are the same in every installation.</summary>
    internal static Guid SetKey(Guid? tenantId, FactorSet set) => KeyOf(tenantId is null ? $"{set.Id}\n{set.Checksum}" : $"{tenantId:N}\n{set.Id}\n{set.Checksum}");

    internal static Guid FactorKey(Guid setKey, string factorId) => KeyOf($"{setKey:N}\n{factorId}");

    /// <summary>A UUID of version 8 (RFC 9562) made of a hash.</summary>
    private static Guid KeyOf(string text)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes(text))[..16];
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    private static FactorColumns RowOf(EmissionFactor factor, Guid? tenantId, Guid setKey, RegionTable regions)
    {
        var region = regions.TryFind(factor.Region, out var found) ? found.Name : factor.Region;
        var gases = GasesOf(factor).ToArray();
        return new FactorColumns(
            FactorKey(setKey, factor.Id), tenantId, setKey, factor.Id, factor.Activity, factor.Name, factor.Category, factor.Unit.Symbol, factor.Basis.ToString(),
            Stored(factor.Co2), Stored(factor.Ch4), Stored(factor.N2o), Stored(factor.Co2e), Stored(factor.BiogenicCo2), factor.BiogenicMethane,
            factor.OtherGases, factor.Region, region, factor.Year, factor.DataFrom, factor.DataTo,
            factor.Part.ToString(), factor.Supply.ToString(), factor.Scopes, Stored(factor.LossShare), Stored(factor.UncertaintyPercent), factor.SourceTable, factor.Note,
            factor.Caution, gases,
            string.Join(' ', [factor.Set.Family, factor.Set.Publisher, factor.Set.Title, factor.Set.Edition, region, factor.Region, factor.Unit.Symbol, factor.Id, .. gases]));
    }

    /// <summary>What the figures hold. Energy content is no gas.</summary>
    private static IEnumerable<string> GasesOf(EmissionFactor factor)
    {
        if (factor.Basis == GasBasis.Energy) yield break;
        if (factor.Co2 is not null) yield return GwpTable.Co2;
        if (factor.Ch4 is not null) yield return GwpTable.Ch4;
        if (factor.N2o is not null) yield return GwpTable.N2o;
        foreach (var gas in factor.OtherGases.Keys) yield return gas;
        if (factor.Co2e is not null) yield return "CO2e";
        if (factor.BiogenicCo2 is not null) yield return "Biogenic CO2";
    }

    private static NpgsqlParameter Jsonb(string json) => new() { Value = json, NpgsqlDbType = NpgsqlDbType.Jsonb };

    private static decimal? Stored(decimal? figure) => figure is { } given ? Exact.Round(given) : null;

    /// <summary>The columns as <c>jsonb_populate_recordset</c> reads them; a JSON number becomes a numeric with all its digits.</summary>
    private sealed record FactorColumns(
        Guid Key, Guid? TenantId, Guid SetKey, string Id, string Activity, string Name, string Category, string Unit, string Basis, decimal? Co2, decimal? Ch4, decimal? N2o,
        decimal? Co2e, decimal? BiogenicCo2, bool BiogenicMethane, IReadOnlyDictionary<string, decimal> OtherGases, string Region, string RegionName, int Year,
        DateOnly? DataFrom, DateOnly? DataTo, string Part, string Supply, string Scopes, decimal? LossShare, decimal? UncertaintyPercent, string? SourceTable, string? Note,
        string? Caution, string[] Gases, string Words);
}
