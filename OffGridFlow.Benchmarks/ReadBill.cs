using System.Diagnostics;
using OffGridFlow.Core.Imports;
using OffGridFlow.Infrastructure.CloudUsage;
using OffGridFlow.Infrastructure.Imports;
using OffGridFlow.Infrastructure.Imports.AwsCur;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Benchmarks;

/// <summary>Where an import's own time goes: the stages of one bill apart, in processor seconds of this process, without a database.</summary>
internal static class ReadBill
{
    private static readonly AwsCurFormat Format = new(AwsCurEdition.Legacy, new BillOptions());

    public static void Run(string path, CancellationToken cancellationToken)
    {
        using var file = File.OpenRead(path);
        Measure("unpack and look through", file, content => Format.Inspect(BillPart.Whole(content), cancellationToken).Rows);
        Measure("read", file, content => Read(content, static (_, _) => { }, cancellationToken));
        var totals = new UsageTotals();
        Measure("read and sum", file, content => Read(content, (_, line) => totals.Add(1, line), cancellationToken));
        var buffer = new BinaryCopyBuffer(1 << 19);
        Measure("read and write as COPY", file, content => Read(
            content,
            (_, line) =>
            {
                UsageLineCopy.Write(buffer, line, 1, line.Kind);
                if (buffer.Length > 1 << 18)
                {
                    buffer.Clear();
                }
            },
            cancellationToken));
    }

    private static long Read(Stream content, Action<IBillReader, BillLine> accept, CancellationToken cancellationToken)
    {
        using var reader = Format.Open(BillPart.Whole(content));
        BillReadResult result;
        while ((result = reader.Read(cancellationToken)) != BillReadResult.End)
        {
            if (result == BillReadResult.Line)
            {
                accept(reader, reader.Current);
            }
        }

        return reader.RowsRead;
    }

    private static void Measure(string name, FileStream file, Func<Stream, long> work)
    {
        var before = Process.GetCurrentProcess().TotalProcessorTime;
        var rows = work(file);
        var seconds = (Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds;
        Console.WriteLine(FormattableString.Invariant($"{name,-24} {seconds,6:F2} s  {rows / seconds,12:N0} rows/s"));
    }
}
