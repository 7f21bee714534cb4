using System.Globalization;
using OffGridFlow.Core.CloudUsage;
using OffGridFlow.Core.Identity;
using OffGridFlow.Web.Features.Identity;

namespace OffGridFlow.Web.Features.CloudUsage;

/// <param name="Date">Day of the usage; without it a month has 30.42 days.</param>
/// <param name="MachineType">Instance type, where the provider names it apart.</param>
public sealed record EstimateRow(
    string? Provider, string? Service, string? Region, string? UsageType, string? Unit, decimal? Amount, string? Date, decimal? Cost, decimal? VCpus, string? MachineType);

public sealed record EstimateRequest(string? Method, IReadOnlyList<EstimateRow?>? Rows);

/// <param name="KilowattHours">Electricity only.</param>
public sealed record EstimateResult(
    UsageClass Class, decimal? KilowattHours, decimal? OperationalKgCo2e, decimal? EmbodiedKgCo2e, decimal? GridKgCo2ePerKwh, IReadOnlyList<string> Flags);

public sealed record EstimateResponse(IReadOnlyList<EstimateResult> Results, string Method, string Version, bool ComparisonOnly, string? Notice);

internal static class EstimateEndpoints
{
    private const int MostRows = 50_000;

    public static void MapEstimates(this RouteGroupBuilder api) => api.MapPost("/estimates/cloud", Estimate).WithTags("Estimates")
        .RequireApiPermission(Permissions.DashboardsRead).WithSummary("Electricity and emissions of cloud usage; nothing is stored")
        .Produces<EstimateResponse>().ProducesProblem(422);

    private static IResult Estimate(EstimateRequest request, IEnumerable<ICloudEstimator> estimators)
    {
        var method = string.IsNullOrEmpty(request.Method) ? estimators.First().Method : request.Method;
        if (estimators.SingleOrDefault(estimator => estimator.Method == method) is not { } estimator)
        {
            return Problem($"The method “{method}” is not known. Use one of: {string.Join(", ", estimators.Select(known => known.Method))}.");
        }

        if (request.Rows is not { } rows || rows.Count > MostRows)
        {
            return Problem($"Send between 0 and {MostRows} rows.");
        }

        var results = new List<EstimateResult>(rows.Count);
        for (var i = 0; i < rows.Count; i++)
        {
            var row = rows[i];
            if (row?.Amount is not { } amount)
            {
                return Problem(string.Create(CultureInfo.InvariantCulture, $"rows[{i}].amount is missing. Send the quantity in the row's unit."));
            }

            DateOnly? month = null;
            if (!string.IsNullOrEmpty(row.Date))
            {
                if (!DateOnly.TryParseExact(row.Date.Length > 10 ? row.Date[..10] : row.Date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
                {
                    return Problem(string.Create(CultureInfo.InvariantCulture, $"rows[{i}].date “{row.Date}” is not a day. Write it as yyyy-MM-dd."));
                }

                month = new DateOnly(day.Year, day.Month, 1);
            }

            var kind = new UsageKind(
                (row.Provider ?? "").ToLowerInvariant(), "", row.Service ?? "", row.Region ?? "", row.UsageType ?? "", row.Unit ?? "", row.MachineType ?? "", row.VCpus, "");
            try
            {
                results.Add(ToResult(estimator.RateFor(kind, month), amount));
            }
            catch (OverflowException)
            {
                return Problem(string.Create(CultureInfo.InvariantCulture, $"rows[{i}] is too large: its result has more than 28 digits. Check amount, vCpus and unit."));
            }
        }

        return Results.Ok(new EstimateResponse(
            results, estimator.Method, estimator.Version, estimator.ComparisonOnly,
            estimator.ComparisonOnly ? Emissions.SummaryResponse.ComparisonNotice : null));
    }

    private static EstimateResult ToResult(CloudUsageRate rate, decimal amount)
    {
        var estimate = rate.Apply(amount);
        return new EstimateResult(
            rate.Class, estimate.KilowattHours, estimate.OperationalKgCo2e, estimate.EmbodiedKgCo2e, rate.Grid?.KgCo2ePerKwh,
            rate.Flags.Select(flag => flag.Code).ToList());
    }

    private static IResult Problem(string detail) => Results.Problem(statusCode: 422, title: "The rows cannot be estimated", detail: detail);
}
