namespace OffGridFlow.Web.Features.Identity;

/// <summary>What an open page holds for its person that would be lost with it, such as a chosen file.</summary>
public sealed class HeldWork
{
    /// <summary>Set by the component that holds something.</summary>
    public bool IsHeld { get; set; }

    /// <summary>The session of the page has ended. It is still shown for a while, so that what it holds can be saved by a new one.</summary>
    public bool SessionHasEnded { get; set; }
}
