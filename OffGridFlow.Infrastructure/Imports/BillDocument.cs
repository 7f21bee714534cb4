using OffGridFlow.Core.CloudUsage;
using OffGridFlow.Core.Imports;
using OffGridFlow.Infrastructure.Imports.Archives;

namespace OffGridFlow.Infrastructure.Imports;

/// <summary>An uploaded document as the parts that are read: one text, or the CSV entries of a zip archive in the order of their manifest.</summary>
internal sealed class BillDocument : IDisposable
{
    private readonly BillArchive? _archive;

    private BillDocument(IReadOnlyList<BillPart> parts, BillArchive? archive)
    {
        Parts = parts;
        _archive = archive;
    }

    public IReadOnlyList<BillPart> Parts { get; }

    /// <param name="content">The bytes as uploaded, seekable; stays open.</param>
    /// <exception cref="UnreadableFileException">It is an archive that cannot be read, or that holds no bill.</exception>
    public static BillDocument Open(Stream content, BillFileLimits limits)
    {
        if (!BillArchive.IsArchive(content))
            return new([BillPart.Whole(content)], null);
        var archive = BillArchive.Open(content, limits);
        return new(archive.Parts, archive);
    }

    /// <summary>The import kind that the headings of the first part tell; null when they tell none.</summary>
    /// <exception cref="UnreadableFileException">The first part is not text.</exception>
    public string? RecognizeKind(BillFileLimits limits)
    {
        using var records = new CsvRecords(Parts[0], limits);
        return BillFormats.KindOf(records.ReadHeadings());
    }

    /// <summary>Looks every part through.</summary>
    /// <exception cref="UnreadableFileException">A part is refused, and with it the document; the reason names the part.</exception>
    public IReadOnlyList<PartInspection> Inspect(IBillFormat format, CancellationToken cancellationToken) =>
        [.. Parts.Select(part => Inspect(part, format, cancellationToken))];

    /// <summary>Reads all parts one after the other as one bill.</summary>
    /// <exception cref="UnreadableFileException">A part is refused; reading on may refuse a later one too.</exception>
    public IBillReader Read(IBillFormat format) => _archive is null ? format.Open(Parts[0]) : new PartsReader(Parts, format);

    public void Dispose() => _archive?.Dispose();

    private static PartInspection Inspect(BillPart part, IBillFormat format, CancellationToken cancellationToken)
    {
        try
        {
            return format.Inspect(part, cancellationToken);
        }
        catch (UnreadableFileException exception) when (part.Entry is not null)
        {
            throw Naming(part, exception);
        }
    }

    private static UnreadableFileException Naming(BillPart part, UnreadableFileException exception) =>
        new($"{part.Entry}: {exception.Reason}", exception.Fix, exception.Line);

    private sealed class PartsReader(IReadOnlyList<BillPart> parts, IBillFormat format) : IBillReader
    {
        private readonly List<UsageKind> _kinds = [];
        private readonly Dictionary<UsageKind, int> _indexes = [];
        private readonly List<int> _ofPart = [];
        private IBillReader? _part;
        private long _rowsBefore;

        public IReadOnlyList<UsageKind> Kinds => _kinds;

        public long RowsRead => _rowsBefore + (_part?.RowsRead ?? 0);

        public string? Entry => parts[Math.Min(PartIndex, parts.Count - 1)].Entry;

        public BillLine Current { get; private set; }

        public RejectedRow Rejection => _part!.Rejection with { Entry = Entry };

        private int PartIndex { get; set; }

        public BillReadResult Read(CancellationToken cancellationToken)
        {
            for (; PartIndex < parts.Count; PartIndex++)
            {
                var result = ReadPart(parts[PartIndex], cancellationToken);
                if (result != BillReadResult.End)
                    return result;
                _rowsBefore += _part!.RowsRead;
                _part.Dispose();
                _part = null;
                _ofPart.Clear();
            }

            return BillReadResult.End;
        }

        public void Dispose() => _part?.Dispose();

        private BillReadResult ReadPart(BillPart part, CancellationToken cancellationToken)
        {
            try
            {
                _part ??= format.Open(part);
                var result = _part.Read(cancellationToken);
                if (result == BillReadResult.Line)
                {
                    var line = _part.Current;
                    Current = line with { Kind = KindOf(line.Kind) };
                }

                return result;
            }
            catch (UnreadableFileException exception)
            {
                throw Naming(part, exception);
            }
        }

        /// <summary>Each part numbers its kinds from zero: equal ones get one number.</summary>
        private int KindOf(int ofPart)
        {
            for (var i = _ofPart.Count; i <= ofPart; i++)
            {
                var kind = _part!.Kinds[i];
                if (!_indexes.TryGetValue(kind, out var index))
                {
                    index = _kinds.Count;
                    _indexes.Add(kind, index);
                    _kinds.Add(kind);
                }

                _ofPart.Add(index);
            }

            return _ofPart[ofPart];
        }
    }
}
