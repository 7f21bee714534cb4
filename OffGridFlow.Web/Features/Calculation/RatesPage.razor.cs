using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.ActivityData;
using OffGridFlow.Infrastructure.Calculation;
using OffGridFlow.Web.Features.Identity;
using OffGridFlow.Web.Features.Organizations;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.Calculation;

/// <summary>Rates of exchange, price indices and account maps. An address may bring what a form begins with: the way out of an exception.</summary>
public sealed partial class RatesPage
{
    private const int PageRows = 60;

    private MoneyModel? _model;
    private Register<AccountMap, AccountMapInput> _maps = default!;
    private Dictionary<string, string> _types = [];
    private string? _refused;
    private int _shown = PageRows;
    private bool _mayPropose;
    private bool _mayApprove;
    private bool _mayWrite;
    private bool _offered;

    [Inject] private MoneyRows Money { get; set; } = default!;
    [Inject] private MoneyUses Uses { get; set; } = default!;
    [Inject] private AccountMapService Maps { get; set; } = default!;
    [Inject] private IActivityEntryQueries Queries { get; set; } = default!;
    [Inject] private EditDesk Desk { get; set; } = default!;
    [Inject] private TimeProvider Clock { get; set; } = default!;
    [CascadingParameter] private Task<AuthenticationState>? Authentication { get; set; }

    /// <summary><c>indices</c> or <c>accounts</c>; else the rates.</summary>
    [SupplyParameterFromQuery] public string? Show { get; set; }

    /// <summary>What the form of a rate begins with.</summary>
    [SupplyParameterFromQuery] public string? From { get; set; }
    [SupplyParameterFromQuery] public string? To { get; set; }

    /// <summary><c>yyyy-MM</c>.</summary>
    [SupplyParameterFromQuery] public string? Month { get; set; }

    /// <summary>What the form of an index begins with.</summary>
    [SupplyParameterFromQuery] public string? Currency { get; set; }
    [SupplyParameterFromQuery] public string? Year { get; set; }

    /// <summary>What the form of an account map begins with.</summary>
    [SupplyParameterFromQuery] public string? Vendor { get; set; }
    [SupplyParameterFromQuery] public string? Account { get; set; }

    protected override string Asked => "Rates and accounts";

    private MoneyPart Part => Show switch
    {
        "indices" => MoneyPart.Indices,
        "accounts" => MoneyPart.Accounts,
        _ => MoneyPart.Rates,
    };

    private IReadOnlyList<ExchangeRate> ShownRates =>
        [.. _model!.Rates.OrderByDescending(rate => rate.Month).ThenBy(rate => rate.FromCurrency, StringComparer.Ordinal).ThenBy(rate => rate.ToCurrency, StringComparer.Ordinal).Take(_shown)];

    private IReadOnlyList<PriceIndex> ShownIndices =>
        [.. _model!.Indices.OrderBy(index => index.Currency, StringComparer.Ordinal).ThenByDescending(index => index.Year).ThenByDescending(index => index.Month).Take(_shown)];

    protected override void OnInitialized() =>
        _maps = new("account map", MoneyWords.NameOf, AccountMapInput.Of, Maps.CreateAsync, Maps.ChangeAsync, Maps.RemoveAsync);

    /// <summary>The address changes with each part; only the first time there is something to load.</summary>
    protected override Task OnParametersSetAsync()
    {
        _shown = PageRows;
        return _model is null ? ReloadAsync() : Task.CompletedTask;
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_offered || _model is null || Loading) return;
        _offered = true;
        var offers = (Part, From ?? To ?? Month, Currency ?? Year, Vendor ?? Account) switch
        {
            (MoneyPart.Rates, { }, _, _) when _mayPropose => EditRateAsync(null),
            (MoneyPart.Indices, _, { }, _) when _mayPropose => EditIndexAsync(null),
            (MoneyPart.Accounts, _, _, { }) when _mayWrite => EditMapAsync(null),
            _ => Task.CompletedTask,
        };
        await offers;
    }

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        var actor = Authentication is null ? null : (await Authentication).User.ToActor();
        (_mayPropose, _mayApprove, _mayWrite) =
            (actor?.Allows(Permissions.CalculationsPropose) == true, actor?.Allows(Permissions.CalculationsApprove) == true, actor?.Allows(Permissions.ActivityDataWrite) == true);
        var maps = new List<AccountMap>();
        for (string? cursor = null; ;)
        {
            var page = await Maps.PageAsync(cursor, 500, cancellationToken);
            maps.AddRange(page.Items);
            if ((cursor = page.NextCursor) is null) break;
        }

        _types = maps.Select(map => map.ActivityType).OfType<string>().Distinct().ToDictionary(type => type, type => Queries.FindType(type)?.Name ?? type);
        _model = new MoneyModel(await Money.ListRatesAsync(cancellationToken), await Money.ListIndicesAsync(cancellationToken), maps, await Uses.CountAsync(cancellationToken));
    }

    private async Task EditRateAsync(ExchangeRate? rate)
    {
        var input = rate is not null
            ? RateInput.Of(rate)
            : new RateInput { From = From, To = To, Month = Month ?? Dates.Key(DateOnly.FromDateTime(Clock.GetUtcNow().UtcDateTime)), Source = _model!.Rates.Count > 0 ? _model.Rates[^1].Source : null };
        await Desk.OpenAsync(
            rate is null ? "Add a rate" : $"Rate of {rate.FromCurrency} in {rate.ToCurrency}, {Dates.Month(rate.Month)}", rate is null ? "Add rate" : "Change rate",
            builder =>
            {
                builder.OpenComponent<RateFields>(0);
                builder.AddAttribute(1, nameof(RateFields.Input), input);
                builder.AddAttribute(2, nameof(RateFields.Exists), rate is not null);
                builder.CloseComponent();
            },
            async cancellationToken => MoneyWords.RefusalOf(await Money.SaveRatesAsync(input.ToCsv(), rate is not null, cancellationToken)));
        await RefreshAsync();
    }

    private async Task EditIndexAsync(PriceIndex? index)
    {
        var input = index is not null
            ? IndexInput.Of(index)
            : new IndexInput
            {
                Currency = Currency, Year = int.TryParse(Year, NumberStyles.None, CultureInfo.InvariantCulture, out var year) ? year : null,
                Source = _model!.Indices.FirstOrDefault(other => Currency is null || other.Currency == Currency)?.Source,
            };
        await Desk.OpenAsync(
            index is null ? "Add a price index" : $"Price index of {index.Currency}, {MoneyWords.Period(index)}", index is null ? "Add index" : "Change index",
            builder =>
            {
                builder.OpenComponent<IndexFields>(0);
                builder.AddAttribute(1, nameof(IndexFields.Input), input);
                builder.AddAttribute(2, nameof(IndexFields.Exists), index is not null);
                builder.CloseComponent();
            },
            async cancellationToken => MoneyWords.RefusalOf(await Money.SaveIndicesAsync(input.ToCsv(), index is not null, cancellationToken)));
        await RefreshAsync();
    }

    private Task EditMapAsync(AccountMap? map)
    {
        _refused = null;
        var input = map is not null ? AccountMapInput.Of(map) : new AccountMapInput { Vendor = Vendor, Account = Account, IsCountedPhysically = true };
        return Desk.EditAsync(
            _maps, this, map, input,
            builder =>
            {
                builder.OpenComponent<AccountMapFields>(0);
                builder.AddAttribute(1, nameof(AccountMapFields.Input), input);
                builder.CloseComponent();
            },
            RefreshAsync);
    }

    private async Task RemoveMapAsync(AccountMap map) => _refused = await Desk.RemoveAsync(_maps, this, map, RefreshAsync, Stopped);

    private async Task RefreshAsync()
    {
        await ReloadAsync(quietly: true);
        StateHasChanged();
    }
}
