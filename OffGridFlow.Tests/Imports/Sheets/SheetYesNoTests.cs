using OffGridFlow.Core.Imports.Sheets;

namespace OffGridFlow.Tests.Imports.Sheets;

public sealed class SheetYesNoTests
{
    [Theory]
    [InlineData("Yes", true)]
    [InlineData(" JA ", true)]
    [InlineData("TRUE", true)]
    [InlineData("x", true)]
    [InlineData("1", true)]
    [InlineData("Sí", true)]
    [InlineData("oui", true)]
    [InlineData("✓", true)]
    [InlineData("no", false)]
    [InlineData("Nein", false)]
    [InlineData("false", false)]
    [InlineData("0", false)]
    [InlineData("non", false)]
    [InlineData("maybe", null)]
    [InlineData("2", null)]
    [InlineData("-", null)]
    [InlineData("", null)]
    public void Find_OfAWord_SaysYesNoOrNeither(string text, bool? expected) => SheetYesNo.Find(text).ShouldBe(expected);
}
