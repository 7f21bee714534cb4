using System.Diagnostics;
using System.Globalization;
using System.Net;
using Npgsql;

namespace OffGridFlow.Benchmarks.Kills;

/// <summary>One kill: something is under way, a process dies, and the ledger is held against what was acknowledged.</summary>
internal sealed class KillRound(
    ChildApplication application, KillClient client, SummaryReader reader, KillModel model, IReadOnlyList<KillBill> bills, KillPlan plan, Random random)
{
    private static readonly TimeSpan HealLimit = TimeSpan.FromSeconds(30);

    private static readonly string[] Modes = ["none", "replace", "append"];

    private readonly List<string> violations = [];
    private readonly List<Upload> uploads = [];
    private readonly Stopwatch sinceKill = new();
    private Guid? ended;
    private Task<KillAnswer>? ending;
    private KillPhase? seen;
    private PacedUpload? goOn;
    private string act = "";

    /// <summary>An upload of this round, by a file name that no other has.</summary>
    private sealed record Upload(KillBill Bill, string Mode, string FileName)
    {
        public required Task<KillAnswer> Answer { get; init; }

        /// <summary>How it is to be answered by the model at its start.</summary>
        public required HttpStatusCode Expected { get; init; }
        public Guid? ExistingId { get; init; }
        public Guid? Id { get; set; }
    }

    public static string ConnectionString(ChildApplication application) =>
        new NpgsqlConnectionStringBuilder(EmbeddedServer.ConnectionString(application.DataFolder, "offgridflow")) { Pooling = false }.ConnectionString;

    public async Task<KillResult> RunAsync(LedgerCheck check, CancellationToken cancellationToken)
    {
        var whole = Stopwatch.StartNew();
        var ready = TimeSpan.Zero;
        var recovered = TimeSpan.Zero;
        await using var watch = new PhaseWatch(ConnectionString(application));
        reader.Start(model, bills.Select(bill => bill.Group).Distinct(), cancellationToken);
        try
        {
            await ActAsync(watch, cancellationToken);
            ready = await KillAsync(watch, cancellationToken);
            await client.SignInAsync(cancellationToken);
            await HearAnswersAsync(cancellationToken);
            var imports = await client.ListEndedAsync(cancellationToken);
            recovered = sinceKill.Elapsed;
            await SettleAsync(imports);
        }
        catch (KillViolationException exception)
        {
            violations.Add(exception.Message);
        }

        try
        {
            await reader.StopAsync();
        }
        catch (KillViolationException exception)
        {
            violations.Add(exception.Message);
        }

        if (application.HasExited)
            violations.Add("The application has ended.");
        else if (violations.Count == 0)
            violations.AddRange(await check.RunAsync(model, cancellationToken));
        return new KillResult(plan, act, seen, ready, recovered, whole.Elapsed, violations);
    }

    /// <summary>Everything up to the instant of the kill.</summary>
    private async Task ActAsync(PhaseWatch watch, CancellationToken cancellationToken)
    {
        var group = random.Next(bills.Max(bill => bill.Group) + 1);
        if (plan.Phase == KillPhase.Undo)
        {
            await UndoAsync(group, watch, cancellationToken);
            return;
        }

        // Others under way in the same moment: always when the queue is wanted to be full, else now and then.
        var companions = plan.Phase == KillPhase.Queue ? 2 : plan.Phase is KillPhase.Load or KillPhase.Publish or KillPhase.Acknowledged && random.Next(3) == 0 ? 1 : 0;
        foreach (var other in bills.Select(bill => bill.Group).Distinct().Where(other => other != group).Take(companions))
            await BeginAcceptedAsync(await ChooseAsync(other, longEnough: false, cancellationToken), cancellationToken);

        var (bill, mode) = plan.Phase is KillPhase.Upload or KillPhase.Answer or KillPhase.Acknowledged
            // Any upload, those that are refused or known already too.
            ? (Pick(bills.Where(bill => bill.Group == group)), Pick(Modes))
            : await ChooseAsync(group, plan.Phase is KillPhase.Load or KillPhase.Cancel, cancellationToken);
        var pace = new PacedUpload(plan.Phase == KillPhase.Upload ? random.NextDouble() : 1);
        var upload = Begin(bill, mode, pace, cancellationToken);
        switch (plan.Phase)
        {
            case KillPhase.Upload:
                await pace.Reached;
                await WaitAsync(20, cancellationToken);
                goOn = pace;
                return;
            case KillPhase.Answer:
                await pace.Sent;
                await WaitAsync(10 + (bill.Rows / 500), cancellationToken);
                return;
            default:
                await AcknowledgedAsync(upload);
                break;
        }

        switch (plan.Phase)
        {
            case KillPhase.Acknowledged or KillPhase.Queue:
                await WaitAsync(20, cancellationToken);
                break;
            case KillPhase.Cancel:
                await watch.WaitForAsync(KillPhase.Load, () => HasEndedAsync(upload, cancellationToken), cancellationToken);
                await WaitAsync(bill.Rows / 400, cancellationToken);
                ended = upload.Id;
                ending = client.DeleteAsync(upload.Id!.Value, cancellationToken);
                act += " and cancel";
                await WaitAsync(60, cancellationToken);
                break;
            default:
                if (await watch.WaitForAsync(plan.Phase, () => HasEndedAsync(upload, cancellationToken), cancellationToken))
                    await WaitAsync(plan.Phase == KillPhase.Load ? bill.Rows / 200 : 25, cancellationToken);
                break;
        }
    }

    private async Task UndoAsync(int group, PhaseWatch watch, CancellationToken cancellationToken)
    {
        var published = model.Imports.Where(import => import.State == ModelState.Published && import.Bill.Group == group).ToList();
        if (published.Count == 0)
        {
            // Nothing there to be undone yet: bring something in, in peace.
            var (bill, mode) = await ChooseAsync(group, longEnough: false, cancellationToken);
            var first = await BeginAcceptedAsync((bill, mode), cancellationToken);
            await client.ListEndedAsync(cancellationToken);
            published = [model.Publish(first.Id!.Value, bill, mode)];
            uploads.Remove(first);
        }

        var import = Pick(published);
        AllowUndo(import);
        ended = import.Id;
        act += $" undo {import.Bill.Name}";
        ending = client.DeleteAsync(import.Id, cancellationToken);
        if (random.Next(2) == 0)
            await watch.WaitForAsync(KillPhase.Publish, () => Task.FromResult(ending.IsCompleted), cancellationToken);
        await WaitAsync(40, cancellationToken);
    }

    private void AllowUndo(ModelImport import)
    {
        var after = model.Copy();
        after.Undo(after.Imports.First(copy => copy.Id == import.Id));
        reader.Allow(import.Bill.Group, after.UsageCost(import.Bill.Group));
    }

    /// <summary>A file and a way to send it that must be accepted. Makes room first when everything of the group counts already.</summary>
    private async Task<(KillBill Bill, string Mode)> ChooseAsync(int group, bool longEnough, CancellationToken cancellationToken)
    {
        while (true)
        {
            var choices = bills.Where(bill => bill.Group == group && (!longEnough || bill.Name.EndsWith(".gz", StringComparison.Ordinal)))
                .SelectMany(bill => Modes.Select(mode => (Bill: bill, Mode: mode)))
                .Where(choice => model.Answer(choice.Bill, choice.Mode).Status == HttpStatusCode.Accepted).ToList();
            if (choices.Count > 0)
                return Pick(choices);
            var import = Pick(model.Imports.Where(import => import.State == ModelState.Published && import.Bill.Group == group));
            AllowUndo(import);
            var answer = await client.DeleteAsync(import.Id, cancellationToken);
            if (answer.Status != HttpStatusCode.NoContent)
                throw new KillViolationException($"DELETE of a published import answered {answer.Status}: {answer.Text}");
            model.Undo(import);
        }
    }

    private async Task<Upload> BeginAcceptedAsync((KillBill Bill, string Mode) choice, CancellationToken cancellationToken)
    {
        var upload = Begin(choice.Bill, choice.Mode, new PacedUpload(), cancellationToken);
        await AcknowledgedAsync(upload);
        return upload;
    }

    private Upload Begin(KillBill bill, string mode, PacedUpload pace, CancellationToken cancellationToken)
    {
        var (expected, existing) = model.Answer(bill, mode);
        if (expected == HttpStatusCode.Accepted)
        {
            var after = model.Copy();
            after.Publish(Guid.Empty, bill, mode);
            reader.Allow(bill.Group, after.UsageCost(bill.Group));
        }

        var name = string.Create(CultureInfo.InvariantCulture, $"{plan.Number}-{uploads.Count}-{bill.Name}");
        act += $"{(act.Length == 0 ? "" : ", ")}{mode} {bill.Name}";
        var upload = new Upload(bill, mode, name)
        {
            Answer = client.UploadAsync(bill, mode, name, pace, cancellationToken), Expected = expected, ExistingId = existing?.Id,
        };
        uploads.Add(upload);
        return upload;
    }

    private static async Task AcknowledgedAsync(Upload upload)
    {
        var answer = await upload.Answer;
        if (answer.Unknown)
            throw new KillViolationException($"{upload.FileName} was not answered although nothing had been killed yet: {answer.Text}");
        Hear(upload, answer);
    }

    /// <exception cref="KillViolationException">It is not the answer that the rules ask for.</exception>
    private static void Hear(Upload upload, KillAnswer answer)
    {
        if (answer.Status != upload.Expected || (upload.Expected == HttpStatusCode.OK && answer.Id != upload.ExistingId))
            throw new KillViolationException($"{upload.FileName} ({upload.Mode}) was answered {answer.Status} instead of {upload.Expected}: {answer.Text}");
        upload.Id = answer.Id;
    }

    private async Task<bool> HasEndedAsync(Upload upload, CancellationToken cancellationToken) =>
        (await client.ListAsync(cancellationToken)).Exists(import => import.Id == upload.Id && import.Status is not ("queued" or "running"));

    private async Task<TimeSpan> KillAsync(PhaseWatch watch, CancellationToken cancellationToken)
    {
        seen = await watch.SeeAsync(cancellationToken);
        if (plan.Victim == KillVictim.Application)
        {
            sinceKill.Start();
            await application.KillAsync();
            goOn?.Continue();
            return await application.RestartAsync(cancellationToken);
        }

        var server = EmbeddedServer.ProcessId(application.DataFolder) ?? throw new KillViolationException("The database does not run.");
        var victim = plan.Victim == KillVictim.Server ? server : Pick((await watch.BackendsAsync(cancellationToken)).Take(4));
        sinceKill.Start();
        ChildApplication.KillDatabaseProcess(victim);
        goOn?.Continue();
        // The old server answers for a moment longer than it lives.
        while (plan.Victim == KillVictim.Server ? EmbeddedServer.ProcessId(application.DataFolder) is not { } now || now == server : !await watch.IsCutOffAsync(cancellationToken))
        {
            if (sinceKill.Elapsed > HealLimit)
                throw new KillViolationException("The database was not started again.");
            await Task.Delay(5, cancellationToken);
        }

        while (!await client.IsReadyAsync(cancellationToken))
        {
            if (sinceKill.Elapsed > HealLimit)
                throw new KillViolationException("The application was not ready again.");
            await Task.Delay(10, cancellationToken);
        }

        return sinceKill.Elapsed;
    }

    /// <summary>What came back before the kill or, from an application that lives, after it; and what became of that which did not.</summary>
    private async Task HearAnswersAsync(CancellationToken cancellationToken)
    {
        foreach (var upload in uploads.Where(upload => upload.Id is null).ToList())
        {
            var answer = await upload.Answer;
            if (!answer.Unknown)
            {
                Hear(upload, answer);
                continue;
            }

            // Wholly or not at all: then it is there under its name, and goes on as any other.
            upload.Id = (await client.ListAsync(cancellationToken)).Find(import => import.FileName == upload.FileName)?.Id;
            if (upload.Id is not null && upload.Expected != HttpStatusCode.Accepted)
                throw new KillViolationException($"{upload.FileName} ({upload.Mode}) is there, but should have been answered {upload.Expected}.");
            if (random.Next(2) == 0)
                await AgainAsync(upload, cancellationToken);
        }

        if (ending is not null)
        {
            var answer = await ending;
            if (!answer.Unknown && answer.Status != HttpStatusCode.NoContent)
                throw new KillViolationException($"DELETE of {ended} answered {answer.Status}: {answer.Text}");
        }
    }

    /// <summary>What a person does whose upload was not answered: the same file once more. It must not count twice.</summary>
    private async Task AgainAsync(Upload upload, CancellationToken cancellationToken)
    {
        var id = upload.Id;
        var again = Begin(upload.Bill, upload.Mode, new PacedUpload(), cancellationToken);
        act += " again";
        var answer = await again.Answer;
        if (id is null)
        {
            Hear(again, answer);
            return;
        }

        uploads.Remove(again);
        if (answer.Status != HttpStatusCode.OK || answer.Id != id)
            throw new KillViolationException($"{upload.FileName} is import {id}, but the same bytes were answered {answer.Status}: {answer.Text}");
    }

    /// <summary>Takes the round's outcome into the model, where it is one of those that the acknowledgements allow.</summary>
    private async Task SettleAsync(List<KillImport> imports)
    {
        string StatusOf(Guid id) => imports.Find(import => import.Id == id)?.Status ?? throw new KillViolationException($"The import {id} was acknowledged and is lost.");
        foreach (var upload in uploads.Where(upload => upload.Expected == HttpStatusCode.Accepted && upload.Id is not null))
        {
            var id = upload.Id!.Value;
            var status = StatusOf(id);
            var acknowledged = ended == id && (await ending!).Status == HttpStatusCode.NoContent;
            switch (status)
            {
                case "succeeded" when !acknowledged:
                    model.Publish(id, upload.Bill, upload.Mode);
                    break;
                case "cancelled" when ended == id:
                    model.AddCancelled(id, upload.Bill, upload.Mode);
                    break;
                case "undone" when ended == id:
                    model.Undo(model.Publish(id, upload.Bill, upload.Mode));
                    break;
                default:
                    throw new KillViolationException($"{upload.FileName} ended as {status}{(acknowledged ? " although its end was acknowledged" : "")}.");
            }
        }

        if (model.Imports.FirstOrDefault(import => import.Id == ended && import.State == ModelState.Published) is { } undone && !uploads.Exists(upload => upload.Id == ended))
        {
            var status = StatusOf(undone.Id);
            if (status == "undone")
                model.Undo(undone);
            else if (status != "succeeded" || (await ending!).Status == HttpStatusCode.NoContent)
                throw new KillViolationException($"The import {undone.Id}, whose undo was answered {(await ending!).Status}, is {status}.");
        }
    }

    private T Pick<T>(IEnumerable<T> among)
    {
        var list = among.ToList();
        return list[random.Next(list.Count)];
    }

    private Task WaitAsync(int mostMilliseconds, CancellationToken cancellationToken) =>
        Task.Delay(TimeSpan.FromMilliseconds(random.NextDouble() * mostMilliseconds), cancellationToken);
}
