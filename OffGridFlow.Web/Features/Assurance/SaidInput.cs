namespace OffGridFlow.Web.Features.Assurance;

/// <summary>A form of one text.</summary>
public sealed class SaidInput
{
    public string? Text { get; set; }
}
