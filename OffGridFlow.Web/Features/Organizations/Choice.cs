namespace OffGridFlow.Web.Features.Organizations;

/// <summary>One of the things that can be chosen in a list.</summary>
public sealed record Choice<TValue>(TValue Value, string Text);
