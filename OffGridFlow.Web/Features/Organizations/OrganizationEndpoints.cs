using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Infrastructure.Calculation;
using OffGridFlow.Infrastructure.Organizations;
using OffGridFlow.Web.Features.Identity;

namespace OffGridFlow.Web.Features.Organizations;

public sealed record OrganizationResponse(Guid Id, string Name, string Country, string? Sector, string? Lei, int Version);

/// <summary>Floor area in square meters, headcount in full-time equivalents; the first and last day in use count.</summary>
public sealed record SiteResponse(
    Guid Id, Guid OrganizationId, string Name, string Country, string Region, string? Address, decimal? FloorArea, decimal? Headcount, DateOnly? OpenedOn, DateOnly? ClosedOn,
    int Version);

/// <summary>Both days count.</summary>
public sealed record ReportingPeriodResponse(Guid Id, string Name, DateOnly FirstDay, DateOnly LastDay, ReportingPeriodState State, int Version, ConsolidationApproach Approach);

/// <summary>A contractual instrument. <c>isUsed</c> says whether all criteria that its kind asks for are met; one that is not used covers nothing.</summary>
public sealed record InstrumentResponse(
    Guid Id, InstrumentKind Kind, ActivityFamily Energy, string Name, string? Supplier, string? Technology, string? Registry, string? SerialFrom, string? SerialTo,
    decimal? MegawattHours, DateOnly FirstDay, DateOnly LastDay, IReadOnlyList<Guid> SiteIds, decimal KgCo2ePerKwh, IReadOnlyList<QualityCriteria> CriteriaMet,
    IReadOnlyList<QualityCriteria> CriteriaNotMet, IReadOnlyList<QualityCriteria> CriteriaAsked, string? Evidence, bool IsWithdrawn, bool IsUsed, int Version,
    decimal? RenewablePercent, decimal? NuclearPercent);

/// <param name="State"><c>open</c> or <c>locked</c>; open when it is left out.</param>
/// <param name="Approach"><c>equityShare</c>, <c>financialControl</c> or <c>operationalControl</c>; when it is left out, what the period has, of a new one operational control.</param>
public sealed record ReportingPeriodRequest(string? Name, DateOnly? FirstDay, DateOnly? LastDay, string? State, string? Approach = null);

/// <param name="Energy">Electricity when it is left out.</param>
/// <param name="RenewablePercent">Share of what generates, 0 to 100; both left out: the contract does not say, and the energy ledger takes it for fossil.</param>
/// <param name="NuclearPercent">The same, or none where the other is given; with <c>renewablePercent</c> at most 100.</param>
public sealed record InstrumentRequest(
    string? Kind, string? Energy, string? Name, string? Supplier, string? Technology, string? Registry, string? SerialFrom, string? SerialTo,
    decimal? MegawattHours, DateOnly? FirstDay, DateOnly? LastDay, IReadOnlyList<Guid>? SiteIds, decimal? KgCo2ePerKwh, IReadOnlyList<string>? CriteriaMet,
    IReadOnlyList<string>? CriteriaNotMet, string? Evidence, bool IsWithdrawn, decimal? RenewablePercent = null, decimal? NuclearPercent = null)
{
    /// <param name="faults">Takes the words that are none of the API's.</param>
    public InstrumentInput ToInput(List<FieldFault> faults) => new()
    {
        Kind = EditAnswers.Word(Kind, "kind", InstrumentKind.Certificate, faults, isRequired: true),
        Energy = EditAnswers.Word(Energy, "energy", ActivityFamily.Electricity, faults), Name = Name, Supplier = Supplier, Technology = Technology, Registry = Registry, SerialFrom = SerialFrom,
        SerialTo = SerialTo, MegawattHours = MegawattHours, FirstDay = FirstDay, LastDay = LastDay, SiteIds = SiteIds ?? [], KgCo2ePerKwh = KgCo2ePerKwh,
        CriteriaMet = Together(CriteriaMet, "criteriaMet", faults), CriteriaNotMet = Together(CriteriaNotMet, "criteriaNotMet", faults), Evidence = Evidence, IsWithdrawn = IsWithdrawn,
        RenewablePercent = RenewablePercent, NuclearPercent = NuclearPercent,
    };

    private static QualityCriteria Together(IReadOnlyList<string>? criteria, string field, List<FieldFault> faults) =>
        (criteria ?? []).Aggregate(QualityCriteria.None, (all, one) => all | EditAnswers.Word(one, field, QualityCriteria.None, faults, isRequired: true));
}

internal static class OrganizationEndpoints
{
    public static void MapOrganizations(this RouteGroupBuilder api)
    {
        MapEntities(api);
        MapSites(api);
        MapPeriods(api);
        MapInstruments(api);
        api.MapOwnerships();
    }

    private static void MapEntities(RouteGroupBuilder api)
    {
        var group = api.MapGroup("/organizations").WithTags("Organization");
        group.MapGet("/", (string? cursor, int? limit, OrganizationService service, CancellationToken cancellationToken) =>
                EditAnswers.PageAsync(limit, rows => service.PageAsync(cursor, rows, cancellationToken), ToResponse))
            .RequireApiPermission(Permissions.ActivityDataRead).WithSummary("Legal entities, in the order in which they were made").Produces<ListPage<OrganizationResponse>>().ProducesProblem(422);
        group.MapGet("/{id:guid}", async (Guid id, OrganizationService service, HttpResponse response, CancellationToken cancellationToken) =>
                await service.FindAsync(id, cancellationToken) is { } row ? EditAnswers.Found(response, row, ToResponse(row)) : EditAnswers.NotFound("organizations", id))
            .RequireApiPermission(Permissions.ActivityDataRead).WithSummary("One legal entity; the ETag is what a change sends back as If-Match").Produces<OrganizationResponse>().ProducesProblem(404);
        group.MapPost("/", async (OrganizationInput input, OrganizationService service, HttpResponse response, CancellationToken cancellationToken) =>
                EditAnswers.Created(response, "organizations", await service.CreateAsync(input, cancellationToken), ToResponse))
            .RequireApiPermission(Permissions.OrganizationsWrite).WithSummary("Add a legal entity").Produces<OrganizationResponse>(201).ProducesProblem(422);
        group.MapPut("/{id:guid}", async (Guid id, OrganizationInput input, OrganizationService service, HttpContext context, CancellationToken cancellationToken) =>
                await service.FindAsync(id, cancellationToken) is null ? EditAnswers.NotFound("organizations", id)
                : EditAnswers.VersionOf(context.Request) is { } version
                    ? EditAnswers.Changed(context.Response, "organizations", id, await service.ChangeAsync(id, version, input, cancellationToken), ToResponse)
                    : EditAnswers.NoVersion("organizations"))
            .RequireApiPermission(Permissions.OrganizationsWrite).WithSummary("Change a legal entity; what is left out becomes empty")
            .Produces<OrganizationResponse>().ProducesProblem(404).ProducesProblem(412).ProducesProblem(422).ProducesProblem(428);
    }

    private static void MapSites(RouteGroupBuilder api)
    {
        var group = api.MapGroup("/sites").WithTags("Organization");
        group.MapGet("/", (string? cursor, int? limit, SiteService service, CancellationToken cancellationToken) =>
                EditAnswers.PageAsync(limit, rows => service.PageAsync(cursor, rows, cancellationToken), ToResponse))
            .RequireApiPermission(Permissions.ActivityDataRead).WithSummary("Sites, in the order in which they were made").Produces<ListPage<SiteResponse>>().ProducesProblem(422);
        group.MapGet("/{id:guid}", async (Guid id, SiteService service, HttpResponse response, CancellationToken cancellationToken) =>
                await service.FindAsync(id, cancellationToken) is { } row ? EditAnswers.Found(response, row, ToResponse(row)) : EditAnswers.NotFound("sites", id))
            .RequireApiPermission(Permissions.ActivityDataRead).WithSummary("One site; the ETag is what a change sends back as If-Match").Produces<SiteResponse>().ProducesProblem(404);
        group.MapPost("/", async (SiteInput input, SiteService service, HttpResponse response, CancellationToken cancellationToken) =>
                EditAnswers.Created(response, "sites", await service.CreateAsync(input, cancellationToken), ToResponse))
            .RequireApiPermission(Permissions.OrganizationsWrite).WithSummary("Add a site").Produces<SiteResponse>(201).ProducesProblem(422);
        group.MapPut("/{id:guid}", async (Guid id, SiteInput input, SiteService service, HttpContext context, CancellationToken cancellationToken) =>
                await service.FindAsync(id, cancellationToken) is null ? EditAnswers.NotFound("sites", id)
                : EditAnswers.VersionOf(context.Request) is { } version
                    ? EditAnswers.Changed(context.Response, "sites", id, await service.ChangeAsync(id, version, input, cancellationToken), ToResponse)
                    : EditAnswers.NoVersion("sites"))
            .RequireApiPermission(Permissions.OrganizationsWrite).WithSummary("Change a site; what is left out becomes empty, and its activity data are calculated anew where they depend on it")
            .Produces<SiteResponse>().ProducesProblem(404).ProducesProblem(412).ProducesProblem(422).ProducesProblem(428);
    }

    private static void MapPeriods(RouteGroupBuilder api)
    {
        var group = api.MapGroup("/reporting-periods").WithTags("Organization");
        group.MapGet("/", (string? cursor, int? limit, PeriodService service, CancellationToken cancellationToken) =>
                EditAnswers.PageAsync(limit, rows => service.PageAsync(cursor, rows, cancellationToken), ToResponse))
            .RequireApiPermission(Permissions.ActivityDataRead).WithSummary("Reporting periods, in the order in which they were made").Produces<ListPage<ReportingPeriodResponse>>().ProducesProblem(422);
        group.MapGet("/{id:guid}", async (Guid id, PeriodService service, HttpResponse response, CancellationToken cancellationToken) =>
                await service.FindAsync(id, cancellationToken) is { } row ? EditAnswers.Found(response, row, ToResponse(row)) : EditAnswers.NotFound("reporting-periods", id))
            .RequireApiPermission(Permissions.ActivityDataRead).WithSummary("One reporting period; the ETag is what a change sends back as If-Match").Produces<ReportingPeriodResponse>().ProducesProblem(404);
        group.MapPost("/", async (ReportingPeriodRequest request, PeriodService service, HttpResponse response, CancellationToken cancellationToken) =>
            {
                var faults = new List<FieldFault>();
                var input = ToInput(request, faults);
                return EditAnswers.Created(
                    response, "reporting-periods", faults.Count > 0 ? new Edit<ReportingPeriod>.Refused(faults) : await service.CreateAsync(input, cancellationToken), ToResponse);
            })
            .RequireApiPermission(Permissions.OrganizationsWrite).WithSummary("Add a reporting period").Produces<ReportingPeriodResponse>(201).ProducesProblem(422);
        group.MapPut("/{id:guid}", async (Guid id, ReportingPeriodRequest request, PeriodService service, HttpContext context, CancellationToken cancellationToken) =>
            {
                var faults = new List<FieldFault>();
                var former = await service.FindAsync(id, cancellationToken);
                var input = ToInput(request, faults, former?.Approach);
                return former is null ? EditAnswers.NotFound("reporting-periods", id)
                    : EditAnswers.VersionOf(context.Request) is { } version
                        ? EditAnswers.Changed(
                            context.Response, "reporting-periods", id,
                            faults.Count > 0 ? new Edit<ReportingPeriod>.Refused(faults) : await service.ChangeAsync(id, version, input, cancellationToken), ToResponse)
                        : EditAnswers.NoVersion("reporting-periods");
            })
            .RequireApiPermission(Permissions.OrganizationsWrite).WithSummary("Change an open reporting period; it is locked by POST …/lock and reopened by POST …/reopen")
            .Produces<ReportingPeriodResponse>().ProducesProblem(404).ProducesProblem(412).ProducesProblem(422).ProducesProblem(428);
    }

    private static void MapInstruments(RouteGroupBuilder api)
    {
        var group = api.MapGroup("/instruments").WithTags("Organization");
        group.MapGet("/", (string? cursor, int? limit, InstrumentService service, CancellationToken cancellationToken) =>
                EditAnswers.PageAsync(limit, rows => service.PageAsync(cursor, rows, cancellationToken), ToResponse))
            .RequireApiPermission(Permissions.ActivityDataRead).WithSummary("Contractual instruments, in the order in which they were made").Produces<ListPage<InstrumentResponse>>().ProducesProblem(422);
        group.MapGet("/{id:guid}", async (Guid id, InstrumentService service, HttpResponse response, CancellationToken cancellationToken) =>
                await service.FindAsync(id, cancellationToken) is { } row ? EditAnswers.Found(response, row, ToResponse(row)) : EditAnswers.NotFound("instruments", id))
            .RequireApiPermission(Permissions.ActivityDataRead).WithSummary("One contractual instrument; the ETag is what a change sends back as If-Match").Produces<InstrumentResponse>().ProducesProblem(404);
        group.MapPost("/", async (InstrumentRequest request, InstrumentService service, HttpResponse response, CancellationToken cancellationToken) =>
            {
                var faults = new List<FieldFault>();
                var input = request.ToInput(faults);
                return EditAnswers.Created(
                    response, "instruments", faults.Count > 0 ? new Edit<StoredInstrument>.Refused(faults) : await service.CreateAsync(input, cancellationToken), ToResponse);
            })
            .RequireApiPermission(Permissions.OrganizationsWrite).WithSummary("Add a contractual instrument; the energy of its sites is calculated anew").Produces<InstrumentResponse>(201).ProducesProblem(422);
        group.MapPut("/{id:guid}", async (Guid id, InstrumentRequest request, InstrumentService service, HttpContext context, CancellationToken cancellationToken) =>
            {
                var faults = new List<FieldFault>();
                var input = request.ToInput(faults);
                return await service.FindAsync(id, cancellationToken) is null ? EditAnswers.NotFound("instruments", id)
                    : EditAnswers.VersionOf(context.Request) is { } version
                        ? EditAnswers.Changed(
                            context.Response, "instruments", id,
                            faults.Count > 0 ? new Edit<StoredInstrument>.Refused(faults) : await service.ChangeAsync(id, version, input, cancellationToken), ToResponse)
                        : EditAnswers.NoVersion("instruments");
            })
            .RequireApiPermission(Permissions.OrganizationsWrite).WithSummary("Change or withdraw a contractual instrument; what is left out becomes empty")
            .Produces<InstrumentResponse>().ProducesProblem(404).ProducesProblem(412).ProducesProblem(422).ProducesProblem(428);
    }

    private static OrganizationResponse ToResponse(Organization row) => new(row.Id, row.Name, row.Country, row.Sector, row.Lei, row.Version);

    private static SiteResponse ToResponse(Site row) => new(
        row.Id, row.OrganizationId, row.Name, row.Country, row.Region, row.Address, row.FloorArea, row.Headcount, row.OpenedOn, row.ClosedOn, row.Version);

    private static ReportingPeriodResponse ToResponse(ReportingPeriod row) => new(row.Id, row.Name, row.FirstDay, row.LastDay, row.State, row.Version, row.Approach);

    private static InstrumentResponse ToResponse(StoredInstrument row) => new(
        row.Id, row.Kind, row.Energy, row.Name, row.Supplier, row.Technology, row.Registry, row.SerialFrom, row.SerialTo, row.MegawattHours, row.FirstDay, row.LastDay,
        row.SiteIds, row.KgCo2ePerKwh, Each(row.CriteriaMet), Each(row.CriteriaNotMet), Each(StoredInstrument.AskedOf(row.Kind)), row.Evidence, row.IsWithdrawn, row.IsUsed,
        row.Version, row.RenewablePercent, row.NuclearPercent);

    private static ReportingPeriodInput ToInput(ReportingPeriodRequest request, List<FieldFault> faults, ConsolidationApproach? former = null) => new()
    {
        Name = request.Name, FirstDay = request.FirstDay, LastDay = request.LastDay, State = EditAnswers.Word(request.State, "state", ReportingPeriodState.Open, faults),
        Approach = EditAnswers.Word(request.Approach, "approach", former ?? ConsolidationApproach.OperationalControl, faults),
    };

    private static IReadOnlyList<QualityCriteria> Each(QualityCriteria criteria) => [.. InstrumentWords.Criteria.Where(one => criteria.HasFlag(one))];
}
