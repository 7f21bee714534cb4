namespace OffGridFlow.Web.Shared;

/// <summary>A page that looks again every second while something on it is running, and rests otherwise.</summary>
public abstract class LivePage : LoadingPage
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private bool _watching;

    [Microsoft.AspNetCore.Components.Inject] protected TimeProvider Time { get; set; } = default!;

    protected abstract bool Running { get; }

    /// <summary>After every rendering, so that a retry or an undo starts the watch as well as the first load.</summary>
    protected override void OnAfterRender(bool firstRender)
    {
        if (_watching || !Running) return;
        _watching = true;
        _ = WatchAsync();
    }

    private async Task WatchAsync()
    {
        try
        {
            using var timer = new PeriodicTimer(Pause, Time);
            while (Running && await timer.WaitForNextTickAsync(Stopped))
            {
                await InvokeAsync(async () =>
                {
                    await ReloadAsync(quietly: true);
                    StateHasChanged();
                });
            }
        }
        catch (OperationCanceledException)
        {
            // The page was left.
        }
        catch (Exception exception)
        {
            await DispatchExceptionAsync(exception);
        }
        finally
        {
            _watching = false;
        }
    }
}
