using OffGridFlow.Core.CloudUsage;
using OffGridFlow.Infrastructure.Inventory;

namespace OffGridFlow.Tests.Web;

internal static class SampleTrail
{
    public static EmissionTrail Of(EmissionRow row, bool replayed = true) => new(
        row,
        new TrailActivity(
            row.Id, "aws/" + row.Account, 1, row.Month, row.Month.AddMonths(1).AddDays(-1), row.Quantity, row.Unit, row.Quality,
            new DateTimeOffset(2024, 4, 2, 9, 41, 7, TimeSpan.Zero)),
        new GridFactor("aws/eu-central-1", "Cloud Carbon Footprint", "3.1.1", "eu-central-1", 0.338m, 2021, "European Environment Agency, electricity emission intensity"),
        "Σ amount × (operational + embodied) per unit",
        [
            new TrailComponent
            {
                UsageType = "EUC1-BoxUsage:m5.large",
                Unit = "Hrs",
                Amount = 720.5m,
                LineCount = 126,
                KilowattHours = row.KilowattHours,
                OperationalKgCo2e = row.OperationalKgCo2e,
                EmbodiedKgCo2e = row.EmbodiedKgCo2e,
                Replayed = replayed,
                Steps =
                [
                    new EstimateStep("Electricity", "(0.64 + 0.5 × (3.97 − 0.64)) W × 2 vCPU × 1 h × 1.135 / 1000", 0.0052323m, "kWh per Hrs", "SPECpower 2020, Xeon Platinum 8175M"),
                    new EstimateStep("Operational", "0.0052323 kWh × 0.338 kg CO2e per kWh", 0.001768517m, "kg CO2e per Hrs", "EEA 2021"),
                    new EstimateStep("Embodied", "1344.73 kg / 4 years × 2 of 96 vCPU", 0.000799m, "kg CO2e per Hrs", "Teads 2021, m5.large"),
                ],
                Flags = row.Quality == "defaulted" ? [new EstimateFlag("unlisted-processor", "The processor is not named; the average of its family stands in.")] : [],
            },
        ],
        [Document(first: 2, count: 12, next: "12")]);

    public static TrailDocument Document(int first, int count, string? next) => new(
        new Guid("00000000-0000-7000-8000-00000000d0c0"), "company-cur-2023-11.csv.gz", null, "9f2c6a1b7e3d5f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e641ab", 31_204_118, 126,
        [.. Enumerable.Range(first, count).Select(n => new SourceLine(n, 1m + n * 0.25m, "Hrs", 0.1153m * n, "USD", "EUC1-BoxUsage:m5.large", "i-0a1b2c3d4e5f6"))], next);
}
