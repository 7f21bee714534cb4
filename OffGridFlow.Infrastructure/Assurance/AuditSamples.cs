using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.Assurance;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Infrastructure.Organizations;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Assurance;

/// <summary>What an auditor asks for. Members as <see cref="AuditSample"/>.</summary>
public sealed record SampleInput
{
    public SampleMethod Method { get; set; }

    /// <summary>Null: the product makes one and states it.</summary>
    public string? Seed { get; set; }
    public Scope2Method View { get; set; }
    public int? Scope { get; set; }
    public int? Category { get; set; }
    public Guid? SiteId { get; set; }
    public string? Activity { get; set; }
    public int? Count { get; set; }
    public int? ConfidencePercent { get; set; }

    /// <summary>kg CO2e; null: the performance materiality of the period.</summary>
    public decimal? TolerableKg { get; set; }
    public decimal? ExpectedKg { get; set; }
    public string? Purpose { get; set; }

    /// <summary>Words of a request that were not understood: told with all else, once it is clear that the period is there.</summary>
    public IReadOnlyList<FieldFault> Misread { get; init; } = [];
}

/// <summary>What an auditor writes on an item. Members as <see cref="ItemCheck"/>.</summary>
public sealed record ItemCheckInput
{
    public CheckOutcome Outcome { get; set; }
    public decimal? AuditedKg { get; set; }
    public string? Note { get; set; }
    public string? DocumentSeen { get; set; }

    public static ItemCheckInput Of(ItemCheck check) => new() { Outcome = check.Outcome, AuditedKg = check.AuditedKg, Note = check.Note, DocumentSeen = check.DocumentSeen };
}

/// <summary>Draws samples of a period's results, and keeps what the auditor finds of them.</summary>
internal sealed class AuditSamples(TenantDatabase database, CurrentUser user, TimeProvider time)
{
    /// <summary>The latest first; null where there is no such period.</summary>
    public async Task<IReadOnlyList<SampleRow>?> ListAsync(Guid periodId, CancellationToken cancellationToken)
    {
        user.Require(Permissions.AssuranceRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await AssuranceWork.PeriodAsync(unit, periodId, cancellationToken) is null ? null : await SampleReading.ListAsync(unit, periodId, cancellationToken);
    }

    public async Task<SampleDetail?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        user.Require(Permissions.AssuranceRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await SampleReading.FindAsync(unit, id, cancellationToken);
    }

    /// <summary>Draws from the ledger as it stands.</summary>
    public async Task<Edit<AuditSample>> DrawAsync(Guid periodId, SampleInput input, CancellationToken cancellationToken)
    {
        var actor = user.Require(Permissions.AssuranceWrite);
        await using var unit = await database.OpenAsync(cancellationToken);
        if (await AssuranceWork.PeriodAsync(unit, periodId, cancellationToken) is not { } period)
        {
            return new Edit<AuditSample>.Gone();
        }

        var faults = await FaultsAsync(unit, period, input, cancellationToken);
        if (faults.Count > 0)
        {
            return new Edit<AuditSample>.Refused(faults);
        }

        var seed = Faults.Clean(input.Seed) ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        var isMonetary = input.Method == SampleMethod.MonetaryUnit;
        var interval = isMonetary ? SampleDraw.Interval(input.TolerableKg!.Value, input.ExpectedKg ?? 0m, input.ConfidencePercent!.Value) : 0m;
        var sequence = await unit.Connection.ScalarAsync<long>("select value from ledger_sequences where tenant_id = current_tenant()", cancellationToken);
        var filter = new PopulationFilter(
            sequence, AssuranceWork.MonthOf(period.FirstDay), AssuranceWork.MonthOf(period.LastDay), input.View, input.Scope, input.Category, input.SiteId, input.Activity);
        var (drawn, missing) = await DrawAsync(unit, filter, input.Method, seed, interval, input.Count ?? 0, cancellationToken);
        if (Shortfall(drawn, input.Method) is { } shortfall)
        {
            return new Edit<AuditSample>.Refused([shortfall]);
        }

        await AssuranceWork.LockAsync(unit, cancellationToken);
        var sample = new AuditSample
        {
            Id = Guid.CreateVersion7(time.GetUtcNow()), TenantId = actor.TenantId, PeriodId = periodId,
            Number = (await unit.Context.AssuranceSamples.Where(other => other.PeriodId == periodId).MaxAsync(other => (int?)other.Number, cancellationToken) ?? 0) + 1,
            Method = input.Method, Seed = seed, LedgerSequence = sequence, FirstMonth = filter.FirstMonth, LastMonth = filter.LastMonth, View = input.View, Scope = input.Scope,
            Category = input.Category, SiteId = input.SiteId, Activity = input.Activity, AskedCount = input.Method == SampleMethod.Random ? input.Count : null,
            ConfidencePercent = isMonetary ? input.ConfidencePercent : null, TolerableKg = isMonetary ? input.TolerableKg : null, ExpectedKg = isMonetary ? input.ExpectedKg ?? 0m : null,
            IntervalKg = isMonetary ? interval : null, PopulationCount = drawn.Count, PopulationKg = drawn.Kg, OutsideCount = drawn.OutsideCount, OutsideKg = drawn.OutsideKg,
            MissingCount = missing, PopulationHash = drawn.Hash, ItemCount = drawn.Picks.Count, Purpose = Faults.Clean(input.Purpose), AuthorId = actor.Id, Author = actor.DisplayName,
            At = time.GetUtcNow(),
        };
        unit.Context.Add(sample);
        unit.Context.AddRange(drawn.Picks.Select((pick, index) => new AuditSampleItem
        {
            TenantId = actor.TenantId, SampleId = sample.Id, Number = index + 1, ResultId = pick.Id, Kg = pick.Kg, Stratum = pick.Stratum,
        }));
        unit.Audit(
            "assurance-sample.drawn", $"assurance-sample/{sample.Id}",
            new { Period = period.Name, sample.Number, sample.Method, sample.Seed, Ledger = sequence, Items = sample.ItemCount, sample.PopulationCount, sample.PopulationKg, sample.PopulationHash });
        await unit.CommitAsync(cancellationToken);
        return new Edit<AuditSample>.Done(sample);
    }

    /// <param name="number">Of the item.</param>
    /// <param name="version">The one that was seen; 0 where there was none.</param>
    public async Task<Edit<ItemCheck>> CheckAsync(Guid id, int number, int version, ItemCheckInput input, CancellationToken cancellationToken)
    {
        var actor = user.Require(Permissions.AssuranceWrite);
        await using var unit = await database.OpenAsync(cancellationToken);
        await AssuranceWork.LockAsync(unit, cancellationToken);
        if (await unit.Context.AssuranceSamples.SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } sample)
        {
            return new Edit<ItemCheck>.Gone();
        }

        if (await unit.Context.AssuranceSampleItems.SingleOrDefaultAsync(row => row.SampleId == id && row.Number == number, cancellationToken) is not { } item)
        {
            return new Edit<ItemCheck>.Refused([new FieldFault("number", FormattableString.Invariant($"The sample has the items 1 to {sample.ItemCount}. Say which of them."))]);
        }

        if (sample.SetAsideAt is not null)
        {
            return new Edit<ItemCheck>.Held("The sample was set aside and counts no more. Draw another one.");
        }

        var former = await unit.Context.AssuranceItemChecks.Where(check => check.SampleId == id && check.Number == number).OrderByDescending(check => check.Version).FirstOrDefaultAsync(cancellationToken);
        if ((former?.Version ?? 0) != version)
        {
            return new Edit<ItemCheck>.Stale();
        }

        var faults = FaultsOf(input, item);
        if (faults.Count > 0)
        {
            return new Edit<ItemCheck>.Refused(faults);
        }

        var check = new ItemCheck
        {
            TenantId = actor.TenantId, SampleId = id, Number = number, Version = version + 1, Outcome = input.Outcome,
            AuditedKg = input.Outcome == CheckOutcome.Difference ? input.AuditedKg : null, Note = Faults.Clean(input.Note), DocumentSeen = Faults.Clean(input.DocumentSeen),
            AuthorId = actor.Id, Author = actor.DisplayName, At = time.GetUtcNow(),
        };
        unit.Context.Add(check);
        var (was, now) = Editing.Difference(former is null ? new ItemCheckInput() : ItemCheckInput.Of(former), ItemCheckInput.Of(check));
        unit.Audit("assurance-item.checked", $"assurance-sample/{id}", new { Sample = sample.Number, Item = number, check.Version, check.Outcome, item.Kg }, was, now);
        await unit.CommitAsync(cancellationToken);
        return new Edit<ItemCheck>.Done(check);
    }

    /// <summary>Its differences and projections count no more; it stays, with what was found.</summary>
    public async Task<Edit<AuditSample>> SetAsideAsync(Guid id, string? reason, CancellationToken cancellationToken)
    {
        var actor = user.Require(Permissions.AssuranceWrite);
        await using var unit = await database.OpenAsync(cancellationToken);
        await AssuranceWork.LockAsync(unit, cancellationToken);
        if (await unit.Context.AssuranceSamples.AsTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } sample)
        {
            return new Edit<AuditSample>.Gone();
        }

        if (sample.SetAsideAt is not null)
        {
            return new Edit<AuditSample>.Held($"{sample.SetAsideBy} has set it aside already.");
        }

        var faults = new Faults();
        faults.Required("reason", reason, PaperLengths.Text, "Say why it does not count: it stays to be seen, and whoever reads it asks");
        if (faults.Count > 0)
        {
            return new Edit<AuditSample>.Refused(faults);
        }

        (sample.SetAsideAt, sample.SetAsideBy, sample.SetAsideReason) = (time.GetUtcNow(), actor.DisplayName, reason!.Trim());
        unit.Audit("assurance-sample.set-aside", $"assurance-sample/{id}", new { sample.Number, Reason = sample.SetAsideReason });
        await unit.CommitAsync(cancellationToken);
        return new Edit<AuditSample>.Done(sample);
    }

    /// <summary>Draws it again from the state of the ledger that it was drawn from, and tells what has moved since.</summary>
    public async Task<SampleRedraw?> RedrawAsync(Guid id, CancellationToken cancellationToken)
    {
        user.Require(Permissions.AssuranceRead);
        await using var unit = await database.OpenAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        if (await unit.Context.AssuranceSamples.SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } sample)
        {
            return null;
        }

        var filter = PopulationFilter.Of(sample);
        var (drawn, _) = await DrawAsync(unit, filter, sample.Method, sample.Seed, sample.IntervalKg ?? 0m, sample.AskedCount ?? 0, cancellationToken);
        var items = await unit.Context.AssuranceSampleItems.Where(item => item.SampleId == id).OrderBy(item => item.Number).Select(item => item.ResultId).ToListAsync(cancellationToken);
        return new SampleRedraw(
            drawn.Hash == sample.PopulationHash, drawn.Picks.Select(pick => pick.Id).SequenceEqual(items), drawn.Hash,
            await SamplePopulation.FindChangeAsync(unit, filter, cancellationToken));
    }

    private static async Task<(SampleOutcome Drawn, long Missing)> DrawAsync(
        TenantUnit unit, PopulationFilter filter, SampleMethod method, string seed, decimal interval, int count, CancellationToken cancellationToken)
    {
        using var draw = new SampleDraw(method, seed, interval, count);
        var missing = 0L;
        await foreach (var read in SamplePopulation.ReadAsync(unit, filter, cancellationToken))
        {
            if (read.HasFigure)
            {
                draw.Add(read.Row);
            }
            else
            {
                missing++;
            }
        }

        return (draw.Finish(), missing);
    }

    private static FieldFault? Shortfall(SampleOutcome drawn, SampleMethod method) => drawn switch
    {
        { Count: 0 } => new FieldFault("scope", "No result with a figure is in this population. Widen it: leave out the scope, the category, the site or the activity."),
        { Chosen: 0 } => new FieldFault("method", "No result of this population is above zero, so that no kg can be chosen. Draw at random instead."),
        { Chosen: > SampleDraw.MostItems } => new FieldFault(
            method == SampleMethod.All ? "method" : "tolerableKg",
            FormattableString.Invariant($"The sample would have {drawn.Chosen} items; at most {SampleDraw.MostItems} can be checked by hand. ")
            + (method == SampleMethod.All ? "Narrow the population, or draw at random." : "Narrow the population, or raise the tolerable misstatement.")),
        _ => null,
    };

    private static async Task<Faults> FaultsAsync(TenantUnit unit, ReportingPeriod period, SampleInput input, CancellationToken cancellationToken)
    {
        var faults = new Faults();
        faults.AddRange(input.Misread);
        faults.Optional("seed", input.Seed, PaperLengths.Seed);
        if (input.Seed?.Contains('|', StringComparison.Ordinal) == true)
        {
            faults.Add("seed", "A seed holds no upright stroke, which parts it from what follows. Leave it out.");
        }

        faults.Optional("purpose", input.Purpose, PaperLengths.Text);
        input.Activity = Faults.Clean(input.Activity);
        faults.Optional("activity", input.Activity, PaperLengths.Line);
        if (input.Scope is < 1 or > 3)
        {
            faults.Add("scope", "There are the scopes 1, 2 and 3.");
        }

        if (input.Category is < BoundaryDecision.FirstCategory or > BoundaryDecision.LastCategory || (input.Category is not null && input.Scope is not (null or 3)))
        {
            faults.Add("category", "Scope 3 has the categories 1 to 15; the other scopes have none.");
        }

        if (input.SiteId is { } site && await Editing.FindAsync<Site>(unit, site, cancellationToken) is null)
        {
            faults.Add("siteId", "Your organization has no such site. GET /api/v1/sites lists what there is.");
        }

        if (input.Method == SampleMethod.Random && input.Count is not (>= 1 and <= SampleDraw.MostItems))
        {
            faults.Add("count", FormattableString.Invariant($"Say how many results to draw, 1 to {SampleDraw.MostItems}."));
        }

        if (input.Method == SampleMethod.MonetaryUnit)
        {
            await AddMonetaryAsync(unit, period, input, faults, cancellationToken);
        }

        return faults;
    }

    private static async Task AddMonetaryAsync(TenantUnit unit, ReportingPeriod period, SampleInput input, Faults faults, CancellationToken cancellationToken)
    {
        input.ConfidencePercent ??= 95;
        if (!ConfidenceFactors.Levels.Contains(input.ConfidencePercent.Value))
        {
            faults.Add("confidencePercent", "There are factors for a confidence of 80, 90 and 95 %.");
            return;
        }

        input.TolerableKg ??= (await AssuranceStanding.MaterialityAsync(unit, period.Id, cancellationToken))?.PerformanceKg;
        faults.Mass("tolerableKg", input.TolerableKg);
        faults.Mass("expectedKg", input.ExpectedKg);
        if (input.TolerableKg is null or 0)
        {
            faults.Add("tolerableKg", $"Say which misstatement is tolerable, kg CO2e, or set materiality for {period.Name} first: its performance materiality stands here then.");
        }
        else if (faults.Count == 0 && SampleDraw.Interval(input.TolerableKg.Value, input.ExpectedKg ?? 0m, input.ConfidencePercent.Value) <= 0)
        {
            faults.Add("expectedKg", "So much misstatement is expected that nothing of the tolerable is left to sample for. Expect less, or check everything.");
        }
    }

    private static Faults FaultsOf(ItemCheckInput input, AuditSampleItem item)
    {
        var faults = new Faults();
        faults.Optional("note", input.Note, PaperLengths.Text);
        faults.Optional("documentSeen", input.DocumentSeen, PaperLengths.Line);
        faults.Mass("auditedKg", input.AuditedKg, negative: true);
        if (input.Outcome == CheckOutcome.Agreed)
        {
            return faults;
        }

        if (input.AuditedKg is null)
        {
            faults.Add("auditedKg", "Say what it ought to be, kg CO2e. Where nothing supports it, that is zero.");
        }
        else if (input.AuditedKg == item.Kg)
        {
            faults.Add("auditedKg", "This is the figure of the ledger. Agree with it, or write another one.");
        }

        if (string.IsNullOrWhiteSpace(input.Note))
        {
            faults.Add("note", "Say where the difference comes from.");
        }

        return faults;
    }
}
