using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace OffGridFlow.Core.Assurance;

/// <summary>A result of a population, in the population's order: scope, category, month, id.</summary>
/// <param name="Category">0 for scopes 1 and 2.</param>
/// <param name="Month">First day.</param>
/// <param name="View"><c>location</c> or <c>market</c>; empty for all but scope 2.</param>
/// <param name="Kg">kg CO2e, at most twelve decimals.</param>
public readonly record struct PopulationRow(Guid Id, int Scope, int Category, DateOnly Month, string View, decimal Kg)
{
    /// <summary>As it is hashed and written: no trailing zeros, no exponent.</summary>
    public string Line => string.Create(CultureInfo.InvariantCulture, $"{Id:D}|{Scope}|{Category}|{Month:yyyy-MM}|{View}|{SampleDraw.Text(Kg)}");
}

/// <param name="Place">In the population, from 0.</param>
public sealed record SamplePick(long Place, Guid Id, decimal Kg, SampleStratum Stratum);

/// <param name="Picks">In the order of the population; at most <see cref="SampleDraw.MostItems"/> of them.</param>
/// <param name="Chosen">How many were chosen, also where they are too many to keep.</param>
/// <param name="Hash">SHA-256 over all lines, each with a line feed, in hexadecimal.</param>
public sealed record SampleOutcome(IReadOnlyList<SamplePick> Picks, long Chosen, long Count, decimal Kg, long OutsideCount, decimal OutsideKg, string Hash);

/// <summary>
/// Draws results from a population that goes by once (<c>docs/methods/sampling.md</c>, and <c>redraw_sample.py</c> for whoever draws it again). All chance is
/// SHA-256 of the seed, so that no platform's generator is needed.
/// </summary>
/// <param name="interval">kg; for <see cref="SampleMethod.MonetaryUnit"/>, above zero.</param>
/// <param name="count">For <see cref="SampleMethod.Random"/>, above zero.</param>
public sealed class SampleDraw(SampleMethod method, string seed, decimal interval, int count) : IDisposable
{
    /// <summary>More than anybody checks by hand.</summary>
    public const int MostItems = 10_000;

    private const decimal UnitsPerKg = 1_000_000_000_000m;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly List<SamplePick> _picks = [];
    private readonly PriorityQueue<SamplePick, byte[]> _lowest = new(Comparer<byte[]>.Create((one, other) => other.AsSpan().SequenceCompareTo(one)));
    private readonly Int128 _interval = Units(interval);
    private Int128 _next = method == SampleMethod.MonetaryUnit ? Start(seed, interval) : 0;
    private Int128 _passed;
    private Int128 _sum;
    private Int128 _outside;
    private long _outsideCount;
    private long _count;
    private long _chosen;

    public void Add(in PopulationRow row)
    {
        _hash.AppendData(Encoding.UTF8.GetBytes(row.Line + "\n"));
        var units = Units(row.Kg);
        _sum += units;
        switch (method)
        {
            case SampleMethod.MonetaryUnit when units <= 0:
                _outside += units;
                _outsideCount++;
                break;
            case SampleMethod.MonetaryUnit when units >= _interval:
                Take(row, SampleStratum.High);
                break;
            case SampleMethod.MonetaryUnit:
                _passed += units;
                if (_next < _passed)
                {
                    // Below the interval, so that one kg at most is hit in it.
                    _next += _interval;
                    Take(row, SampleStratum.Hit);
                }

                break;
            case SampleMethod.Random:
                Lower(row);
                break;
            default:
                Take(row, SampleStratum.Drawn);
                break;
        }

        _count++;
    }

    public SampleOutcome Finish()
    {
        var picks = method == SampleMethod.Random ? [.. _lowest.UnorderedItems.Select(item => item.Element).OrderBy(pick => pick.Place)] : _picks;
        return new SampleOutcome(
            picks, method == SampleMethod.Random ? picks.Count : _chosen, _count, Kg(_sum), _outsideCount, Kg(_outside), Convert.ToHexStringLower(_hash.GetHashAndReset()));
    }

    public void Dispose() => _hash.Dispose();

    /// <summary>
    /// The sampling interval of the AICPA Audit Guide, Audit Sampling: (tolerable − expected × expansion factor) ÷ confidence factor, cut off at the twelfth
    /// decimal, so that no sample is smaller than asked for. Zero or less where what is expected leaves nothing.
    /// </summary>
    public static decimal Interval(decimal tolerableKg, decimal expectedKg, int confidencePercent)
    {
        var tenths = (BigInteger)(ConfidenceFactors.Expansion(confidencePercent) * 10m);
        var hundredths = (BigInteger)(ConfidenceFactors.Of(confidencePercent, 0)!.Value * 100m);
        var units = ((10 * (BigInteger)Units(tolerableKg)) - ((BigInteger)Units(expectedKg) * tenths)) * 10 / hundredths;
        return Kg((Int128)units);
    }

    /// <summary>Without trailing zeros.</summary>
    public static string Text(decimal kg) => kg.ToString("0.############", CultureInfo.InvariantCulture);

    /// <summary>The first kg that is hit: SHA-256 of <c>seed|start</c> as a whole number, modulo the interval, in millionths of millionths of a kg.</summary>
    private static Int128 Start(string seed, decimal interval) =>
        (Int128)(new BigInteger(Digest(seed + "|start"), isUnsigned: true, isBigEndian: true) % (BigInteger)Units(interval));

    /// <summary>The results with the lowest SHA-256 of <c>seed|id</c>.</summary>
    private void Lower(in PopulationRow row)
    {
        var digest = Digest(string.Create(CultureInfo.InvariantCulture, $"{seed}|{row.Id:D}"));
        var pick = new SamplePick(_count, row.Id, row.Kg, SampleStratum.Drawn);
        if (_lowest.Count < count)
        {
            _lowest.Enqueue(pick, digest);
        }
        else
        {
            _lowest.EnqueueDequeue(pick, digest);
        }
    }

    private void Take(in PopulationRow row, SampleStratum stratum)
    {
        if (++_chosen <= MostItems)
        {
            _picks.Add(new SamplePick(_count, row.Id, row.Kg, stratum));
        }
    }

    private static byte[] Digest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    private static Int128 Units(decimal kg) => (Int128)(kg * UnitsPerKg);

    private static decimal Kg(Int128 units)
    {
        var whole = (Int128)UnitsPerKg;
        return (decimal)(units / whole) + ((decimal)(units % whole) / UnitsPerKg);
    }
}
