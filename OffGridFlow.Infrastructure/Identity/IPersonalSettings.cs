namespace OffGridFlow.Infrastructure.Identity;

/// <summary>What the signed-in person has chosen for themselves. Nobody else's is ever read or written.</summary>
public interface IPersonalSettings
{
    /// <summary>Null when nothing was chosen.</summary>
    Task<string?> FindAsync(string name, CancellationToken cancellationToken);

    Task SaveAsync(string name, string value, CancellationToken cancellationToken);
}

/// <param name="Query">What follows the question mark of the page's address.</param>
public sealed record SavedViewRow(Guid Id, string Name, string Query);

/// <summary>What became of a name.</summary>
public abstract record SavedViewOutcome
{
    public sealed record Saved(SavedViewRow View) : SavedViewOutcome;

    /// <summary>There is one of this name already; nothing was changed.</summary>
    public sealed record NameTaken(SavedViewRow View) : SavedViewOutcome;

    /// <summary>It is gone, taken away in another window perhaps; nothing was changed.</summary>
    public sealed record Gone : SavedViewOutcome;
}

/// <summary>The signed-in person's views of a page. Nobody else's is ever read or written.</summary>
public interface ISavedViews
{
    /// <summary>How many views of one page a person may keep.</summary>
    const int Maximum = 100;

    /// <summary>By name.</summary>
    Task<IReadOnlyList<SavedViewRow>> ListAsync(string page, CancellationToken cancellationToken);

    /// <param name="name">1 to 60 characters.</param>
    /// <param name="query">At most 2,000 characters.</param>
    /// <param name="replace">Whether one of the same name gives way.</param>
    /// <exception cref="ArgumentException">Name or query does not fit, or the person has <see cref="Maximum"/> views already.</exception>
    Task<SavedViewOutcome> SaveAsync(string page, string name, string query, bool replace, CancellationToken cancellationToken);

    /// <exception cref="ArgumentException">The name does not fit.</exception>
    Task<SavedViewOutcome> RenameAsync(Guid id, string name, CancellationToken cancellationToken);

    /// <summary>False when it is not there.</summary>
    Task<bool> DeleteAsync(Guid id, CancellationToken cancellationToken);
}
