using OffGridFlow.Infrastructure.CloudUsage;
using OffGridFlow.Core.CloudUsage;
using OffGridFlow.Infrastructure.EmissionFactors;

namespace OffGridFlow.Benchmarks.Kills;

internal sealed record KillOptions
{
    /// <summary>OffGridFlow.Web.dll, built or published.</summary>
    public required string ApplicationPath { get; init; }
    public int Application { get; init; } = 100;
    public int Database { get; init; } = 20;
    public int Seed { get; init; } = 20261121;

    /// <summary>Starts with this kill of the plan, on an empty ledger.</summary>
    public int From { get; init; } = 1;

    /// <summary>Rows of the largest file.</summary>
    public int LargestBill { get; init; } = 60_000;
}

/// <summary>
/// Imports, replaces, appends, cancels and undoes over HTTP while the application or its database is killed with SIGKILL, and holds the
/// ledger against a model after each kill: nothing acknowledged lost, nothing doubled, nothing half visible.
/// The seed fixes files, acts, victims and phases; the very instant is the machine's.
/// </summary>
internal sealed class KillCampaign(KillOptions options, Action<string> report)
{
    public async Task<KillOutcome> RunAsync(CancellationToken cancellationToken)
    {
        var bills = KillBill.CreateAll(options.Seed, options.LargestBill);
        var estimator = new CcfAwsEstimator(CloudReferenceData.LoadAwsCcf(ReferenceSet.DefaultRoot));
        await using var application = await ChildApplication.StartAsync(options.ApplicationPath, null, cancellationToken);
        using var client = new KillClient(application);
        await client.SignInAsync(cancellationToken);
        var reader = new SummaryReader(client);
        var check = new LedgerCheck(
            KillRound.ConnectionString(application), Path.Combine(application.DataFolder, "documents"), estimator);
        var model = new KillModel();
        var results = new List<KillResult>();
        foreach (var plan in KillPlan.Create(options.Application, options.Database, options.Seed).Where(plan => plan.Number >= options.From))
        {
            var round = new KillRound(application, client, reader, model, bills, plan, new Random(unchecked((options.Seed * 7919) + plan.Number)));
            var result = await round.RunAsync(check, cancellationToken);
            results.Add(result);
            report(FormattableString.Invariant(
                $"{plan.Number,4}  {plan.Victim,-11}  {plan.Phase,-12} saw {result.Seen?.ToString() ?? "nothing",-9}  ready {result.Ready.TotalSeconds,4:F1} s  recovered {result.Recovered.TotalSeconds,4:F1} s  round {result.Whole.TotalSeconds,4:F1} s  {(result.Violations.Count == 0 ? "ok" : "VIOLATION")}  {result.Act}"));
            if (result.Violations.Count == 0)
                continue;
            foreach (var violation in result.Violations)
                report($"      {violation}");
            report(application.LogEnd());
            // The model no longer says what the ledger must hold.
            break;
        }

        return new KillOutcome(results, reader.Answers, reader.Unanswered, check.UnnamedDocuments);
    }
}
