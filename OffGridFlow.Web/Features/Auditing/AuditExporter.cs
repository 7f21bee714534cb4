using System.Globalization;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Reports;
using OffGridFlow.Infrastructure.Auditing;
using OffGridFlow.Infrastructure.Reports.Excel;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.Auditing;

/// <summary>
/// Streams the audit log out, after writing down that it does. What fails later than the first byte breaks the connection off, so that
/// no part passes for the whole.
/// </summary>
internal sealed class AuditExporter(IAuditQueries log, AuditExports exports, CurrentUser user, TimeProvider time, ILogger<AuditExporter> logger)
{
    public const string JsonLines = "application/jsonl";
    private const string Instant = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";
    private const int FlushEvery = 64 * 1024;

    /// <summary>Heads, and room for what is written while the workbook is.</summary>
    private const int RowsBeside = 1000;

    private static readonly (string Head, double Width)[] Columns =
    [
        ("Time (UTC)", 20), ("Entry", 10), ("Actor", 24), ("Kind", 10), ("Address", 18), ("Action", 26), ("Subject", 46), ("Details", 60), ("Before", 40), ("After", 40),
        ("Hash", 66), ("Id", 38),
    ];

    public async Task<IResult> SendJsonLinesAsync(HttpContext context, AuditFilter filter, CancellationToken cancellationToken)
    {
        var tenant = user.Require(Permissions.AuditRead).TenantId;
        await exports.RecordAsync("jsonl", filter, cancellationToken);
        return await SendAsync(context, "jsonl", JsonLines, output => WriteJsonLinesAsync(tenant, filter, output, cancellationToken), cancellationToken);
    }

    public async Task<IResult> SendWorkbookAsync(HttpContext context, AuditFilter filter, CancellationToken cancellationToken)
    {
        user.Require(Permissions.AuditRead);
        var count = await exports.CountAsync(filter, cancellationToken);
        if (count > ExcelWriter.MostRows - RowsBeside)
        {
            return AuditEndpoints.Problem(string.Create(
                CultureInfo.InvariantCulture, $"{count:N0} entries are more than a sheet of Excel holds. Narrow the filter, or take the file as JSON Lines."));
        }

        await exports.RecordAsync("xlsx", filter, cancellationToken);
        // Again: the entry of this export may be one of them.
        var workbook = Build(filter, await exports.CountAsync(filter, cancellationToken), cancellationToken);
        return await SendAsync(context, "xlsx", ExcelWriter.MediaType, output => ExcelWriter.WriteAsync(workbook, output, cancellationToken), cancellationToken);
    }

    private Task<IResult> SendAsync(HttpContext context, string ending, string mediaType, Func<PipeWriter, Task> write, CancellationToken cancellationToken) => FileDownload.SendAsync(
        context, string.Create(CultureInfo.InvariantCulture, $"audit-log-{time.GetUtcNow():yyyy-MM-dd}.{ending}"), mediaType, "the audit log", write, logger, cancellationToken);

    /// <summary>Details, before and after stand as texts, exactly as they were hashed: read as JSON and written again, they would be other bytes.</summary>
    private async Task WriteJsonLinesAsync(Guid tenant, AuditFilter filter, PipeWriter output, CancellationToken cancellationToken)
    {
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        long unsent = 0;
        await foreach (var row in log.StreamAsync(filter, cancellationToken))
        {
            json.Reset();
            json.WriteStartObject();
            json.WriteString("tenantId"u8, tenant);
            WriteOptional(json, "sequence"u8, row.Sequence);
            json.WriteString("id"u8, row.Id);
            json.WriteString("at"u8, row.At.UtcDateTime.ToString(Instant, CultureInfo.InvariantCulture));
            json.WriteString("actorKind"u8, row.ActorKind.ToString());
            json.WriteString("actorId"u8, row.ActorId?.ToString());
            json.WriteString("actorName"u8, row.ActorName);
            json.WriteString("address"u8, row.Address);
            json.WriteString("action"u8, row.Action);
            json.WriteString("subject"u8, row.Subject);
            json.WriteString("details"u8, row.Details);
            json.WriteString("before"u8, row.Before);
            json.WriteString("after"u8, row.After);
            json.WriteString("sealedAt"u8, row.SealedAt?.UtcDateTime.ToString(Instant, CultureInfo.InvariantCulture));
            json.WriteString("hash"u8, row.Hash);
            json.WriteEndObject();
            json.Flush();
            "\n"u8.CopyTo(output.GetSpan(1));
            output.Advance(1);
            unsent += json.BytesCommitted;
            if (unsent > FlushEvery)
            {
                await output.FlushAsync(cancellationToken);
                unsent = 0;
            }
        }

        await output.FlushAsync(cancellationToken);
    }

    private static void WriteOptional(Utf8JsonWriter json, ReadOnlySpan<byte> name, long? number)
    {
        if (number is { } value)
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private Workbook Build(AuditFilter filter, long count, CancellationToken cancellationToken) => new()
    {
        Title = "Audit log",
        Creator = user.Actor.DisplayName,
        CreatedAt = time.GetUtcNow(),
        Sheets =
        [
            new Worksheet
            {
                Name = "Audit log", ColumnWidths = [.. Columns.Select(column => column.Width)], FrozenRows = 1, HeadRow = 1, LastRow = (int)count + 1,
                Rows = RowsAsync(filter, cancellationToken),
            },
            new Worksheet { Name = "Notes", ColumnWidths = [24, 110], GridLines = false, Rows = Notes(filter).ToAsyncEnumerable() },
        ],
    };

    private async IAsyncEnumerable<ReadOnlyMemory<Cell>> RowsAsync(AuditFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return Columns.Select(column => Cell.Of(column.Head, CellStyle.Head)).ToArray();
        var cells = new Cell[Columns.Length];
        await foreach (var row in log.StreamAsync(filter, cancellationToken))
        {
            cells[0] = Cell.Of(row.At, CellStyle.Instant);
            cells[1] = Cell.Of((decimal?)row.Sequence, CellStyle.Count);
            cells[2] = Cell.Of(row.ActorName);
            cells[3] = Cell.Of(row.ActorKind.ToString());
            cells[4] = Optional(row.Address);
            cells[5] = Cell.Of(row.Action);
            cells[6] = Cell.Unique(row.Subject);
            cells[7] = Cell.Unique(row.Details);
            cells[8] = Optional(row.Before);
            cells[9] = Optional(row.After);
            cells[10] = row.Hash is null ? Cell.Empty() : Cell.Unique(row.Hash);
            cells[11] = Cell.Unique(row.Id.ToString());
            yield return cells;
        }
    }

    private IEnumerable<ReadOnlyMemory<Cell>> Notes(AuditFilter filter)
    {
        (string Topic, string Text)[] notes =
        [
            ("Made", string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow():yyyy-MM-dd HH:mm} UTC by {user.Actor.DisplayName}")),
            ("Filter", filter == AuditFilter.All ? "None: all entries." : JsonSerializer.Serialize(filter, JsonSerializerOptions.Web)),
            ("Order", "Oldest first, in the order of the chain; entries without a number were not sealed yet."),
            ("Checking", "This sheet is for reading. The chain is checked by OffGridFlow (GET /api/v1/audit/verify, verify-audit) or, without it, from the JSON Lines export by docs/methods/verify_audit.py."),
        ];
        return notes.Select(note => new ReadOnlyMemory<Cell>([Cell.Of(note.Topic, CellStyle.Label), Cell.Of(note.Text, CellStyle.Wrapped)]));
    }

    private static Cell Optional(string? text) => text is null ? Cell.Empty() : Cell.Of(text);
}
