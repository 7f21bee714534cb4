using OffGridFlow.Infrastructure.Jobs;
using OffGridFlow.Infrastructure.Organizations;

namespace OffGridFlow.Infrastructure.Imports.Samples.Year;

/// <summary>What the steps of the sample year share.</summary>
internal static class SampleYear
{
    /// <summary>The year that is complete, approved and locked, and the one that is being worked on.</summary>
    public const int First = 2024;
    public const int Second = 2025;

    public const string Hamburg = "Werk Hamburg";
    public const string Kassel = "Werk Kassel";
    public const string Coventry = "Coventry plant";
    public const string Lyon = "Atelier Lyon";

    /// <summary>The first day on which the workshop in Lyon belongs to the group.</summary>
    public static readonly DateOnly Acquisition = new(Second, 7, 1);

    public static string PeriodName(int year) => FormattableString.Invariant($"FY{year}");

    /// <summary>What was written; a refusal ends the job with its words.</summary>
    public static T Done<T>(Edit<T> edit, string what) => edit switch
    {
        Edit<T>.Done done => done.Item,
        Edit<T>.Refused refused => throw Stopped($"{what}: {string.Join(' ', refused.Faults.Select(fault => fault.Message))}"),
        Edit<T>.Held held => throw Stopped($"{what}: {held.Reason}"),
        _ => throw Stopped($"{what}: somebody changed it at the same moment"),
    };

    /// <summary>The outcome that is wanted; any other ends the job.</summary>
    public static T Of<T>(object outcome, string what)
        where T : class => outcome as T ?? throw Stopped($"{what}: {outcome}");

    /// <summary>Every step looks for what it would make, so that the job goes on where it stopped.</summary>
    public static JobFailedException Stopped(string why) => new(
        $"The sample year is not complete: {why.TrimEnd('.')}. What was entered until then stands and counts like any other entry. Start this job again to go on from there, "
        + "or undo its imports on the page of imports.", isFinal: false);
}
