using OffGridFlow.Core.Organizations;

namespace OffGridFlow.Tests.Organizations;

public sealed class LeiTests
{
    /// <summary>Published identifiers: GLEIF's own, Bloomberg Finance L.P.'s and Apple Inc.'s, in the register at search.gleif.org.</summary>
    [Theory]
    [InlineData("506700GE1G29325QX363")]
    [InlineData("5493001KJTIIGC8Y1R12")]
    [InlineData("HWUPKR0MPOU8FGXBT394")]
    public void IsValid_Published_IsTrue(string lei) => Lei.IsValid(lei).ShouldBeTrue();

    [Theory]
    [InlineData("")]
    [InlineData("5493001KJTIIGC8Y1R13")]
    [InlineData("5493001KJTIIGC8Y1R1")]
    [InlineData("5493001KJTIIGC8Y1R122")]
    [InlineData("5493001kjtiigc8y1r12")]
    [InlineData("5493001KJTIIGC8Y1RAB")]
    [InlineData("5493001KJTIIGC8Y-R12")]
    public void IsValid_Broken_IsFalse(string lei) => Lei.IsValid(lei).ShouldBeFalse();

    /// <summary>What MOD 97-10 is made for: a digit or letter mistyped for another, and neighbors of one kind exchanged, are always found.</summary>
    [Fact]
    public void IsValid_OneSignChangedOrTwoExchanged_IsFalse()
    {
        const string good = "506700GE1G29325QX363";
        foreach (var place in Enumerable.Range(0, good.Length))
        {
            foreach (var sign in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ".Where(sign => sign != good[place] && char.IsAsciiDigit(sign) == char.IsAsciiDigit(good[place])))
            {
                Lei.IsValid(good[..place] + sign + good[(place + 1)..]).ShouldBeFalse(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{sign} at {place}"));
            }

            if (place + 1 < good.Length && good[place] != good[place + 1] && char.IsAsciiDigit(good[place]) == char.IsAsciiDigit(good[place + 1]))
            {
                Lei.IsValid(good[..place] + good[place + 1] + good[place] + good[(place + 2)..]).ShouldBeFalse("exchanged at " + place.ToString(System.Globalization.CultureInfo.InvariantCulture));
            }
        }
    }
}
