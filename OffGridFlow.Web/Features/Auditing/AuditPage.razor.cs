using Microsoft.AspNetCore.Components;
using OffGridFlow.Infrastructure.Auditing;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.Auditing;

public sealed partial class AuditPage
{
    private const int PageSize = 50;

    private List<AuditRow> _rows = [];
    private AuditFacets? _facets;
    private AuditStatus? _status;
    private string? _next;
    private AuditAddress? _loaded;
    private DateTimeOffset _now;
    private bool _busy;
    private bool _filters;

    /// <summary>The entry that the address opens, where the list does not reach it.</summary>
    private AuditRow? _linked;

    [Inject] private IAuditQueries Audit { get; set; } = default!;
    [Inject] private NavigationManager Navigation { get; set; } = default!;

    [SupplyParameterFromQuery] public string? From { get; set; }
    [SupplyParameterFromQuery] public string? To { get; set; }
    [SupplyParameterFromQuery] public string? Action { get; set; }
    [SupplyParameterFromQuery] public string? Actor { get; set; }
    [SupplyParameterFromQuery] public string? Subject { get; set; }
    [SupplyParameterFromQuery(Name = "q")] public string? Search { get; set; }
    [SupplyParameterFromQuery] public string? Entry { get; set; }

    protected override string Asked => "Audit log";

    /// <summary>What was just done gets its seal while one looks.</summary>
    protected override bool Running => _status is { Unsealed: > 0 };

    private AuditAddress Address => AuditAddress.Of(From, To, Action, Actor, Subject, Search, Entry);

    private string Finding
    {
        get
        {
            if (_rows.Count == 0) return "No entry fits this choice";
            var fits = Address.IsNarrowed ? _rows.Count == 1 ? " fits this choice" : " fit this choice" : "";
            var count = _rows.Count == 1 ? "One entry" : Format.Count(_rows.Count) + " entries";
            return _next is null ? count + fits : $"The latest {count}{(fits.Length > 0 ? " that" + fits : "")}";
        }
    }

    // Opening an entry changes the address, not what is listed.
    protected override Task OnParametersSetAsync() =>
        _loaded is not null && _loaded == Address with { Entry = null } ? Task.CompletedTask : ReloadAsync(quietly: _status is not null);

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        var address = Address;
        var same = _loaded == address with { Entry = null };
        // What was opened by “Show more” stays open when the list is read again.
        var page = await Audit.ListAsync(address.ToFilter(), null, same ? Math.Clamp(_rows.Count, PageSize, 500) : PageSize, cancellationToken);
        _facets = await Audit.FacetsAsync(cancellationToken);
        _status = await Audit.StatusAsync(cancellationToken);
        _rows = [.. page.Rows];
        _next = page.NextCursor;
        _linked = address.Entry is { } entry && _rows.All(row => row.Id != entry) ? await Audit.FindAsync(entry, cancellationToken) : null;
        _now = Time.GetUtcNow();
        _loaded = address with { Entry = null };
    }

    private void Go(AuditAddress address) => Navigation.NavigateTo(address.ToUrl(), replace: true);

    private void OpenEntry(Guid? entry)
    {
        _linked = null;
        Go(Address with { Entry = entry });
    }

    private void Narrow(string subject) => Go(new AuditAddress(null, null, null, null, subject, null, null));

    private async Task MoreAsync()
    {
        _busy = true;
        try
        {
            var page = await Audit.ListAsync(Address.ToFilter(), _next, PageSize, Stopped);
            _rows.AddRange(page.Rows);
            _next = page.NextCursor;
        }
        finally
        {
            _busy = false;
        }
    }
}
