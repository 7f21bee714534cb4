namespace OffGridFlow.Infrastructure.EmissionFactors;

/// <summary>Reference data that came with the application is missing or is not what its manifest says. The message says what to do.</summary>
public sealed class ReferenceDataException(string file, string fault, Exception? cause = null)
    : Exception($"Reference data file '{file}' {fault} Restore the folder 'reference-data' from the release or the repository; " +
        "if the change is meant, update its sha256 in manifest.json.", cause)
{
    /// <summary>Full path of the file at fault.</summary>
    public string File { get; } = file;
}
