using System.Globalization;
using System.Net;
using OffGridFlow.Web.Features.Operations;

namespace OffGridFlow.Web.Startup;

/// <summary>What there is of the demo organization.</summary>
internal enum DemoContent
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>An organization without data, for whoever wants to begin at the beginning.</summary>
    Empty,

    /// <summary>With the sample year.</summary>
    Filled,
}

/// <summary>The set-up variables (environment or any other configuration source).</summary>
internal sealed record AppSettings(
    string DataDirectory, string MasterKeyFile, string AuditKeyFile, DemoContent Demo, string? AdminEmail, string? AdminPassword, string? AdminOrganization)
{
    private const int LargestRate = 1_000_000;

    public RateSettings Rates { get; init; } = new(0, 0, 0);

    /// <summary>The proxies in front, whose word on a client's address is taken; usually none.</summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];

    public string DocumentsDirectory => Path.Combine(DataDirectory, "documents");

    /// <summary>The daily files of signed heads of the audit log.</summary>
    public string AuditHeadsDirectory => Path.Combine(DataDirectory, "audit-heads");

    public static AppSettings Read(IConfiguration configuration, IHostEnvironment environment)
    {
        var data = configuration["OFFGRIDFLOW_DATA_DIR"] is { Length: > 0 } configured
            ? Path.GetFullPath(configured)
            : environment.IsDevelopment()
                ? Path.Combine(environment.ContentRootPath, "..", ".data")
                : Path.Combine(AppContext.BaseDirectory, "data");
        data = Path.GetFullPath(data);
        return new AppSettings(
            data,
            configuration["OFFGRIDFLOW_MASTER_KEY_FILE"] is { Length: > 0 } key ? Path.GetFullPath(key) : Path.Combine(data, "keys", "master.key"),
            configuration["OFFGRIDFLOW_AUDIT_KEY_FILE"] is { Length: > 0 } auditKey ? Path.GetFullPath(auditKey) : Path.Combine(data, "keys", "audit-signing.key"),
            DemoOf(configuration["OFFGRIDFLOW_DEMO"], environment),
            configuration["OFFGRIDFLOW_ADMIN_EMAIL"], configuration["OFFGRIDFLOW_ADMIN_PASSWORD"], configuration["OFFGRIDFLOW_ADMIN_ORGANIZATION"])
        {
            Rates = new RateSettings(
                Rate(configuration, "OFFGRIDFLOW_RATE_PER_CALLER", 1200), Rate(configuration, "OFFGRIDFLOW_RATE_PER_TENANT", 6000),
                Rate(configuration, "OFFGRIDFLOW_RATE_PER_ADDRESS", 120)),
            TrustedProxies = Networks(configuration["OFFGRIDFLOW_TRUSTED_PROXIES"]),
        };
    }

    private static DemoContent DemoOf(string? text, IHostEnvironment environment) => (text ?? "").Trim().ToUpperInvariant() switch
    {
        "" => environment.IsDevelopment() ? DemoContent.Filled : DemoContent.None,
        "TRUE" => DemoContent.Filled,
        "EMPTY" => DemoContent.Empty,
        _ => DemoContent.None,
    };

    private static int Rate(IConfiguration configuration, string name, int otherwise) =>
        configuration[name] is not { Length: > 0 } text ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var rate) && rate <= LargestRate ? rate
        : throw new InvalidOperationException($"{name} is “{text}”. Write the requests per minute as a number from 0 (no limit) to {LargestRate}.");

    private static List<IPNetwork> Networks(string? text) => (text ?? "").Split([',', ' ', ';'], StringSplitOptions.RemoveEmptyEntries)
        .Select(part => IPNetwork.TryParse(part, out var network) ? network
            : IPAddress.TryParse(part, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
            : throw new InvalidOperationException(
                $"OFFGRIDFLOW_TRUSTED_PROXIES holds “{part}”. Write addresses and networks, parted by commas, e.g. 10.0.0.5,192.168.1.0/24."))
        .ToList();
}
