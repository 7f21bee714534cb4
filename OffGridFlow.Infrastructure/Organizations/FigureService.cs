using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Infrastructure.Persistence;

namespace OffGridFlow.Infrastructure.Organizations;

/// <summary>Business figures as people write them. Members as <see cref="BusinessFigure"/>.</summary>
public sealed record BusinessFigureInput
{
    public decimal? Revenue { get; set; }
    public string? Currency { get; set; }
    public decimal? FullTimeEmployees { get; set; }
    public decimal? Output { get; set; }
    public string? OutputUnit { get; set; }
    public decimal? FloorArea { get; set; }
    public string? Reason { get; set; }

    public static BusinessFigureInput Of(BusinessFigure figure) => new()
    {
        Revenue = figure.Revenue, Currency = figure.Currency, FullTimeEmployees = figure.FullTimeEmployees, Output = figure.Output, OutputUnit = figure.OutputUnit,
        FloorArea = figure.FloorArea, Reason = figure.Reason,
    };
}

/// <summary>What the entities did in each period. Nothing is overwritten: a correction is the next version.</summary>
public sealed class FigureService(TenantDatabase database, CurrentUser user, TimeProvider time)
{
    /// <summary>All versions, the latest first in each entity and period.</summary>
    public async Task<IReadOnlyList<BusinessFigure>> ListAsync(CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await unit.Context.BusinessFigures.OrderBy(figure => figure.PeriodId).ThenBy(figure => figure.OrganizationId).ThenByDescending(figure => figure.Version)
            .ToListAsync(cancellationToken);
    }

    /// <param name="version">The one that was seen; 0 where there was none.</param>
    public async Task<Edit<BusinessFigure>> SaveAsync(
        Guid organizationId, Guid periodId, int version, BusinessFigureInput input, CancellationToken cancellationToken)
    {
        var actor = user.Require(Permissions.OrganizationsWrite);
        await using var unit = await database.OpenAsync(cancellationToken);
        await Editing.LockAsync(unit, cancellationToken);
        if (await Editing.FindAsync<ReportingPeriod>(unit, periodId, cancellationToken) is not { } period
            || await Editing.FindAsync<Organization>(unit, organizationId, cancellationToken) is not { } organization)
        {
            return new Edit<BusinessFigure>.Gone();
        }

        if (period.State != ReportingPeriodState.Open)
        {
            return new Edit<BusinessFigure>.Held($"{period.Name} is {(period.State == ReportingPeriodState.Filed ? "filed: its figures stand" : "locked. Reopen it first, then correct its figures")}.");
        }

        var former = await unit.Context.BusinessFigures.Where(figure => figure.OrganizationId == organizationId && figure.PeriodId == periodId)
            .OrderByDescending(figure => figure.Version).FirstOrDefaultAsync(cancellationToken);
        if ((former?.Version ?? 0) != version)
        {
            return new Edit<BusinessFigure>.Stale();
        }

        var faults = FaultsOf(former, input);
        if (faults.Count > 0)
        {
            return new Edit<BusinessFigure>.Refused(faults);
        }

        var figure = new BusinessFigure
        {
            TenantId = actor.TenantId, OrganizationId = organizationId, PeriodId = periodId, Version = version + 1, Revenue = input.Revenue,
            Currency = input.Revenue is null ? null : input.Currency, FullTimeEmployees = input.FullTimeEmployees, Output = input.Output,
            OutputUnit = input.Output is null ? null : input.OutputUnit!.Trim(), FloorArea = input.FloorArea, Reason = Faults.Clean(input.Reason), AuthorId = actor.Id,
            Author = actor.DisplayName, At = time.GetUtcNow(),
        };
        unit.Context.BusinessFigures.Add(figure);
        var (was, now) = Editing.Difference(former is null ? new BusinessFigureInput() : BusinessFigureInput.Of(former), BusinessFigureInput.Of(figure));
        unit.Audit("business-figures.recorded", $"business-figures/{organizationId}/{periodId}", new { Organization = organization.Name, Period = period.Name, figure.Version }, was, now);
        await unit.CommitAsync(cancellationToken);
        return new Edit<BusinessFigure>.Done(figure);
    }

    private static Faults FaultsOf(BusinessFigure? former, BusinessFigureInput input)
    {
        var faults = new Faults();
        input.Currency = Faults.Clean(input.Currency)?.ToUpperInvariant();
        if (input.Revenue is not null && (input.Currency is not { Length: 3 } || !input.Currency.All(char.IsAsciiLetterUpper)))
        {
            faults.Add("currency", "Say the currency by its three letters, e.g. EUR: revenue without one cannot be compared.");
        }

        faults.Amount("revenue", input.Revenue, "Revenue");
        faults.Amount("fullTimeEmployees", input.FullTimeEmployees, "A number of employees", 10_000_000m);
        faults.Amount("output", input.Output, "Output");
        if (input.Output is not null)
        {
            faults.Required("outputUnit", input.OutputUnit, 60, "Say what the output is counted in, e.g. t of steel or vehicles");
        }

        faults.Amount("floorArea", input.FloorArea, "A floor area", 1_000_000_000m);
        if (input is { Revenue: null, FullTimeEmployees: null, Output: null, FloorArea: null } && former is null)
        {
            faults.Add("revenue", "Enter at least one of the figures. What is not known stays empty.");
        }

        faults.Optional("reason", input.Reason, 2000);
        if (former is not null && string.IsNullOrWhiteSpace(input.Reason))
        {
            faults.Add("reason", "Say why the figures change: the former ones stay in the history beside it.");
        }

        return faults;
    }
}
