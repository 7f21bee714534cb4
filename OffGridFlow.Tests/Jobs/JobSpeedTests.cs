using OffGridFlow.Infrastructure.Jobs;

namespace OffGridFlow.Tests.Jobs;

public sealed class JobSpeedTests
{
    private static readonly DateTimeOffset Start = new(2025, 11, 20, 9, 41, 0, TimeSpan.Zero);

    [Fact]
    public void PerSecond_OfOneMoment_IsNotKnown() => Of((0, 500)).PerSecond.ShouldBeNull();

    [Fact]
    public void PerSecond_OfNothingDone_IsNotKnown() => Of((0, 500), (1, 500), (2, 500)).PerSecond.ShouldBeNull();

    [Fact]
    public void PerSecond_IsTheMeanOfTheLastSeconds()
    {
        // A burst of long ago counts no more; one slow second hardly shows.
        var speed = Of((0, 0), (1, 1_000_000), (20, 1_000_000), (21, 1_001_000), (22, 1_002_000), (23, 1_002_000), (24, 1_004_000));

        speed.PerSecond.ShouldBe(1000);
    }

    [Fact]
    public void PerSecond_OfANewAttempt_BeginsAnew() => Of((0, 0), (1, 5000), (2, 10_000), (3, 0), (4, 200), (5, 400)).PerSecond.ShouldBe(200);

    private static JobSpeed Of(params (int Second, long Done)[] moments)
    {
        var speed = new JobSpeed();
        foreach (var (second, done) in moments)
            speed.Add(Start.AddSeconds(second), done);
        return speed;
    }
}
