using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Identity;

namespace OffGridFlow.Tests.Web;

/// <summary>One person's choices in memory.</summary>
internal sealed class FakePersonalSettings : IPersonalSettings, ISavedViews
{
    public Dictionary<string, string> Values { get; } = [];
    public List<SavedViewRow> Views { get; } = [];
    public Exception? Failure { get; set; }

    public Task<string?> FindAsync(string name, CancellationToken cancellationToken) => Task.FromResult(Values.GetValueOrDefault(name));

    public Task SaveAsync(string name, string value, CancellationToken cancellationToken)
    {
        if (Failure is not null) return Task.FromException(Failure);
        Values[name] = value;
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<SavedViewRow>> ListAsync(string page, CancellationToken cancellationToken) =>
        Failure is not null ? Task.FromException<IReadOnlyList<SavedViewRow>>(Failure) : Task.FromResult<IReadOnlyList<SavedViewRow>>([.. Views.OrderBy(v => v.Name, StringComparer.OrdinalIgnoreCase)]);

    public Task<SavedViewOutcome> SaveAsync(string page, string name, string query, bool replace, CancellationToken cancellationToken)
    {
        if (Failure is not null) return Task.FromException<SavedViewOutcome>(Failure);
        var namesake = Views.Find(v => SavedView.Normalize(v.Name) == SavedView.Normalize(name));
        if (namesake is not null && !replace) return Task.FromResult<SavedViewOutcome>(new SavedViewOutcome.NameTaken(namesake));
        Views.Remove(namesake!);
        var row = new SavedViewRow(namesake?.Id ?? Guid.NewGuid(), name, query);
        Views.Add(row);
        return Task.FromResult<SavedViewOutcome>(new SavedViewOutcome.Saved(row));
    }

    public Task<SavedViewOutcome> RenameAsync(Guid id, string name, CancellationToken cancellationToken)
    {
        if (Views.Find(v => v.Id != id && SavedView.Normalize(v.Name) == SavedView.Normalize(name)) is { } namesake)
            return Task.FromResult<SavedViewOutcome>(new SavedViewOutcome.NameTaken(namesake));
        var index = Views.FindIndex(v => v.Id == id);
        Views[index] = Views[index] with { Name = name };
        return Task.FromResult<SavedViewOutcome>(new SavedViewOutcome.Saved(Views[index]));
    }

    public Task<bool> DeleteAsync(Guid id, CancellationToken cancellationToken) => Task.FromResult(Views.RemoveAll(v => v.Id == id) == 1);
}
