using Microsoft.EntityFrameworkCore;
using Npgsql;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Identity;

/// <inheritdoc cref="IPersonalSettings"/>
internal sealed class PersonalSettings(TenantDatabase database, CurrentUser user) : IPersonalSettings
{
    public async Task<string?> FindAsync(string name, CancellationToken cancellationToken)
    {
        var person = user.Actor.UserId;
        await using var unit = await database.OpenAsync(cancellationToken);
        return await unit.Context.PersonalSettings.Where(setting => setting.UserId == person && setting.Name == name)
            .Select(setting => setting.Value).SingleOrDefaultAsync(cancellationToken);
    }

    public async Task SaveAsync(string name, string value, CancellationToken cancellationToken)
    {
        // A key is nobody who could choose.
        var person = user.Actor.UserId ?? throw new NotSignedInException();
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value.Length, PersonalSetting.ValueLength, nameof(value));
        await using var unit = await database.OpenAsync(cancellationToken);
        await unit.Connection.ExecuteAsync(
            """
            insert into personal_settings (tenant_id, user_id, name, value) values (current_tenant(), $1, $2, $3)
            on conflict (tenant_id, user_id, name) do update set value = excluded.value
            """,
            cancellationToken, person, name, value);
        await unit.CommitAsync(cancellationToken);
    }
}

/// <inheritdoc cref="ISavedViews"/>
internal sealed class SavedViews(TenantDatabase database, CurrentUser user, TimeProvider time) : ISavedViews
{
    public async Task<IReadOnlyList<SavedViewRow>> ListAsync(string page, CancellationToken cancellationToken)
    {
        user.Require(Permissions.DashboardsRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await Own(unit).Where(view => view.Page == page).OrderBy(view => view.NormalizedName)
            .Select(view => new SavedViewRow(view.Id, view.Name, view.Query)).ToListAsync(cancellationToken);
    }

    public async Task<SavedViewOutcome> SaveAsync(string page, string name, string query, bool replace, CancellationToken cancellationToken)
    {
        user.Require(Permissions.DashboardsRead);
        name = Fitting(name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Length, SavedView.QueryLength, nameof(query));
        await using var unit = await database.OpenAsync(cancellationToken);
        if (await NamesakeAsync(unit, page, name, cancellationToken) is { } namesake)
        {
            if (!replace)
            {
                return new SavedViewOutcome.NameTaken(namesake);
            }

            var now = time.GetUtcNow();
            await Own(unit).Where(view => view.Id == namesake.Id).ExecuteUpdateAsync(
                set => set.SetProperty(view => view.Name, name).SetProperty(view => view.Query, query).SetProperty(view => view.UpdatedAt, now), cancellationToken);
            await unit.CommitAsync(cancellationToken);
            return new SavedViewOutcome.Saved(new SavedViewRow(namesake.Id, name, query));
        }

        if (await Own(unit).CountAsync(view => view.Page == page, cancellationToken) >= ISavedViews.Maximum)
        {
            throw new ArgumentException("A person keeps at most 100 views of a page.", nameof(page));
        }

        var row = new SavedView
        {
            Id = Guid.CreateVersion7(time.GetUtcNow()), TenantId = unit.Actor.TenantId, UserId = Person(unit), Page = page,
            Name = name, NormalizedName = SavedView.Normalize(name), Query = query, CreatedAt = time.GetUtcNow(), UpdatedAt = time.GetUtcNow(),
        };
        unit.Context.SavedViews.Add(row);
        try
        {
            await unit.CommitAsync(cancellationToken);
            return new SavedViewOutcome.Saved(new SavedViewRow(row.Id, name, query));
        }
        catch (DbUpdateException exception) when (exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return await TakenAsync(page, name, cancellationToken);
        }
    }

    public async Task<SavedViewOutcome> RenameAsync(Guid id, string name, CancellationToken cancellationToken)
    {
        user.Require(Permissions.DashboardsRead);
        name = Fitting(name);
        await using var unit = await database.OpenAsync(cancellationToken);
        if (await Own(unit).SingleOrDefaultAsync(view => view.Id == id, cancellationToken) is not { } row)
        {
            return new SavedViewOutcome.Gone();
        }

        var (normalized, now) = (SavedView.Normalize(name), time.GetUtcNow());
        try
        {
            var renamed = await Own(unit).Where(view => view.Id == id).ExecuteUpdateAsync(
                set => set.SetProperty(view => view.Name, name).SetProperty(view => view.NormalizedName, normalized).SetProperty(view => view.UpdatedAt, now),
                cancellationToken);
            await unit.CommitAsync(cancellationToken);
            return renamed == 1 ? new SavedViewOutcome.Saved(new SavedViewRow(id, name, row.Query)) : new SavedViewOutcome.Gone();
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return await TakenAsync(row.Page, name, cancellationToken);
        }
    }

    public async Task<bool> DeleteAsync(Guid id, CancellationToken cancellationToken)
    {
        user.Require(Permissions.DashboardsRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        var deleted = await Own(unit).Where(view => view.Id == id).ExecuteDeleteAsync(cancellationToken);
        await unit.CommitAsync(cancellationToken);
        return deleted == 1;
    }

    /// <summary>Two windows may choose one name at the same moment: the index tells the second, in a transaction that is then over.</summary>
    private async Task<SavedViewOutcome> TakenAsync(string page, string name, CancellationToken cancellationToken)
    {
        await using var unit = await database.OpenAsync(cancellationToken);
        return await NamesakeAsync(unit, page, name, cancellationToken) is { } namesake ? new SavedViewOutcome.NameTaken(namesake) : new SavedViewOutcome.Gone();
    }

    private static Task<SavedViewRow?> NamesakeAsync(TenantUnit unit, string page, string name, CancellationToken cancellationToken)
    {
        var normalized = SavedView.Normalize(name);
        return Own(unit).Where(view => view.Page == page && view.NormalizedName == normalized)
            .Select(view => new SavedViewRow(view.Id, view.Name, view.Query)).SingleOrDefaultAsync(cancellationToken);
    }

    private static IQueryable<SavedView> Own(TenantUnit unit)
    {
        var person = Person(unit);
        return unit.Context.SavedViews.Where(view => view.UserId == person);
    }

    private static Guid Person(TenantUnit unit) => unit.Actor.UserId ?? throw new NotSignedInException();

    private static string Fitting(string name)
    {
        name = name.Trim();
        return name.Length is > 0 and <= SavedView.NameLength && !name.Any(char.IsControl)
            ? name
            : throw new ArgumentException("A name has 1 to 60 characters.", nameof(name));
    }
}
