namespace OffGridFlow.Benchmarks.Kills;

internal enum KillVictim
{
    Application,

    /// <summary>The database server's first process; its sessions die of it.</summary>
    Server,

    /// <summary>One session of the application; the server then ends all others and recovers.</summary>
    Session,
}

/// <summary>Which process dies in which phase, drawn from the seed: half of the database kills hit the server, half a session.</summary>
internal sealed record KillPlan(int Number, KillVictim Victim, KillPhase Phase)
{
    public static IReadOnlyList<KillPlan> Create(int application, int database, int seed)
    {
        var random = new Random(seed);
        var victims = Enumerable.Repeat(KillVictim.Application, application)
            .Concat(Enumerable.Range(0, database).Select(number => number % 2 == 0 ? KillVictim.Server : KillVictim.Session)).ToArray();
        random.Shuffle(victims);
        // Each phase as often as any other.
        var all = Enum.GetValues<KillPhase>();
        random.Shuffle(all);
        var phases = Enumerable.Range(0, victims.Length).Select(number => all[number % all.Length]).ToArray();
        random.Shuffle(phases);
        return [.. victims.Select((victim, number) => new KillPlan(number + 1, victim, phases[number]))];
    }
}

/// <param name="Seen">What the application's statements said just before the kill.</param>
/// <param name="Ready">From the start of the process, or from the kill of the database, to the first 200 of /health/ready.</param>
/// <param name="Recovered">From the kill until no job was open any more.</param>
internal sealed record KillResult(KillPlan Plan, string Act, KillPhase? Seen, TimeSpan Ready, TimeSpan Recovered, TimeSpan Whole, IReadOnlyList<string> Violations);

/// <summary>What the campaign came to.</summary>
internal sealed record KillOutcome(IReadOnlyList<KillResult> Results, long Reads, long Unanswered, int UnnamedDocuments)
{
    public static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(10);

    /// <summary>Promises broken, and restarts that took too long.</summary>
    public IEnumerable<string> Violations => Broken
        .Concat(Results.Where(result => result.Ready > ReadyLimit).Select(result => FormattableString.Invariant($"kill {result.Plan.Number}: ready after {result.Ready.TotalSeconds:F1} s")));

    /// <summary>Promises broken. Apart from times, which on a machine with other work say nothing about the product.</summary>
    public IEnumerable<string> Broken =>
        Results.SelectMany(result => result.Violations.Select(text => FormattableString.Invariant($"kill {result.Plan.Number}: {text}")));
}
