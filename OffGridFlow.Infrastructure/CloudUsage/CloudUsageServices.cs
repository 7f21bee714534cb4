using Microsoft.Extensions.DependencyInjection;
using OffGridFlow.Core.CloudUsage;
using OffGridFlow.Infrastructure.EmissionFactors;

namespace OffGridFlow.Infrastructure.CloudUsage;

public static class CloudUsageServices
{
    /// <summary>Registers the estimators of cloud usage. Their tables are read from <see cref="ReferenceSet.DefaultRoot"/> when first asked for.</summary>
    public static IServiceCollection AddCloudUsage(this IServiceCollection services) =>
        services.AddSingleton<ICloudEstimator>(_ => new CcfAwsEstimator(CloudReferenceData.LoadAwsCcf(ReferenceSet.DefaultRoot)));
}
