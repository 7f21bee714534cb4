namespace OffGridFlow.Infrastructure.Persistence.Embedded;

public enum EmbeddedPostgresFault
{
    /// <summary>No usable server programs on this machine.</summary>
    NoBinaries,

    /// <summary>The data folder was made by another major version, or the configured server is too old.</summary>
    WrongVersion,

    /// <summary>Another OffGridFlow owns the data folder.</summary>
    InUse,

    /// <summary>A file or folder is missing, or may not be read by the account the server runs as.</summary>
    NoAccess,

    /// <summary>The server did not start, stop or answer.</summary>
    Server,
}

/// <summary>The database cannot be brought up; the message says what to do about it.</summary>
public sealed class EmbeddedPostgresException(EmbeddedPostgresFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    public EmbeddedPostgresFault Fault { get; } = fault;
}
