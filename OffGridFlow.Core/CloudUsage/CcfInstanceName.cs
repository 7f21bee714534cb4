namespace OffGridFlow.Core.CloudUsage;

/// <summary>
/// Finds instance names in AWS usage types such as <c>EUW1-BoxUsage:m5.large</c>, <c>EUC1-InstanceUsage:db.r5.xlarge</c> or
/// <c>USE1-Kafka.m5.large</c>. The peer reads the same text in two ways, and its figures depend on both.
/// </summary>
internal static class CcfInstanceName
{
    private static readonly string[] SizingPrefixes = ["db.", "cache.", "dax.", "dms.", "ml.", "mq.", "KernelGateway-ml."];
    private static readonly (string Mark, string Cut)[] HardwarePrefixes = [("db", "db."), ("cache", "cache."), ("Kafka", "Kafka.")];

    /// <summary>Some bills shorten <c>xlarge</c> to <c>xl</c> at the end of the usage type.</summary>
    public static string Lengthen(string usageType) =>
        usageType.EndsWith("xl", StringComparison.Ordinal) ? usageType + "arge" : usageType;

    /// <summary>The name by which vCPUs and GPUs are counted: after the last colon, without the service's prefix. Takes the usage type as billed.</summary>
    public static ReadOnlySpan<char> ForSizing(ReadOnlySpan<char> usageType)
    {
        var name = usageType[(usageType.LastIndexOf(':') + 1)..];
        foreach (var prefix in SizingPrefixes)
            if (name.StartsWith(prefix, StringComparison.Ordinal))
                return name[prefix.Length..];
        var kafka = name.LastIndexOf("Kafka.", StringComparison.Ordinal);
        return kafka > 0 ? name[(kafka + "Kafka.".Length)..] : name;
    }

    /// <summary>The name by which processors, memory and embodied emissions are looked up. Takes the lengthened usage type.</summary>
    public static ReadOnlySpan<char> ForHardware(ReadOnlySpan<char> usageType)
    {
        foreach (var (mark, cut) in HardwarePrefixes)
        {
            if (!usageType.Contains(mark, StringComparison.Ordinal))
                continue;
            var at = usageType.LastIndexOf(cut, StringComparison.Ordinal);
            return at < 0 ? usageType : usageType[(at + cut.Length)..];
        }
        return usageType[(usageType.LastIndexOf(':') + 1)..];
    }

    /// <summary><c>m5.large</c> of <c>m5.large.search</c>; the whole name if it has fewer than three parts.</summary>
    public static ReadOnlySpan<char> FirstTwoParts(ReadOnlySpan<char> name)
    {
        var first = name.IndexOf('.');
        if (first < 0)
            return name;
        var second = name[(first + 1)..].IndexOf('.');
        return second < 0 ? name : name[..(first + 1 + second)];
    }

    /// <summary><c>m5.large</c> of <c>ml.m5.large</c>; the whole name if it has fewer than three parts.</summary>
    public static ReadOnlySpan<char> LastTwoParts(ReadOnlySpan<char> name)
    {
        var last = name.LastIndexOf('.');
        if (last < 0)
            return name;
        var before = name[..last].LastIndexOf('.');
        return name[(before + 1)..];
    }

    /// <summary>The word, point, word around the point at <paramref name="point"/>: the only places where an instance name can stand as words of its own.</summary>
    public static ReadOnlySpan<char> AroundPoint(ReadOnlySpan<char> usageType, int point)
    {
        var start = point;
        while (start > 0 && UsagePattern.IsWordCharacter(usageType[start - 1]))
            start--;
        var end = point + 1;
        while (end < usageType.Length && UsagePattern.IsWordCharacter(usageType[end]))
            end++;
        return usageType[start..end];
    }
}
