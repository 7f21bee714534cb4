using System.Globalization;
using System.Text.Json;
using OffGridFlow.Core.Tenancy;
using OffGridFlow.Infrastructure.Organizations;

namespace OffGridFlow.Web.Features.Organizations;

/// <summary>How the API answers questions for, and changes of, versioned rows.</summary>
internal static class EditAnswers
{
    private const int DefaultLimit = 100;
    private const int LargestLimit = 1000;

    /// <summary>The rows per answer that were asked for; null where that cannot be.</summary>
    public static int? LimitOf(int? asked) => asked is null ? DefaultLimit : asked is >= 1 and <= LargestLimit ? asked : null;

    /// <summary>A page of rows, by the limit that was asked for.</summary>
    public static async Task<IResult> PageAsync<T, TBody>(int? limit, Func<int, Task<ListPage<T>>> read, Func<T, TBody> body)
    {
        if (LimitOf(limit) is not { } rows)
        {
            return NoLimit();
        }

        var page = await read(rows);
        return Results.Ok(new ListPage<TBody>([.. page.Items.Select(body)], page.NextCursor));
    }

    public static IResult NoLimit() => Results.Problem(statusCode: 422, title: "No such limit", detail: "Send limit as a number from 1 to 1000, or leave it out.");

    /// <summary>The version in <c>If-Match</c>; null where there is none.</summary>
    public static int? VersionOf(HttpRequest request) =>
        int.TryParse(request.Headers.IfMatch.ToString().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null;

    public static IResult NoVersion(string path) => Results.Problem(
        statusCode: 428, title: "Say which version you saw",
        detail: $"Send the ETag of GET /api/v1/{path}/{{id}}, its version in quotes, as If-Match, so that no change is overwritten unseen.");

    public static IResult NotFound(string path, Guid id) => Results.Problem(
        statusCode: 404, title: "Not found", detail: $"Your organization has no {id} here. GET /api/v1/{path} lists what there is.");

    public static IResult Found<T>(HttpResponse response, T row, object body)
        where T : IVersioned
    {
        response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{row.Version}\"");
        return Results.Ok(body);
    }

    /// <param name="path">Of the list, e.g. <c>sites</c>.</param>
    public static IResult Created<T>(HttpResponse response, string path, Edit<T> edit, Func<T, object> body)
        where T : IVersioned
    {
        if (edit is not Edit<T>.Done done)
        {
            return Refused(path, Guid.Empty, edit);
        }

        response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{done.Item.Version}\"");
        return Results.Created($"/api/v1/{path}/{done.Item.Id}", body(done.Item));
    }

    public static IResult Changed<T>(HttpResponse response, string path, Guid id, Edit<T> edit, Func<T, object> body)
        where T : IVersioned => edit is Edit<T>.Done done ? Found(response, done.Item, body(done.Item)) : Refused(path, id, edit);

    /// <param name="faults">Words of the request that are none of the API's: with any, nothing is added.</param>
    public static async Task<IResult> CreatedAsync<T>(HttpResponse response, string path, List<FieldFault> faults, Func<Task<Edit<T>>> create, Func<T, object> body)
        where T : IVersioned => Created(response, path, faults.Count > 0 ? new Edit<T>.Refused(faults) : await create(), body);

    /// <summary>No row has the version 0: whoever says none, or words that are none, learns only whether it is there.</summary>
    /// <param name="faults">Words of the request that are none of the API's: with any, nothing is changed.</param>
    /// <param name="change">Gets the version that was seen.</param>
    public static async Task<IResult> ChangedAsync<T>(HttpContext context, string path, Guid id, List<FieldFault> faults, Func<int, Task<Edit<T>>> change, Func<T, object> body)
        where T : IVersioned
    {
        var version = VersionOf(context.Request);
        var edit = await change(faults.Count > 0 ? 0 : version ?? 0);
        return edit is Edit<T>.Gone ? NotFound(path, id)
            : version is null ? NoVersion(path)
            : Changed(context.Response, path, id, faults.Count > 0 ? new Edit<T>.Refused(faults) : edit, body);
    }

    /// <summary>No row has the version 0: whoever says none learns only whether it is there.</summary>
    /// <param name="remove">Gets the version that was seen.</param>
    public static async Task<IResult> RemovedAsync<T>(HttpRequest request, string path, Guid id, Func<int, Task<Edit<T>>> remove)
        where T : IVersioned => await remove(VersionOf(request) ?? 0) switch
        {
            Edit<T>.Done => Results.NoContent(),
            Edit<T>.Stale when VersionOf(request) is null => NoVersion(path),
            var edit => Refused(path, id, edit),
        };

    /// <summary>A word of the API for one of an enumeration's names; another word is a fault of its field.</summary>
    /// <param name="isRequired">Whether leaving it out is a fault too; else <paramref name="left"/> stands for it.</param>
    public static TEnum Word<TEnum>(string? text, string field, TEnum left, List<FieldFault> faults, bool isRequired = false)
        where TEnum : struct, Enum
    {
        if (string.IsNullOrEmpty(text) && !isRequired)
        {
            return left;
        }

        var name = Enum.GetNames<TEnum>().FirstOrDefault(name => name.Equals(text, StringComparison.OrdinalIgnoreCase));
        if (name is not null)
        {
            return Enum.Parse<TEnum>(name);
        }

        var words = string.Join(", ", Enum.GetNames<TEnum>().Select(JsonNamingPolicy.CamelCase.ConvertName));
        faults.Add(new FieldFault(field, $"{(string.IsNullOrEmpty(text) ? "Nothing" : $"“{text}”")} is none of the words that stand here: {words}."));
        return left;
    }

    public static IResult Refused<T>(string path, Guid id, Edit<T> edit) => edit switch
    {
        Edit<T>.Refused refused => Results.Problem(
            statusCode: 422, title: "Nothing was changed", detail: string.Join(' ', refused.Faults.Select(fault => fault.Message)),
            extensions: new Dictionary<string, object?>
            {
                ["errors"] = refused.Faults.GroupBy(fault => fault.Field).ToDictionary(group => group.Key, group => group.Select(fault => fault.Message).ToArray()),
            }),
        Edit<T>.Stale => Results.Problem(
            statusCode: 412, title: "Somebody else was quicker", detail: "It was changed since you read it. Nothing was changed now. Read it again, then decide."),
        Edit<T>.Held held => Results.Problem(statusCode: 409, title: "Nothing was changed", detail: held.Reason),
        _ => NotFound(path, id),
    };
}
