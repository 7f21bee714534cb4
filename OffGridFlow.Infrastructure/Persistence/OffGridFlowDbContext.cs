using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.Assurance;
using OffGridFlow.Core.Auditing;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.CloudUsage;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Imports;
using OffGridFlow.Core.Imports.Sheets;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Core.Jobs;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Core.Targets;
using OffGridFlow.Core.Tenancy;
using OffGridFlow.Infrastructure.Identity;

namespace OffGridFlow.Infrastructure.Persistence;

/// <summary>The model. Reads and writes of tenants' data go through <see cref="TenantDatabase"/>, which opens it inside a transaction
/// that names the tenant; without one the database itself shows nothing.</summary>
/// <remarks>Add a migration with <c>eng/add-migration.sh Name</c>.</remarks>
public sealed class OffGridFlowDbContext(DbContextOptions<OffGridFlowDbContext> options, Guid? tenantId = null) : DbContext(options)
{
    /// <summary>Name of the query filter that every <see cref="ITenantOwned"/> type carries.</summary>
    public const string TenantFilter = "Tenant";

    /// <summary>The tenant whose rows this context shows and writes; null shows none.</summary>
    public Guid? TenantId { get; } = tenantId;

    public DbSet<Tenant> Tenants => Set<Tenant>();
    public DbSet<LedgerSequence> LedgerSequences => Set<LedgerSequence>();
    public DbSet<User> Users => Set<User>();
    public DbSet<Membership> Memberships => Set<Membership>();
    public DbSet<Session> Sessions => Set<Session>();
    public DbSet<ApiKey> ApiKeys => Set<ApiKey>();
    public DbSet<Invitation> Invitations => Set<Invitation>();
    public DbSet<PasswordReset> PasswordResets => Set<PasswordReset>();
    public DbSet<PersonalSetting> PersonalSettings => Set<PersonalSetting>();
    public DbSet<SavedView> SavedViews => Set<SavedView>();
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();
    public DbSet<AuditEntry> AuditEntries => Set<AuditEntry>();
    public DbSet<JobRun> JobRuns => Set<JobRun>();
    public DbSet<SystemJobRun> SystemJobRuns => Set<SystemJobRun>();
    public DbSet<SystemSchedule> SystemSchedules => Set<SystemSchedule>();
    public DbSet<JobWorkerSign> JobWorkers => Set<JobWorkerSign>();
    public DbSet<SourceDocument> SourceDocuments => Set<SourceDocument>();
    public DbSet<Import> Imports => Set<Import>();
    public DbSet<ImportBatch> ImportBatches => Set<ImportBatch>();
    public DbSet<StoredRejectedRow> RejectedRows => Set<StoredRejectedRow>();
    public DbSet<StoredSheetDraft> SheetDrafts => Set<StoredSheetDraft>();
    public DbSet<StoredSheetMemory> SheetMemories => Set<StoredSheetMemory>();
    public DbSet<StoredUsageKind> UsageKinds => Set<StoredUsageKind>();
    public DbSet<UsageSummary> UsageSummaries => Set<UsageSummary>();
    public DbSet<ActivityRecord> ActivityRecords => Set<ActivityRecord>();
    public DbSet<EmissionRecord> EmissionRecords => Set<EmissionRecord>();
    public DbSet<EmissionInterval> EmissionIntervals => Set<EmissionInterval>();
    public DbSet<MonthlyTotal> MonthlyTotals => Set<MonthlyTotal>();
    public DbSet<Organization> Organizations => Set<Organization>();
    public DbSet<Site> Sites => Set<Site>();
    public DbSet<Ownership> Ownerships => Set<Ownership>();
    public DbSet<Lease> Leases => Set<Lease>();
    public DbSet<AccountMapping> AccountMappings => Set<AccountMapping>();
    public DbSet<ReportingPeriod> ReportingPeriods => Set<ReportingPeriod>();
    public DbSet<BusinessFigure> BusinessFigures => Set<BusinessFigure>();
    public DbSet<StoredInstrument> ContractualInstruments => Set<StoredInstrument>();
    public DbSet<ActivityEntry> ActivityEntries => Set<ActivityEntry>();
    public DbSet<ActivityEntryVersion> ActivityEntryVersions => Set<ActivityEntryVersion>();
    public DbSet<EntryComment> EntryComments => Set<EntryComment>();
    public DbSet<EntryDocument> EntryDocuments => Set<EntryDocument>();
    public DbSet<EntryPolicy> EntryPolicies => Set<EntryPolicy>();
    public DbSet<PlannedSource> PlannedSources => Set<PlannedSource>();
    public DbSet<BoundaryDecision> BoundaryDecisions => Set<BoundaryDecision>();
    public DbSet<BaseYearPolicy> BaseYearPolicies => Set<BaseYearPolicy>();
    public DbSet<BaseYearDecision> BaseYearDecisions => Set<BaseYearDecision>();
    public DbSet<Target> Targets => Set<Target>();
    public DbSet<Scenario> Scenarios => Set<Scenario>();
    public DbSet<CalculationException> CalculationExceptions => Set<CalculationException>();
    public DbSet<AccountMap> AccountMaps => Set<AccountMap>();
    public DbSet<ExchangeRate> ExchangeRates => Set<ExchangeRate>();
    public DbSet<PriceIndex> PriceIndices => Set<PriceIndex>();
    public DbSet<AuditSample> AssuranceSamples => Set<AuditSample>();
    public DbSet<AuditSampleItem> AssuranceSampleItems => Set<AuditSampleItem>();
    public DbSet<ItemCheck> AssuranceItemChecks => Set<ItemCheck>();
    public DbSet<Finding> AssuranceFindings => Set<Finding>();
    public DbSet<FindingVersion> AssuranceFindingVersions => Set<FindingVersion>();
    public DbSet<AssuranceMateriality> AssuranceMaterialities => Set<AssuranceMateriality>();

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<decimal>().HavePrecision(28, 12);
        configurationBuilder.Properties<Enum>().HaveConversion<string>().HaveMaxLength(40);
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(OffGridFlowDbContext).Assembly);

        foreach (var type in modelBuilder.Model.GetEntityTypes().Where(type => typeof(ITenantOwned).IsAssignableFrom(type.ClrType)))
        {
            typeof(OffGridFlowDbContext).GetMethod(nameof(FilterByTenant), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)!
                .MakeGenericMethod(type.ClrType)
                .Invoke(this, [modelBuilder]);
        }

        modelBuilder.UseSnakeCaseNames();
    }

    private void FilterByTenant<T>(ModelBuilder modelBuilder)
        where T : class, ITenantOwned =>
        modelBuilder.Entity<T>().HasQueryFilter(TenantFilter, row => row.TenantId == TenantId);
}
