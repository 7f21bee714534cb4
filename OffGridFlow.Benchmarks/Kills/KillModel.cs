using System.Net;

namespace OffGridFlow.Benchmarks.Kills;

internal enum ModelState
{
    Published,
    Cancelled,
    Undone,
}

internal sealed class ModelImport(KillBill bill, string mode)
{
    public Guid Id { get; init; }
    public KillBill Bill => bill;
    public string Mode => mode;
    public ModelState State { get; set; }

    /// <summary>Ended as cancelled without ever having counted.</summary>
    public bool NeverPublished { get; set; }

    /// <summary>Lines that were there already when it was added.</summary>
    public long Duplicates { get; set; }
    public List<ModelBatch> Batches { get; } = [];
}

internal sealed class ModelBatch(ModelImport import, AccountMonth period, KillRow[] rows)
{
    public ModelImport Import => import;
    public AccountMonth Period => period;
    public IReadOnlyList<KillRow> Rows => rows;
    public decimal Cost { get; } = rows.Sum(row => row.Cost);
    public decimal UsageCost { get; } = rows.Where(row => row.IsUsage).Sum(row => row.Cost);

    /// <summary>As the table writes it: Current, Superseded or Undone.</summary>
    public string State { get; set; } = "Current";
    public ModelImport? SupersededBy { get; set; }
}

/// <summary>What the ledger must hold, told from what was acknowledged by the rules of docs/api.md, in memory and without the product's code.</summary>
internal sealed class KillModel
{
    private readonly List<ModelImport> imports = [];

    public IReadOnlyList<ModelImport> Imports => imports;

    public IEnumerable<ModelBatch> Current => imports.SelectMany(import => import.Batches).Where(batch => batch.State == "Current");

    public decimal UsageCost(int group) => Current.Where(batch => batch.Import.Bill.Group == group).Sum(batch => batch.UsageCost);

    /// <summary>How an upload must be answered when nothing of its group is under way; the import that is there already, if it is.</summary>
    public (HttpStatusCode Status, ModelImport? Existing) Answer(KillBill bill, string mode)
    {
        var existing = imports.Find(import => import.Bill == bill && import.State == ModelState.Published
            && (mode != "replace" || import.Batches.TrueForAll(batch => batch.State != "Superseded") || import.Batches.Exists(batch => batch.State == "Current")));
        if (existing is not null)
            return (HttpStatusCode.OK, existing);
        return mode == "none" && Current.Any(batch => bill.Periods.ContainsKey(batch.Period)) ? (HttpStatusCode.Conflict, null) : (HttpStatusCode.Accepted, null);
    }

    public ModelImport Publish(Guid id, KillBill bill, string mode)
    {
        var import = new ModelImport(bill, mode) { Id = id };
        var before = Current.Where(batch => bill.Periods.ContainsKey(batch.Period)).ToLookup(batch => batch.Period);
        foreach (var (period, rows) in bill.Periods)
        {
            var added = rows;
            if (mode == "append")
            {
                var known = before[period].SelectMany(batch => batch.Rows).Select(row => row.LineId).ToHashSet();
                added = [.. rows.Where(row => !known.Contains(row.LineId))];
                import.Duplicates += rows.Length - added.Length;
            }
            else
            {
                foreach (var batch in before[period])
                    (batch.State, batch.SupersededBy) = ("Superseded", import);
            }

            if (added.Length > 0)
                import.Batches.Add(new ModelBatch(import, period, added));
        }

        imports.Add(import);
        return import;
    }

    public void AddCancelled(Guid id, KillBill bill, string mode) =>
        imports.Add(new ModelImport(bill, mode) { Id = id, State = ModelState.Cancelled, NeverPublished = true });

    /// <summary>What it had replaced counts again, or belongs to what replaced it in turn.</summary>
    public void Undo(ModelImport import)
    {
        import.State = ModelState.Undone;
        foreach (var batch in import.Batches)
            batch.State = "Undone";
        foreach (var batch in imports.SelectMany(other => other.Batches).Where(batch => batch.State == "Superseded" && batch.SupersededBy == import))
        {
            var own = import.Batches.Find(mine => mine.Period == batch.Period)!;
            (batch.State, batch.SupersededBy) = own.SupersededBy is null ? ("Current", null) : ("Superseded", own.SupersededBy);
        }
    }

    /// <summary>A second model in the same state, to see what a step would lead to.</summary>
    public KillModel Copy()
    {
        var copies = imports.ToDictionary(import => import, import => new ModelImport(import.Bill, import.Mode) { Id = import.Id, State = import.State });
        var model = new KillModel();
        foreach (var import in imports)
        {
            var copy = copies[import];
            copy.Batches.AddRange(import.Batches.Select(batch => new ModelBatch(copy, batch.Period, [.. batch.Rows])
            {
                State = batch.State, SupersededBy = batch.SupersededBy is null ? null : copies[batch.SupersededBy],
            }));
            model.imports.Add(copy);
        }

        return model;
    }
}
