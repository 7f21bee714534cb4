using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Core.Targets;
using OffGridFlow.Infrastructure.Organizations;
using OffGridFlow.Infrastructure.Persistence;

namespace OffGridFlow.Infrastructure.Targets;

/// <summary>A target as people write it. Members as <see cref="Target"/>.</summary>
public sealed record TargetInput
{
    public string? Name { get; set; }
    public TargetKind Kind { get; set; }
    public TargetDenominator? Denominator { get; set; }
    public IReadOnlyList<int> Scopes { get; set; } = [];
    public IReadOnlyList<int> Categories { get; set; } = [];
    public Scope2Method Scope2Method { get; set; }
    public Guid? BasePeriodId { get; set; }
    public int? TargetYear { get; set; }
    public TargetPathKind Path { get; set; }
    public decimal? Reduction { get; set; }
    public string? Note { get; set; }

    public static TargetInput Of(Target target) => new()
    {
        Name = target.Name, Kind = target.Kind, Denominator = target.Denominator, Scopes = target.Scopes, Categories = target.Categories, Scope2Method = target.Scope2Method,
        BasePeriodId = target.BasePeriodId, TargetYear = target.TargetYear, Path = target.Path, Reduction = target.Reduction, Note = target.Note,
    };
}

/// <summary>The reduction targets of the present tenant. They never change the ledger.</summary>
public sealed class TargetService(TenantDatabase database, CurrentUser user) : PlannedRows<Target, TargetInput>(database, user)
{
    public const int NameLength = 200;
    public const int NoteLength = 2000;

    /// <summary>Further away than any target is set.</summary>
    private const int LastYear = 2100;

    private protected override PlannedActions Actions { get; } = new("target", "target.created", "target.changed", "target.removed");

    private protected override TargetInput InputOf(Target row) => TargetInput.Of(row);

    private protected override string NameOf(Target row) => row.Name;

    private protected override async Task<string?> HeldByAsync(TenantUnit unit, Target row, CancellationToken cancellationToken) =>
        await unit.Context.Scenarios.CountAsync(scenario => scenario.TargetId == row.Id, cancellationToken) is var count and > 0
            ? $"{row.Name} was not removed: {Words.Counted((count, "scenario", "scenarios"))} {(count == 1 ? "rests" : "rest")} on it. Remove {(count == 1 ? "that" : "those")} first."
            : null;

    private protected override Target Make(Guid id, Guid tenant, TargetInput input, int version) => new()
    {
        Id = id, TenantId = tenant, Name = input.Name!.Trim(), Kind = input.Kind, Denominator = input.Kind == TargetKind.Intensity ? input.Denominator : null,
        Scopes = [.. input.Scopes.Distinct().Order()], Categories = input.Scopes.Contains(3) ? [.. input.Categories.Distinct().Order()] : [], Scope2Method = input.Scope2Method,
        BasePeriodId = input.BasePeriodId!.Value, TargetYear = input.TargetYear!.Value, Path = input.Path, Reduction = input.Reduction!.Value, Note = Faults.Clean(input.Note),
        Version = version,
    };

    private protected override async Task<Faults> FaultsAsync(TenantUnit unit, Guid? id, TargetInput input, CancellationToken cancellationToken)
    {
        var faults = new Faults();
        faults.Required("name", input.Name, NameLength, "Give the target a name, e.g. Scopes 1 and 2 by 2030");
        if (faults.Count == 0)
        {
            var name = input.Name!.Trim();
            if (await unit.Context.Targets.AnyAsync(other => other.Id != id && other.Name == name, cancellationToken))
            {
                faults.Add("name", $"There is a target “{name}” already. Choose another name.");
            }
        }

        if (input.Kind == TargetKind.Intensity && input.Denominator is null)
        {
            faults.Add("denominator", "Say what the intensity is counted per: revenue, full-time employees, output or floor area.");
        }

        if (input.Scopes.Count == 0 || input.Scopes.Any(scope => scope is < 1 or > 3))
        {
            faults.Add("scopes", "Say which scopes the target covers: one or more of 1, 2 and 3.");
        }

        if (input.Categories.Any(category => category is < 1 or > 15) || (input.Categories.Count > 0 && !input.Scopes.Contains(3)))
        {
            faults.Add("categories", "Categories are 1 to 15, of a target that covers Scope 3. Leave them out to cover all of it.");
        }

        var period = input.BasePeriodId is { } key ? await Editing.FindAsync<ReportingPeriod>(unit, key, cancellationToken) : null;
        if (period is null)
        {
            faults.Add("basePeriodId", "Choose the reporting period that the target starts from.");
        }

        if (input.TargetYear is not { } year || year > LastYear || (period is not null && year <= period.LastDay.Year))
        {
            faults.Add("targetYear", period is null
                ? "Say the target year." : FormattableString.Invariant($"The target year lies after the base year {period.LastDay.Year}, and not after {LastYear}."));
        }

        if (input.Reduction is (not > 0) or > 1)
        {
            faults.Add("reduction", input.Path == TargetPathKind.Linear
                ? "Say by how much it goes down by the target year: above 0 and up to 1 (100 %)." : "Say by how much it goes down each year: above 0 and up to 1 (100 %).");
        }

        faults.Optional("note", input.Note, NoteLength);
        return faults;
    }
}
