using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using OffGridFlow.Infrastructure.Identity;
using OffGridFlow.Web.Shared;
using Radzen;

namespace OffGridFlow.Web.Features.Emissions;

/// <summary>The person's own views of the explorer: saved from the address, applied by going to one.</summary>
public sealed partial class SavedViewsMenu : IDisposable
{
    private const string PageName = "emissions";

    private readonly CancellationTokenSource _stop = new();
    private readonly string _messageId = Ids.Next("view-message");
    private readonly string _undoId = Ids.Next("view-undo");
    private IReadOnlyList<SavedViewRow> _views = [];
    private SavedViewRow? _deleted;
    private SavedViewRow? _taken;
    private Guid? _renaming;
    private ElementReference _input;
    private string _name = "";
    private string _newName = "";
    private string _message = "";
    private bool _isProblem;
    private bool _left;
    private bool _focusInput;
    private bool _focusUndo;
    private Failure? _failure;
    private string _failed = "";

    [Inject] private ISavedViews Views { get; set; } = default!;
    [Inject] private NotificationService Notifications { get; set; } = default!;
    [Inject] private Failures Failures { get; set; } = default!;
    [Inject] private IJSRuntime Js { get; set; } = default!;

    /// <summary>What is on screen, the columns said: a view must not change when the person's usual columns do.</summary>
    [Parameter, EditorRequired] public EmissionsAddress Address { get; set; } = default!;

    private SavedViewRow? Current => _views.FirstOrDefault(view => view.Query == Query);

    private string Query => (Address with { Trail = null }).ToQuery();

    protected override Task OnInitializedAsync() => LoadAsync();

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_focusInput)
        {
            _focusInput = false;
            await _input.FocusAsync();
        }

        if (_focusUndo)
        {
            _focusUndo = false;
            await Js.InvokeVoidAsync("OffGridFlow.focus", _stop.Token, "#" + _undoId);
        }
    }

    public void Dispose()
    {
        _left = true;
        _stop.Cancel();
        _stop.Dispose();
    }

    private static string Href(SavedViewRow view) => "/emissions" + (view.Query.Length == 0 ? "" : "?" + view.Query);

    private Task LoadAsync() => TryAsync("The saved views could not be loaded.", async () => _views = await Views.ListAsync(PageName, _stop.Token));

    private Task SaveAsync(bool replace)
    {
        var name = replace && _taken is not null ? _taken.Name : _name.Trim();
        if (name.Length == 0)
        {
            Say("Enter a name, for example the question that this view answers.", isProblem: true);
            return Task.CompletedTask;
        }

        if (!replace && _views.Count >= ISavedViews.Maximum)
        {
            Say("You keep 100 views already. Delete one that you no longer use.", isProblem: true);
            return Task.CompletedTask;
        }

        return TryAsync("The view was not saved.", async () =>
        {
            (_taken, _deleted) = (null, null);
            switch (await Views.SaveAsync(PageName, name, Query, replace, _stop.Token))
            {
                case SavedViewOutcome.NameTaken { View: var view }:
                    _taken = view;
                    Say("", isProblem: false);
                    break;
                case SavedViewOutcome.Saved { View: var view }:
                    _name = "";
                    _views = await Views.ListAsync(PageName, _stop.Token);
                    Say($"“{view.Name}” was saved.", isProblem: false);
                    break;
            }
        });
    }

    private void BeginRename(SavedViewRow view)
    {
        (_renaming, _newName, _taken, _deleted, _focusInput) = (view.Id, view.Name, null, null, true);
        Say("", isProblem: false);
    }

    private Task RenameAsync(SavedViewRow view)
    {
        if (_newName.Trim().Length == 0)
        {
            Say("Enter a name.", isProblem: true);
            return Task.CompletedTask;
        }

        return TryAsync("The view was not renamed.", async () =>
        {
            switch (await Views.RenameAsync(view.Id, _newName, _stop.Token))
            {
                case SavedViewOutcome.NameTaken { View: var namesake }:
                    Say($"“{namesake.Name}” is there already. Choose another name, or delete that view first.", isProblem: true);
                    return;
                case SavedViewOutcome.Saved { View: var renamed }:
                    Say($"“{view.Name}” is now “{renamed.Name}”.", isProblem: false);
                    break;
                default:
                    Say($"“{view.Name}” is no longer there; nothing was changed.", isProblem: true);
                    break;
            }

            _renaming = null;
            _views = await Views.ListAsync(PageName, _stop.Token);
        });
    }

    private Task DeleteAsync(SavedViewRow view) => TryAsync("The view was not deleted.", async () =>
    {
        await Views.DeleteAsync(view.Id, _stop.Token);
        _views = await Views.ListAsync(PageName, _stop.Token);
        (_deleted, _taken, _focusUndo) = (view, null, true);
        Say("", isProblem: false);
        Notifications.Notify(new NotificationMessage
        {
            Severity = NotificationSeverity.Info, Summary = $"“{view.Name}” was deleted", Duration = 8000,
            DetailContent = _ => builder =>
            {
                builder.OpenElement(0, "button");
                builder.AddAttribute(1, "type", "button");
                builder.AddAttribute(2, "class", "og-link");
                builder.AddAttribute(3, "onclick", EventCallback.Factory.Create(this, () => UndoAsync(view)));
                builder.AddContent(4, "Undo");
                builder.CloseElement();
            },
        });
    });

    /// <summary>The toast may outlive this menu: bringing a view back does not ask whether the page is still there.</summary>
    private Task UndoAsync(SavedViewRow view) => _deleted != view ? Task.CompletedTask : TryAsync("The view could not be brought back.", async () =>
    {
        _deleted = null;
        var outcome = await Views.SaveAsync(PageName, view.Name, view.Query, replace: false, CancellationToken.None);
        if (_left) return;
        _views = await Views.ListAsync(PageName, _stop.Token);
        Say(outcome is SavedViewOutcome.Saved ? $"“{view.Name}” is back." : $"There is a new view “{view.Name}”; the deleted one was not brought back.", isProblem: outcome is not SavedViewOutcome.Saved);
    });

    private void Say(string message, bool isProblem) => (_message, _isProblem) = (message, isProblem);

    private async Task TryAsync(string failed, Func<Task> work)
    {
        if (!RendererInfo.IsInteractive) return;
        _failure = null;
        try
        {
            await work();
        }
        catch (OperationCanceledException) when (_left)
        {
            // The page was left.
        }
        catch (Exception exception)
        {
            (_failure, _failed) = (Failures.Report(exception, "Saved views of the emissions"), failed);
        }
    }
}
