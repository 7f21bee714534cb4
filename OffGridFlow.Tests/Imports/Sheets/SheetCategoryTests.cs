using OffGridFlow.Core.Imports.Sheets;
using OffGridFlow.Core.Inventory;

namespace OffGridFlow.Tests.Imports.Sheets;

public sealed class SheetCategoryTests
{
    [Theory]
    [InlineData("7", 7)]
    [InlineData(" 07 ", 7)]
    [InlineData("7.0", 7)]
    [InlineData("15", 15)]
    [InlineData("Cat. 7", 7)]
    [InlineData("cat 7", 7)]
    [InlineData("C7", 7)]
    [InlineData("Category 7", 7)]
    [InlineData("CATEGORY #7", 7)]
    [InlineData("Kategorie 7", 7)]
    [InlineData("Catégorie 7", 7)]
    [InlineData("Categoría 7", 7)]
    [InlineData("3.7", 7)]
    [InlineData("3.10", 10)]
    [InlineData("Scope 3.7", 7)]
    [InlineData("Scope 3, category 7", 7)]
    [InlineData("S3 Cat 7", 7)]
    [InlineData("Employee commuting", 7)]
    [InlineData("employee  COMMUTING", 7)]
    [InlineData("7 Employee commuting", 7)]
    [InlineData("Category 7: Employee commuting", 7)]
    [InlineData("3.1 Purchased goods and services", 1)]
    [InlineData("Fuel and energy related activities", 3)]
    [InlineData("Geschäftsreisen", 6)]
    [InlineData("Déplacements domicile-travail", 7)]
    public void Find_OfACategory_IsItsNumber(string text, int category) => SheetCategory.Find(text).ShouldBe(category);

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("16")]
    [InlineData("99")]
    [InlineData("007")]
    [InlineData("-7")]
    [InlineData("7.5")]
    [InlineData("6/7")]
    [InlineData("6, 7")]
    [InlineData("3.1")] // what a spreadsheet makes of 3.10
    [InlineData("7 Business travel")]
    [InlineData("7 tonnes")]
    [InlineData("Leased assets")]
    [InlineData("Transport and distribution")]
    [InlineData("2025-07-03")]
    [InlineData("Scope 3")]
    public void Find_OfAnythingElse_IsNone(string text) => SheetCategory.Find(text).ShouldBeNull();

    [Fact]
    public void Find_OfEveryName_ReadsBack() => SheetCategory.Numbers.ShouldAllBe(
        category => SheetCategory.Find(SheetCategory.NameOf(category)) == category && SheetCategory.Find(CategoryNames.Of(category)) == category);

    [Theory]
    [InlineData("3.1", "1, 10")]
    [InlineData("7 Business travel", "7, 6")]
    [InlineData("16", "")]
    [InlineData("Leased assets", "8, 13")]
    [InlineData("Staff commuting", "7")]
    [InlineData("n/a", "")]
    public void Near_NamesWhatMayBeMeant(string text, string categories) => string.Join(", ", SheetCategory.Near(text)).ShouldBe(categories);
}
