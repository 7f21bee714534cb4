using OffGridFlow.Core.CloudUsage;
using OffGridFlow.Infrastructure.EmissionFactors;

namespace OffGridFlow.Infrastructure.CloudUsage;

/// <summary>Loads the coefficient tables of cloud methods.</summary>
public static class CloudReferenceData
{
    private const string AwsCcfSet = "cloud-aws-ccf";

    /// <summary>Reads the tables of the method <c>ccf</c> for AWS.</summary>
    /// <param name="root">The folder that holds one folder per set.</param>
    /// <exception cref="ReferenceDataException">A file is missing, altered or unreadable; the message names it.</exception>
    public static CcfAwsTables LoadAwsCcf(string root)
    {
        var set = ReferenceSet.Open(AwsCcfSet, root);
        var edition = set.Manifest.Edition is { Commit.Length: >= 7 } source
            ? new CcfEdition(set.Manifest.Id, $"{source.Commit[..7]} ({source.Date})", set.Checksum[..8], set.Manifest.Publisher)
            : throw new ReferenceDataException(Path.Combine(root, AwsCcfSet, "manifest.json"), "lacks its edition.");
        return set.Parse(read => CcfAwsTables.Parse(edition, read));
    }
}
