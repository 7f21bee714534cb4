using System.Globalization;
using System.Text.Json;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Calculation;
using OffGridFlow.Web.Features.Identity;

namespace OffGridFlow.Web.Features.Calculation;

internal static class CalculationEndpoints
{
    private const int MostItems = 10_000;

    public static void MapCalculations(this RouteGroupBuilder api) => api.MapPost("/calculations", CalculateAsync).WithTags("Calculations")
        .RequireApiPermission(Permissions.CalculationsRead).WithSummary("Emissions of one or many activities with the factor and how it was chosen; nothing is stored")
        .Accepts<CalculationItem>("application/json").Produces<CalculationResponse>().ProducesProblem(422);

    private static async Task<IResult> CalculateAsync(JsonElement body, CalculationPreview preview, CancellationToken cancellationToken)
    {
        IReadOnlyList<CalculationItem?> items;
        IReadOnlyList<InstrumentItem> sent;
        try
        {
            (items, sent) = CalculationRequestReader.Read(body);
        }
        catch (JsonException fault)
        {
            return Problem($"{fault.Path ?? "The body"} cannot be read. Send an activity {{activityType, quantity, unit, region, date}}, an array of them, or {{\"activities\":[…]}}.");
        }

        if (items.Count > MostItems)
        {
            return Problem(string.Create(CultureInfo.InvariantCulture, $"Send at most {MostItems} activities at a time."));
        }

        var with = await preview.GetInputsAsync(cancellationToken);
        var understood = items.Select((item, index) => CalculationRequestReader.Understand(item, index, with.Library)).ToList();
        var sites = understood.Select(item => item.Input?.Site).OfType<string>().Distinct().ToList();
        var instruments = new List<ContractualInstrument>(sent.Count);
        for (var i = 0; i < sent.Count; i++)
        {
            if (CalculationRequestReader.Understand(sent[i], i, sites, out var problem) is not { } instrument)
            {
                return Problem(string.Create(CultureInfo.InvariantCulture, $"instruments[{i}] cannot be used: {problem}."));
            }

            instruments.Add(instrument);
        }

        var calculators = new Dictionary<GwpSet, Calculator>();
        Calculator For(GwpSet? gwp)
        {
            var set = gwp ?? with.Policy.Gwp;
            return calculators.TryGetValue(set, out var known) ? known : calculators[set] = new Calculator(with.Library, with.Policy with { Gwp = set });
        }

        // Instruments of the organization belong to its own entries; here only those that came along are shared out.
        var shares = instruments.Count == 0
            ? []
            : InstrumentAllocation.Allocate(instruments, understood.Where(item => item.Input is not null).SelectMany(item => For(item.Gwp).EnergyUses(item.Input!))).Shares;
        var results = understood.Select(item => (
            Result: item.Input is { } input ? CalculationResult.Of(For(item.Gwp).Calculate(input, shares), item.Method) : CalculationResult.Of(item.Fault!),
            Percent: item.Input?.UncertaintyPercent)).ToList();
        return Results.Ok(new CalculationResponse([.. results.Select(row => row.Result)], CalculationTotal.Of(results)));
    }

    private static IResult Problem(string detail) => Results.Problem(statusCode: 422, title: "The activities cannot be calculated", detail: detail);
}
