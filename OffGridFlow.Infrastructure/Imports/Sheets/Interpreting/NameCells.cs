using OffGridFlow.Core.Imports.Sheets;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Infrastructure.ActivityData;

namespace OffGridFlow.Infrastructure.Imports.Sheets.Interpreting;

/// <summary>Reads the cells that name something the ledger knows: a site, an activity type, a quality, an accrual.</summary>
internal sealed class NameCells(SheetCells cells, SheetWords words)
{
    private readonly KnownTexts<EntrySite?> _sites = new(name => words.TryFindSite(name, out var found) ? found : null);
    private readonly KnownTexts<string?> _types = new(words.TypeOf);
    private readonly KnownTexts<int?> _categories = new(SheetCategory.Find);

    public EntrySite? SiteOf(string text, EntryReading reading)
    {
        if (text.Length == 0)
        {
            if (!reading.Has(SheetField.Site))
            {
                cells.Add(reading, SheetField.Site, "site-missing", "The row names no site. Fill the cell, or say which site an empty cell means.");
            }

            return null;
        }

        var site = _sites.Find(text);
        if (site is null)
        {
            cells.Add(reading, SheetField.Site, "unknown-site", $"“{SheetCells.Shown(text)}” is no site of your organization. Say which site it means, or add it on the page Organization.");
        }
        else if (cells.TryFindColumn(SheetField.Site, out var column) && !string.Equals(site.Name, text, StringComparison.Ordinal))
        {
            reading.Show(column, site.Name, isFixed: false);
        }

        return site;
    }

    public string TypeOf(string text, EntryReading reading)
    {
        if (text.Length == 0)
        {
            if (!reading.Has(SheetField.ActivityType))
            {
                cells.Add(reading, SheetField.ActivityType, "activity-type-missing", "The row does not say what was used. Fill the cell, or say which activity type an empty cell means.");
            }

            return "";
        }

        var key = _types.Find(text);
        if (key is null)
        {
            cells.Add(reading, SheetField.ActivityType, "unknown-activity-type", $"“{SheetCells.Shown(text)}” is no activity type.{words.Vocabulary.TypesNear(text)} Say which activity type it means.");
            return "";
        }

        if (reading.IsShown && cells.TryFindColumn(SheetField.ActivityType, out var column) && words.Vocabulary.TryFind(key, out var choice) && choice.Name != text)
        {
            reading.Show(column, choice.Name, isFixed: false);
        }

        return key;
    }

    public DataQuality QualityOf(EntryReading reading)
    {
        var text = cells.Text(reading, SheetField.Quality);
        if (text.Length == 0)
        {
            return DataQuality.Measured;
        }

        if (SheetQuality.Find(text) is { } quality)
        {
            return quality;
        }

        cells.Add(reading, SheetField.Quality, "unknown-quality", $"“{SheetCells.Shown(text)}” is no quality. Write measured, estimated or defaulted, or say which of them it means.");
        return DataQuality.Measured;
    }

    /// <summary>Null where nothing says it, or says it so that nobody can tell which: then the type's own, or a fault.</summary>
    public int? CategoryOf(EntryReading reading)
    {
        var text = cells.Text(reading, SheetField.Category);
        if (text.Length == 0)
        {
            return null;
        }

        if (_categories.Find(text) is not { } category)
        {
            cells.Add(reading, SheetField.Category, "unknown-category", $"“{SheetCells.Shown(text)}” names no category of Scope 3. Write its number from 1 to 15, as in 7, Cat. 7 or Category 7, or its name, or leave the cell empty: the entry then stands where its activity type does.");
            return null;
        }

        if (cells.TryFindColumn(SheetField.Category, out var column))
        {
            reading.Show(column, SheetCategory.NameOf(category), isFixed: false);
        }

        return category;
    }

    /// <summary>What says nothing of it is an actual, as in the form.</summary>
    public bool IsAccrual(EntryReading reading)
    {
        var text = cells.Text(reading, SheetField.Accrual);
        if (text.Length == 0)
        {
            return false;
        }

        if (SheetYesNo.Find(text) is not { } isAccrual)
        {
            cells.Add(reading, SheetField.Accrual, "unknown-accrual", $"“{SheetCells.Shown(text)}” says neither yes nor no. Write yes if the row stands in until the bill arrives, no if it is the actual amount, or say which of them it means.");
            return false;
        }

        if (cells.TryFindColumn(SheetField.Accrual, out var column))
        {
            reading.Show(column, isAccrual ? "Yes" : "No", isFixed: false);
        }

        return isAccrual;
    }
}
