using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace OffGridFlow.Infrastructure.Persistence.PostgreSql;

/// <summary>Short forms for plain statements.</summary>
internal static class Sql
{
    /// <summary>A command with positional parameters <c>$1</c>, <c>$2</c>, …; null becomes SQL null.</summary>
    public static NpgsqlCommand Command(this NpgsqlConnection connection, string text, params object?[] parameters)
    {
        var command = new NpgsqlCommand(text, connection);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter as NpgsqlParameter ?? new NpgsqlParameter { Value = parameter ?? DBNull.Value });
        }

        return command;
    }

    public static async Task<int> ExecuteAsync(this NpgsqlConnection connection, string text, CancellationToken cancellationToken, params object?[] parameters)
    {
        await using var command = connection.Command(text, parameters);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>A statement over as many rows as there are, which takes the time that it takes.</summary>
    public static async Task<int> ExecuteLongAsync(this NpgsqlConnection connection, string text, CancellationToken cancellationToken, params object?[] parameters)
    {
        await using var command = connection.Command(text, parameters);
        command.CommandTimeout = 0;
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The first column of the first row; default when there is none or it is null.</summary>
    public static async Task<T?> ScalarAsync<T>(this NpgsqlConnection connection, string text, CancellationToken cancellationToken, params object?[] parameters)
    {
        await using var command = connection.Command(text, parameters);
        return await command.ExecuteScalarAsync(cancellationToken) is T value ? value : default;
    }

    public static async Task<List<T>> ListAsync<T>(
        this NpgsqlConnection connection, string text, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken, params object?[] parameters)
    {
        await using var command = connection.Command(text, parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <summary>A text or null: null alone has no type that the server could guess.</summary>
    public static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    public static NpgsqlParameter Bigint(long? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint };

    public static NpgsqlParameter Instant(DateTimeOffset? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz };

    public static NpgsqlParameter Interval(TimeSpan? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Interval };

    public static NpgsqlParameter Uuid(Guid? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid };

    /// <summary>A JSON object of counts, or null.</summary>
    public static NpgsqlParameter Json(IReadOnlyDictionary<string, long>? counts) =>
        new() { Value = counts is null ? DBNull.Value : JsonSerializer.Serialize(counts), NpgsqlDbType = NpgsqlDbType.Jsonb };

    public static T? Optional<T>(this NpgsqlDataReader reader, int column)
        where T : struct => reader.IsDBNull(column) ? null : reader.GetFieldValue<T>(column);

    public static string? OptionalText(this NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}
