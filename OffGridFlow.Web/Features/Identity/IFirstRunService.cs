namespace OffGridFlow.Web.Features.Identity;

/// <summary>What became of a first-run form.</summary>
public abstract record FirstRunOutcome
{
    /// <summary>Organization and administrator are there, and the session cookie is set on the response.</summary>
    public sealed record Created : FirstRunOutcome;

    /// <summary>The token is not the one in the log, or was used already.</summary>
    public sealed record WrongToken : FirstRunOutcome;

    /// <summary>What the service says against a field (a name of <see cref="FirstRunInput"/>, or empty for the whole form), in sentences.</summary>
    public sealed record Refused(IReadOnlyDictionary<string, IReadOnlyList<string>> Errors) : FirstRunOutcome;
}

/// <summary>Sets up an empty installation.</summary>
public interface IFirstRunService
{
    /// <summary>True while there is no organization.</summary>
    Task<bool> IsNeededAsync(CancellationToken cancellationToken);

    Task<FirstRunOutcome> CreateAsync(FirstRunInput input, CancellationToken cancellationToken);
}
