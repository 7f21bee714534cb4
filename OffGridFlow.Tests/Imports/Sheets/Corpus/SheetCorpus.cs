using System.IO.Compression;
using System.Text;

namespace OffGridFlow.Tests.Imports.Sheets.Corpus;

/// <summary>
/// Files as people and programs send them, each with what has to become of it: how many rows are good and the sum of their quantities, the problems of the
/// others, what has to be asked, or why the file is refused.
/// </summary>
internal static class SheetCorpus
{
    private const string Head = "Site,Activity type,Quantity,Unit,From,To\n";
    private const string Good = "Leeds,Electricity,1000,kWh,2025-01-01,2025-01-31\n";
    private static readonly object?[] Heads = ["Site", "Activity type", "Quantity", "Unit", "From", "To"];
    private static readonly DateOnly First = new(2025, 1, 1);
    private static readonly DateOnly Last = new(2025, 1, 31);

    public sealed record Case(string Name, string FileName, Func<byte[]> Bytes, string Expected, string? Culture = null);

    public static IReadOnlyList<Case> All { get; } =
    [
        Text("plain", Head + Good, "1 good = 1000"),
        Text("byte order mark", "\uFEFF" + Head + Good, "1 good = 1000"),
        Text("UTF-16", "\uFEFF" + Head + Good, "1 good = 1000", encoding: Encoding.Unicode),
        Text("UTF-16 big-endian", "\uFEFF" + Head + Good, "1 good = 1000", encoding: Encoding.BigEndianUnicode),
        Text("UTF-16 without a mark", Head + Good, "1 good = 1000", encoding: new UnicodeEncoding(false, false)),
        Text("UTF-32", "\uFEFF" + Head + Good, "1 good = 1000", encoding: Encoding.UTF32),
        Text("Windows-1252", "Site,Activity type,Quantity,Unit,From,To,Note\nLeeds,Electricity,1000,kWh,2025-01-01,2025-01-31,Zähler geprüft\n", "1 good = 1000",
            encoding: CodePagesEncodingProvider.Instance.GetEncoding(1252)!),
        Text("lines of old Macs", (Head + Good).Replace('\n', '\r'), "1 good = 1000"),
        Text("German", "Standort;Energieträger;Menge;Einheit;Von;Bis\nLeeds;Strom;1.234,56;kWh;01.01.2025;31.01.2025\n", "1 good = 1234.56"),
        Text("French", "Lieu;Énergie;Quantité;Unité;Du;Au\nLeeds;Électricité;1\u202F234,5;kWh;01/01/2025;31/01/2025\n", "1 good = 1234.5"),
        Text("Spanish", "Sitio;Tipo;Cantidad;Unidad;Desde;Hasta\nLeeds;Electricidad;1.234,5;kWh;01/01/2025;31/01/2025\n", "1 good = 1234.5"),
        Text("tabs", (Head + Good).Replace(',', '\t'), "1 good = 1000"),
        Text("bars", (Head + Good).Replace(',', '|'), "1 good = 1000"),
        Text("sep hint", "sep=;\n" + (Head + Good).Replace(',', ';'), "1 good = 1000"),
        Text("1,234 of nobody knows whom", Head + Good.Replace("1000", "\"1,234\"", StringComparison.Ordinal), "0 good = 0; number-ambiguous×1; asks culture"),
        Text("1,234 of the United States", Head + Good.Replace("1000", "\"1,234\"", StringComparison.Ordinal), "1 good = 1234", "en-US"),
        Text("1,234 of Germany", Head + Good.Replace("1000", "\"1,234\"", StringComparison.Ordinal), "1 good = 1.234", "de-DE"),
        Text("1.234,56 read as American", Head + Good.Replace("1000", "\"1.234,56\"", StringComparison.Ordinal), "0 good = 0; number-of-another-locale×1", "en-US"),
        Text("one number decides for all", Head + Good.Replace("1000", "\"1,234\"", StringComparison.Ordinal) + Good.Replace("1000", "\"1,234.5\"", StringComparison.Ordinal).Replace("01-", "02-", StringComparison.Ordinal).Replace("02-31", "02-28", StringComparison.Ordinal),
            "2 good = 2468.5"),
        Text("apostrophes", Head + Good.Replace("1000", "1'234.50", StringComparison.Ordinal), "1 good = 1234.5"),
        Text("no-break spaces", Head + Good.Replace("1000", "1\u00A0234", StringComparison.Ordinal), "1 good = 1234"),
        Text("minus behind", Head + Good.Replace("1000", "5-", StringComparison.Ordinal), "0 good = 0; negative-quantity×1"),
        Text("parentheses", Head + Good.Replace("1000", "(5)", StringComparison.Ordinal), "0 good = 0; negative-quantity×1"),
        Text("exponent", Head + Good.Replace("1000", "1.2E3", StringComparison.Ordinal), "1 good = 1200"),
        Text("exponent beyond all", Head + Good.Replace("1000", "1e400", StringComparison.Ordinal), "0 good = 0; not-a-number×1"),
        Text("thirty digits", Head + Good.Replace("1000", "999999999999999999999999999999", StringComparison.Ordinal), "0 good = 0; quantity-too-large×1"),
        Text("seventeen digits", Head + Good.Replace("1000", "99999999999999999", StringComparison.Ordinal), "0 good = 0; quantity-too-large×1"),
        Text("percent", Head + Good.Replace("1000", "12%", StringComparison.Ordinal), "0 good = 0; number-with-text×1"),
        Text("currency before", Head + Good.Replace("1000", "€12", StringComparison.Ordinal), "0 good = 0; not-a-number×1"),
        Text("word", Head + Good.Replace("1000", "n/a", StringComparison.Ordinal), "0 good = 0; not-a-number×1"),
        Text("dash for none", Head + Good.Replace("1000", "-", StringComparison.Ordinal), "0 good = 0; not-a-number×1"),
        Text("unit behind", "Site,Activity type,Quantity,From,To\nLeeds,Electricity,1200 kWh,2025-01-01,2025-01-31\n", "1 good = 1200"),
        Text("two units", Head + Good.Replace("1000", "1200 MWh", StringComparison.Ordinal), "0 good = 0; two-units×1"),
        Text("mixed units", Head + Good + Good.Replace("kWh", "MWh", StringComparison.Ordinal) + Good.Replace("kWh", "kHw", StringComparison.Ordinal), "2 good = 2000; unknown-unit×1"),
        Text("power for energy", Head + Good.Replace("kWh", "km", StringComparison.Ordinal), "0 good = 0; unit-of-another-group×1"),
        Text("gross or net", Head + Good.Replace("Electricity", "Natural gas", StringComparison.Ordinal), "0 good = 0; calorific-basis-missing×1"),
        Text("error of Excel", Head + Good.Replace("1000", "#N/A", StringComparison.Ordinal), "0 good = 0; error-cell×1"),
        Text("error of German Excel", Head + Good.Replace("1000", "#BEZUG!", StringComparison.Ordinal), "0 good = 0; error-cell×1"),
        Text("day first, one decides", Head + Good.Replace("2025-01-01,2025-01-31", "01/02/2025,28/02/2025", StringComparison.Ordinal), "1 good = 1000"),
        Text("month first, one decides", Head + Good.Replace("2025-01-01,2025-01-31", "02/01/2025,02/28/2025", StringComparison.Ordinal), "1 good = 1000"),
        Text("day or month first", Head + Good.Replace("2025-01-01,2025-01-31", "01/02/2025,03/02/2025", StringComparison.Ordinal), "0 good = 0; date-ambiguous×2; asks culture"),
        Text("day and month first", Head + Good.Replace("2025-01-01,2025-01-31", "01/01/2025,31/01/2025", StringComparison.Ordinal) + Good.Replace("2025-01-01,2025-01-31", "02/02/2025,02/28/2025", StringComparison.Ordinal),
            "2 good = 2000; asks culture"),
        Text("with hours", Head + Good.Replace("2025-01-31", "2025-01-31 23:59:59", StringComparison.Ordinal), "1 good = 1000"),
        Text("month alone", Period("2025-03"), "1 good = 10"),
        Text("English month", Period("Mar 2025"), "1 good = 10"),
        Text("German month", Period("März 2025"), "1 good = 10"),
        Text("quarter", Period("Q1 2025"), "1 good = 10"),
        Text("fiscal year", Period("FY2025"), "1 good = 10"),
        Text("year", Period("2024"), "1 good = 10"),
        Text("30 February", Period("30.02.2025"), "0 good = 0; not-a-date×1"),
        Text("serial number in a text file", Head + Good.Replace("2025-01-01,2025-01-31", "45658,45688", StringComparison.Ordinal), "0 good = 0; serial-number×2"),
        Text("ahead", Head + Good.Replace("2025", "2031", StringComparison.Ordinal), "0 good = 0; future-dates×1"),
        Text("before 1990", Head + Good.Replace("2025", "1925", StringComparison.Ordinal), "0 good = 0; too-early×1"),
        Text("ends before it begins", Head + Good.Replace("2025-01-01,2025-01-31", "2025-01-31,2025-01-01", StringComparison.Ordinal), "0 good = 0; days-reversed×1"),
        Text("two years", Head + Good.Replace("2025-01-01", "2023-01-01", StringComparison.Ordinal), "0 good = 0; longer-than-a-year×1"),
        Text("no quantity", Head + Good.Replace("1000", "", StringComparison.Ordinal), "0 good = 0; quantity-missing×1"),
        Text("total", Head + Good + "Total,,1000,kWh,,\n", "1 good = 1000; total-row×1"),
        Text("Gesamtsumme", Head + Good + "Gesamtsumme,,1000,kWh,,\n", "1 good = 1000; total-row×1"),
        Text("blank lines and empty ends", Head.Replace("\n", ",,,\n", StringComparison.Ordinal) + "\n,,,,,\n" + Good.Replace("\n", ",,,\n", StringComparison.Ordinal) + "\n\n", "1 good = 1000"),
        Text("line break in a value", "Site,Activity type,Quantity,Unit,From,To,Note\nLeeds,Electricity,1000,kWh,2025-01-01,2025-01-31,\"two\nlines\"\n", "1 good = 1000"),
        Text("quote not closed", Head + Good + "Leeds,\"Electricity,5,kWh,2025-02-01,2025-02-28\nLeeds,Electricity,7,kWh,2025-03-01,2025-03-31\n", "1 good = 1000; row-shape×1"),
        Text("text behind a quote", Head + "\"Leeds\" North,Electricity,5,kWh,2025-02-01,2025-02-28\n" + Good, "1 good = 1000; row-shape×1"),
        Text("very long cell", "Site,Activity type,Quantity,Unit,From,To,Note\nLeeds,Electricity,1000,kWh,2025-01-01,2025-01-31," + new string('x', 40_000) + "\n", "0 good = 0; cell-too-long×1"),
        Text("formula as text", "Site,Activity type,Quantity,Unit,From,To,Note\nLeeds,Electricity,1000,kWh,2025-01-01,2025-01-31,=HYPERLINK(\"\"x\"\")\n", "1 good = 1000"),
        Text("site unknown", Head + Good.Replace("Leeds", "Leads", StringComparison.Ordinal) + Good, "1 good = 1000; unknown-site×1"),
        Text("id cut by a spreadsheet", "Site,Activity type,Quantity,Unit,From,To,Invoice number\nLeeds,Electricity,1000,kWh,2025-01-01,2025-01-31,1.23457E+15\n", "0 good = 0; number-cut×1"),
        Text("months as columns", "Site,Activity type,Unit,Jan 2025,Feb 2025,Mar 2025\nLeeds,Electricity,kWh,10,20,\nLeeds,Natural gas,kWh (Gross CV),1,,3\n", "4 good = 34"),
        Text("types as columns", "Site,Month,Electricity (kWh),Natural gas (kWh (Gross CV))\nLeeds,2025-01,10,20\nLeeds,2025-02,11,\n", "3 good = 41"),
        Text("months as columns, the year in a title", "Energy use 2025,,,\n\nSite,Activity type,Unit,Januar,Februar,März,Summe\nLeeds,Electricity,kWh,10,20,30,60\n", "3 good = 60"),
        Text("months as columns of a fiscal year", "Energy use 2024/25,,,\n\nSite,Activity type,Unit,Apr,May,Dec,Jan,Mar\nLeeds,Electricity,kWh,10,20,30,40,50\n", "5 good = 150"),
        Text("months as columns, no year", "Site,Activity type,Unit,Jan,Feb,Mar\nLeeds,Electricity,kWh,10,20,30\n", "0 good = 0; month-without-year×3; asks months-from"),
        Text("months as columns, two years named", "2024 and 2025,,,\n\nSite,Activity type,Unit,Jan,Feb\nLeeds,Electricity,kWh,10,20\n", "0 good = 0; month-without-year×2; asks months-from"),
        Text("months as columns, a day above", "Printed 14.01.2026,,,\n\nSite,Activity type,Unit,Jan,Feb\nLeeds,Electricity,kWh,10,20\n", "0 good = 0; month-without-year×2; asks months-from"),
        Text("months in cells, the year in the title", "Stromverbrauch 2025,,,\n\nSite,Activity type,Monat,Verbrauch (kWh)\nLeeds,Electricity,Jan.,10\nLeeds,Electricity,Feb.,20\nLeeds,Electricity,Gesamt,30\n", "2 good = 30; total-row×1"),
        File("months in cells, the year in the file's name", "power_2025.csv", () => Encoding.UTF8.GetBytes("Site,Activity type,Month,Quantity,Unit\nLeeds,Electricity,January,10,kWh\nLeeds,Electricity,February,20,kWh\n"), "2 good = 30"),
        Text("total in the column of months", "Site,Activity type,Month,Quantity,Unit\nLeeds,Electricity,2025-01,10,kWh\n,,TOTAL,10,kWh\n", "1 good = 10; total-row×1"),
        Text("total in the column of types", Head + Good + ",Grand Total,1000,kWh,,\n", "1 good = 1000; total-row×1"),
        Text("high and low tariff", "Site;Energieträger;Von;Bis;Verbrauch HT (kWh);Verbrauch NT (kWh);Betrag netto (€)\nLeeds;Strom;01.01.2025;31.01.2025;1.000,50;200,25;300,10 €\n", "2 good = 1200.75"),
        Text("day and night beside their total", "Site,Activity type,Month,Total (kWh),Day (kWh),Night (kWh)\nLeeds,Electricity,2025-01,30,10,20\n", "2 good = 30"),
        Text("peak and off-peak with a column of units", "Site,Activity type,Month,Unit,Off-peak consumption,Peak consumption\nLeeds,Electricity,2025-01,MWh,1,2\n", "2 good = 3"),
        Text("two pairs of tariffs", "Site,Activity type,Month,Bezug HT (kWh),Bezug NT (kWh),Verbrauch HT (kWh),Verbrauch NT (kWh)\nLeeds,Electricity,2025-01,10,20,1,2\n", "1 good = 10"),
        Text("tariffs of what is fed in", "Site,Activity type,Month,Einspeisung HT (kWh),Einspeisung NT (kWh),Bezug (kWh)\nLeeds,Electricity,2025-01,10,20,30\n", "1 good = 30"),
        Text("vendors that begin with a number", "Sachkonto|Kreditor|Buchungsdatum|Betrag in HW|HWähr|Site|Activity type\n400100|70001 Stahlwerk|31.01.2025|1.200,00|EUR|Leeds|Spend: iron and steel\n", "1 good = 1200"),
        Text("journeys in km", "Site,Activity type,Distance (km),Departure date\nLeeds,\"Short-haul flight, economy\",714,2025-01-14\n", "0 good = 0; unit-of-another-group×1"),
        Text("actual and estimated readings", "Site,Activity type,Quantity,Unit,Month,Read type\nLeeds,Electricity,10,kWh,2025-01,A\nLeeds,Electricity,20,kWh,2025-02,E\n", "2 good = 30"),
        Text("refrigerants as trades write them", "Site,Activity type,Gas,Quantity,Unit,Date\nLeeds,Refrigerant leak,R134a,1,kg,2025-01-05\nLeeds,Refrigerant leak,R 32,2,kg,2025-02-05\nLeeds,Refrigerant leak,R 410 A,3,kg,2025-03-05\n", "3 good = 6"),
        Text("fuel cards", "Site;Datum;Produkt;Menge;ME\nLeeds;03.01.2025;Super E10;45,31;l\nLeeds;04.01.2025;Wagenwäsche;1;l\n", "1 good = 45.31; unknown-activity-type×1"),
        Text("categories as people write them", Survey + string.Concat(new[] { "7", "7.0", "Cat. 7", "Category 7", "3.7", "Business travel", "", "7 Employee commuting", "Scope 3 category 7: Employee commuting" }.Select(category => Commute(category))), "9 good = 90"),
        Text("categories in German", "Standort;Aktivität;Menge;Einheit;Monat;Kategorie\n" + string.Concat(new[] { "Kategorie 7", "Geschäftsreisen", "7 Pendeln der Mitarbeitenden" }.Select(category => $"Leeds;Ferry, on foot;10;passenger.km;2025-01;{category}\n")), "3 good = 30"),
        Text("category of the activity under a heading that says no more", "Site,Category,Quantity,Unit,Month\nLeeds,Electricity,10,kWh,2025-01\n", "1 good = 10"),
        Text("category of a grouping of one's own", "Site,Activity type,Quantity,Unit,Month,Category\nLeeds,Electricity,10,kWh,2025-01,Utilities\n", "1 good = 10"),
        Text("category out of range", Survey + Commute("7") + Commute("0") + Commute("16") + Commute("-7") + Commute("7.5"), "1 good = 10; unknown-category×4"),
        Text("category that a spreadsheet may have cut", Survey + Commute("7") + Commute("3.1"), "1 good = 10; unknown-category×1"),
        Text("category of two minds", Survey + Commute("7") + Commute("7 Business travel") + Commute("6 and 7"), "1 good = 10; unknown-category×2"),
        Text("category that the type may not have", Survey + Commute("7") + Commute("8") + "Leeds,Refrigerant leak,1,kg,2025-01,7\n", "1 good = 10; category-not-allowed×2; missing-gas×1"),
        Text("spending of vendors that are counted physically", "Site,Activity type,Amount,Currency,Month,Supplier,GL account\nLeeds,Spend: legal services,100,EUR,2025-01,STADTWERKE,6000\nLeeds,Spend: legal services,200,EUR,2025-01,Kanzlei Süd,6520\nLeeds,Spend: legal services,300,EUR,2025-01,Kanzlei Süd,6000\nLeeds,Electricity,400,kWh,2025-02,Stadtwerke,6000\n",
            "4 good = 1000; told×2: kWh by meter"),
        Text("spending that the account map gives its type", "Site,Betrag,Einheit,Monat,Kreditor,Sachkonto\nLeeds,100,EUR,2025-01,70001 Kanzlei,4711\nLeeds,200,EUR,2025-01,70002 Hotel,4712\n", "1 good = 100; activity-type-missing×1"),
        Text("account number cut by a spreadsheet", "Site,Activity type,Quantity,Unit,Month,Account\nLeeds,Spend: legal services,100,EUR,2025-01,4.0011E+11\n", "0 good = 0; number-cut×1"),
        Text("vendor of 300 characters", $"Site,Activity type,Quantity,Unit,Month,Vendor\nLeeds,Spend: legal services,100,EUR,2025-01,{new string('v', 300)}\n", "0 good = 0; text-too-long×1"),
        Text("titles above", "Energy report 2025,,,,,\nprepared by facilities,,,,,\n\n" + Head + Good, "1 good = 1000"),
        Text("no headings", Good, "1 good = 1000"),
        Text("row of units below the headings", "Site,Activity type,Quantity,From,To\n,,kWh,,\nLeeds,Electricity,1000,2025-01-01,2025-01-31\n", "1 good = 1000"),
        File("empty", "a.csv", () => [], "refused: The file is empty."),
        Text("blank", "  \n \n", "refused: The file holds no text."),
        File("binary", "a.csv", () => [.. Enumerable.Repeat((byte)0, 500), 1, 2, 3], "refused: The file is no text"),
        File("Excel 97", "a.xls", () => [0xD0, 0xCF, 0x11, 0xE0, .. new byte[600]], "refused: This is a workbook of Excel 97 to 2003 (.xls)."),
        File("Excel 97 named xlsx", "a.xlsx", () => [0xD0, 0xCF, 0x11, 0xE0, .. new byte[600]], "refused: This is a workbook of Excel 97 to 2003 (.xls)."),
        File("encrypted", "a.xlsx", () => [0xD0, 0xCF, 0x11, 0xE0, .. new byte[70_000], .. Encoding.Unicode.GetBytes("EncryptedPackage"), .. new byte[100]], "refused: The workbook is protected with a password"),
        File("PDF", "a.xlsx", () => Encoding.ASCII.GetBytes("%PDF-1.7 ..."), "refused: This is a PDF document"),
        File("web page", "a.xls", () => Encoding.ASCII.GetBytes("<html><table><tr><td>Site</td></tr></table></html>"), "refused: This is a web page that is named “.xls”."),
        File("XML", "a.xls", () => Encoding.ASCII.GetBytes("<?xml version=\"1.0\"?><Workbook/>"), "refused: This is an XML document"),
        File("JSON", "a.csv", () => Encoding.ASCII.GetBytes("[{\"site\":\"Leeds\"}]"), "refused: This is JSON"),
        File("gzip", "a.csv.gz", () => [0x1F, 0x8B, 8, 0, 0], "refused: This is a compressed file (gzip)."),
        File("picture", "a.csv", () => [0x89, 0x50, 0x4E, 0x47, 0], "refused: This is a picture"),
        File("other archive", "a.zip", () => BookBuilder.Zip(("a.csv", Head)), "refused: This is a ZIP archive, not a workbook."),
        File("OpenDocument", "a.ods", () => BookBuilder.Zip(("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", "<x/>")), "refused: This is an OpenDocument spreadsheet (.ods)."),
        File("binary workbook", "a.xlsb", () => BookBuilder.Zip(("[Content_Types].xml", "<x/>"), ("xl/workbook.bin", "x")), "refused: This is a binary workbook of Excel (.xlsb)."),
        File("Word", "a.xlsx", () => BookBuilder.Zip(("[Content_Types].xml", "<x/>"), ("word/document.xml", "<x/>")), "refused: This is a document or a presentation"),
        File("cut off", "a.xlsx", () => Book(Row())[..300], "refused: The workbook stops before its end or is damaged."),
        File("broken XML", "a.xlsx", () => new BookBuilder().Raw("A", "<worksheet><sheetData><row r=\"1\"><c r=\"A1\"").ToBytes(), "refused: The workbook is damaged."),
        File("entity bomb", "a.xlsx", () => new BookBuilder().Raw("A", "<!DOCTYPE x [<!ENTITY a \"aaaa\">]><worksheet><sheetData/></worksheet>").ToBytes(), "refused: The workbook holds a document type declaration"),
        File("text that is not there", "a.xlsx", () => Book([new Xml("<c r=\"@\" t=\"s\"><v>99</v></c>"), "Electricity", 1000, "kWh", First, Last]), "refused: The workbook is damaged: a cell names a text that is not there."),
        File("workbook", "a.xlsx", () => Book(Row()), "1 good = 1000"),
        File("strict workbook", "a.xlsx", () => new BookBuilder { Namespace = "http://purl.oclc.org/ooxml/spreadsheetml/main" }.Sheet("A", BookBuilder.Rows(Heads, Row())).ToBytes(), "1 good = 1000"),
        File("prefixed names", "a.xlsx", () => new BookBuilder().Raw("A", "<x:worksheet xmlns:x=\"urn:x\">" + $"<x:sheetData>{BookBuilder.Rows(Heads, Row())}</x:sheetData></x:worksheet>").ToBytes(), "1 good = 1000"),
        File("cells without places", "a.xlsx", () => new BookBuilder().Sheet("A", System.Text.RegularExpressions.Regex.Replace(BookBuilder.Rows(Heads, Row()), " r=\"[A-Z]*[0-9]+\"", "", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(5))).ToBytes(), "1 good = 1000"),
        File("days from 1904", "a.xlsx", () => new BookBuilder { Is1904 = true }.Sheet("A", BookBuilder.Rows(Heads, ["Leeds", "Electricity", 1000, "kWh", new Xml("<c r=\"@\" s=\"1\"><v>44196</v></c>"), new Xml("<c r=\"@\" s=\"1\"><v>44226</v></c>")])).ToBytes(), "1 good = 1000"),
        File("days by a format of one's own", "a.xlsx", () => Book(["Leeds", "Electricity", 1000, "kWh", new Xml("<c r=\"@\" s=\"2\"><v>45658</v></c>"), new Xml("<c r=\"@\" s=\"2\"><v>45688.5</v></c>")]), "1 good = 1000"),
        File("29 February 1900", "a.xlsx", () => Book(["Leeds", "Electricity", 1000, "kWh", new Xml("<c r=\"@\" s=\"1\"><v>60</v></c>"), Last]), "0 good = 0; no-such-day×1"),
        File("days without a format", "a.xlsx", () => Book(["Leeds", "Electricity", 1000, "kWh", 45658, 45688]), "1 good = 1000"),
        File("quantity as a day", "a.xlsx", () => Book(["Leeds", "Electricity", First, "kWh", First, Last]), "0 good = 0; quantity-is-a-day×1"),
        File("#REF!", "a.xlsx", () => Book(["Leeds", "Electricity", new Xml("<c r=\"@\" t=\"e\"><f>A9</f><v>#REF!</v></c>"), "kWh", First, Last]), "0 good = 0; error-cell×1"),
        File("formula never calculated", "a.xlsx", () => Book(["Leeds", "Electricity", new Xml("<c r=\"@\"><f>SUM(A1)</f></c>"), "kWh", First, Last]), "0 good = 0; formula-not-calculated×1"),
        File("formula with its result", "a.xlsx", () => Book(["Leeds", "Electricity", new Xml("<c r=\"@\"><f>500*2</f><v>1000</v></c>"), "kWh", First, Last]), "1 good = 1000"),
        File("true", "a.xlsx", () => Book(["Leeds", "Electricity", new Xml("<c r=\"@\" t=\"b\"><v>1</v></c>"), "kWh", First, Last]), "0 good = 0; boolean-cell×1"),
        File("binary fraction", "a.xlsx", () => Book(["Leeds", "Electricity", new Xml("<c r=\"@\"><v>0.30000000000000004</v></c>"), "kWh", First, Last]), "1 good = 0.3"),
        File("number as text", "a.xlsx", () => Book(["Leeds", "Electricity", "1.234,5", "kWh", First, Last]), "1 good = 1234.5"),
        File("hidden row", "a.xlsx", () => new BookBuilder().Sheet("A", BookBuilder.Rows(Heads, Row(), Row()).Replace("<row r=\"2\">", "<row r=\"2\" hidden=\"1\">", StringComparison.Ordinal)).ToBytes(), "1 good = 1000; 1 hidden"),
        File("hidden sheet before", "a.xlsx", () => new BookBuilder().Sheet("Old", BookBuilder.Rows(Heads, Row(), Row()), hidden: true).Sheet("New", BookBuilder.Rows(Heads, Row())).ToBytes(), "1 good = 1000"),
        File("months as first days, a total below", "a.xlsx", () => new BookBuilder().Sheet("A", BookBuilder.Rows(["Site", "Activity type", "Month", "Quantity", "Unit"],
            ["Leeds", "Electricity", First, 10, "kWh"], ["Leeds", "Electricity", First.AddMonths(1), 20, "kWh"], [null, null, "Total", 30, "kWh"])).ToBytes(), "2 good = 30; total-row×1"),
        File("months as columns, the year in the sheet's name", "a.xlsx", () => new BookBuilder().Sheet("Strom 2025", BookBuilder.Rows(["Site", "Activity type", "Unit", "Jan", "Feb"], ["Leeds", "Electricity", "kWh", 10, 20])).ToBytes(), "2 good = 30"),
        File("notes before the table", "a.xlsx", () => new BookBuilder().Sheet("Read me", BookBuilder.Rows(["How to fill it in"], ["Please be quick"])).Sheet("Data", BookBuilder.Rows(Heads, Row())).ToBytes(), "1 good = 1000"),
        File("site in merged cells", "a.xlsx", () => new BookBuilder().Sheet("A", BookBuilder.Rows(Heads, Row(), [null, .. Row()[1..]], [null, .. Row()[1..]]), "<mergeCells><mergeCell ref=\"A2:A4\"/></mergeCells>").ToBytes(), "3 good = 3000"),
        File("quantity in merged cells", "a.xlsx", () => new BookBuilder().Sheet("A", BookBuilder.Rows(Heads, Row(), [.. Row()[..2], null, .. Row()[3..]]), "<mergeCells><mergeCell ref=\"C2:C3\"/></mergeCells>").ToBytes(), "1 good = 1000; merged-quantity×1"),
        File("headings in two rows", "a.xlsx", () => new BookBuilder().Sheet("A", BookBuilder.Rows(["Site", "Activity type", "Consumption", null, "Period", null], [null, null, "Quantity", "Unit", "From", "To"], Row()),
            "<mergeCells><mergeCell ref=\"C1:D1\"/><mergeCell ref=\"E1:F1\"/><mergeCell ref=\"A1:A2\"/><mergeCell ref=\"B1:B2\"/></mergeCells>").ToBytes(), "1 good = 1000"),
        File("runs and pronunciation", "a.xlsx", () => new BookBuilder { Texts = "<si><r><t>Lee</t></r><r><t>ds</t></r><rPh sb=\"0\" eb=\"1\"><t>X</t></rPh><rPh sb=\"1\" eb=\"2\"><t>Y</t></rPh></si>" }
            .Sheet("A", BookBuilder.Rows(Heads, [new Xml("<c r=\"@\" t=\"s\"><v>0</v></c>"), .. Row()[1..]])).ToBytes(), "1 good = 1000"),
        File("NUL by an escape", "a.xlsx", () => Book([new Xml("<c r=\"@\" t=\"str\"><v>_x0000_Leeds</v></c>"), .. Row()[1..]]), "1 good = 1000"),
        File("half a character by an escape", "a.xlsx", () => Book([new Xml("<c r=\"@\" t=\"str\"><v>Leeds_xD83D_</v></c>"), .. Row()[1..]]), "1 good = 1000"),
        File("far too many columns", "a.xlsx", () => new BookBuilder().Sheet("A", BookBuilder.Rows(Heads, Row()) + "<row r=\"3\"><c r=\"XFD3\"><v>1</v></c></row>").ToBytes(), "refused: Row 3 has a value in column XFD"),
        File("zip bomb", "a.xlsx", () => new BookBuilder().Sheet("A", BookBuilder.Rows(Heads, Row()) + new string(' ', 4 << 20)).ToBytes(CompressionLevel.SmallestSize), "refused: It unpacks to more than"),
        File("cell of 50 MB", "a.xlsx", () => new BookBuilder().Sheet("A", BookBuilder.Rows(Heads, [.. Row()[..1], new Xml("<c r=\"@\" t=\"inlineStr\"><is><t>" + string.Concat(Enumerable.Range(0, 5_000_000).Select(i => (i * 7919L % 9_999_991).ToString("D10", System.Globalization.CultureInfo.InvariantCulture))) + "</t></is></c>"), .. Row()[2..]])).ToBytes(),
            "0 good = 0; cell-too-long×1"),
        File("link to elsewhere", "a.xlsx", () => new BookBuilder().Sheet("A", BookBuilder.Rows(Heads, ["Leeds", "Electricity", new Xml("<c r=\"@\"><f>'file:///c:/[x.xlsx]A'!A1</f><v>1000</v></c>"), "kWh", First, Last])).ToBytes(), "1 good = 1000"),
    ];

    private static Case Text(string name, string text, string expected, string? culture = null, Encoding? encoding = null) =>
        new(name, "a.csv", () => (encoding ?? new UTF8Encoding(false)).GetBytes(text), expected, culture);

    private static Case File(string name, string fileName, Func<byte[]> bytes, string expected) => new(name, fileName, bytes, expected);

    private const string Survey = "Site,Activity type,Quantity,Unit,Month,Category\n";

    private static string Commute(string category) => $"Leeds,\"Ferry, on foot\",10,passenger.km,2025-01,{category}\n";

    private static string Period(string period) => $"Site,Activity type,Quantity,Unit,Period\nLeeds,Electricity,10,kWh,{period}\n";

    private static object?[] Row() => ["Leeds", "Electricity", 1000, "kWh", First, Last];

    private static byte[] Book(object?[] row) => new BookBuilder().Sheet("A", BookBuilder.Rows(Heads, row)).ToBytes();
}
