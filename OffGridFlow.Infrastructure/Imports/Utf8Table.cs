using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace OffGridFlow.Infrastructure.Imports;

/// <summary>
/// Numbers distinct byte strings 0, 1, 2, … in order of appearance. Millions of rows repeat some thousands of texts: looking one
/// up here allocates nothing.
/// </summary>
internal sealed class Utf8Table
{
    private const int FirstSlots = 1024;

    // Seeded per table, so that a prepared file cannot send all its texts to one slot.
    private readonly ulong _seed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8));
    private int[] _slots = new int[FirstSlots];
    private Entry[] _entries = new Entry[FirstSlots / 2];
    private byte[] _bytes = new byte[16 << 10];
    private int _used;

    public int Count { get; private set; }

    /// <summary>Bytes of all texts.</summary>
    public int Bytes => _used;

    /// <summary>The number of a text; <paramref name="added"/> tells that it is new.</summary>
    public int Find(ReadOnlySpan<byte> text, out bool added)
    {
        var hash = Hash(text);
        var mask = _slots.Length - 1;
        var slot = (int)hash & mask;
        for (int index; (index = _slots[slot] - 1) >= 0; slot = (slot + 1) & mask)
        {
            ref readonly var entry = ref _entries[index];
            if (entry.Hash == hash && text.SequenceEqual(_bytes.AsSpan(entry.Start, entry.Length)))
            {
                added = false;
                return index;
            }
        }

        added = true;
        return Add(text, hash, slot);
    }

    public void Clear()
    {
        Array.Clear(_slots);
        Count = 0;
        _used = 0;
    }

    private int Add(ReadOnlySpan<byte> text, ulong hash, int slot)
    {
        if (_bytes.Length - _used < text.Length)
            Array.Resize(ref _bytes, checked((int)BitOperations.RoundUpToPowerOf2((uint)(_used + text.Length))));
        if (Count == _entries.Length)
        {
            Grow();
            slot = FreeSlot(hash);
        }

        text.CopyTo(_bytes.AsSpan(_used));
        _entries[Count] = new Entry(hash, _used, text.Length);
        _used += text.Length;
        _slots[slot] = ++Count;
        return Count - 1;
    }

    private void Grow()
    {
        Array.Resize(ref _entries, _entries.Length * 2);
        _slots = new int[_slots.Length * 2];
        for (var i = 0; i < Count; i++)
            _slots[FreeSlot(_entries[i].Hash)] = i + 1;
    }

    private int FreeSlot(ulong hash)
    {
        var mask = _slots.Length - 1;
        var slot = (int)hash & mask;
        while (_slots[slot] != 0)
            slot = (slot + 1) & mask;
        return slot;
    }

    private ulong Hash(ReadOnlySpan<byte> text)
    {
        const ulong multiplier = 0x9E3779B97F4A7C15;
        var hash = _seed ^ ((ulong)text.Length * multiplier);
        var words = MemoryMarshal.Cast<byte, ulong>(text);
        foreach (var word in words)
            hash = Mix(hash ^ word);
        ulong last = 0;
        foreach (var rest in text[(words.Length * 8)..])
            last = (last << 8) | rest;
        return Mix(hash ^ last);
    }

    private static ulong Mix(ulong value)
    {
        var high = Math.BigMul(value, 0xD6E8FEB86659FD93, out var low);
        return high ^ low;
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Entry(ulong Hash, int Start, int Length);
}
