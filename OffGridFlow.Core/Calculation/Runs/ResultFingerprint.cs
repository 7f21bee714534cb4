using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Quantities;

namespace OffGridFlow.Core.Calculation.Runs;

/// <summary>
/// Tells in 16 bytes whether the same would come out of a calculation again: every digit, factor, flag and word of all results of an activity, or of the
/// fault that it has instead. The factors that did not win are left out: a further edition in the library, which nobody took, is no other result.
/// </summary>
public static class ResultFingerprint
{
    /// <summary>Bytes of a fingerprint: the first half of a SHA-256.</summary>
    public const int Length = 16;

    /// <param name="methodVersion">Counts up when the same input gives other digits.</param>
    /// <param name="type">Null where the activity names none that is known.</param>
    /// <param name="input">Null where the unit is none that is known.</param>
    /// <param name="isExcluded">Whether another activity counts it.</param>
    /// <param name="category">The Scope 3 category that was named for it.</param>
    public static byte[] Of(
        string methodVersion, ActivityType? type, ActivityInput? input, CalculationOutcome outcome, IReadOnlyList<InstrumentShare> shares, bool isExcluded = false, int? category = null)
    {
        var writer = new Writer();
        writer.Text(methodVersion);
        writer.Text(type?.Key);
        writer.Text(type?.Name);
        writer.Count(isExcluded ? 1 : 0);
        writer.Count(category ?? 0);
        if (input is not null)
        {
            writer.Text(input.Type);
            writer.Number(input.Quantity.Value);
            Write(ref writer, input.Quantity.Unit);
            writer.Day(input.From);
            writer.Day(input.To);
            writer.Text(input.Region);
            writer.Text(input.Gas);
            writer.Number(input.UncertaintyPercent);
            writer.Text(input.Conversion?.Name);
            if (input.Conversion is { } conversion)
            {
                writer.Number(conversion.Value);
                Write(ref writer, conversion.From);
                Write(ref writer, conversion.To);
                writer.Text(conversion.Source);
            }

            Write(ref writer, input.Worksheet);
        }

        if (outcome.Fault is { } fault)
        {
            writer.Text(fault.Code);
            writer.Text(fault.Message);
            writer.Text(fault.Mend);
            writer.Count(type?.Scope ?? 0);
            writer.Count(type?.Category ?? 0);
        }

        writer.Count(outcome.Emissions.Count);
        foreach (var emission in outcome.Emissions)
        {
            Write(ref writer, emission);
            if (emission.Instrument is { } id)
            {
                Write(ref writer, shares.First(share => share.Instrument.Id == id).Instrument);
            }
        }

        return writer.End();
    }

    private static void Write(ref Writer writer, CalculatedEmission emission)
    {
        writer.Count(emission.Scope);
        writer.Count(emission.Category ?? 0);
        writer.Count(emission.Scope2Method is { } method ? (int)method + 1 : 0);
        writer.Count((int)emission.Part);
        writer.Day(emission.From);
        writer.Day(emission.To);
        writer.Number(emission.Quantity);
        writer.Number(emission.FactorQuantity);
        writer.Text(emission.Factor?.Id);
        writer.Text(emission.Factor?.Set.Id);
        writer.Text(emission.Factor?.Set.Checksum);
        writer.Text(emission.Instrument);
        writer.Number(emission.KgCo2e);
        writer.Count(emission.Gases.Count);
        foreach (var gas in emission.Gases)
        {
            writer.Text(gas.Gas);
            writer.Number(gas.Kg);
            writer.Number(gas.KgCo2e);
            writer.Number(gas.Potential);
        }

        Write(ref writer, emission.Money);
        writer.Number(emission.BiogenicKgCo2);
        writer.Number(emission.NonKyotoKgCo2e);
        writer.Number(emission.KilowattHours);
        writer.Count((int)emission.Step);
        writer.Count((int)emission.Quality);
        writer.Text(emission.GwpBasis);
        if (emission.Energy is { } energy)
        {
            writer.Count(energy.Carrier is { } carrier ? (int)carrier + 1 : 0);
            writer.Number(energy.KilowattHours);
            writer.Number(energy.RenewableKilowattHours);
            writer.Number(energy.NuclearKilowattHours);
            writer.Text(energy.Unit?.Symbol);
            writer.Number(energy.PerUnit);
            writer.Text(energy.Source);
            writer.Text(energy.Gap);
        }

        writer.Count(emission.Flags.Count);
        foreach (var flag in emission.Flags)
        {
            writer.Text(flag.Code);
            writer.Text(flag.Text);
        }
    }

    private static void Write(ref Writer writer, IReadOnlyList<NamedStep> steps)
    {
        writer.Count(steps.Count);
        foreach (var step in steps)
        {
            writer.Text(step.Name);
            writer.Count((int)step.Operation);
            writer.Number(step.Result);
            writer.Text(step.Unit);
            writer.Count(step.Operands.Count);
            foreach (var operand in step.Operands)
            {
                writer.Text(operand.Name);
                writer.Number(operand.Value);
                writer.Text(operand.Unit);
                writer.Text(operand.Source);
                writer.Count(operand.Step ?? -1);
                writer.Count(operand.IsInverse ? 1 : 0);
            }
        }
    }

    private static void Write(ref Writer writer, ContractualInstrument instrument)
    {
        writer.Count((int)instrument.Kind);
        writer.Text(instrument.Name);
        writer.Number(instrument.MegawattHours);
        writer.Day(instrument.From);
        writer.Day(instrument.To);
        writer.Number(instrument.KgCo2ePerKwh);
        writer.Count((int)instrument.Criteria);
        foreach (var site in instrument.Sites)
        {
            writer.Text(site);
        }
    }

    private static void Write(ref Writer writer, Unit unit)
    {
        writer.Text(unit.Symbol);
        writer.Text(unit.Group.ToString());
        writer.Number(unit.Factor);
    }

    /// <summary>Each value with its length or in a fixed one, so that no two contents are written alike.</summary>
    private struct Writer()
    {
        private byte[] _bytes = ArrayPool<byte>.Shared.Rent(4096);
        private int _length;

        public void Count(int value)
        {
            BinaryPrimitives.WriteInt32LittleEndian(Room(sizeof(int)), value);
            _length += sizeof(int);
        }

        public void Day(DateOnly day) => Count(day.DayNumber);

        public void Number(decimal? value)
        {
            Count(value is null ? 0 : 1);
            if (value is { } known)
            {
                Shortest(known, MemoryMarshal.Cast<byte, int>(Room(16)));
                _length += 16;
            }
        }

        /// <summary>Of equal numbers those digits that the shortest one has: 1.50 is written as 1.5.</summary>
        private static void Shortest(decimal value, Span<int> bits)
        {
            decimal.GetBits(value, bits);
            var scale = (bits[3] >> 16) & 0xFF;
            if (scale == 0)
            {
                return;
            }

            if (bits[2] != 0)
            {
                // Division leaves no zeros at the end; for the few numbers of so many digits.
                decimal.GetBits(value / 1.000000000000000000000000000000000m, bits);
                return;
            }

            var digits = ((ulong)(uint)bits[1] << 32) | (uint)bits[0];
            while (scale > 0 && digits % 10 == 0)
            {
                digits /= 10;
                scale--;
            }

            (bits[0], bits[1], bits[3]) = ((int)(uint)digits, (int)(uint)(digits >> 32), (scale << 16) | (bits[3] & int.MinValue));
        }

        public void Text(string? text)
        {
            var bytes = text is null ? -1 : Encoding.UTF8.GetByteCount(text);
            Count(bytes);
            if (bytes > 0)
            {
                Encoding.UTF8.GetBytes(text!, Room(bytes));
                _length += bytes;
            }
        }

        public byte[] End()
        {
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(_bytes.AsSpan(0, _length), hash);
            ArrayPool<byte>.Shared.Return(_bytes);
            return hash[..Length].ToArray();
        }

        private Span<byte> Room(int bytes)
        {
            if (_length + bytes > _bytes.Length)
            {
                var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_bytes.Length * 2, _length + bytes));
                _bytes.AsSpan(0, _length).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(_bytes);
                _bytes = larger;
            }

            return _bytes.AsSpan(_length, bytes);
        }
    }
}
