using OffGridFlow.Infrastructure.Imports;

namespace OffGridFlow.Web.Features.Imports;

/// <summary>A generated cloud bill of an invented company, to look around with.</summary>
public interface ISampleBillOffer
{
    Task<ImportStart> ImportSampleAsync(CancellationToken cancellationToken);
}
