using System.Globalization;
using Npgsql;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Tests.Persistence;

/// <summary>What is written in the binary COPY format is what PostgreSQL reads.</summary>
public sealed class BinaryCopyBufferTests(PostgresFixture postgres)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static readonly TheoryData<string> Numbers = new(
        "0", "0.000000000000", "1", "-1", "9999", "10000", "10001", "0.1", "0.0001", "0.00001", "0.000000000001", "-0.000000000001", "1.33E-6", "123456.789",
        "12345678901234.123456789012", "9999999999999999.999999999999", "-9999999999999999.999999999999", "100000000", "0.10", "4503599627370497.5",
        "79228162514264337593543950335", "0.0000000000000000000000000001");

    [Fact]
    public async Task EveryType_ReadBack_IsTheSame()
    {
        var connectionString = await postgres.CreateDatabaseAsync();
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(Stop);
        await using (var create = new NpgsqlCommand("create temp table t (d date, b bigint, i integer, f boolean, s timestamptz, x text, j jsonb, n text)", connection))
        {
            await create.ExecuteNonQueryAsync(Stop);
        }

        var buffer = new BinaryCopyBuffer(8);
        buffer.Header();
        buffer.Row(8);
        buffer.Date(new DateOnly(1999, 12, 31));
        buffer.Bigint(long.MinValue);
        buffer.Integer(-7);
        buffer.Boolean(true);
        buffer.TimestampTz(new DateTime(2023, 11, 5, 1, 2, 3, 456, DateTimeKind.Utc));
        buffer.Text("Zürich 東京 \"quoted\"");
        buffer.Jsonb("""{"user:team": "a"}""");
        buffer.Null();
        buffer.Trailer();
        Copy(connection, "copy t from stdin (format binary)", buffer);

        await using var read = new NpgsqlCommand("select d, b, i, f, s, x, j->>'user:team', n from t", connection);
        await using var row = await read.ExecuteReaderAsync(Stop);
        (await row.ReadAsync(Stop)).ShouldBeTrue();
        row.GetFieldValue<DateOnly>(0).ShouldBe(new DateOnly(1999, 12, 31));
        row.GetInt64(1).ShouldBe(long.MinValue);
        row.GetInt32(2).ShouldBe(-7);
        row.GetBoolean(3).ShouldBeTrue();
        row.GetDateTime(4).ShouldBe(new DateTime(2023, 11, 5, 1, 2, 3, 456, DateTimeKind.Utc));
        row.GetString(5).ShouldBe("Zürich 東京 \"quoted\"");
        row.GetString(6).ShouldBe("a");
        row.IsDBNull(7).ShouldBeTrue();
    }

    [Fact]
    public async Task Numeric_ReadBack_HasTheSameDigits()
    {
        var connectionString = await postgres.CreateDatabaseAsync();
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(Stop);
        await using (var create = new NpgsqlCommand("create temp table t (place integer, n numeric)", connection))
        {
            await create.ExecuteNonQueryAsync(Stop);
        }

        var numbers = Numbers.Select(row => decimal.Parse(row.Data, NumberStyles.Float, CultureInfo.InvariantCulture)).ToList();
        var buffer = new BinaryCopyBuffer(8);
        buffer.Header();
        for (var i = 0; i < numbers.Count; i++)
        {
            buffer.Row(2);
            buffer.Integer(i);
            buffer.Numeric(numbers[i]);
        }

        buffer.Trailer();
        Copy(connection, "copy t from stdin (format binary)", buffer);

        await using var read = new NpgsqlCommand("select n::text from t order by place", connection);
        await using var rows = await read.ExecuteReaderAsync(Stop);
        foreach (var number in numbers)
        {
            (await rows.ReadAsync(Stop)).ShouldBeTrue();
            rows.GetString(0).ShouldBe(number.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static void Copy(NpgsqlConnection connection, string command, BinaryCopyBuffer buffer)
    {
        using var stream = connection.BeginRawBinaryCopy(command);
        stream.Write(buffer.Written);
    }
}
