namespace OffGridFlow.Infrastructure.Imports;

/// <summary>A kind of file that can be imported, e.g. <c>aws-cur</c>.</summary>
internal interface IBillFormat
{
    /// <summary>As written in the API.</summary>
    string Kind { get; }

    /// <summary>Whose bill it is, e.g. <c>aws</c>.</summary>
    string Provider { get; }

    /// <summary>A first pass over the whole file, before anything is stored.</summary>
    /// <exception cref="UnreadableFileException">The file is refused.</exception>
    BillInspection Inspect(Stream content, CancellationToken cancellationToken);

    /// <exception cref="UnreadableFileException">The file is refused.</exception>
    IBillReader Open(Stream content);
}
