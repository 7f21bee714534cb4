using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.Search;

/// <summary>A combobox with a list: the focus stays in the field, the keys move through what was found.</summary>
public sealed partial class SearchDialog : IDisposable
{
    private readonly string _listId = Ids.Next("found");
    private CancellationTokenSource _search = new();
    private IReadOnlyList<SearchGroup> _groups = [];
    private string _text = "";
    private string _found = "";
    private int _active;
    private bool _busy;
    private bool _openWhenFound;
    private Failure? _failure;

    [Inject] private SearchService Search { get; set; } = default!;
    [Inject] private RecentChoices Recent { get; set; } = default!;
    [Inject] private NavigationManager Navigation { get; set; } = default!;
    [Inject] private Failures Failures { get; set; } = default!;
    [Inject] private IJSRuntime Js { get; set; } = default!;

    private List<SearchItem> Items => [.. _groups.SelectMany(group => group.Items)];

    private string Said => _failure is not null || _busy ? ""
        : Items.Count == 0 && _found.Length > 0
            ? $"Nothing matches “{_found}”. Search knows pages by name, accounts and services of the ledger, and imports by file name or id."
        : "";

    public void Dispose()
    {
        _search.Cancel();
        _search.Dispose();
    }

    private string OptionId(int index) => _listId + "-" + index.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Each letter asks at once and takes the question before it back.</summary>
    private async Task FindAsync(string? text)
    {
        var search = Begin();
        (_text, _failure, _busy, _openWhenFound) = (text ?? "", null, true, false);
        try
        {
            var groups = await Search.FindAsync(_text, search.Token);
            if (search != _search) return;
            (_groups, _found, _active) = (groups, _text.Trim(), 0);
        }
        catch (OperationCanceledException) when (search.IsCancellationRequested)
        {
            return;
        }
        catch (Exception exception)
        {
            if (search != _search) return;
            (_groups, _failure) = ([], Failures.Report(exception, "Search"));
        }

        _busy = false;
        if (_openWhenFound && Items.Count > 0) await ChooseAsync(Items[0]);
    }

    /// <summary>Takes the question before it back, without a wait: the next letter may come meanwhile, and the last one counts.</summary>
    private CancellationTokenSource Begin()
    {
        _search.Cancel();
        _search.Dispose();
        return _search = new CancellationTokenSource();
    }

    private async Task OnKeyAsync(KeyboardEventArgs e)
    {
        var items = Items;
        switch (e.Key)
        {
            // Who types faster than the answer comes means the answer.
            case "Enter" when _busy:
                _openWhenFound = true;
                break;
            case "Enter" when _active < items.Count:
                await ChooseAsync(items[_active]);
                break;
            case "ArrowDown" or "ArrowUp" when items.Count > 0:
                _active = (_active + (e.Key == "ArrowDown" ? 1 : items.Count - 1)) % items.Count;
                await Js.InvokeVoidAsync("OffGridFlow.reveal", CancellationToken.None, "#" + OptionId(_active));
                break;
        }
    }

    private async Task ChooseAsync(SearchItem item)
    {
        Recent.Add(item);
        (_text, _found, _groups) = ("", "", []);
        await Js.InvokeVoidAsync("OffGridFlow.dialogs.close", CancellationToken.None, "og-search");
        Navigation.NavigateTo(item.Href);
    }
}
