using OffGridFlow.Core.EmissionFactors;

namespace OffGridFlow.Core.CloudUsage;

internal enum UsagePatternKind { Any, Ends, Contains, Word }

/// <summary>
/// What a rule asks of a usage type, case-sensitive. Written in the tables as nothing (any usage type), <c>ends:X</c>,
/// <c>contains:X</c>, or <c>word:X</c>: X with no letter, digit or underscore directly before or after it.
/// </summary>
internal sealed record UsagePattern(UsagePatternKind Kind, string Text)
{
    public static UsagePattern Parse(ReferenceRow row, string column)
    {
        var text = row.Text(column);
        if (text.Length == 0)
            return new UsagePattern(UsagePatternKind.Any, "");
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var rest = text[(colon + 1)..];
        if (rest.Length == 0)
            throw row.Fault($"'{column}' names no text to look for");
        return text[..Math.Max(colon, 0)] switch
        {
            "ends" => new UsagePattern(UsagePatternKind.Ends, rest),
            "contains" => new UsagePattern(UsagePatternKind.Contains, rest),
            "word" => new UsagePattern(UsagePatternKind.Word, rest),
            _ => throw row.Fault($"'{column}' holds '{text}'; it must start with ends:, contains: or word:"),
        };
    }

    public bool Matches(ReadOnlySpan<char> usageType)
    {
        if (Kind is UsagePatternKind.Any)
            return true;
        if (Kind is UsagePatternKind.Ends)
            return usageType.EndsWith(Text, StringComparison.Ordinal);
        for (var start = 0; start <= usageType.Length - Text.Length; start++)
        {
            var next = usageType[start..].IndexOf(Text, StringComparison.Ordinal);
            if (next < 0)
                return false;
            start += next;
            if (MatchesAt(usageType, start))
                return true;
        }
        return false;
    }

    /// <summary>True if the pattern's text stands at <paramref name="start"/>, with free edges where it is a word.</summary>
    public bool MatchesAt(ReadOnlySpan<char> usageType, int start)
    {
        if (!usageType[start..].StartsWith(Text, StringComparison.Ordinal))
            return false;
        var end = start + Text.Length;
        return Kind is not UsagePatternKind.Word
            || ((start == 0 || !IsWordCharacter(usageType[start - 1])) && (end == usageType.Length || !IsWordCharacter(usageType[end])));
    }

    public static bool IsWordCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';
}
