using Npgsql;

namespace OffGridFlow.Infrastructure.Persistence;

/// <summary>Tells what may be well again in a moment (the server is restarting, the network blinked) from what asking again does not mend.</summary>
public static class DatabaseOutage
{
    /// <summary>EF Core and the driver wrap what happened, so the causes are looked at too.</summary>
    public static bool Is(Exception? exception) => exception switch
    {
        null => false,
        // Shutdown, by an administrator or because another session was killed: the driver does not count these among the passing ones.
        PostgresException { SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown } => true,
        // A full disk is the driver's idea of passing, not that of somebody who waits for an answer.
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => false,
        NpgsqlException { IsTransient: true } => true,
        _ => Is(exception.InnerException),
    };

    /// <summary>The volume of the database is full.</summary>
    public static bool IsDiskFull(Exception? exception) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.DiskFull } || (exception is not null && IsDiskFull(exception.InnerException));
}
