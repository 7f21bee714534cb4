using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Quantities;

namespace OffGridFlow.Infrastructure.EmissionFactors;

/// <summary>A set of factors that comes with the product.</summary>
/// <param name="Corrections">What is not as published, and rows that are no emissions, each with its reason.</param>
public sealed record ShippedFactorSet(FactorSet Set, IReadOnlyList<EmissionFactor> Factors, IReadOnlyList<FactorCorrection> Corrections);

/// <summary>The factor sets in <c>reference-data</c>: each folder whose name begins with <c>factors-</c>.</summary>
public static class FactorSets
{
    private const string Prefix = "factors-";

    /// <summary>Every set with its factors, in the order of their ids. Reads some megabytes; call it once.</summary>
    /// <param name="root">The folder that holds one folder per set; <see cref="ReferenceSet.DefaultRoot"/> unless given.</param>
    /// <param name="units">By which each row's unit is found.</param>
    /// <exception cref="ReferenceDataException">A file is missing, altered or cannot be used, or two sets have a factor of one id; the message names it.</exception>
    public static IReadOnlyList<ShippedFactorSet> ReadAll(string? root, UnitTable units)
    {
        root ??= ReferenceSet.DefaultRoot;
        IReadOnlyList<ShippedFactorSet> sets;
        try
        {
            sets = [.. Directory.EnumerateDirectories(root, Prefix + "*").Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal).Select(name => Read(name, root, units))];
        }
        catch (DirectoryNotFoundException fault)
        {
            throw new ReferenceDataException(root, "is missing.", fault);
        }

        var sharer = sets.SelectMany(set => set.Factors).GroupBy(factor => factor.Id, StringComparer.Ordinal).FirstOrDefault(group => group.Skip(1).Any());
        return sharer is null
            ? sets
            : throw new ReferenceDataException(
                Path.Combine(root, Prefix + sharer.Last().Set.Id, FactorTable.File), $"has the factor '{sharer.Key}', which {sharer.First().Set.Id} has already.");
    }

    /// <summary>One set.</summary>
    /// <param name="name">Name of the folder, e.g. <c>factors-desnz-2025</c>.</param>
    /// <exception cref="ReferenceDataException">A file is missing, altered or cannot be used; the message names it.</exception>
    public static ShippedFactorSet Read(string name, string root, UnitTable units)
    {
        var files = ReferenceSet.Open(name, root);
        var set = SetOf(files, name, Path.Combine(root, name, "manifest.json"));
        return files.Parse(read => new ShippedFactorSet(
            set, FactorTable.Parse(set, read(FactorTable.File), units),
            files.Manifest.Files.Any(file => file.Name == FactorTable.Corrections) ? FactorTable.ParseCorrections(read(FactorTable.Corrections)) : []));
    }

    private static FactorSet SetOf(ReferenceSet files, string name, string path)
    {
        var manifest = files.Manifest;
        return manifest is { Family.Length: > 0, Title.Length: > 0, Edition.Text.Length: > 0, Licence.Length: > 0, Source.Length: > 0 }
            && Enum.TryParse<Vintage>((manifest.Vintage ?? "").Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var vintage) && Enum.IsDefined(vintage)
            ? new FactorSet
            {
                Id = name[Prefix.Length..],
                Family = manifest.Family,
                Edition = manifest.Edition.Text,
                Publisher = manifest.Publisher,
                Title = manifest.Title,
                Vintage = vintage,
                GwpBasis = manifest.Gwp,
                Boundary = manifest.Boundary,
                License = manifest.Licence,
                Source = manifest.Source,
                Checksum = files.Checksum,
                Cautions = manifest.Cautions ?? [],
            }
            : throw new ReferenceDataException(path, "lacks its family, title, edition, vintage, licence or source.");
    }
}
