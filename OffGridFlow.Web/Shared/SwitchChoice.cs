namespace OffGridFlow.Web.Shared;

/// <summary>One segment of a switch. The chosen one shows a check in place of its icon.</summary>
public sealed record SwitchChoice<TValue>(TValue Value, string Text, string Icon);
