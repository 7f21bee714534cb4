namespace OffGridFlow.Web.Features.Overview;

internal static class Axis
{
    /// <summary>A round step (1, 2 or 5 times a power of ten) that cuts 0 to <paramref name="highest"/> into about <paramref name="parts"/>.</summary>
    public static decimal Step(decimal highest, int parts)
    {
        if (highest <= 0) return 1;
        var raw = highest / parts;
        var power = 1m;
        while (power * 10 <= raw) power *= 10;
        while (power > raw && power > 0.000001m) power /= 10;
        return (raw / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 } * power;
    }
}
