using Microsoft.AspNetCore.Components;
using OffGridFlow.Core.Tenancy;
using OffGridFlow.Infrastructure.Organizations;
using OffGridFlow.Web.Shared;
using Radzen;

namespace OffGridFlow.Web.Features.Organizations;

/// <summary>One kind of thing that a page lets people add, change and remove.</summary>
/// <param name="Noun">E.g. <c>site</c>.</param>
/// <param name="NameOf">By which people know one.</param>
internal sealed record Register<T, TInput>(
    string Noun, Func<T, string> NameOf, Func<T, TInput> InputOf, Func<TInput, CancellationToken, Task<Edit<T>>> Create,
    Func<Guid, int, TInput, CancellationToken, Task<Edit<T>>> Change, Func<Guid, int, CancellationToken, Task<Edit<T>>> Remove)
    where T : class, IVersioned;

/// <summary>Opens the form of a thing in a dialog, tells what became of it, and takes it back when asked.</summary>
internal sealed class EditDesk(DialogService dialogs, NotificationService notifications, Failures failures)
{
    /// <param name="row">Null for a new one.</param>
    /// <param name="input">What the form begins with.</param>
    /// <param name="reload">Shows what is true afterwards.</param>
    public async Task EditAsync<T, TInput>(Register<T, TInput> register, object page, T? row, TInput input, RenderFragment fields, Func<Task> reload)
        where T : class, IVersioned
    {
        var title = row is null ? $"Add {Article(register.Noun)} {register.Noun}" : $"Edit {register.NameOf(row)}";
        await OpenAsync(title, row is null ? $"Add {register.Noun}" : "Save changes", fields, async cancellationToken =>
        {
            var edit = row is null ? await register.Create(input, cancellationToken) : await register.Change(row.Id, row.Version, input, cancellationToken);
            if (edit is Edit<T>.Done done)
            {
                var name = register.NameOf(done.Item);
                notifications.Tell(
                    page, NotificationSeverity.Success, row is null ? $"{Capital(register.Noun)} added" : $"{Capital(register.Noun)} changed", name,
                    () => UndoAsync(page, reload, stop => row is null
                        ? register.Remove(done.Item.Id, done.Item.Version, stop)
                        : register.Change(done.Item.Id, done.Item.Version, register.InputOf(row), stop)));
            }

            return Refusal.Of(edit);
        });
        // Also after Cancel: what somebody else changed meanwhile is shown.
        await reload();
    }

    /// <summary>A form in a dialog.</summary>
    public async Task OpenAsync(string title, string submit, RenderFragment fields, Func<CancellationToken, Task<Refusal?>> save)
    {
        var parameters = new Dictionary<string, object?>
        {
            [nameof(EditorDialog.Submit)] = submit, [nameof(EditorDialog.Fields)] = fields, [nameof(EditorDialog.Save)] = save,
        };
        // What is typed is not lost by a key or a click beside it.
        var options = new DialogOptions { Width = "min(680px, 94vw)", AutoFocusFirstElement = true, CloseDialogOnEsc = false, CloseDialogOnOverlayClick = false };
        await dialogs.OpenAsync<EditorDialog>(title, parameters!, options);
    }

    /// <returns>Why it was not removed; null when it was.</returns>
    public async Task<string?> RemoveAsync<T, TInput>(Register<T, TInput> register, object page, T row, Func<Task> reload, CancellationToken cancellationToken)
        where T : class, IVersioned
    {
        string? refused = null;
        try
        {
            var edit = await register.Remove(row.Id, row.Version, cancellationToken);
            refused = Refusal.Of(edit)?.Words;
            if (edit is Edit<T>.Done)
            {
                notifications.Tell(
                    page, NotificationSeverity.Success, $"{Capital(register.Noun)} removed", register.NameOf(row),
                    () => UndoAsync(page, reload, stop => register.Create(register.InputOf(row), stop)));
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            refused = $"The server could not do it. Reference {failures.Report(exception, $"Remove {register.Noun}").Reference}.";
        }

        await reload();
        return refused;
    }

    private async Task UndoAsync<T>(object page, Func<Task> reload, Func<CancellationToken, Task<Edit<T>>> undo)
    {
        try
        {
            if (Refusal.Of(await undo(CancellationToken.None)) is { } refusal)
            {
                notifications.Tell(page, NotificationSeverity.Error, "It was not taken back", refusal.Words ?? string.Join(' ', refusal.Faults.Select(fault => fault.Message)));
            }
            else
            {
                notifications.Tell(page, NotificationSeverity.Success, "Taken back", "It is as it was before.");
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            notifications.Tell(page, NotificationSeverity.Error, "It was not taken back", $"Reference {failures.Report(exception, "Undo").Reference}");
        }

        await reload();
    }

    private static string Article(string noun) => "aeiou".Contains(noun[0], StringComparison.Ordinal) ? "an" : "a";

    private static string Capital(string noun) => char.ToUpperInvariant(noun[0]) + noun[1..];
}
