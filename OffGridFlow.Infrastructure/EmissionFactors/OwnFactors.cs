using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Npgsql;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Quantities;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.EmissionFactors;

/// <summary>
/// The organization's own factors. What is loaded keeps its digits: a correction is a new set, the former is retired, and nothing is deleted,
/// because results name the factors that made them.
/// </summary>
public sealed class OwnFactors(TenantDatabase database, CurrentUser user, FactorReference reference, TimeProvider time)
{
    /// <summary>Family of every own set.</summary>
    public const string Family = "own";

    /// <summary>How often a figure may be the largest of its neighbors, or the smallest be it, before somebody is asked.</summary>
    private const decimal Doubt = 10m;

    /// <summary>More would not be read; the rest shows when these are mended.</summary>
    private const int MostFaults = 500;

    private const string SetColumns =
        """
        s.key, s.id, s.title, s.publisher, s.source, s.license, s.gwp_basis, s.checksum, s.factor_count,
        (select count(*) from emission_factors f where f.set_key = s.key and f.retired_at is null)::integer, s.loaded_at, s.created_by, s.superseded_at, s.version
        """;

    public async Task<IReadOnlyList<OwnFactorSetRow>> ListAsync(CancellationToken cancellationToken)
    {
        user.Require(Permissions.CalculationsRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await unit.Connection.ListAsync(
            $"select {SetColumns} from factor_sets s where s.tenant_id = current_tenant() order by s.loaded_at desc, s.key", Read, cancellationToken);
    }

    /// <summary>Null when the organization has no such set.</summary>
    public async Task<OwnFactorSetRow?> FindAsync(Guid key, CancellationToken cancellationToken)
    {
        user.Require(Permissions.CalculationsRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await FindAsync(unit, key, cancellationToken);
    }

    /// <summary>Loads a filled template.</summary>
    /// <param name="confirmed">Load also what lies far from published figures.</param>
    public async Task<OwnFactorOutcome> LoadAsync(OwnFactorSetInput set, string template, bool confirmed, CancellationToken cancellationToken)
    {
        user.Require(Permissions.CalculationsPropose);
        List<OwnFactorFault> faults = [];
        var rows = OwnFactorTemplate.Read(template, faults);
        return await LoadAsync(set, rows, faults, confirmed, cancellationToken);
    }

    /// <summary>Loads rows that came one by one.</summary>
    /// <param name="confirmed">Load also what lies far from published figures.</param>
    public Task<OwnFactorOutcome> LoadAsync(OwnFactorSetInput set, IReadOnlyList<OwnFactorInput> rows, bool confirmed, CancellationToken cancellationToken)
    {
        user.Require(Permissions.CalculationsPropose);
        return LoadAsync(set, rows, [], confirmed, cancellationToken);
    }

    /// <summary>Changes what is said of a set, or retires it with all its factors. Its figures never change.</summary>
    /// <param name="version">The one that was seen.</param>
    /// <param name="retire">True: no longer offered and chosen. There is no way back; load the set anew.</param>
    public async Task<OwnFactorSetChange> ChangeAsync(Guid key, int version, string title, string source, string license, bool retire, CancellationToken cancellationToken)
    {
        user.Require(Permissions.CalculationsPropose);
        await using var unit = await database.OpenAsync(cancellationToken);
        if (await FindAsync(unit, key, cancellationToken) is not { } before)
        {
            return new OwnFactorSetChange.Gone();
        }

        var faults = FaultsOf(new OwnFactorSetInput(title, before.Publisher, source, license));
        if (faults.Count > 0)
        {
            return new OwnFactorSetChange.Refused(faults);
        }

        var now = time.GetUtcNow();
        var retires = retire && before.RetiredAt is null;
        var changed = await unit.Connection.ExecuteAsync(
            """
            update factor_sets set title = $3, source = $4, license = $5, superseded_at = coalesce(superseded_at, $6), version = version + 1
            where key = $1 and version = $2 and tenant_id = current_tenant()
            """,
            cancellationToken, key, version, title.Trim(), source.Trim(), license.Trim(), Sql.Instant(retires ? now : null));
        if (changed == 0)
        {
            return new OwnFactorSetChange.Stale();
        }

        if (retires)
        {
            await unit.Connection.ExecuteAsync(
                "update emission_factors set retired_at = $2 where set_key = $1 and retired_at is null and tenant_id = current_tenant()", cancellationToken, key, now);
            unit.Audit("factor-set.retired", $"factor-set/{key}", new { before.Id, before.Title, before.Factors });
        }

        var after = (await FindAsync(unit, key, cancellationToken))!;
        if ((before.Title, before.Source, before.License) != (after.Title, after.Source, after.License))
        {
            unit.Audit(
                "factor-set.changed", $"factor-set/{key}", new { before.Id }, new { before.Title, before.Source, before.License }, new { after.Title, after.Source, after.License });
        }

        await unit.CommitAsync(cancellationToken);
        return new OwnFactorSetChange.Changed(after);
    }

    /// <summary>Offers and chooses one own factor no more. False when the organization has none of this key in use.</summary>
    public async Task<bool> RetireAsync(Guid factor, CancellationToken cancellationToken)
    {
        user.Require(Permissions.CalculationsPropose);
        await using var unit = await database.OpenAsync(cancellationToken);
        var retired = await unit.Connection.ListAsync(
            "update emission_factors set retired_at = $2 where key = $1 and retired_at is null and tenant_id = current_tenant() returning id, name",
            row => (Id: row.GetString(0), Name: row.GetString(1)), cancellationToken, factor, time.GetUtcNow());
        if (retired is not [var one])
        {
            return false;
        }

        unit.Audit("factor.retired", $"factor/{factor}", new { one.Id, one.Name });
        await unit.CommitAsync(cancellationToken);
        return true;
    }

    private async Task<OwnFactorOutcome> LoadAsync(
        OwnFactorSetInput input, IReadOnlyList<OwnFactorInput> rows, List<OwnFactorFault> faults, bool confirmed, CancellationToken cancellationToken)
    {
        faults.AddRange(FaultsOf(input));
        if (rows.Count == 0 && faults.Count == 0)
        {
            faults.Add(new OwnFactorFault(0, "", "", "There is no factor in it.", "Write at least one line below the headings."));
        }

        if (rows.Count > OwnFactorTemplate.MostRows)
        {
            faults.Add(new OwnFactorFault(
                0, "", rows.Count.ToString(CultureInfo.InvariantCulture), FormattableString.Invariant($"These are more than {OwnFactorTemplate.MostRows} factors."), "Split them into several sets."));
            return new OwnFactorOutcome.Refused(faults);
        }

        await using var unit = await database.OpenAsync(cancellationToken);
        // Two loads at once could each miss the other's days.
        await unit.Connection.ExecuteAsync("select pg_advisory_xact_lock(hashtextextended('offgridflow.own-factors/' || current_tenant(), 0))", cancellationToken);
        var set = SetOf(input, rows);
        var reader = new OwnFactorReader(reference, await PublishedAsync(unit, rows, cancellationToken));
        var factors = rows.Select(row => reader.Read(row, set, faults)).OfType<EmissionFactor>().ToList();
        var own = await new TenantFactors(reference).ListAsync(unit, cancellationToken);
        faults.AddRange(Overlaps(factors, own));
        if (faults.Count > 0)
        {
            return new OwnFactorOutcome.Refused([.. faults.OrderBy(fault => fault.Line).Take(MostFaults)]);
        }

        var gwp = (await Calculation.CalculationPolicies.FindAsync(unit, cancellationToken)).Policy.Gwp;
        var doubts = factors.Zip(rows, (factor, row) => DoubtOf(factor, row.Line, reader.NeighborsOf(factor), gwp)).OfType<OwnFactorFault>().ToList();
        if (doubts.Count > 0 && !confirmed)
        {
            return new OwnFactorOutcome.Doubtful([.. doubts.Take(MostFaults)]);
        }

        await FactorWriter.WriteAsync(unit.Connection, unit.Actor.TenantId, new ShippedFactorSet(set, factors, []), reference.Regions, time.GetUtcNow(), unit.Actor.DisplayName, cancellationToken);
        var key = FactorWriter.SetKey(unit.Actor.TenantId, set);
        unit.Audit("factor-set.loaded", $"factor-set/{key}", new { set.Id, set.Title, set.Source, set.License, Factors = factors.Count, set.Checksum, ConfirmedDoubts = doubts.Count });
        var row = (await FindAsync(unit, key, cancellationToken))!;
        await unit.CommitAsync(cancellationToken);
        return new OwnFactorOutcome.Loaded(row);
    }

    private async Task<Dictionary<string, IReadOnlyList<EmissionFactor>>> PublishedAsync(TenantUnit unit, IReadOnlyList<OwnFactorInput> rows, CancellationToken cancellationToken)
    {
        var activities = rows.Select(row => row.Activity).Distinct().SelectMany(activity => OwnFactorReader.ActivitiesOf(activity, reference.Types)).Distinct().ToArray();
        var factors = await unit.Connection.ListAsync(
            $"""
            select {FactorReader.Columns} from emission_factors f join factor_sets s on s.key = f.set_key
            where f.activity = any($1) and f.tenant_id is null and f.retired_at is null
            """,
            row => FactorReader.Read(row, reference.Units).Factor, cancellationToken, (object)activities);
        return factors.GroupBy(factor => factor.Activity, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, IReadOnlyList<EmissionFactor> (group) => [.. group], StringComparer.Ordinal);
    }

    private OwnFactorFault? DoubtOf(EmissionFactor factor, int line, IReadOnlyList<EmissionFactor> neighbors, GwpSet gwp)
    {
        if (FactorFigure.KgCo2e(factor, reference.Gwps, gwp) is not { } figure || (figure == 0 && factor.Supply == SupplyKind.Supplier))
        {
            return null;
        }

        // In the unit of the row; a factor above zero, because the cleanest grids come close to it.
        var others = neighbors.Select(other => (Other: other, Figure: FactorFigure.KgCo2e(other, reference.Gwps, gwp) * factor.Unit.Factor / other.Unit.Factor))
            .Where(other => other.Figure > 0).OrderBy(other => other.Figure).ToList();
        if (others.Count == 0)
        {
            return null;
        }

        var (least, most) = (others[0], others[^1]);
        if (figure <= most.Figure * Doubt && figure >= least.Figure / Doubt)
        {
            return null;
        }

        var near = figure > most.Figure ? most : least;
        string Text(decimal value) => Math.Round(value, 6, MidpointRounding.AwayFromZero).ToString("0.######", CultureInfo.InvariantCulture);
        return new OwnFactorFault(
            line, factor.Basis == GasBasis.Co2e ? "co2e" : "co2", Text(figure),
            $"{Text(figure)} kg CO2e per {factor.Unit} is more than ten times away from every published factor of the activity: they go from {Text(least.Figure!.Value)} to {Text(most.Figure!.Value)} ({near.Other.Name}, {near.Other.Set.Title}).",
            "Check the unit and the point. If the figure is right, load it with a confirmation.");
    }

    private static List<OwnFactorFault> Overlaps(IReadOnlyList<EmissionFactor> factors, IReadOnlyList<EmissionFactor> own)
    {
        List<OwnFactorFault> faults = [];
        var seen = own.ToLookup(KeyOf).ToDictionary(group => group.Key, group => group.ToList());
        foreach (var factor in factors)
        {
            var same = seen.TryGetValue(KeyOf(factor), out var known) ? known : seen[KeyOf(factor)] = [];
            if (same.Find(other => other.DataFrom <= factor.DataTo && factor.DataFrom <= other.DataTo) is { } other)
            {
                faults.Add(new OwnFactorFault(
                    LineOf(factor), "valid_from", DayText(factor.DataFrom),
                    other.Set.Id == factor.Set.Id
                        ? $"Line {LineText(LineOf(other))} of the same table holds for some of these days: {DayText(other.DataFrom)} to {DayText(other.DataTo)}."
                        : $"“{other.Name}” of the set “{other.Set.Title}” holds for some of these days: {DayText(other.DataFrom)} to {DayText(other.DataTo)}.",
                    "One day has one own factor of an activity, unit, region, part and supply. Change the days, or retire the other factor first."));
            }

            same.Add(factor);
        }

        return faults;

        static string DayText(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "";
        static string LineText(int line) => line.ToString(CultureInfo.InvariantCulture);
        static int LineOf(EmissionFactor factor) => int.Parse(factor.Id.AsSpan(factor.Id.LastIndexOf('-') + 1), CultureInfo.InvariantCulture);
        static (string, UnitGroup, string, FactorPart, SupplyKind) KeyOf(EmissionFactor factor) => (factor.Activity, factor.Unit.Group, factor.Region, factor.Part, factor.Supply);
    }

    private static List<OwnFactorFault> FaultsOf(OwnFactorSetInput input)
    {
        List<OwnFactorFault> faults = [];
        Check("title", input.Title, 200, "The set has no title.", "Say in some words what it holds, such as Supplier rates 2025.");
        Check("publisher", input.Publisher, 200, "The publisher is missing.", "Name whoever stands behind the figures: a supplier, an agency, your own laboratory.");
        Check("source", input.Source, 1000, "The source is missing.", "Name title and address or page of what the figures were taken from.");
        Check("license", input.License, 1000, "The license or permission is missing.", "Say by what right you use the figures: a license, a contract, a permission, your own measurement.");
        if (input.GwpBasis is { Length: > 0 } basis && (char.IsDigit(basis[0]) || !Enum.TryParse<GwpSet>(basis, ignoreCase: true, out _)))
        {
            faults.Add(new OwnFactorFault(0, "gwp", basis, "These potentials are not known.", $"Use one of: {string.Join(", ", Enum.GetNames<GwpSet>())}; or leave it empty."));
        }

        return faults;

        void Check(string column, string? value, int longest, string missing, string fix)
        {
            if (string.IsNullOrWhiteSpace(value))
            {
                faults.Add(new OwnFactorFault(0, column, "", missing, fix));
            }
            else if (value.Trim().Length > longest)
            {
                faults.Add(new OwnFactorFault(0, column, value[..40] + "…", FormattableString.Invariant($"This is longer than {longest} characters."), "Shorten it."));
            }
        }
    }

    private static FactorSet SetOf(OwnFactorSetInput input, IReadOnlyList<OwnFactorInput> rows)
    {
        var content = JsonSerializer.Serialize(new { input, rows });
        var slug = new string([.. (input.Title ?? "").Trim().ToLowerInvariant().Select(character => char.IsAsciiLetterOrDigit(character) ? character : '-').Take(40)]).Trim('-');
        while (slug.Contains("--", StringComparison.Ordinal))
        {
            slug = slug.Replace("--", "-", StringComparison.Ordinal);
        }

        return new FactorSet
        {
            Id = $"own-{(slug.Length == 0 ? "factors" : slug)}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}", Family = Family, Edition = "Own",
            Publisher = (input.Publisher ?? "").Trim(), Title = (input.Title ?? "").Trim(), Vintage = Vintage.Days,
            GwpBasis = Enum.TryParse<GwpSet>(input.GwpBasis, ignoreCase: true, out var basis) ? basis.ToString().ToUpperInvariant() : null,
            License = (input.License ?? "").Trim(), Source = (input.Source ?? "").Trim(), IsOwn = true,
            Checksum = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content))),
        };
    }

    private static async Task<OwnFactorSetRow?> FindAsync(TenantUnit unit, Guid key, CancellationToken cancellationToken) => (await unit.Connection.ListAsync(
        $"select {SetColumns} from factor_sets s where s.key = $1 and s.tenant_id = current_tenant()", Read, cancellationToken, key)).SingleOrDefault();

    private static OwnFactorSetRow Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5), row.OptionalText(6), row.GetString(7), row.GetInt32(8),
        row.GetInt32(9), row.GetFieldValue<DateTimeOffset>(10), row.OptionalText(11) ?? "", row.Optional<DateTimeOffset>(12), row.GetInt32(13));
}
