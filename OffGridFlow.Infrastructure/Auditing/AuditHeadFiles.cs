using System.Globalization;

namespace OffGridFlow.Infrastructure.Auditing;

/// <summary>What is wrong with the files of heads; <paramref name="Place"/> names file and line.</summary>
internal sealed record AuditHeadFault(AuditBreakKind Kind, string Place, string Sentence);

/// <summary>The signed heads of one organization, by sequence, with the first fault of the files, if there is one.</summary>
internal sealed record AuditHeadSet(IReadOnlyList<AuditHead> Heads, AuditHeadFault? Fault);

/// <summary>
/// The series of daily files <c>2026-11-21.jsonl</c> in the data folder. Only ever appended to, each line on disk before it counts.
/// Several processes may share the folder: a lock file lets one write at a time.
/// </summary>
internal sealed class AuditHeadFiles(string folder, AuditSigningKey key)
{
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(10);
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, AuditHead> _newest = [];
    private string? _file;
    private long _offset;
    private string _previous = AuditHeadLine.Start;

    /// <summary>The newest head of an organization that is on disk, as far as this process has read; null when there is none.</summary>
    public AuditHead? NewestOf(Guid tenant)
    {
        lock (_gate)
        {
            return _newest.GetValueOrDefault(tenant);
        }
    }

    /// <summary>Reads what has been added, by this process or another, and takes away a last line that a kill has torn.</summary>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        await using var guard = await LockAsync(cancellationToken);
        CatchUp();
    }

    /// <summary>Adds the heads that lie beyond those on disk. They are on disk when this returns.</summary>
    public async Task AppendAsync(IReadOnlyList<AuditHead> heads, CancellationToken cancellationToken)
    {
        if (!heads.Any(IsNew))
        {
            return;
        }

        await using var guard = await LockAsync(cancellationToken);
        CatchUp();
        lock (_gate)
        {
            var bytes = new List<byte>();
            var previous = _previous;
            var added = heads.Where(IsNew).ToList();
            foreach (var head in added)
            {
                var line = AuditHeadLine.Write(head, previous, key);
                previous = AuditHeadLine.HashOf(line);
                bytes.AddRange(line);
                bytes.Add((byte)'\n');
            }

            if (added.Count == 0)
            {
                return;
            }

            // A clock that was set back does not make the series go backwards.
            var today = string.Create(CultureInfo.InvariantCulture, $"{added[0].At.UtcDateTime:yyyy-MM-dd}.jsonl");
            var file = _file is { } newest && string.CompareOrdinal(Path.GetFileName(newest), today) > 0 ? newest : Path.Combine(folder, today);
            using (var stream = new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.Read))
            {
                stream.Write([.. bytes]);
                stream.Flush(flushToDisk: true);
                (_file, _offset, _previous) = (file, stream.Length, previous);
            }

            foreach (var head in added)
            {
                _newest[head.Tenant] = head;
            }
        }
    }

    /// <summary>Reads and checks all files for one organization: its signatures, and that no line was taken out of the series.</summary>
    public AuditHeadSet Read(Guid tenant, CancellationToken cancellationToken)
    {
        var heads = new List<AuditHead>();
        AuditHeadFault? fault = null;
        using var publicKey = key.OpenForCheck();
        var previous = AuditHeadLine.Start;
        ReadLine? former = null;
        var files = Files();
        foreach (var file in files)
        {
            var number = 0;
            var content = ReadAll(file);
            var rest = content.AsSpan();
            while (rest.Length > 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var end = rest.IndexOf((byte)'\n');
                if (end < 0 && file == files[^1])
                {
                    // Torn by a kill, or being written at this moment: it does not count yet.
                    break;
                }

                var line = end < 0 ? rest : rest[..end];
                rest = end < 0 ? [] : rest[(end + 1)..];
                number++;
                var place = string.Create(CultureInfo.InvariantCulture, $"line {number} of {Path.GetFileName(file)}");
                var parsed = AuditHeadLine.Parse(line);
                if (parsed is null)
                {
                    fault ??= new AuditHeadFault(
                        AuditBreakKind.HeadForged, place, $"The signed heads were changed: {place} cannot be read as a head, though OffGridFlow writes whole lines only.");
                }
                else if (parsed.Previous != previous)
                {
                    // Was the line before it changed, or is there one that is no longer there?
                    fault ??= publicKey is not null && former is { } suspect && !suspect.Line.IsSignedBy(publicKey, suspect.Bytes) ? Forged(suspect.Place) : new AuditHeadFault(
                        AuditBreakKind.HeadMissing, place, $"Signed heads are missing: {place} does not follow the line that stands before it, so one or more lines between them were taken out or changed.");
                }

                if (parsed?.Head.Tenant == tenant)
                {
                    if (publicKey is not null && parsed.IsSignedBy(publicKey, line))
                    {
                        heads.Add(parsed.Head);
                    }
                    else
                    {
                        fault ??= new AuditHeadFault(
                            AuditBreakKind.HeadForged, place, publicKey is null
                                ? $"The signed heads cannot be checked: the key {key.PublicKeyFile} is missing. Restore it from your backup."
                                : Forged(place).Sentence);
                    }
                }

                previous = AuditHeadLine.HashOf(line);
                former = parsed is null ? null : new ReadLine(parsed, line.ToArray(), place);
            }
        }

        heads.Sort((left, right) => left.Sequence != right.Sequence ? left.Sequence.CompareTo(right.Sequence) : left.At.CompareTo(right.At));
        return new AuditHeadSet(heads, fault);
    }

    /// <summary>The organizations that the files name, whether their entries are still there or not.</summary>
    public HashSet<Guid> ReadTenants()
    {
        var tenants = new HashSet<Guid>();
        foreach (var file in Files())
        {
            var content = ReadAll(file);
            foreach (var line in content.AsSpan().Split((byte)'\n'))
            {
                if (AuditHeadLine.Parse(content.AsSpan(line)) is { } parsed)
                {
                    tenants.Add(parsed.Head.Tenant);
                }
            }
        }

        return tenants;
    }

    private static AuditHeadFault Forged(string place) => new(
        AuditBreakKind.HeadForged, place, $"A signed head is forged: {place} is not signed with the key of this installation, so it was changed or made by somebody else.");

    private sealed record ReadLine(AuditHeadLine Line, byte[] Bytes, string Place);

    private bool IsNew(AuditHead head) => NewestOf(head.Tenant) is not { } newest || newest.Sequence < head.Sequence;

    private void CatchUp()
    {
        lock (_gate)
        {
            var files = Files();
            foreach (var file in files.SkipWhile(file => _file is not null && string.CompareOrdinal(file, _file) < 0))
            {
                using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
                // Shorter than it was: somebody has cut it. The check will say so; what follows is chained to what is there.
                var from = file == _file && _offset <= stream.Length ? _offset : 0;
                stream.Position = from;
                var content = new byte[stream.Length - from];
                stream.ReadExactly(content);
                var rest = content.AsSpan();
                for (var end = rest.IndexOf((byte)'\n'); end >= 0; end = rest.IndexOf((byte)'\n'))
                {
                    var line = rest[..end];
                    _previous = AuditHeadLine.HashOf(line);
                    if (AuditHeadLine.Parse(line) is { Head: var head } && (!_newest.TryGetValue(head.Tenant, out var newest) || newest.Sequence < head.Sequence))
                    {
                        _newest[head.Tenant] = head;
                    }

                    rest = rest[(end + 1)..];
                }

                if (rest.Length > 0)
                {
                    // A kill in the middle of a line: it never counted.
                    stream.SetLength(stream.Length - rest.Length);
                    stream.Flush(flushToDisk: true);
                }

                (_file, _offset) = (file, stream.Length);
            }
        }
    }

    private List<string> Files() => Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, "*.jsonl").Order(StringComparer.Ordinal)] : [];

    private static byte[] ReadAll(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var content = new byte[stream.Length];
        return content.AsSpan(0, stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false)).ToArray();
    }

    private async Task<FileStream> LockAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, ".lock");
        var until = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path) && TimeProvider.System.GetElapsedTime(until) < LockPatience)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken);
            }
        }
    }
}
