using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Calculation;

/// <summary>The tenant's policy with what a page shows beside it.</summary>
/// <param name="Version">To be given back with a change; 0 where nothing has been decided yet.</param>
/// <param name="Families">Families of sets that there are, alphabetical, with the years of their editions and what they are called.</param>
public sealed record CalculationSettingsRow(
    CalculationPolicy Policy, int Version, string? ChangedBy, DateTimeOffset? ChangedAt, IReadOnlyList<FactorFamily> Families);

/// <param name="Years">Years of editions or of data, the latest first.</param>
/// <param name="IsPublished">False for the tenant's own.</param>
public sealed record FactorFamily(string Family, string Publisher, IReadOnlyList<int> Years, bool IsPublished);

/// <summary>What became of a change of the policy.</summary>
public abstract record CalculationSettingsOutcome
{
    public sealed record Saved(CalculationSettingsRow Row) : CalculationSettingsOutcome;

    /// <summary>Somebody else was quicker; nothing was changed now.</summary>
    public sealed record Stale : CalculationSettingsOutcome;

    /// <param name="Reason">What is wrong and how it is mended.</param>
    public sealed record Refused(string Reason) : CalculationSettingsOutcome;
}

/// <summary>A shipped set that came since the tenant last looked.</summary>
/// <param name="Added">Factors that no other current edition of the family has.</param>
/// <param name="Changed">Factors that the edition before it has with other figures.</param>
/// <param name="Missing">Factors of the edition before it that this one lacks.</param>
/// <param name="Before">The edition that these are counted against; null for the first of a family.</param>
public sealed record NewEdition(string SetId, string Title, string Edition, DateTimeOffset LoadedAt, int Factors, string? Before, int Added, int Changed, int Missing);

/// <summary>
/// Reads and changes how a tenant calculates. A change holds for what is entered or changed from then on; results that are there stay as they
/// are until a run of the whole inventory proposes others (invariant 4 of the design).
/// </summary>
public sealed class CalculationSettings(TenantDatabase database, CurrentUser user, TimeProvider time)
{
    public async Task<CalculationSettingsRow> FindAsync(CancellationToken cancellationToken)
    {
        user.Require(Permissions.CalculationsRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await FindAsync(unit, cancellationToken);
    }

    /// <param name="version">The one that was seen.</param>
    public async Task<CalculationSettingsOutcome> SaveAsync(CalculationPolicy policy, int version, CancellationToken cancellationToken)
    {
        var actor = user.Require(Permissions.CalculationsPropose);
        await using var unit = await database.OpenAsync(cancellationToken);
        var before = await FindAsync(unit, cancellationToken);
        if (Fault(policy, before.Families) is { } fault)
        {
            return new CalculationSettingsOutcome.Refused(fault);
        }

        var saved = await unit.Connection.ExecuteAsync(
            """
            insert into calculation_policies as p (tenant_id, gwp, set_order, allows_proxy, fixed_editions, version, changed_by, changed_at)
            select current_tenant(), $1, $2, $3, $4::jsonb, 1, $5, $6 where $7 = 0 or exists (select from calculation_policies where tenant_id = current_tenant())
            on conflict (tenant_id) do update set gwp = excluded.gwp, set_order = excluded.set_order, allows_proxy = excluded.allows_proxy,
              fixed_editions = excluded.fixed_editions, version = p.version + 1, changed_by = excluded.changed_by, changed_at = excluded.changed_at
            where p.version = $7
            """,
            cancellationToken, policy.Gwp.ToString(), policy.SetOrder.ToArray(), policy.AllowsProxy, CalculationPolicies.Write(policy.FixedEditions), actor.DisplayName,
            time.GetUtcNow(), version);
        if (saved == 0)
        {
            return new CalculationSettingsOutcome.Stale();
        }

        unit.Audit("calculation-policy.changed", "calculation-policy/" + actor.TenantId, before: Facts(before.Policy), after: Facts(policy));
        var row = await FindAsync(unit, cancellationToken);
        await unit.CommitAsync(cancellationToken);
        return new CalculationSettingsOutcome.Saved(row);
    }

    /// <summary>Shipped sets that came since the tenant last confirmed, or since it began.</summary>
    public async Task<IReadOnlyList<NewEdition>> ListNewEditionsAsync(CancellationToken cancellationToken)
    {
        user.Require(Permissions.CalculationsRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await unit.Connection.ListAsync(
            """
            with seen as (
              select coalesce((select editions_confirmed_at from calculation_policies where tenant_id = current_tenant()), t.created_at) as at
              from tenants t where t.id = current_tenant()),
            fresh as (
              select s.*, (select o.key from factor_sets o where o.tenant_id is null and o.family = s.family and o.key <> s.key
                  and (o.superseded_at is null or o.id = s.id) and o.loaded_at <= s.loaded_at and (o.id = s.id or o.id < s.id)
                order by o.id = s.id desc, o.id desc, o.loaded_at desc limit 1) as before_key
              from factor_sets s, seen where s.tenant_id is null and s.superseded_at is null and s.loaded_at > seen.at)
            select fresh.id, fresh.title, fresh.edition, fresh.loaded_at, fresh.factor_count, b.edition,
              (select count(*) from emission_factors f where f.set_key = fresh.key and not exists (
                select from emission_factors o where o.set_key = fresh.before_key and (o.activity, o.unit, o.region, o.part, o.supply) = (f.activity, f.unit, f.region, f.part, f.supply)))::integer,
              (select count(*) from emission_factors f where f.set_key = fresh.key and exists (
                select from emission_factors o where o.set_key = fresh.before_key and (o.activity, o.unit, o.region, o.part, o.supply) = (f.activity, f.unit, f.region, f.part, f.supply))
                and not exists (
                select from emission_factors o where o.set_key = fresh.before_key and (o.activity, o.unit, o.region, o.part, o.supply) = (f.activity, f.unit, f.region, f.part, f.supply)
                  and (f.co2, f.ch4, f.n2o, f.co2e, f.biogenic_co2, f.other_gases) is not distinct from (o.co2, o.ch4, o.n2o, o.co2e, o.biogenic_co2, o.other_gases)))::integer,
              (select count(*) from emission_factors o where o.set_key = fresh.before_key and not exists (
                select from emission_factors f where f.set_key = fresh.key and (o.activity, o.unit, o.region, o.part, o.supply) = (f.activity, f.unit, f.region, f.part, f.supply)))::integer
            from fresh left join factor_sets b on b.key = fresh.before_key order by fresh.family, fresh.id
            """,
            row => new NewEdition(
                row.GetString(0), row.GetString(1), row.GetString(2), row.GetFieldValue<DateTimeOffset>(3), row.GetInt32(4), row.OptionalText(5), row.GetInt32(6),
                row.GetInt32(7), row.GetInt32(8)),
            cancellationToken);
    }

    /// <summary>Confirms that the new editions were seen, for the whole organization.</summary>
    public async Task ConfirmEditionsAsync(CancellationToken cancellationToken)
    {
        var actor = user.Require(Permissions.CalculationsPropose);
        await using var unit = await database.OpenAsync(cancellationToken);
        var policy = CalculationPolicy.Default;
        await unit.Connection.ExecuteAsync(
            """
            insert into calculation_policies (tenant_id, gwp, set_order, allows_proxy, fixed_editions, editions_confirmed_at, version, changed_by, changed_at)
            values (current_tenant(), $1, $2, $3, '{}', $5, 0, $4, $5)
            on conflict (tenant_id) do update set editions_confirmed_at = excluded.editions_confirmed_at
            """,
            cancellationToken, policy.Gwp.ToString(), policy.SetOrder.ToArray(), policy.AllowsProxy, actor.DisplayName, time.GetUtcNow());
        unit.Audit("factor-editions.confirmed", "calculation-policy/" + actor.TenantId);
        await unit.CommitAsync(cancellationToken);
    }

    private static async Task<CalculationSettingsRow> FindAsync(TenantUnit unit, CancellationToken cancellationToken)
    {
        var stored = await CalculationPolicies.FindAsync(unit, cancellationToken);
        return new CalculationSettingsRow(stored.Policy, stored.Version, stored.ChangedBy, stored.ChangedAt, await FamiliesAsync(unit, cancellationToken));
    }

    internal static async Task<IReadOnlyList<FactorFamily>> FamiliesAsync(TenantUnit unit, CancellationToken cancellationToken) =>
        await unit.Connection.ListAsync(
            """
            select s.family, min(s.publisher), array_agg(distinct y.year order by y.year desc), bool_or(s.tenant_id is null)
            from factor_sets s cross join lateral (select distinct f.year from emission_factors f where f.set_key = s.key) y
            where s.superseded_at is null group by s.family order by s.family
            """,
            row => new FactorFamily(row.GetString(0), row.GetString(1), row.GetFieldValue<int[]>(2), row.GetBoolean(3)), cancellationToken);

    internal static string? Fault(CalculationPolicy policy, IReadOnlyList<FactorFamily> families)
    {
        var known = families.ToDictionary(family => family.Family, StringComparer.Ordinal);
        if (policy.SetOrder.FirstOrDefault(family => !known.ContainsKey(family)) is { } unknown)
        {
            return $"“{unknown}” is no family of factor sets. Use: {string.Join(", ", known.Keys)}.";
        }

        if (policy.SetOrder.Distinct(StringComparer.Ordinal).Count() != policy.SetOrder.Count)
        {
            return "A family of sets stands in the order twice. Name each once.";
        }

        foreach (var ((family, year), edition) in policy.FixedEditions)
        {
            if (!known.TryGetValue(family, out var sets) || !sets.Years.Contains(edition))
            {
                return FormattableString.Invariant($"There is no edition {edition} of “{family}”, which was to be fixed for {year}. Choose one of those that are loaded.");
            }
        }

        return null;
    }

    private static object Facts(CalculationPolicy policy) => new
    {
        policy.Gwp, policy.SetOrder, policy.AllowsProxy, FixedEditions = CalculationPolicies.Write(policy.FixedEditions),
    };
}
