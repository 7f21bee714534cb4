using System.Globalization;
using System.Text.RegularExpressions;
using OffGridFlow.Core.Inventory;

namespace OffGridFlow.Core.Imports.Sheets;

/// <summary>A Scope 3 category as people write it: its number, alone or behind a word for category or “3.”, its name, or both. Two that differ name none.</summary>
public static partial class SheetCategory
{
    private const int MostNear = 3;

    /// <summary>In other languages, and as other editions of the standard have them; none that could be two.</summary>
    private static readonly (int Category, string[] Names)[] OtherNames =
    [
        (1, ["eingekaufte waren und dienstleistungen", "eingekaufte guter und dienstleistungen", "biens et services achetes", "achats de biens et services", "bienes y servicios adquiridos", "bienes y servicios comprados"]),
        (2, ["kapitalguter", "investitionsguter", "biens d equipement", "biens immobilises", "bienes de capital"]),
        (3, ["fuel and energy related activities not included in scope 1 or scope 2", "brennstoff und energiebezogene aktivitaten", "brennstoff und energiebezogene emissionen", "activites liees aux combustibles et a l energie",
            "actividades relacionadas con combustibles y energia"]),
        (4, ["upstream transportation and distribution", "vorgelagerter transport und verteilung", "vorgelagerter transport und vertrieb", "transport et distribution en amont", "transporte y distribucion aguas arriba"]),
        (5, ["abfall aus dem betrieb", "im betrieb anfallender abfall", "dechets generes par les operations", "dechets produits", "residuos generados en las operaciones"]),
        (6, ["geschaftsreisen", "dienstreisen", "voyages d affaires", "deplacements professionnels", "viajes de negocios", "viajes de trabajo"]),
        (7, ["commuting", "pendeln der mitarbeitenden", "pendeln der arbeitnehmer", "pendelverkehr der mitarbeitenden", "berufsverkehr", "mitarbeiterpendeln", "deplacements domicile travail", "trajets domicile travail",
            "desplazamiento de empleados", "desplazamientos de los empleados"]),
        (8, ["vorgelagerte gemietete sachanlagen", "angemietete oder geleaste sachanlagen", "actifs loues en amont", "activos arrendados aguas arriba"]),
        (9, ["downstream transportation and distribution", "nachgelagerter transport und verteilung", "nachgelagerter transport und vertrieb", "transport et distribution en aval", "transporte y distribucion aguas abajo"]),
        (10, ["verarbeitung verkaufter produkte", "verarbeitung der verkauften produkte", "transformation des produits vendus", "procesamiento de productos vendidos"]),
        (11, ["nutzung verkaufter produkte", "nutzung der verkauften produkte", "utilisation des produits vendus", "uso de productos vendidos"]),
        (12, ["entsorgung verkaufter produkte", "entsorgung der verkauften produkte", "traitement en fin de vie des produits vendus", "fin de vie des produits vendus", "tratamiento al final de la vida util de productos vendidos"]),
        (13, ["nachgelagerte vermietete sachanlagen", "vermietete oder verleaste sachanlagen", "actifs loues en aval", "activos arrendados aguas abajo"]),
        (14, ["franchise", "franquicias"]),
        (15, ["investitionen", "beteiligungen", "investissements", "inversiones"]),
    ];

    private static readonly Dictionary<string, int> ByName = Numbers.Select(category => (Name: SheetHeadingText.Plain(CategoryNames.Of(category)), Category: category))
        .Concat(OtherNames.SelectMany(other => other.Names.Select(name => (Name: name, other.Category)))).ToDictionary(pair => pair.Name, pair => pair.Category, StringComparer.Ordinal);

    /// <summary>1 to 15.</summary>
    public static IEnumerable<int> Numbers => Enumerable.Range(1, 15);

    /// <summary>As it is offered and read back: <c>7 Employee commuting</c>.</summary>
    public static string NameOf(int category) => string.Create(CultureInfo.InvariantCulture, $"{category} {CategoryNames.Of(category)}");

    /// <returns>1 to 15; null where the text names none of them, or could be two.</returns>
    public static int? Find(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (ByName.TryGetValue(SheetHeadingText.Plain(text), out var named))
        {
            return named;
        }

        if (Numbered().Match(text.Trim()) is not { Success: true } match || NumberOf(match) is not (>= 1 and <= 15 and var number))
        {
            return null;
        }

        return match.Groups["name"].Success ? ByName.TryGetValue(SheetHeadingText.Plain(match.Groups["name"].Value), out var said) && said == number ? number : null
            // A spreadsheet writes 3.10 so, too.
            : match.Groups["scope"].Success && match.Groups["n"].Value == "1" ? null : number;
    }

    /// <summary>Whether the text is written as a category is, of whatever number.</summary>
    public static bool IsLike(string text) => Find(text) is not null || Numbered().IsMatch(text.Trim());

    /// <summary>Categories that the text may mean, the likeliest first; may be empty.</summary>
    public static IReadOnlyList<int> Near(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Numbered().Match(text.Trim()) is { Success: true } match)
        {
            int?[] said = [NumberOf(match), match.Groups["scope"].Success && match.Groups["n"].Value == "1" ? 10 : null, ByName.TryGetValue(SheetHeadingText.Plain(match.Groups["name"].Value), out var named) ? named : null];
            return [.. said.OfType<int>().Where(number => number is >= 1 and <= 15).Distinct()];
        }

        var words = SheetHeadingText.Plain(text).Split(' ').Where(word => word.Length > 3).ToList();
        return [.. Numbers.Select(category => (category, score: words.Count(word => SheetHeadingText.Plain(CategoryNames.Of(category)).Contains(word, StringComparison.Ordinal))))
            .Where(pair => pair.score > 0).OrderByDescending(pair => pair.score).ThenBy(pair => pair.category).Select(pair => pair.category).Take(MostNear)];
    }

    private static int NumberOf(Match match) => int.Parse(match.Groups["n"].Value, CultureInfo.InvariantCulture);

    /// <summary>“7”, “7.0”, “Cat. 7”, “Kategorie 7”, “3.7”, “Scope 3, category 7: Employee commuting”.</summary>
    [GeneratedRegex(@"^(scope\s*3[\s.,:;/-]*|s3[\s.,:;/-]*)?((c|cat|category|kat|kategorie|cat[eé]gorie|categor[ií]a)[\s.:#-]*)?(?<scope>3\.)?(?<n>\d{1,2})(\.0+)?([\s.:)–—-]+(?<name>\p{L}.*))?$",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Numbered();
}
