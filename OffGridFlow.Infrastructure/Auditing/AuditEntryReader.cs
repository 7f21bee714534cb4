using System.Buffers.Binary;
using Npgsql;
using OffGridFlow.Core.Auditing;

namespace OffGridFlow.Infrastructure.Auditing;

/// <summary>
/// Reads entries as the bytes that the database sends (binary <c>COPY</c>), without a string or an object for each: a million are read,
/// hashed and compared in seconds. Takes part in the connection's transaction and its row-level security.
/// </summary>
internal sealed class AuditEntryReader : IAsyncDisposable
{
    /// <summary>The columns, in the order in which <see cref="Read"/> takes them.</summary>
    private const string Columns =
        "tenant_id, id, at, actor_kind, actor_id, actor_name, address, action, subject, details::text, before::text, after::text, sequence, hash, sealed_at";

    private const int Fields = 15;

    /// <summary>Signature, flags and length of the extension, as PostgreSQL's manual gives them for COPY.</summary>
    private const int HeaderLength = 19;

    /// <summary>2000-01-01, from which the database counts, in microseconds since 1970-01-01.</summary>
    private const long DatabaseEpoch = 946_684_800_000_000;

    private readonly NpgsqlRawCopyStream _stream;
    private readonly (int Start, int Length)[] _fields = new (int, int)[Fields];
    private byte[] _buffer = new byte[256 * 1024];
    private int _start;
    private int _end;
    private bool _headerRead;

    private AuditEntryReader(NpgsqlRawCopyStream stream) => _stream = stream;

    /// <summary>The entry's content; its texts are valid until the next read.</summary>
    public AuditContent Content { get; private set; }

    /// <summary>0 when the entry has none.</summary>
    public long Sequence { get; private set; }

    /// <summary>As stored; empty when the entry has none. Valid until the next read.</summary>
    public ReadOnlyMemory<byte> Hash { get; private set; }

    /// <param name="condition">SQL without parameters, of the program's own making.</param>
    public static async Task<AuditEntryReader> OpenAsync(NpgsqlConnection connection, string condition, string order, CancellationToken cancellationToken) =>
        new(await connection.BeginRawBinaryCopyAsync(
            $"copy (select {Columns} from audit_entries where {condition} order by {order}) to stdout (format binary)", cancellationToken));

    /// <summary>False after the last entry.</summary>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        while (!_headerRead && _end - _start < HeaderLength)
        {
            await FillAsync(cancellationToken);
        }

        if (!_headerRead)
        {
            _start += HeaderLength;
            _headerRead = true;
        }

        while (true)
        {
            switch (Find())
            {
                case Found.Entry:
                    Read();
                    return true;
                case Found.End:
                    return false;
                default:
                    await FillAsync(cancellationToken);
                    break;
            }
        }
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    /// <summary>Where the fields of the next entry lie, if all of it is in the buffer.</summary>
    private Found Find()
    {
        var at = _start;
        if (_end - at < 2)
        {
            return Found.Part;
        }

        var count = BinaryPrimitives.ReadInt16BigEndian(_buffer.AsSpan(at));
        at += 2;
        if (count == -1)
        {
            return Found.End;
        }

        for (var field = 0; field < Fields; field++)
        {
            if (_end - at < 4)
            {
                return Found.Part;
            }

            var length = BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(at));
            at += 4;
            _fields[field] = (at, length);
            at += Math.Max(length, 0);
            if (at > _end)
            {
                return Found.Part;
            }
        }

        _start = at;
        return Found.Entry;
    }

    private void Read()
    {
        Content = new AuditContent(
            ReadGuid(0), ReadGuid(1), ReadInstant(2), Text(3), _fields[4].Length < 0 ? null : ReadGuid(4), Text(5), Optional(6), Text(7), Text(8), Text(9), Optional(10),
            Optional(11), _fields[14].Length < 0 ? 0 : ReadInstant(14));
        Sequence = _fields[12].Length < 0 ? 0 : ReadNumber(12);
        Hash = Text(13);
    }

    private Guid ReadGuid(int field) => new(Text(field).Span, bigEndian: true);

    private long ReadNumber(int field) => BinaryPrimitives.ReadInt64BigEndian(Text(field).Span);

    private long ReadInstant(int field) => ReadNumber(field) + DatabaseEpoch;

    private ReadOnlyMemory<byte> Text(int field) => _buffer.AsMemory(_fields[field].Start, Math.Max(_fields[field].Length, 0));

    /// <summary>A bare null would become an empty memory here, by way of an array: the type has to be said.</summary>
    private ReadOnlyMemory<byte>? Optional(int field) => _fields[field].Length < 0 ? default(ReadOnlyMemory<byte>?) : Text(field);

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var read = await _stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += read == 0 ? throw new EndOfStreamException("The database ended its answer in the middle of an audit entry.") : read;
    }

    private enum Found
    {
        Part,
        Entry,
        End,
    }
}
