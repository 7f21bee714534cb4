using OffGridFlow.Infrastructure.Organizations;

namespace OffGridFlow.Web.Features.Organizations;

/// <summary>Why a form was not saved.</summary>
/// <param name="Words">What is not about one of its fields; null where all is.</param>
public sealed record Refusal(IReadOnlyList<FieldFault> Faults, string? Words)
{
    public static readonly Refusal None = new([], null);

    /// <summary>Null for a change that was made.</summary>
    public static Refusal? Of<T>(Edit<T> edit) => edit switch
    {
        Edit<T>.Done => null,
        Edit<T>.Refused refused => new Refusal(refused.Faults, null),
        Edit<T>.Held held => new Refusal([], held.Reason),
        Edit<T>.Stale => new Refusal([], "Somebody else changed it while this form was open. Nothing was changed now. Close the form, look at what they changed, then decide."),
        _ => new Refusal([], "It was removed while this form was open. Nothing was changed now. Close the form and look at the list."),
    };

    public IEnumerable<string> Of(string field) => Faults.Where(fault => fault.Field == field).Select(fault => fault.Message);
}
