using System.Diagnostics;

namespace OffGridFlow.Tests;

/// <summary>Waits for what comes about by itself, with a limit.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(50);

    /// <summary>Asks until the answer is not null.</summary>
    public static async Task<T> GetAsync<T>(Func<Task<T?>> ask, string what, int seconds = 30)
        where T : struct
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            if (await ask() is { } answer)
                return answer;
            watch.Elapsed.TotalSeconds.ShouldBeLessThan(seconds, $"Did not come about in time: {what}");
            await Task.Delay(Between, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Asks until the answer is yes.</summary>
    public static Task<bool> BeAsync(Func<Task<bool>> ask, string what, int seconds = 30) =>
        GetAsync(async () => await ask() ? true : (bool?)null, what, seconds);
}
