using OffGridFlow.Core.Imports;
using OffGridFlow.Infrastructure.Imports;
using OffGridFlow.Infrastructure.Imports.Samples;

namespace OffGridFlow.Web.Features.Imports;

/// <summary>The generated demo bill, imported like any other file.</summary>
internal sealed class SampleBillOffer(IImportService imports) : ISampleBillOffer
{
    public async Task<ImportStart> ImportSampleAsync(CancellationToken cancellationToken)
    {
        using var bill = new MemoryStream();
        await Task.Run(() => SampleBill.WriteGzip(bill, SampleBill.Demo, cancellationToken), cancellationToken);
        bill.Position = 0;
        return await imports.StartAsync(bill, "sample-bill-nordwerk.csv.gz", "aws-cur", ImportMode.None, cancellationToken);
    }
}
