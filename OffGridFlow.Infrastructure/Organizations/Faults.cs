using OffGridFlow.Core.Organizations;

namespace OffGridFlow.Infrastructure.Organizations;

/// <summary>Collects what does not do in a form.</summary>
internal sealed class Faults : List<FieldFault>
{
    public void Add(string field, string message) => Add(new FieldFault(field, message));

    /// <summary>A name or text that has to be there.</summary>
    /// <param name="what">E.g. <c>Give the site a name</c>.</param>
    public void Required(string field, string? text, int length, string what)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            Add(field, $"{what}.");
        }
        else
        {
            Optional(field, text, length);
        }
    }

    public void Optional(string field, string? text, int length)
    {
        if (text is null)
        {
            return;
        }

        if (text.Trim().Length > length)
        {
            Add(field, FormattableString.Invariant($"This has {text.Trim().Length} characters; at most {length} have room. Shorten it."));
        }
        else if (text.Any(sign => char.IsControl(sign) && sign is not ('\n' or '\r' or '\t')))
        {
            Add(field, "This holds a sign that cannot be printed. Type it anew instead of pasting it.");
        }
    }

    /// <summary>What a locked period holds back.</summary>
    /// <param name="refusal">Null: nothing.</param>
    public void Held(string field, string? refusal)
    {
        if (refusal is not null)
        {
            Add(field, refusal);
        }
    }

    /// <summary>An amount that is zero or more, where it is given.</summary>
    public void Amount(string field, decimal? amount, string what, decimal most = 1_000_000_000_000_000m)
    {
        if (amount < 0)
        {
            Add(field, $"{what} cannot be negative. Leave it empty if it is not known.");
        }
        else if (amount > most)
        {
            Add(field, $"{what} is larger than can be true. Check the digits and the unit.");
        }
    }

    public void Days(string field, DateOnly? from, DateOnly? to)
    {
        if (new DayRange(from, to).IsReversed)
        {
            Add(field, FormattableString.Invariant($"The last day, {to:yyyy-MM-dd}, lies before the first, {from:yyyy-MM-dd}. Change one of them."));
        }
    }

    /// <summary>Without the spaces around it; null where nothing is left.</summary>
    public static string? Clean(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
