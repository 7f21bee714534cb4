namespace OffGridFlow.Core.Imports.Sheets;

/// <summary>What the words of the product say about a text of a cell.</summary>
public interface ISheetWords
{
    bool IsUnit(string text);

    bool IsSite(string text);

    /// <summary>The key of the activity type; null where it is none, or could be two.</summary>
    string? TypeOf(string text);

    bool IsGas(string text);
}

/// <summary>A column with some of its values.</summary>
public sealed record SheetColumnSample(int Column, SheetHeadingText Heading, IReadOnlyList<SheetCell> Values);

/// <param name="Confidence">0 to 1.</param>
public sealed record SheetSuggestedUse(SheetColumnUse Use, double Confidence);

/// <summary>
/// Which column holds what, by its heading in English, German, French and Spanish (and the words that others share with them) and by its values. Values
/// that contradict a heading weigh more than it.
/// </summary>
public static class SheetMapping
{
    private const double Least = 0.35;

    private static readonly (SheetField Field, string[] Words)[] Names =
    [
        (SheetField.ExternalId, ["external id", "externalid", "record id", "row id", "datensatz id", "externe id", "id externe", "id externo", "unique id", "guid", "id"]),
        (SheetField.Site, ["site", "location", "facility", "plant", "building", "premises", "office", "branch", "store", "standort", "werk", "gebaude", "filiale", "niederlassung",
            "betriebsstatte", "liegenschaft", "etablissement", "lieu", "usine", "batiment", "sitio", "sede", "planta", "instalacion", "edificio", "centro", "local", "vestiging", "site name", "site code"]),
        (SheetField.ActivityType, ["activity type", "activity", "type", "fuel", "fuel type", "energy type", "energy source", "energy carrier", "commodity", "utility", "medium", "source",
            "category", "energietrager", "energieart", "brennstoff", "kraftstoff", "aktivitat", "art", "verbrauchsart", "type d energie", "energie", "combustible", "carburant",
            "activite", "tipo", "tipo de energia", "actividad", "fuente", "product", "produkt"]),
        (SheetField.Quantity, ["quantity", "qty", "amount", "consumption", "usage", "use", "volume", "value", "total consumption", "metered", "menge", "verbrauch", "wert", "anzahl",
            "bezug", "betrag", "quantite", "consommation", "valeur", "conso", "cantidad", "consumo", "valor", "hoeveelheid", "verbruik", "ilosc", "forbrukning", "quantita"]),
        (SheetField.Unit, ["unit", "units", "uom", "unit of measure", "unit of measurement", "einheit", "masseinheit", "me", "unite", "unite de mesure", "unidad", "unidades", "ud",
            "unita", "eenheid", "jednostka", "enhet"]),
        (SheetField.From, ["from", "start", "start date", "period start", "begin", "date from", "from date", "service start", "billing start", "first day", "von", "ab", "beginn",
            "zeitraum von", "datum von", "startdatum", "abrechnungsbeginn", "du", "check in", "anreise", "debut", "date de debut", "date debut", "desde", "inicio", "fecha inicio", "fecha de inicio", "van", "od"]),
        (SheetField.To, ["to", "end", "end date", "period end", "until", "date to", "to date", "through", "service end", "billing end", "last day", "bis", "ende", "zeitraum bis",
            "datum bis", "enddatum", "abrechnungsende", "au", "check out", "abreise", "fin", "date de fin", "date fin", "hasta", "fecha fin", "fecha de fin", "fecha final", "tot", "do"]),
        (SheetField.Period, ["period", "month", "billing period", "billing month", "reporting period", "date", "year", "quarter", "invoice month", "month year", "monat", "zeitraum",
            "periode", "abrechnungsmonat", "datum", "jahr", "quartal", "mois", "annee", "trimestre", "mes", "periodo", "fecha", "ano", "maand"]),
        (SheetField.Gas, ["gas", "gas type", "refrigerant", "refrigerant type", "gas name", "kaltemittel", "kaltemitteltyp", "refrigerante", "fluide frigorigene", "frigorigene", "fluide", "blend"]),
        (SheetField.Quality, ["quality", "data quality", "measured or estimated", "reading type", "read type", "ableseart", "datenqualitat", "qualitat", "qualite", "calidad", "estimated"]),
        (SheetField.Reference, ["reference", "ref", "invoice", "invoice number", "invoice no", "bill number", "document number", "document", "meter", "meter number", "meter id", "mpan", "mprn",
            "zahler", "zahlernummer", "zahlpunkt", "beleg", "belegnummer", "beleg nr", "rechnung", "rechnungsnummer", "rechnungs nr", "facture", "numero de facture", "compteur",
            "n facture", "factura", "numero de factura", "contador", "cups", "evidence no", "evidence number", "nr"]),
        (SheetField.Note, ["note", "notes", "comment", "comments", "remark", "remarks", "description", "notiz", "bemerkung", "bemerkungen", "kommentar", "anmerkung", "hinweis",
            "commentaire", "remarque", "nota", "notas", "comentario", "observaciones", "observacion"]),
        (SheetField.Accrual, ["accrual", "accruals", "is accrual", "accrued", "accrual y n", "abgrenzung", "rechnungsabgrenzung", "ruckstellung", "provision", "regularisation",
            "periodificacion", "devengo"]),
        (SheetField.Category, ["category", "scope 3 category", "scope3 category", "ghg category", "category number", "category no", "kategorie", "scope 3 kategorie", "kategorie scope 3", "categorie", "categorie scope 3",
            "categorie du scope 3", "categoria", "categoria scope 3", "categoria alcance 3", "categoria de alcance 3"]),
        (SheetField.Vendor, ["vendor", "vendor name", "supplier", "supplier name", "payee", "creditor", "merchant", "lieferant", "lieferantenname", "kreditor", "kreditorname", "zahlungsempfanger", "fournisseur",
            "nom du fournisseur", "beneficiaire", "creancier", "proveedor", "nombre del proveedor", "acreedor", "beneficiario", "leverancier", "fornitore", "dostawca", "leverantor"]),
        (SheetField.Account, ["account", "ledger account", "gl account", "g l account", "general ledger account", "account number", "account no", "account code", "nominal code", "nominal account", "sachkonto", "konto",
            "kontonummer", "hauptbuchkonto", "aufwandskonto", "compte", "compte comptable", "compte general", "numero de compte", "cuenta", "cuenta contable", "numero de cuenta", "grootboekrekening", "conto", "konto ksiegowe"]),
    ];

    /// <summary>The two registers of a meter.</summary>
    private static readonly (string High, string Low)[] Registers =
    [
        ("ht", "nt"), ("hochtarif", "niedertarif"), ("tag", "nacht"), ("high tariff", "low tariff"), ("high rate", "low rate"), ("day", "night"), ("peak", "off peak"), ("on peak", "off peak"),
        ("hp", "hc"), ("heures pleines", "heures creuses"), ("jour", "nuit"), ("punta", "valle"), ("dia", "noche"),
    ];

    private static readonly HashSet<string> MonthWords = new(StringComparer.Ordinal)
    {
        "month", "months", "period", "monat", "abrechnungsmonat", "zeitraum", "periode", "mois", "mes", "periodo", "maand", "mese", "miesiac", "manad",
    };

    public static IReadOnlyList<SheetSuggestedUse> Suggest(IReadOnlyList<SheetColumnSample> columns, ISheetWords words)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(words);
        if (Wide(columns, words) is { Count: > 0 } wide)
        {
            var taken = wide.Select(use => use.Use.Column).ToHashSet();
            var rest = columns.Where(column => !taken.Contains(column.Column)).ToList();
            // Where the columns are months, no other says when; where each says its unit, no other says that.
            var said = wide.SelectMany(use => use.Use.With!.Keys).ToHashSet();
            var without = said.Contains(SheetField.Period) ? new[] { SheetField.Quantity, SheetField.From, SheetField.To, SheetField.Period } : [SheetField.Quantity];
            return [.. wide, .. Long(rest, words, [.. without, .. said.Where(field => wide.All(use => use.Use.With!.ContainsKey(field)))])];
        }

        return Long(columns, words, []);
    }

    /// <summary>Months, types of activity with their unit, or registers of a meter as columns: at least two of a kind. Empty where it is not so.</summary>
    private static List<SheetSuggestedUse> Wide(IReadOnlyList<SheetColumnSample> columns, ISheetWords words)
    {
        var months = columns.Where(column => Numeric(column, words) && MonthOf(column.Heading.Text) is not null).ToList();
        if (months.Count < 2)
        {
            // Months without a year, each once: the plan says of which twelve they are.
            months = [.. columns.Where(column => Numeric(column, words) && MonthAlone(column.Heading) is not null)];
            months = months.Select(column => SheetDays.MonthAlone(MonthAlone(column.Heading)!)).Distinct().Count() == months.Count ? months : [];
        }

        if (months.Count >= 2)
        {
            return [.. months.Select(column => new SheetSuggestedUse(new SheetColumnUse(column.Column, SheetField.Quantity, With(
                (SheetField.Period, MonthOf(column.Heading.Text) ?? MonthAlone(column.Heading)), (SheetField.Unit, column.Heading.Unit))), 0.95))];
        }

        var types = columns.Where(column => Numeric(column, words) && column.Heading.Unit is not null && TypeOf(column.Heading, words) is not null).ToList();
        return types.Count < 2 ? RegistersIn(columns, words) : [.. types.Select(column => new SheetSuggestedUse(new SheetColumnUse(column.Column, SheetField.Quantity, With(
            (SheetField.ActivityType, TypeOf(column.Heading, words)), (SheetField.Unit, column.Heading.Unit))), 0.9))];
    }

    /// <summary>
    /// High and low tariff side by side, e.g. “Consumption HT (kWh)” and “Consumption NT (kWh)”: one pair of the same words and unit, and words that a quantity
    /// has. Empty where there is none, or several.
    /// </summary>
    private static List<SheetSuggestedUse> RegistersIn(IReadOnlyList<SheetColumnSample> columns, ISheetWords words)
    {
        var numeric = columns.Where(column => Numeric(column, words)).ToList();
        var pairs = (
            from register in Registers
            from high in numeric
            let rest = Without(high.Heading.Words, register.High)
            where rest is not null && (rest.Length == 0 || NameScore(rest, SheetField.Quantity) > 0 || words.TypeOf(rest) is not null)
            from low in numeric
            where low != high && Without(low.Heading.Words, register.Low) == rest && string.Equals(low.Heading.Unit, high.Heading.Unit, StringComparison.OrdinalIgnoreCase)
            select (High: high, Low: low, What: rest)).ToList();
        return pairs is not [var only] ? [] : [.. new[] { only.High, only.Low }.Select(column => new SheetSuggestedUse(new SheetColumnUse(column.Column, SheetField.Quantity, With(
            (SheetField.Quantity, SheetPlan.Register), (SheetField.Unit, column.Heading.Unit), (SheetField.ActivityType, words.TypeOf(only.What)))), 0.9))];
    }

    /// <summary>The words without this one at their beginning or end; null where it is at neither.</summary>
    private static string? Without(string words, string word) => words == word ? ""
        : words.StartsWith(word + " ", StringComparison.Ordinal) ? words[(word.Length + 1)..]
        : words.EndsWith(" " + word, StringComparison.Ordinal) ? words[..^(word.Length + 1)] : null;

    private static List<SheetSuggestedUse> Long(IReadOnlyList<SheetColumnSample> columns, ISheetWords words, SheetField[] without)
    {
        var scores = (
            from column in columns
            from field in Enum.GetValues<SheetField>()
            where !without.Contains(field)
            let score = Score(column, field, words)
            where score >= Least
            orderby score descending, column.Column
            select (column, field, score)).ToList();
        var (usedColumns, usedFields, uses) = (new HashSet<int>(), new HashSet<SheetField>(), new List<SheetSuggestedUse>());
        foreach (var (column, field, score) in scores)
        {
            // From with a period beside it: the period says less.
            if (!usedColumns.Contains(column.Column) && !usedFields.Contains(field) && !(field == SheetField.Period && usedFields.Contains(SheetField.To))
                && !(field is SheetField.From or SheetField.To && usedFields.Contains(SheetField.Period)))
            {
                usedColumns.Add(column.Column);
                usedFields.Add(field);
                uses.Add(new SheetSuggestedUse(new SheetColumnUse(column.Column, field, WithOf(column, field, words)), score));
            }
        }

        return uses;
    }

    /// <summary>What the heading of a quantity says beside: “Gas (kWh)” gives the unit and the type. Of a period: whether first days of months stand for the months.</summary>
    private static Dictionary<SheetField, string>? WithOf(SheetColumnSample column, SheetField field, ISheetWords words) => field switch
    {
        SheetField.Quantity => With((SheetField.Unit, column.Heading.Unit), (SheetField.ActivityType, TypeOf(column.Heading, words))),
        SheetField.Period => With((SheetField.Period, FirstDaysIn(column) == SheetFirstDays.Months ? SheetPlan.WholeMonths : null)),
        _ => null,
    };

    /// <summary>“Jan-25” in a spreadsheet is kept as 1 January: under “Month” or “Period”, with nothing but first days, of several months, it is the month.</summary>
    public static SheetFirstDays FirstDaysIn(SheetColumnSample column)
    {
        ArgumentNullException.ThrowIfNull(column);
        // A cell that says no time at all, as “Total” below the months, says nothing of the others.
        var days = column.Values.Where(cell => !cell.IsBlank && !cell.IsMerged && Fits(cell, SheetField.Period, null!))
            .Select(cell => cell.Kind == SheetCellKind.Day ? cell.Day : DayOf(cell) is { Span: SheetSpan.Day } read ? read.From : null).ToList();
        if (days.Count == 0 || !days.TrueForAll(day => day is { Day: 1 }))
        {
            return SheetFirstDays.None;
        }

        var heading = column.Heading.Parts.Append(column.Heading.Words);
        return heading.SelectMany(words => words.Split(' ')).Any(MonthWords.Contains) && days.Distinct().Count() > 1 ? SheetFirstDays.Months : SheetFirstDays.Days;
    }

    /// <summary>What the heading names, or one of its rows: “Natural gas” over “Volume (m3)”.</summary>
    private static string? TypeOf(SheetHeadingText heading, ISheetWords words) =>
        words.TypeOf(heading.Words) ?? (heading.Parts.Select(words.TypeOf).OfType<string>().Distinct(StringComparer.Ordinal).ToList() is [var only] ? only : null);

    private static Dictionary<SheetField, string>? With(params (SheetField Field, string? Text)[] said)
    {
        var with = said.Where(pair => pair.Text is not null).ToDictionary(pair => pair.Field, pair => pair.Text!);
        return with.Count == 0 ? null : with;
    }

    private static double Score(SheetColumnSample column, SheetField field, ISheetWords words)
    {
        var (name, values) = (NameScore(column.Heading, field, words), ValueScore(column, field, words));
        return values is null ? name * 0.8 : values < 0.2 ? Contradicted(name, column.Heading, field) : field switch
        {
            // Any text may be a note, and any number a quantity: without a heading these say little.
            SheetField.Note or SheetField.Reference or SheetField.ExternalId or SheetField.Vendor or SheetField.Account => name * 0.9,
            SheetField.Quantity => Math.Max(name * 0.95, 0.45 * values.Value),
            // Days stand in many columns, and so do small numbers.
            SheetField.From or SheetField.To or SheetField.Accrual or SheetField.Category => name == 0 ? 0 : (0.6 * name) + (0.4 * values.Value),
            // “Period from” is the first day.
            SheetField.Period => (0.5 * name) + (0.35 * values.Value),
            _ => Math.Max((0.6 * name) + (0.4 * values.Value), 0.8 * values.Value),
        };
    }

    /// <summary>A heading whose values do not fit: it still says what is meant where it is the very word, and sites and types may have names that nobody knows yet.</summary>
    private static double Contradicted(double name, SheetHeadingText heading, SheetField field) =>
        // “Category” alone heads anybody's own grouping.
        field == SheetField.Category && !heading.Words.Contains("scope", StringComparison.Ordinal) ? 0 : name >= 0.98 ? 0.4 : name * (field is SheetField.Site or SheetField.ActivityType ? 0.5 : 0.3);

    private static double NameScore(SheetHeadingText heading, SheetField field, ISheetWords words)
    {
        var best = NameScore(heading.Words, field);
        for (var part = 0; part < heading.Parts.Count; part++)
        {
            // “Period | From”: the lowest row says what it is, the others where it belongs.
            best = Math.Max(best, NameScore(heading.Parts[part], field) * (part == heading.Parts.Count - 1 ? 0.98 : 0.85));
        }

        return field == SheetField.Quantity && (heading.Unit is not null || words.TypeOf(heading.Words) is not null) ? Math.Max(best, 0.85) : best;
    }

    private static double NameScore(string plain, SheetField field)
    {
        var best = 0.0;
        foreach (var name in Names.First(entry => entry.Field == field).Words)
        {
            var score = plain == name ? 1
                : name.Length < 2 || (name.Length < 3 && field is not (SheetField.From or SheetField.To)) ? 0
                : plain.StartsWith(name + " ", StringComparison.Ordinal) || plain.EndsWith(" " + name, StringComparison.Ordinal) ? 0.5 + (0.4 * name.Length / plain.Length)
                : plain.Contains(" " + name + " ", StringComparison.Ordinal) ? 0.5
                // Long compounds: Standortname, Verbrauchsmenge.
                : name.Length >= 5 && plain.Contains(name, StringComparison.Ordinal) ? 0.45 : 0;
            best = Math.Max(best, score);
        }

        return best;
    }

    /// <summary>Share of the values that can be what the field asks for; null where there are none.</summary>
    private static double? ValueScore(SheetColumnSample column, SheetField field, ISheetWords words)
    {
        var values = column.Values.Where(cell => !cell.IsBlank).ToList();
        return values.Count == 0 ? null : (double)values.Count(cell => Fits(cell, field, words)) / values.Count;
    }

    private static bool Fits(SheetCell cell, SheetField field, ISheetWords words) => field switch
    {
        SheetField.Site => words.IsSite(cell.Text),
        SheetField.ActivityType => words.TypeOf(cell.Text) is not null,
        SheetField.Unit => words.IsUnit(cell.Text),
        SheetField.Gas => words.IsGas(cell.Text),
        SheetField.Quantity => cell.Kind == SheetCellKind.Number
            // “70001 Stahlwerk Süd” is a name that begins with a number.
            || (cell.Kind == SheetCellKind.Text && SheetNumbers.Read(cell.Text, null) is { Outcome: SheetReading.Read or SheetReading.Ambiguous } number
                && (number.Suffix.Length == 0 || words.IsUnit(number.Suffix))),
        SheetField.From or SheetField.To => cell.Kind == SheetCellKind.Day || DayOf(cell) is { Span: SheetSpan.Day or SheetSpan.Month },
        SheetField.Period => cell.Kind == SheetCellKind.Day || DayOf(cell) is not null || (cell.Kind == SheetCellKind.Text && SheetDays.MonthAlone(cell.Text) is not null),
        // A letter alone is what meter readings are marked with, and much else.
        SheetField.Quality => cell.Text.Length > 1 && SheetQuality.Find(cell.Text) is not null,
        SheetField.Accrual => SheetYesNo.Find(cell.Text) is not null,
        SheetField.Category => SheetCategory.IsLike(cell.Text),
        _ => true,
    };

    private static DayReading? DayOf(SheetCell cell)
    {
        var reading = cell.Kind == SheetCellKind.Number && decimal.TryParse(cell.Text, System.Globalization.CultureInfo.InvariantCulture, out var number)
            ? SheetDays.FromNumber(number, is1904: false) : cell.Kind == SheetCellKind.Text ? SheetDays.Read(cell.Text, null) : default(DayReading) with { Outcome = SheetReading.Unreadable };
        return reading.Outcome is SheetReading.Read or SheetReading.Ambiguous ? reading : null;
    }

    private static bool Numeric(SheetColumnSample column, ISheetWords words)
    {
        var values = column.Values.Where(cell => !cell.IsBlank).ToList();
        return values.Count == 0 || values.Count(cell => cell.Kind is SheetCellKind.Error or SheetCellKind.NotCalculated || Fits(cell, SheetField.Quantity, words)) >= values.Count * 0.5;
    }

    /// <summary>The heading's word for a month where it names no year: “Januar”, of “Jan (kWh)” “jan”.</summary>
    private static string? MonthAlone(SheetHeadingText heading) =>
        SheetDays.MonthAlone(heading.Text) is not null ? heading.Text.Trim() : SheetDays.MonthAlone(heading.Words) is not null ? heading.Words : null;

    /// <summary>The heading as a month with its year, as a cell of a period would be written.</summary>
    private static string? MonthOf(string heading)
    {
        var reading = SheetDays.Read(heading, null);
        if (reading.Outcome != SheetReading.Read)
        {
            // “Mar 2025 (kWh)”
            var at = heading.IndexOfAny(['(', '[']);
            reading = at > 0 ? SheetDays.Read(heading[..at], null) : reading;
        }

        return reading is { Outcome: SheetReading.Read, Span: SheetSpan.Month } ? reading.From.ToString("yyyy-MM", System.Globalization.CultureInfo.InvariantCulture)
            // A heading that is a day stands for its month where it is the first: Excel keeps “Mar 2025” so.
            : reading is { Outcome: SheetReading.Read, Span: SheetSpan.Day, From.Day: 1 } ? reading.From.ToString("yyyy-MM", System.Globalization.CultureInfo.InvariantCulture) : null;
    }
}

/// <summary>Words for how good a figure is.</summary>
public static class SheetQuality
{
    private static readonly Dictionary<string, Inventory.DataQuality> Words = new(StringComparer.Ordinal)
    {
        ["a"] = Inventory.DataQuality.Measured, ["e"] = Inventory.DataQuality.Estimated, ["measured"] = Inventory.DataQuality.Measured, ["metered"] = Inventory.DataQuality.Measured, ["actual"] = Inventory.DataQuality.Measured, ["gemessen"] = Inventory.DataQuality.Measured,
        ["abgelesen"] = Inventory.DataQuality.Measured, ["mesure"] = Inventory.DataQuality.Measured, ["reel"] = Inventory.DataQuality.Measured, ["medido"] = Inventory.DataQuality.Measured,
        ["real"] = Inventory.DataQuality.Measured, ["estimated"] = Inventory.DataQuality.Estimated, ["estimate"] = Inventory.DataQuality.Estimated,
        ["geschatzt"] = Inventory.DataQuality.Estimated, ["estime"] = Inventory.DataQuality.Estimated, ["estimado"] = Inventory.DataQuality.Estimated,
        ["defaulted"] = Inventory.DataQuality.Defaulted, ["default"] = Inventory.DataQuality.Defaulted, ["pauschal"] = Inventory.DataQuality.Defaulted,
        ["par defaut"] = Inventory.DataQuality.Defaulted, ["por defecto"] = Inventory.DataQuality.Defaulted,
    };

    public static Inventory.DataQuality? Find(string text) => Words.TryGetValue(SheetHeadingText.Plain(text), out var quality) ? quality : null;
}

/// <summary>Activity types in other languages than the product's own; only words that mean one of them alone.</summary>
public static class SheetTypeWords
{
    private static readonly Dictionary<string, string> Keys = new(StringComparer.Ordinal)
    {
        ["strom"] = "electricity", ["elektrizitat"] = "electricity", ["stromverbrauch"] = "electricity", ["strombezug"] = "electricity", ["electricite"] = "electricity",
        ["electricidad"] = "electricity", ["energia electrica"] = "electricity", ["elettricita"] = "electricity", ["elektriciteit"] = "electricity", ["energia elektryczna"] = "electricity",
        ["power"] = "electricity", ["electric"] = "electricity", ["electrical energy"] = "electricity",
        ["erdgas"] = "natural-gas", ["gasverbrauch"] = "natural-gas", ["gaz naturel"] = "natural-gas", ["gaz"] = "natural-gas", ["gas natural"] = "natural-gas", ["aardgas"] = "natural-gas",
        ["gas naturale"] = "natural-gas", ["gaz ziemny"] = "natural-gas",
        ["fernwarme"] = "heat", ["reseau de chaleur"] = "heat", ["chauffage urbain"] = "heat", ["calor de distrito"] = "heat", ["stadsverwarming"] = "heat", ["district heating"] = "heat",
        ["fernkalte"] = "cooling", ["reseau de froid"] = "cooling", ["dampf"] = "steam", ["vapeur"] = "steam", ["vapor"] = "steam",
        ["heizol"] = "gas-oil", ["heizol el"] = "gas-oil", ["fioul"] = "gas-oil", ["fioul domestique"] = "gas-oil", ["gasoleo de calefaccion"] = "gas-oil",
        ["flussiggas"] = "lpg", ["gpl"] = "lpg", ["glp"] = "lpg", ["holzpellets"] = "wood-pellets", ["granules de bois"] = "wood-pellets", ["hackschnitzel"] = "wood-chips",
        ["dieselkraftstoff"] = "diesel", ["gazole"] = "diesel", ["gasoleo a"] = "diesel", ["benzin"] = "petrol", ["super e5"] = "petrol", ["super e10"] = "petrol", ["super plus"] = "petrol",
        ["ottokraftstoff"] = "petrol", ["essence"] = "petrol", ["gasolina"] = "petrol", ["unleaded"] = "petrol", ["hotelubernachtung"] = "hotel-night", ["ubernachtung"] = "hotel-night",
        ["room night"] = "hotel-night", ["abwasser"] = "wastewater",
        ["kaltemittelverlust"] = "refrigerant-leak", ["refrigerant leakage"] = "refrigerant-leak",
    };

    /// <summary>The key of the type; null where the words are not known.</summary>
    public static string? Find(string text) => Keys.TryGetValue(SheetHeadingText.Plain(text), out var key) ? key : null;
}
