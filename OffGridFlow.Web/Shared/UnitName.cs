using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace OffGridFlow.Web.Shared;

/// <summary>The unit with a real subscript: no font of ours holds the sign ₂. Written by hand, so that no white space follows it in a sentence.</summary>
public sealed class UnitName : ComponentBase
{
    [Parameter, EditorRequired] public MassUnit Unit { get; set; }

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        var (before, after) = (Format.Name(Unit).Split('₂')[0], Format.Name(Unit).Split('₂')[1]);
        builder.AddContent(0, before.Replace(' ', Format.NoBreakSpace));
        builder.AddMarkupContent(1, "<sub>2</sub>");
        builder.AddContent(2, after);
    }
}
