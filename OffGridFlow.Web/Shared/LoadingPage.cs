using Microsoft.AspNetCore.Components;

namespace OffGridFlow.Web.Shared;

/// <summary>
/// A page in one of four states: loading, failed with a reference, empty or full (the page tells the last two apart).
/// Data is read once, when the circuit is there: the first paint is layout and skeleton rows, so nothing flickers and no query runs twice.
/// </summary>
public abstract class LoadingPage : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private int _load;

    [Inject] protected Failures Failures { get; set; } = default!;

    protected CancellationToken Stopped => _stop.Token;
    protected bool Loading { get; private set; } = true;
    protected Failure? Failure { get; private set; }

    /// <summary>What was asked, for the error text: <c>Overview, November 2023 to March 2024</c>.</summary>
    protected abstract string Asked { get; }

    protected abstract Task LoadAsync(CancellationToken cancellationToken);

    /// <summary>Loads and keeps what is on screen when <paramref name="quietly"/>; a later load wins over an earlier one.</summary>
    protected async Task ReloadAsync(bool quietly = false)
    {
        if (!RendererInfo.IsInteractive) return;
        var load = ++_load;
        Failure = null;
        Loading = !quietly || Loading;
        try
        {
            await LoadAsync(_stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return;
        }
        // Whatever it was, the reader gets a reference and a way to try again; the log gets the exception.
        catch (Exception exception)
        {
            var failure = Failures.Report(exception, Asked);
            if (load == _load) Failure = failure;
        }
        if (load == _load) Loading = false;
    }

    protected Task RetryAsync() => ReloadAsync();

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (!disposing) return;
        _stop.Cancel();
        _stop.Dispose();
    }
}
