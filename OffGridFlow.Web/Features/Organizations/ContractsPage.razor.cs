using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Infrastructure.Calculation;
using OffGridFlow.Infrastructure.Organizations;
using OffGridFlow.Web.Features.Identity;

namespace OffGridFlow.Web.Features.Organizations;

public sealed partial class ContractsPage
{
    private IReadOnlyList<StoredInstrument>? _instruments;
    private IReadOnlyList<Site> _sites = [];
    private InstrumentUsage _usage = new(new Dictionary<Guid, decimal>(), []);
    private Register<StoredInstrument, InstrumentInput> _register = default!;
    private bool _canEdit;
    private string? _refused;

    [Inject] private InstrumentService Instruments { get; set; } = default!;
    [Inject] private SiteService Sites { get; set; } = default!;
    [Inject] private EditDesk Desk { get; set; } = default!;
    [Inject] private TimeProvider Clock { get; set; } = default!;
    [CascadingParameter] private Task<AuthenticationState>? Authentication { get; set; }

    protected override string Asked => "Contracts";

    private DateOnly Today => DateOnly.FromDateTime(Clock.GetUtcNow().UtcDateTime);

    protected override Task OnInitializedAsync()
    {
        _register = new("contract", instrument => instrument.Name, InstrumentInput.Of, Instruments.CreateAsync, Instruments.ChangeAsync, Instruments.RemoveAsync);
        return ReloadAsync();
    }

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        _canEdit = Authentication is not null && (await Authentication).User.ToActor()?.Allows(Permissions.OrganizationsWrite) == true;
        _sites = await Sites.ListAsync(cancellationToken);
        _usage = await Instruments.UsageAsync(cancellationToken);
        _instruments = await Instruments.ListAsync(cancellationToken);
    }

    private Task EditAsync(StoredInstrument? instrument)
    {
        _refused = null;
        var input = instrument is not null ? InstrumentInput.Of(instrument) : new InstrumentInput
        {
            Kind = InstrumentKind.PowerPurchaseAgreement, KgCo2ePerKwh = 0, FirstDay = new DateOnly(Today.Year, 1, 1), LastDay = new DateOnly(Today.Year, 12, 31),
            SiteIds = _sites.Count == 1 ? [_sites[0].Id] : [],
        };
        return Desk.EditAsync(
            _register, this, instrument, input,
            builder =>
            {
                builder.OpenComponent<InstrumentFields>(0);
                builder.AddAttribute(1, nameof(InstrumentFields.Input), input);
                builder.AddAttribute(2, nameof(InstrumentFields.Sites), _sites);
                builder.AddAttribute(3, nameof(InstrumentFields.Exists), instrument is not null);
                builder.CloseComponent();
            },
            RefreshAsync);
    }

    private async Task RemoveAsync(StoredInstrument instrument) => _refused = await Desk.RemoveAsync(_register, this, instrument, RefreshAsync, Stopped);

    private async Task RefreshAsync()
    {
        await ReloadAsync(quietly: true);
        StateHasChanged();
    }
}
