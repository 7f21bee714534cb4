using System.Buffers.Binary;
using System.Text;

namespace OffGridFlow.Infrastructure.Persistence.PostgreSql;

/// <summary>
/// Rows in PostgreSQL's binary <c>COPY</c> format, gathered in one buffer. A driver that checks and converts value by value takes longer
/// for a line of a bill than the database takes to store it; this writes the bytes once.
/// </summary>
/// <remarks>Formats: PostgreSQL documentation, COPY, "Binary Format", and the <c>…_send</c> functions of each type.</remarks>
internal sealed class BinaryCopyBuffer(int capacity)
{
    private const short NumericNegative = 0x4000;
    private static readonly DateOnly Epoch = new(2000, 1, 1);
    private static readonly long EpochTicks = new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;

    private byte[] _bytes = new byte[capacity];
    private int _length;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    public int Length => _length;

    public void Clear() => _length = 0;

    public void Header()
    {
        // "PGCOPY\n", 0xFF, "\r\n", NUL; then no flags and no header extension.
        ReadOnlySpan<byte> signature = [0x50, 0x47, 0x43, 0x4F, 0x50, 0x59, 0x0A, 0xFF, 0x0D, 0x0A, 0x00, 0, 0, 0, 0, 0, 0, 0, 0];
        signature.CopyTo(Reserve(signature.Length));
    }

    public void Trailer() => BinaryPrimitives.WriteInt16BigEndian(Reserve(2), -1);

    public void Row(short columns) => BinaryPrimitives.WriteInt16BigEndian(Reserve(2), columns);

    public void Null() => BinaryPrimitives.WriteInt32BigEndian(Reserve(4), -1);

    public void Boolean(bool value)
    {
        var span = Reserve(5);
        BinaryPrimitives.WriteInt32BigEndian(span, 1);
        span[4] = value ? (byte)1 : (byte)0;
    }

    public void Integer(int value)
    {
        var span = Reserve(8);
        BinaryPrimitives.WriteInt32BigEndian(span, 4);
        BinaryPrimitives.WriteInt32BigEndian(span[4..], value);
    }

    public void Bigint(long value)
    {
        var span = Reserve(12);
        BinaryPrimitives.WriteInt32BigEndian(span, 8);
        BinaryPrimitives.WriteInt64BigEndian(span[4..], value);
    }

    public void Boolean(bool? value)
    {
        if (value is { } known)
        {
            Boolean(known);
        }
        else
        {
            Null();
        }
    }

    public void Integer(int? value)
    {
        if (value is { } known)
        {
            Integer(known);
        }
        else
        {
            Null();
        }
    }

    public void Bigint(long? value)
    {
        if (value is { } known)
        {
            Bigint(known);
        }
        else
        {
            Null();
        }
    }

    public void Uuid(Guid? value)
    {
        if (value is { } known)
        {
            Uuid(known);
        }
        else
        {
            Null();
        }
    }

    public void Numeric(decimal? value)
    {
        if (value is { } known)
        {
            Numeric(known);
        }
        else
        {
            Null();
        }
    }

    public void Date(DateOnly value) => Integer(value.DayNumber - Epoch.DayNumber);

    /// <param name="value">UTC.</param>
    public void TimestampTz(DateTime value) => Bigint((value.Ticks - EpochTicks) / TimeSpan.TicksPerMicrosecond);

    public void Text(string? value)
    {
        if (value is null)
        {
            Null();
        }
        else
        {
            Write(value, version: null);
        }
    }

    public void Jsonb(string value) => Write(value, version: 1);

    /// <param name="utf8">JSON text.</param>
    public void Jsonb(ReadOnlySpan<byte> utf8)
    {
        Plain(utf8.Length + 1);
        Reserve(1)[0] = 1;
        utf8.CopyTo(Reserve(utf8.Length));
    }

    public void Bytes(ReadOnlySpan<byte> value)
    {
        Plain(value.Length);
        value.CopyTo(Reserve(value.Length));
    }

    public void Uuid(Guid value)
    {
        Plain(16);
        value.TryWriteBytes(Reserve(16), bigEndian: true, out _);
    }

    /// <summary>A one-dimensional <c>text[]</c> without nulls.</summary>
    public void Texts(IReadOnlyList<string> values)
    {
        const int TextOid = 25;
        var bytes = values.Sum(Encoding.UTF8.GetByteCount);
        var header = values.Count == 0 ? 3 : 5;
        Plain((header * sizeof(int)) + (values.Count * sizeof(int)) + bytes);
        Plain(values.Count == 0 ? 0 : 1);
        Plain(0);
        Plain(TextOid);
        if (values.Count > 0)
        {
            Plain(values.Count);
            Plain(1);
            foreach (var value in values)
            {
                Text(value);
            }
        }
    }

    /// <summary>Exact: PostgreSQL's numeric has base 10,000 digits, aligned at the decimal point.</summary>
    public void Numeric(decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        var scale = (bits[3] >> 16) & 0xFF;
        var mantissa = new UInt128((uint)bits[2], ((ulong)(uint)bits[1] << 32) | (uint)bits[0]);
        var padding = (4 - (scale % 4)) % 4;
        for (var i = 0; i < padding; i++)
        {
            mantissa *= 10;
        }

        // Lowest digit first; 96 bits and three zeros are at most nine digits.
        Span<short> digits = stackalloc short[9];
        var count = 0;
        while (mantissa > ulong.MaxValue)
        {
            (mantissa, var digit) = UInt128.DivRem(mantissa, 10_000);
            digits[count++] = (short)(uint)digit;
        }

        for (var rest = (ulong)mantissa; rest > 0; count++)
        {
            (rest, var digit) = Math.DivRem(rest, 10_000UL);
            digits[count] = (short)digit;
        }

        var weight = count - 1 - ((scale + padding) / 4);
        var span = Reserve(4 + 8 + (2 * count));
        BinaryPrimitives.WriteInt32BigEndian(span, 8 + (2 * count));
        BinaryPrimitives.WriteInt16BigEndian(span[4..], (short)count);
        BinaryPrimitives.WriteInt16BigEndian(span[6..], (short)(count == 0 ? 0 : weight));
        BinaryPrimitives.WriteInt16BigEndian(span[8..], bits[3] < 0 && count > 0 ? NumericNegative : (short)0);
        BinaryPrimitives.WriteInt16BigEndian(span[10..], (short)scale);
        for (var i = 0; i < count; i++)
        {
            BinaryPrimitives.WriteInt16BigEndian(span[(12 + (2 * i))..], digits[count - 1 - i]);
        }
    }

    private void Plain(int value) => BinaryPrimitives.WriteInt32BigEndian(Reserve(sizeof(int)), value);

    private void Write(string value, byte? version)
    {
        var prefix = version is null ? 0 : 1;
        var span = Reserve(4 + prefix + Encoding.UTF8.GetMaxByteCount(value.Length));
        var written = Encoding.UTF8.GetBytes(value, span[(4 + prefix)..]);
        BinaryPrimitives.WriteInt32BigEndian(span, prefix + written);
        if (version is { } number)
        {
            span[4] = number;
        }

        _length -= span.Length - 4 - prefix - written;
    }

    private Span<byte> Reserve(int count)
    {
        if (_bytes.Length - _length < count)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + count));
        }

        var span = _bytes.AsSpan(_length, count);
        _length += count;
        return span;
    }
}
