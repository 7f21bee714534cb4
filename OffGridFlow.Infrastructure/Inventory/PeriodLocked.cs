using Npgsql;

namespace OffGridFlow.Infrastructure.Inventory;

/// <summary>What the database says when something got past all services to what is locked.</summary>
public static class PeriodLocked
{
    /// <summary>The sentence of the trigger; null for any other fault.</summary>
    public static string? SentenceOf(Exception? exception) => exception switch
    {
        null => null,
        PostgresException { SqlState: FrozenMonths.SqlState } refusal => refusal.MessageText,
        _ => SentenceOf(exception.InnerException),
    };
}
