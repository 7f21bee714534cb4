namespace OffGridFlow.Web.Startup;

/// <summary>The set-up variables (environment or any other configuration source).</summary>
internal sealed record AppSettings(
    string DataDirectory, string MasterKeyFile, string AuditKeyFile, bool Demo, string? AdminEmail, string? AdminPassword, string? AdminOrganization)
{
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
            configuration["OFFGRIDFLOW_DEMO"] is { Length: > 0 } demo ? string.Equals(demo, "true", StringComparison.OrdinalIgnoreCase) : environment.IsDevelopment(),
            configuration["OFFGRIDFLOW_ADMIN_EMAIL"], configuration["OFFGRIDFLOW_ADMIN_PASSWORD"], configuration["OFFGRIDFLOW_ADMIN_ORGANIZATION"]);
    }
}
