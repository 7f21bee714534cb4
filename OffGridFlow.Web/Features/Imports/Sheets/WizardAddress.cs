namespace OffGridFlow.Web.Features.Imports.Sheets;

/// <summary>The addresses of the wizard: its step stands in them, so that one may come back to it.</summary>
internal static class WizardAddress
{
    public const string Start = "/imports/activity";

    public static string Of(Guid draft, WizardStep? step = null) => $"{Start}/{draft:D}" + (step is null ? "" : "?step=" + step.Value.ToString().ToLowerInvariant());

    /// <summary>Null where it is no step that a draft has.</summary>
    public static WizardStep? Parse(string? step) =>
        Enum.TryParse<WizardStep>(step, ignoreCase: true, out var known) && known is > WizardStep.Upload and < WizardStep.Receipt ? known : null;
}
