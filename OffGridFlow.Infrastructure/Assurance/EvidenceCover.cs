using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Infrastructure.Calculation;
using static OffGridFlow.Infrastructure.Assurance.EvidenceZip;

namespace OffGridFlow.Infrastructure.Assurance;

/// <summary>What says what an export is: <c>README.txt</c> for people, <c>manifest.json</c> for programs.</summary>
internal sealed class EvidenceCover(EvidenceScope scope, DateTimeOffset at)
{
    private static readonly JsonSerializerOptions ManifestJson = new(JsonSerializerDefaults.Web) { WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public byte[] Manifest(InventorySnapshot? snapshot, IReadOnlyList<EvidenceFile> files)
    {
        var zeros = new string('0', 64);
        var text = JsonSerializer.Serialize(
            new
            {
                format = EvidencePack.Format,
                organization = scope.Organization,
                generatedAt = at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                firstMonth = Month(scope.FirstMonth),
                lastMonth = Month(scope.LastMonth),
                method = EntryLedger.MethodVersion,
                inventory = snapshot is null ? null : new { snapshot = snapshot.Number, sha256 = snapshot.Sha256 },
                files,
                checksum = zeros,
            },
            ManifestJson).ReplaceLineEndings("\n");
        // Of the file itself with zeros in the place of its digits; no other hash in it is all zeros.
        var checksum = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        return Encoding.UTF8.GetBytes(text.Replace(zeros, checksum, StringComparison.Ordinal));
    }

    public string Readme() => string.Create(CultureInfo.InvariantCulture,
        $"""
        Evidence of the emissions of {scope.Organization}, {Month(scope.FirstMonth)} to {Month(scope.LastMonth)}, exported from OffGridFlow on {at.UtcDateTime:yyyy-MM-dd HH:mm} UTC.

        To verify it, with Python 3.9 or newer and nothing else:

            python3 verify_evidence.py evidence.zip

        The script is in this file for convenience. Whoever does not trust it takes it from the source code of OffGridFlow (docs/methods/verify_evidence.py)
        or writes their own after docs/methods/evidence.md.

        What is checked: the SHA-256 of every file; of every entered activity, its conversion from what was measured, each step of its worksheet, that its
        parts make the whole day by day, each conversion of units, rates of exchange and price indices, losses,
        that contractual instruments cover no more than was used and no more than they hold, each gas, the CO2e, the memo lines; every total by month, scope,
        category and scope 2 method, both of entered activities and of cloud usage.
        What is not checked: that a factor is the one its publisher printed (publisher, edition, table and licence stand in factors.csv), that a quantity is
        the one on the invoice (the SHA-256 of attached documents stands in entries.csv), and how cloud usage became emissions: each figure of cloud.csv has a
        trail of its own in OffGridFlow, down to the lines of the bill; here it is only added up.

        Numbers are decimals with a point. Each named step is rounded once, half to even, at the twelfth decimal.

        """).ReplaceLineEndings("\n");
}
