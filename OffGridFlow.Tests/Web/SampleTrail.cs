using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.CloudUsage;
using OffGridFlow.Core.EmissionFactors;
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

    /// <summary>The trail of a row that <see cref="SampleRows.Entered"/> made: natural gas by a published CO2e.</summary>
    public static EmissionTrail OfEntry(EmissionRow row, bool replayed = true)
    {
        var unit = new DerivedUnit("kWh (Gross CV)", "energy (gross calorific value)", 3.6m);
        var derivation = new Derivation
        {
            Activity = "natural-gas", ActivityName = "Natural gas", EntryQuantity = 2000, EntryFrom = row.Month, EntryTo = row.Month.AddMonths(1).AddDays(-1), Unit = unit, Region = "GB",
            From = row.Month, To = row.Month.AddMonths(1).AddDays(-1), Quantity = 2000, FactorQuantity = 2000, FactorUnit = unit, Part = FactorPart.Direct,
            Factor = new DerivedFactor
            {
                Id = "desnz2025_gas", Set = new DerivedSet("desnz-2025", "desnz", "2025 v1", "DESNZ", "Conversion factors 2025", "AR5", "OGL v3.0", "gov.uk", new string('a', 64), false),
                Activity = "desnz/fuels/gaseous-fuels/natural-gas", Name = "Natural gas", Category = "Fuels > Gaseous fuels", Basis = GasBasis.Co2e, Co2 = 0.2m, Ch4 = 0.0003m, Co2e = 0.2003m,
                Region = "GB", Year = 2025, Part = FactorPart.Direct, SourceTable = "Fuels, row 31", UncertaintyPercent = 2,
            },
            Gases = [new DerivedGas("CO2", 0.2m, 400, 400, "CO2", 1, true), new DerivedGas("CH4", 0.0003m, 0.021428571429m, 0.6m, "CH4", 28, true)],
            KgCo2e = 400.6m, GwpBasis = "AR5", Step = SelectionStep.Country,
            Losers = [new LosingFactor("desnz2024_gas", "desnz-2024", "year")], Flags = [new CalculationFlag("data-lag", "Data of 2024 for consumption in 2025.")],
        };
        var at = new DateTimeOffset(2025, 4, 2, 9, 41, 7, TimeSpan.Zero);
        return new EmissionTrail(
            row, new TrailActivity(row.Id, "entry/" + row.EntryId, 2, derivation.From, derivation.To, 2000, unit.Symbol, row.Quality, at), null, DerivationSteps.Formula(derivation), [], [])
        {
            Entry = new EntryTrail
            {
                Id = row.EntryId!.Value, Version = 2, ActivityType = "natural-gas", Site = row.Account, Status = "Approved", QualityIndicators = [1, 2, 1, 2, 1], UncertaintyPercent = 5,
                UncertaintyKgCo2e = 21.57m, IsAccrual = false, Reference = "F/07/8812",
                History = [new EntryEvent(1, "created", "Ada Analyst", null, at), new EntryEvent(2, "approved", "Pia Nowak", "Checked with the bill", at)],
                Documents = [new EntryDocumentLink(Guid.CreateVersion7(), "invoice-07.pdf", new string('b', 64), 31_000)], Derivation = derivation,
                Steps = DerivationSteps.Of(derivation), Replayed = replayed,
                Results = [new SiblingEmission(row.Id, row.Month, 1, null, null, FactorPart.Direct, 400.6m, null), new SiblingEmission(Guid.CreateVersion7(), row.Month, 3, 3, null, FactorPart.Upstream, 66m, null)],
            },
        };
    }

    public static TrailDocument Document(int first, int count, string? next) => new(
        new Guid("00000000-0000-7000-8000-00000000d0c0"), "company-cur-2023-11.csv.gz", null, "9f2c6a1b7e3d5f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e641ab", 31_204_118, 126,
        [.. Enumerable.Range(first, count).Select(n => new SourceLine(n, 1m + n * 0.25m, "Hrs", 0.1153m * n, "USD", "EUC1-BoxUsage:m5.large", "i-0a1b2c3d4e5f6"))], next);
}
