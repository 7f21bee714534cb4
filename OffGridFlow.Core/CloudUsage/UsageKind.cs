namespace OffGridFlow.Core.CloudUsage;

/// <summary>
/// One distinct combination of what can be bought from a cloud: bills have millions of lines, but some thousands of kinds.
/// Texts are as the provider writes them, never null: an absent text is empty.
/// </summary>
/// <param name="Provider"><c>aws</c>, <c>azure</c> or <c>gcp</c>.</param>
/// <param name="Account">The account that used it: text, leading zeros kept.</param>
/// <param name="Service">The provider's product code, e.g. <c>AmazonEC2</c>.</param>
/// <param name="Region">The provider's region id, e.g. <c>eu-west-1</c>, <c>global</c>, or empty when the bill does not say.</param>
/// <param name="UsageType">The provider's usage type, e.g. <c>EUW1-BoxUsage:m5.large</c>.</param>
/// <param name="Unit">The unit of the amount as billed, e.g. <c>Hrs</c>, <c>GB-Mo</c>.</param>
/// <param name="InstanceType">The instance type if the bill names it apart, else empty.</param>
/// <param name="Vcpus">Virtual CPUs of the instance if the bill names them, else null.</param>
/// <param name="Currency">ISO 4217 code of the cost.</param>
public sealed record UsageKind(
    string Provider, string Account, string Service, string Region, string UsageType, string Unit,
    string InstanceType, decimal? Vcpus, string Currency);
