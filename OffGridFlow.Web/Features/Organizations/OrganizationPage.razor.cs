using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.Web;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Core.Tenancy;
using OffGridFlow.Infrastructure.Organizations;
using OffGridFlow.Web.Features.Identity;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.Organizations;

public sealed partial class OrganizationPage
{
    private OrganizationModel? _model;
    private bool _canEdit;
    private string? _refused;
    private string _search = "";
    private Register<Organization, OrganizationInput> _entities = default!;
    private Register<Site, SiteInput> _sites = default!;
    private Register<Ownership, OwnershipInput> _ownerships = default!;
    private Register<Lease, LeaseInput> _leases = default!;
    private Register<AccountMapping, AccountMappingInput> _accounts = default!;
    private Register<ReportingPeriod, ReportingPeriodInput> _periods = default!;

    [Inject] private OrganizationService Entities { get; set; } = default!;
    [Inject] private SiteService Sites { get; set; } = default!;
    [Inject] private OwnershipService Ownerships { get; set; } = default!;
    [Inject] private LeaseService Leases { get; set; } = default!;
    [Inject] private AccountMappingService Accounts { get; set; } = default!;
    [Inject] private PeriodService Periods { get; set; } = default!;
    [Inject] private FigureService Figures { get; set; } = default!;
    [Inject] private SiteRegions Regions { get; set; } = default!;
    [Inject] private EditDesk Desk { get; set; } = default!;
    [Inject] private TimeProvider Clock { get; set; } = default!;
    [CascadingParameter] private Task<AuthenticationState>? Authentication { get; set; }

    /// <summary>Which part: <c>sites</c>, <c>ownership</c>, <c>leases</c>, <c>accounts</c>, <c>periods</c>, <c>figures</c>; else the entities.</summary>
    [SupplyParameterFromQuery] public string? Show { get; set; }

    protected override string Asked => "Organization";

    private string Tab => Show is "sites" or "ownership" or "leases" or "accounts" or "periods" or "figures" ? Show : "";

    private (string Key, string Name, int? Count)[] Tabs =>
    [
        ("", "Entities", _model!.Entities.Count), ("sites", "Sites", _model.Sites.Count), ("ownership", "Ownership & control", _model.Ownerships.Count),
        ("leases", "Leases", _model.Leases.Count), ("accounts", "Cloud accounts", _model.Accounts.Count), ("periods", "Reporting periods", _model.Periods.Count),
        ("figures", "Business figures", null),
    ];

    private IReadOnlyList<Site> ShownSites => string.IsNullOrWhiteSpace(_search)
        ? _model!.Sites
        : [.. _model!.Sites.Where(site => new[] { site.Name, _model.NameOf(site.OrganizationId), _model.CountryName(site.Country), site.Region }
            .Any(text => text.Contains(_search.Trim(), StringComparison.CurrentCultureIgnoreCase)))];

    protected override void OnInitialized()
    {
        _entities = new("entity", entity => entity.Name, OrganizationInput.Of, Entities.CreateAsync, Entities.ChangeAsync, Entities.RemoveAsync);
        _sites = new("site", site => site.Name, SiteInput.Of, Sites.CreateAsync, Sites.ChangeAsync, Sites.RemoveAsync);
        _ownerships = new(
            "holding", holding => $"{_model!.NameOf(holding.ChildId)}, held by {_model.NameOf(holding.ParentId)}", OwnershipInput.Of, Ownerships.CreateAsync, Ownerships.ChangeAsync,
            Ownerships.RemoveAsync);
        _leases = new("lease", lease => lease.Asset, LeaseInput.Of, Leases.CreateAsync, Leases.ChangeAsync, Leases.RemoveAsync);
        _accounts = new(
            "cloud account", mapping => $"{OrganizationWords.Provider(mapping.Provider)} {mapping.Account}", AccountMappingInput.Of, Accounts.CreateAsync, Accounts.ChangeAsync,
            Accounts.RemoveAsync);
        _periods = new("reporting period", period => period.Name, ReportingPeriodInput.Of, Periods.CreateAsync, Periods.ChangeAsync, Periods.RemoveAsync);
    }

    /// <summary>The address changes with each part; only the first time there is something to load.</summary>
    protected override Task OnParametersSetAsync() => _model is null ? ReloadAsync() : Task.CompletedTask;

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        _canEdit = Authentication is not null && (await Authentication).User.ToActor()?.Allows(Permissions.OrganizationsWrite) == true;
        _model = new OrganizationModel(
            await Entities.ListAsync(cancellationToken), await Sites.ListAsync(cancellationToken), await Ownerships.ListAsync(cancellationToken),
            await Leases.ListAsync(cancellationToken), await Accounts.ListAsync(cancellationToken), await Accounts.ListSeenAsync(cancellationToken),
            await Periods.ListAsync(cancellationToken), await Figures.ListAsync(cancellationToken), Regions, DateOnly.FromDateTime(Clock.GetUtcNow().UtcDateTime));
    }

    private static string Href(string tab) => tab.Length == 0 ? "/organization" : $"/organization?show={tab}";

    private RenderFragment Add(string words, Func<Task> add) => builder =>
    {
        if (!_canEdit) return;
        builder.OpenElement(0, "button");
        builder.AddAttribute(1, "type", "button");
        builder.AddAttribute(2, "class", "og-button is-primary");
        builder.AddAttribute(3, "onclick", EventCallback.Factory.Create<MouseEventArgs>(this, add));
        builder.OpenComponent<Icon>(4);
        builder.AddAttribute(5, nameof(Icon.Name), "plus");
        builder.CloseComponent();
        builder.AddContent(6, " " + words);
        builder.CloseElement();
    };

    private Task EditEntityAsync(Organization? entity)
    {
        var input = entity is null ? new OrganizationInput { Country = _model!.Entities[0].Country } : OrganizationInput.Of(entity);
        return EditAsync(_entities, entity, input, builder => Part<OrganizationFields>(builder, (nameof(OrganizationFields.Input), input)));
    }

    private Task EditSiteAsync(Site? site)
    {
        var input = site is null ? new SiteInput { OrganizationId = _model!.Entities.Count == 1 ? _model.Entities[0].Id : null } : SiteInput.Of(site);
        return EditAsync(_sites, site, input, builder => Part<SiteFields>(builder, (nameof(SiteFields.Input), input), (nameof(SiteFields.Entities), _model!.Entities)));
    }

    private Task EditOwnershipAsync(Ownership? ownership)
    {
        var input = ownership is null ? new OwnershipInput { Share = 1, FinancialControl = true, OperationalControl = true } : OwnershipInput.Of(ownership);
        return EditAsync(
            _ownerships, ownership, input, builder => Part<OwnershipFields>(builder, (nameof(OwnershipFields.Input), input), (nameof(OwnershipFields.Entities), _model!.Entities)));
    }

    private Task EditLeaseAsync(Lease? lease)
    {
        var input = lease is null ? new LeaseInput { OrganizationId = _model!.Entities.Count == 1 ? _model.Entities[0].Id : null } : LeaseInput.Of(lease);
        return EditAsync(
            _leases, lease, input,
            builder => Part<LeaseFields>(builder, (nameof(LeaseFields.Input), input), (nameof(LeaseFields.Entities), _model!.Entities), (nameof(LeaseFields.Sites), _model.Sites)));
    }

    private Task EditAccountAsync(AccountMapping? mapping, SeenAccount? seen)
    {
        var input = mapping is not null
            ? AccountMappingInput.Of(mapping)
            : new AccountMappingInput { Provider = seen?.Provider ?? "aws", Account = seen?.Account, OrganizationId = _model!.Entities.Count == 1 ? _model.Entities[0].Id : null };
        return EditAsync(
            _accounts, mapping, input,
            builder => Part<AccountFields>(builder, (nameof(AccountFields.Input), input), (nameof(AccountFields.Entities), _model!.Entities), (nameof(AccountFields.Seen), _model.Seen)));
    }

    private Task EditPeriodAsync(ReportingPeriod? period)
    {
        var input = period is not null ? ReportingPeriodInput.Of(period) : Next();
        return EditAsync(_periods, period, input, builder => Part<PeriodFields>(builder, (nameof(PeriodFields.Input), input)));
    }

    private async Task EditFiguresAsync(FigureTable.FigurePlace place)
    {
        var (entity, period, now) = place;
        var input = now is null ? new BusinessFigureInput() : BusinessFigureInput.Of(now);
        input.Reason = null;
        await Desk.OpenAsync(
            $"Business figures of {entity.Name}, {period.Name}", "Save figures",
            builder => Part<FigureFields>(builder, (nameof(FigureFields.Input), input), (nameof(FigureFields.IsCorrection), now is not null)),
            async stop => Refusal.Of(await Figures.SaveAsync(entity.Id, period.Id, now?.Version ?? 0, input, stop)));
        await RefreshAsync();
    }

    private Task EditAsync<T, TInput>(Register<T, TInput> register, T? row, TInput input, RenderFragment fields)
        where T : class, IVersioned
    {
        _refused = null;
        return Desk.EditAsync(register, this, row, input, fields, RefreshAsync);
    }

    private async Task RemoveAsync<T, TInput>(Register<T, TInput> register, T row)
        where T : class, IVersioned => _refused = await Desk.RemoveAsync(register, this, row, RefreshAsync, Stopped);

    private async Task<Refusal?> SaveFirstOrganizationAsync(OrganizationInput input, CancellationToken cancellationToken) =>
        await ThenRefreshAsync(Refusal.Of(await Entities.CreateAsync(input, cancellationToken)));

    private async Task<Refusal?> SaveFirstSiteAsync(SiteInput input, CancellationToken cancellationToken) =>
        await ThenRefreshAsync(Refusal.Of(await Sites.CreateAsync(input, cancellationToken)));

    private async Task<Refusal?> SaveFirstPeriodAsync(ReportingPeriodInput input, CancellationToken cancellationToken) =>
        await ThenRefreshAsync(Refusal.Of(await Periods.CreateAsync(input, cancellationToken)));

    private async Task<Refusal?> ThenRefreshAsync(Refusal? refusal)
    {
        if (refusal is null)
        {
            await RefreshAsync();
        }

        return refusal;
    }

    private async Task RefreshAsync()
    {
        await ReloadAsync(quietly: true);
        StateHasChanged();
    }

    /// <summary>The year after the latest period, of the same kind; else this calendar year.</summary>
    private ReportingPeriodInput Next()
    {
        if (_model!.Periods is not [var latest, ..])
        {
            return ReportingPeriodInput.OfYear(_model.Today.Year);
        }

        var (first, last) = (latest.LastDay.AddDays(1), latest.LastDay.AddDays(1).AddYears(1).AddDays(-1));
        return new ReportingPeriodInput { Name = FormattableString.Invariant($"FY{last.Year}"), FirstDay = first, LastDay = last };
    }

    private static void Part<TComponent>(RenderTreeBuilder builder, params (string Name, object? Value)[] parameters)
        where TComponent : IComponent
    {
        builder.OpenComponent<TComponent>(0);
        foreach (var (name, value) in parameters)
        {
            builder.AddAttribute(1, name, value);
        }

        builder.CloseComponent();
    }
}
