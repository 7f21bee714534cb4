namespace OffGridFlow.Infrastructure.Imports;

/// <summary>A kind of file that can be imported, e.g. <c>aws-cur</c>.</summary>
internal interface IBillFormat
{
    /// <summary>As written in the API.</summary>
    string Kind { get; }

    /// <summary>A first pass over a whole part, before anything is stored.</summary>
    /// <exception cref="UnreadableFileException">The part is refused.</exception>
    PartInspection Inspect(BillPart part, CancellationToken cancellationToken);

    /// <exception cref="UnreadableFileException">The part is refused; reading on may refuse it later too.</exception>
    IBillReader Open(BillPart part);
}
