namespace OffGridFlow.Infrastructure.Imports.Sheets.Reading;

/// <summary>What a spreadsheet may measure before it is taken for an attack or a mistake.</summary>
internal sealed record SheetLimits
{
    /// <summary>Characters of one cell; no spreadsheet program writes more.</summary>
    public int MaxCell { get; init; } = 32_767;

    /// <summary>Columns of a sheet.</summary>
    public int MaxColumns { get; init; } = 1_000;

    /// <summary>Entries of the workbook's archive.</summary>
    public int MaxEntries { get; init; } = 20_000;

    /// <summary>Merged areas that are looked at; further ones count as not merged.</summary>
    public int MaxMerged { get; init; } = 50_000;

    /// <summary>Characters of shared texts that are kept in memory; further ones lie in a file.</summary>
    public int TextsInMemory { get; init; } = 16 << 20;

    /// <summary>Of the parts of a workbook, and of a text file.</summary>
    public BillFileLimits Text { get; init; } = new() { MaxTextBytes = 16L << 30, MaxRatio = 400 };
}
