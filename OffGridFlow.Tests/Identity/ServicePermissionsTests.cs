using System.Reflection;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Web.Features.Emissions;

namespace OffGridFlow.Tests.Identity;

/// <summary>
/// What serves pages and endpoints asks for the permission itself: a hidden button is no guard. Every class that takes the current user or
/// the way to a tenant's data, or another such class, stands here with each of its public methods; a new one fails until it does.
/// </summary>
public sealed class ServicePermissionsTests(SharedApp shared) : IClassFixture<SharedApp>
{
    /// <summary>By class, each public method (all overloads) and property with the permission that it demands first.</summary>
    private static readonly Dictionary<string, Dictionary<string, string>> Demands = new()
    {
        ["ImportService"] = new()
        {
            ["StartAsync"] = Permissions.ActivityDataWrite, ["ListAsync"] = Permissions.ActivityDataRead, ["FindAsync"] = Permissions.ActivityDataRead,
            ["ListRejectedAsync"] = Permissions.ActivityDataRead, ["WriteRejectedAsync"] = Permissions.ActivityDataRead, ["CancelAsync"] = Permissions.ActivityDataWrite,
            ["UndoAsync"] = Permissions.ActivityDataWrite, ["PreviewUndoAsync"] = Permissions.ActivityDataWrite,
        },
        ["SheetTemplates"] = new() { ["BuildWorkbookAsync"] = Permissions.ActivityDataRead, ["BuildCsv"] = Permissions.ActivityDataRead },
        ["SheetImports"] = new()
        {
            ["OpenAsync"] = Permissions.ActivityDataWrite, ["ListAsync"] = Permissions.ActivityDataRead, ["FindAsync"] = Permissions.ActivityDataRead, ["PeekAsync"] = Permissions.ActivityDataRead,
            ["ChangeAsync"] = Permissions.ActivityDataWrite, ["FixAsync"] = Permissions.ActivityDataWrite, ["UnfixAsync"] = Permissions.ActivityDataWrite,
            ["ReadAsync"] = Permissions.ActivityDataRead, ["CheckAsync"] = Permissions.ActivityDataWrite, ["LoadAsync"] = Permissions.ActivityDataWrite,
            ["DiscardAsync"] = Permissions.ActivityDataWrite, ["FindReceiptAsync"] = Permissions.ActivityDataRead, ["DescribeAnnotatedAsync"] = Permissions.ActivityDataRead,
            ["WriteAnnotatedAsync"] = Permissions.ActivityDataRead,
        },
        ["SheetReception"] = new() { ["OpenAsync"] = Permissions.ActivityDataWrite },
        ["SheetChanges"] = new() { ["ChangeAsync"] = Permissions.ActivityDataWrite, ["FixAsync"] = Permissions.ActivityDataWrite, ["UnfixAsync"] = Permissions.ActivityDataWrite },
        ["SheetChecks"] = new() { ["CheckAsync"] = Permissions.ActivityDataWrite },
        ["ActivityEntries"] = new()
        {
            ["SaveAsync"] = Permissions.ActivityDataWrite, ["ChangeManyAsync"] = Permissions.ActivityDataWrite, ["ActAsync"] = Permissions.ActivityDataWrite,
            ["CheckAsync"] = Permissions.ActivityDataWrite, ["CopyAsync"] = Permissions.ActivityDataWrite, ["FindRuleAsync"] = Permissions.ActivityDataRead,
            ["SetRuleAsync"] = Permissions.AdministrationWrite, ["CalculateAgainAsync"] = Permissions.ActivityDataWrite, ["ConvertAsync"] = Permissions.ActivityDataWrite,
        },
        ["ActivityEntryQueries"] = new()
        {
            ["ListAsync"] = Permissions.ActivityDataRead, ["FindAsync"] = Permissions.ActivityDataRead, ["CountAsync"] = Permissions.ActivityDataRead,
            ["ListVersionsAsync"] = Permissions.ActivityDataRead, ["ListExceptionsAsync"] = Permissions.ActivityDataRead, ["ListSitesAsync"] = Permissions.ActivityDataRead,
            ["ListUsedTypesAsync"] = Permissions.ActivityDataRead, ["SearchTypes"] = Permissions.ActivityDataRead, ["FindType"] = Permissions.ActivityDataRead,
            ["ListGases"] = Permissions.ActivityDataRead, ["ListUnitsLike"] = Permissions.ActivityDataRead, ["Convert"] = Permissions.ActivityDataRead,
        },
        ["EntryFactorQueries"] = new() { ["ListAsync"] = Permissions.ActivityDataRead, ["ListOwnChoicesAsync"] = Permissions.ActivityDataRead },
        ["EntryEvidence"] = new()
        {
            ["MayAttachAsync"] = Permissions.ActivityDataWrite, ["ListCommentsAsync"] = Permissions.ActivityDataRead, ["CommentAsync"] = Permissions.ActivityDataWrite,
            ["ListDocumentsAsync"] = Permissions.ActivityDataRead, ["AttachAsync"] = Permissions.ActivityDataWrite, ["DetachAsync"] = Permissions.ActivityDataWrite,
            ["OpenAsync"] = Permissions.ActivityDataRead,
        },
        ["WaitingWork"] = new() { ["ListAsync"] = Permissions.DashboardsRead },
        ["SampleBillOffer"] = new() { ["ImportSampleAsync"] = Permissions.ActivityDataWrite },
        ["JobConsole"] = new()
        {
            ["Live"] = Quiet, ["Watch"] = Permissions.ActivityDataRead, ["ListAsync"] = Permissions.ActivityDataRead, ["CountAsync"] = Permissions.ActivityDataRead,
            ["FindAsync"] = Permissions.ActivityDataRead, ["CancelAsync"] = Permissions.ActivityDataWrite, ["RetryAsync"] = Permissions.ActivityDataWrite,
            ["ListSchedulesAsync"] = Permissions.AdministrationWrite, ["RunNowAsync"] = Permissions.AdministrationWrite, ["PauseAsync"] = Permissions.AdministrationWrite,
        },
        ["EmissionsQueries"] = new()
        {
            ["SummarizeAsync"] = Permissions.DashboardsRead, ["FindUncertaintyAsync"] = Permissions.DashboardsRead, ["ListAsync"] = Permissions.DashboardsRead, ["ListChoicesAsync"] = Permissions.DashboardsRead,
            ["FindTrailAsync"] = Permissions.TrailsRead, ["ListSourceLinesAsync"] = Permissions.TrailsRead,
        },
        ["EmissionsSnapshots"] = new() { ["OpenAsync"] = Permissions.DashboardsRead, ["RecordExportAsync"] = Permissions.DashboardsRead },
        ["Exporter"] = new() { ["SendAsync"] = Permissions.DashboardsRead },
        ["SearchQueries"] = new() { ["FindAsync"] = Permissions.DashboardsRead },
        ["SearchService"] = new() { ["FindAsync"] = Permissions.DashboardsRead },
        ["OverviewWork"] = new()
        {
            ["LoadAsync"] = Permissions.DashboardsRead, ["HasSitesAsync"] = Permissions.DashboardsRead, ["FindPeriodAsync"] = Permissions.DashboardsRead,
        },
        ["OverviewService"] = new() { ["LoadAsync"] = Permissions.DashboardsRead },
        ["ExplorerService"] = new()
        {
            ["LoadAsync"] = Permissions.DashboardsRead, ["OpenAsync"] = Permissions.DashboardsRead, ["LoadRowsAsync"] = Permissions.DashboardsRead,
            ["RevealAsync"] = Permissions.DashboardsRead,
        },
        ["SavedViews"] = new()
        {
            ["ListAsync"] = Permissions.DashboardsRead, ["SaveAsync"] = Permissions.DashboardsRead, ["RenameAsync"] = Permissions.DashboardsRead, ["DeleteAsync"] = Permissions.DashboardsRead,
        },
        ["PersonalSettings"] = new() { ["FindAsync"] = RoutesTests.SignedIn, ["SaveAsync"] = RoutesTests.SignedIn },
        ["PeopleService"] = new()
        {
            ["MayAdminister"] = Quiet, ["ListAsync"] = Permissions.AdministrationWrite, ["FindAsync"] = Permissions.AdministrationWrite,
            ["ChangeAsync"] = Permissions.AdministrationWrite, ["RemoveAsync"] = Permissions.AdministrationWrite,
        },
        ["InvitationService"] = new()
        {
            ["ListAsync"] = Permissions.AdministrationWrite, ["InviteAsync"] = Permissions.AdministrationWrite, ["RenewAsync"] = Permissions.AdministrationWrite,
            ["RevokeAsync"] = Permissions.AdministrationWrite, ["FindAsync"] = Proof, ["AcceptAsNewAsync"] = Proof, ["AcceptWithPasswordAsync"] = Proof,
            ["AcceptAsSignedInAsync"] = RoutesTests.SignedIn,
        },
        ["PasswordResetService"] = new() { ["CreateAsync"] = Permissions.AdministrationWrite, ["FindAsync"] = Proof, ["UseAsync"] = Proof },
        ["AccountService"] = new()
        {
            ["RenameAsync"] = RoutesTests.SignedIn, ["ChangePasswordAsync"] = RoutesTests.SignedIn, ["ListSessionsAsync"] = RoutesTests.SignedIn,
            ["SignOutOthersAsync"] = RoutesTests.SignedIn,
        },
        ["SessionService"] = new() { ["SignOutAsync"] = RoutesTests.SignedIn, ["RefreshAsync"] = Proof },
        ["ApiKeys"] = new()
        {
            ["ListAsync"] = Permissions.AdministrationWrite, ["CreateAsync"] = Permissions.AdministrationWrite, ["RevokeAsync"] = Permissions.AdministrationWrite,
        },
        ["FactorQueries"] = new()
        {
            ["ListAsync"] = Permissions.CalculationsRead, ["FacetsAsync"] = Permissions.CalculationsRead, ["FindAsync"] = Permissions.CalculationsRead,
        },
        ["OwnFactors"] = new()
        {
            ["ListAsync"] = Permissions.CalculationsRead, ["FindAsync"] = Permissions.CalculationsRead, ["LoadAsync"] = Permissions.CalculationsPropose,
            ["ChangeAsync"] = Permissions.CalculationsPropose, ["RetireAsync"] = Permissions.CalculationsPropose,
        },
        ["CalculationPreview"] = new() { ["GetInputsAsync"] = Permissions.CalculationsRead },
        ["CalculationSettings"] = new()
        {
            ["FindAsync"] = Permissions.CalculationsRead, ["SaveAsync"] = Permissions.CalculationsPropose, ["ListNewEditionsAsync"] = Permissions.CalculationsRead,
            ["ConfirmEditionsAsync"] = Permissions.CalculationsPropose,
        },
        ["CalculationRuns"] = new()
        {
            ["ProposeAsync"] = Permissions.CalculationsPropose, ["ListAsync"] = Permissions.CalculationsRead, ["FindAsync"] = Permissions.CalculationsRead,
            ["FindObstacleAsync"] = Permissions.CalculationsRead, ["ApproveAsync"] = Permissions.CalculationsApprove, ["RejectAsync"] = Permissions.CalculationsApprove,
            ["RollBackAsync"] = Permissions.CalculationsApprove,
        },
        ["RunQueries"] = new()
        {
            ["DifferenceAsync"] = Permissions.CalculationsRead, ["RecordExportAsync"] = Permissions.CalculationsRead, ["ListEntriesAsync"] = Permissions.CalculationsRead, ["FindStateAsync"] = Permissions.CalculationsRead,
        },
        ["OrganizationService"] = new()
        {
            ["ListAsync"] = Permissions.ActivityDataRead, ["PageAsync"] = Permissions.ActivityDataRead, ["FindAsync"] = Permissions.ActivityDataRead,
            ["CreateAsync"] = Permissions.OrganizationsWrite, ["ChangeAsync"] = Permissions.OrganizationsWrite, ["RemoveAsync"] = Permissions.OrganizationsWrite,
        },
        ["SiteService"] = new()
        {
            ["ListAsync"] = Permissions.ActivityDataRead, ["PageAsync"] = Permissions.ActivityDataRead, ["FindAsync"] = Permissions.ActivityDataRead,
            ["CreateAsync"] = Permissions.OrganizationsWrite, ["ChangeAsync"] = Permissions.OrganizationsWrite, ["RemoveAsync"] = Permissions.OrganizationsWrite,
        },
        ["OwnershipService"] = new()
        {
            ["ListAsync"] = Permissions.ActivityDataRead, ["CreateAsync"] = Permissions.OrganizationsWrite, ["ChangeAsync"] = Permissions.OrganizationsWrite,
            ["RemoveAsync"] = Permissions.OrganizationsWrite, ["PageAsync"] = Permissions.ActivityDataRead, ["FindAsync"] = Permissions.ActivityDataRead, ["EndAsync"] = Permissions.OrganizationsWrite,
        },
        ["LeaseService"] = new()
        {
            ["ListAsync"] = Permissions.ActivityDataRead, ["CreateAsync"] = Permissions.OrganizationsWrite, ["ChangeAsync"] = Permissions.OrganizationsWrite,
            ["RemoveAsync"] = Permissions.OrganizationsWrite,
        },
        ["AccountMapService"] = new()
        {
            ["PageAsync"] = Permissions.ActivityDataRead, ["FindAsync"] = Permissions.ActivityDataRead, ["CreateAsync"] = Permissions.ActivityDataWrite,
            ["ChangeAsync"] = Permissions.ActivityDataWrite, ["RemoveAsync"] = Permissions.ActivityDataWrite,
        },
        ["MoneyRows"] = new()
        {
            ["ListRatesAsync"] = Permissions.CalculationsRead, ["ListIndicesAsync"] = Permissions.CalculationsRead, ["SaveRatesAsync"] = Permissions.CalculationsPropose,
            ["SaveIndicesAsync"] = Permissions.CalculationsPropose,
        },
        ["MoneyUses"] = new() { ["CountAsync"] = Permissions.CalculationsRead },
        ["PortfolioQueries"] = new() { ["ScoreAsync"] = Permissions.DashboardsRead },
        ["AccountMappingService"] = new()
        {
            ["ListAsync"] = Permissions.ActivityDataRead, ["CreateAsync"] = Permissions.OrganizationsWrite, ["ChangeAsync"] = Permissions.OrganizationsWrite,
            ["RemoveAsync"] = Permissions.OrganizationsWrite, ["ListSeenAsync"] = Permissions.ActivityDataRead,
        },
        ["PeriodService"] = new()
        {
            ["ListAsync"] = Permissions.ActivityDataRead, ["PageAsync"] = Permissions.ActivityDataRead, ["FindAsync"] = Permissions.ActivityDataRead,
            ["CreateAsync"] = Permissions.OrganizationsWrite, ["ChangeAsync"] = Permissions.OrganizationsWrite, ["RemoveAsync"] = Permissions.OrganizationsWrite,
        },
        ["CollectionPlan"] = new()
        {
            ["ListAsync"] = Permissions.ActivityDataRead, ["FindAsync"] = Permissions.ActivityDataRead, ["CreateAsync"] = Permissions.ActivityDataWrite,
            ["ChangeAsync"] = Permissions.ActivityDataWrite, ["RemoveAsync"] = Permissions.ActivityDataWrite, ["PlanWhatIsEnteredAsync"] = Permissions.ActivityDataWrite,
        },
        ["InventoryQueries"] = new() { ["SummarizeAsync"] = Permissions.DashboardsRead, ["SummarizeViewsAsync"] = Permissions.DashboardsRead },
        ["EnergyQueries"] = new() { ["ReadAsync"] = Permissions.DashboardsRead },
        ["InventoryReports"] = new()
        {
            ["ListPeriodsAsync"] = Permissions.DashboardsRead, ["FindPeriodAsync"] = Permissions.DashboardsRead, ["ReadAsync"] = Permissions.DashboardsRead,
            ["IntensitiesAsync"] = Permissions.DashboardsRead,
        },
        ["InventoryExports"] = new() { ["ReadAsync"] = Permissions.DashboardsRead, ["RecordAsync"] = Permissions.DashboardsRead },
        ["BoundaryDecisions"] = new()
        {
            ["ListAsync"] = Permissions.ActivityDataRead, ["DecideAsync"] = Permissions.CalculationsPropose, ["ApproveAsync"] = Permissions.CalculationsApprove,
        },
        ["InventoryLocks"] = new()
        {
            ["FindAsync"] = Permissions.ActivityDataRead, ["LockAsync"] = Permissions.CalculationsApprove, ["ReopenAsync"] = Permissions.CalculationsApprove,
            ["WithdrawAsync"] = Permissions.CalculationsApprove,
        },
        ["InventorySnapshots"] = new()
        {
            ["ListAsync"] = Permissions.ActivityDataRead, ["FindAsync"] = Permissions.ActivityDataRead, ["CompareAsync"] = Permissions.ActivityDataRead,
        },
        ["BaseYearService"] = new()
        {
            ["ReadAsync"] = Permissions.DashboardsRead, ["FindEffectsAsync"] = Permissions.DashboardsRead, ["SaveAsync"] = Permissions.CalculationsPropose,
            ["ApproveAsync"] = Permissions.CalculationsApprove, ["DecideAsync"] = Permissions.CalculationsPropose, ["ApproveDecisionAsync"] = Permissions.CalculationsApprove,
        },
        ["TargetService"] = new()
        {
            ["ListAsync"] = Permissions.DashboardsRead, ["PageAsync"] = Permissions.DashboardsRead, ["FindAsync"] = Permissions.DashboardsRead, ["CreateAsync"] = Permissions.CalculationsPropose,
            ["ChangeAsync"] = Permissions.CalculationsPropose, ["RemoveAsync"] = Permissions.CalculationsPropose,
        },
        ["ScenarioService"] = new()
        {
            ["ListAsync"] = Permissions.DashboardsRead, ["PageAsync"] = Permissions.DashboardsRead, ["FindAsync"] = Permissions.DashboardsRead, ["CreateAsync"] = Permissions.CalculationsPropose,
            ["ChangeAsync"] = Permissions.CalculationsPropose, ["RemoveAsync"] = Permissions.CalculationsPropose,
        },
        ["TargetQueries"] = new()
        {
            ["FindAsync"] = Permissions.DashboardsRead, ["ListAsync"] = Permissions.DashboardsRead, ["FindScenarioAsync"] = Permissions.DashboardsRead,
            ["ListScenariosAsync"] = Permissions.DashboardsRead, ["ListPeriodsAsync"] = Permissions.DashboardsRead, ["ListSourcesAsync"] = Permissions.DashboardsRead,
        },
        ["DecompositionQueries"] = new() { ["FindAsync"] = Permissions.DashboardsRead, ["CompareAsync"] = Permissions.DashboardsRead },
        ["CompletenessService"] = new()
        {
            ["LoadAsync"] = Permissions.ActivityDataRead, ["EstimateAsync"] = Permissions.ActivityDataRead, ["IsPlannedAsync"] = Permissions.ActivityDataWrite,
            ["FillAsync"] = Permissions.ActivityDataWrite,
            ["FillAllAsync"] = Permissions.ActivityDataWrite,
        },
        ["FigureService"] = new() { ["ListAsync"] = Permissions.ActivityDataRead, ["SaveAsync"] = Permissions.OrganizationsWrite },
        ["InstrumentService"] = new()
        {
            ["ListAsync"] = Permissions.ActivityDataRead, ["PageAsync"] = Permissions.ActivityDataRead, ["FindAsync"] = Permissions.ActivityDataRead,
            ["CreateAsync"] = Permissions.OrganizationsWrite, ["ChangeAsync"] = Permissions.OrganizationsWrite, ["RemoveAsync"] = Permissions.OrganizationsWrite, ["UsageAsync"] = Permissions.ActivityDataRead,
        },
        ["AuditQueries"] = new()
        {
            ["ListAsync"] = Permissions.AuditRead, ["FindAsync"] = Permissions.AuditRead, ["FacetsAsync"] = Permissions.AuditRead,
            ["StatusAsync"] = Permissions.AuditRead, ["StreamAsync"] = Permissions.AuditRead,
        },
        ["AuditVerifier"] = new() { ["VerifyAsync"] = Permissions.AuditRead },
        ["AuditExports"] = new() { ["CountAsync"] = Permissions.AuditRead, ["RecordAsync"] = Permissions.AuditRead },
        ["EvidencePacks"] = new()
        {
            ["RecordAsync"] = Permissions.AuditRead, ["WriteAsync"] = Permissions.AuditRead, ["BeginInventoryAsync"] = Permissions.AuditRead,
            ["WriteInventoryAsync"] = Permissions.AuditRead,
        },
        ["EvidenceSender"] = new() { ["SendAsync"] = Permissions.AuditRead, ["SendInventoryAsync"] = Permissions.AuditRead },
        ["AuditSamples"] = new()
        {
            ["ListAsync"] = Permissions.AssuranceRead, ["FindAsync"] = Permissions.AssuranceRead, ["DrawAsync"] = Permissions.AssuranceWrite, ["CheckAsync"] = Permissions.AssuranceWrite,
            ["SetAsideAsync"] = Permissions.AssuranceWrite, ["RedrawAsync"] = Permissions.AssuranceRead,
        },
        ["AuditFindings"] = new()
        {
            ["ListAsync"] = Permissions.AssuranceRead, ["FindAsync"] = Permissions.AssuranceRead, ["RecordAsync"] = Permissions.AssuranceWrite, ["ChangeAsync"] = Permissions.AssuranceWrite,
            ["AnswerAsync"] = Permissions.ActivityDataWrite, ["CloseAsync"] = Permissions.AssuranceWrite, ["CommentAsync"] = Permissions.AssuranceRead,
        },
        ["AssuranceStanding"] = new()
        {
            ["FindMaterialityAsync"] = Permissions.AssuranceRead, ["SetAsync"] = Permissions.AssuranceWrite, ["SummarizeAsync"] = Permissions.AssuranceRead,
        },
        ["AssurancePapers"] = new()
        {
            ["RecordPeriodAsync"] = Permissions.AssuranceRead, ["RecordSampleAsync"] = Permissions.AssuranceRead, ["WritePeriodAsync"] = Permissions.AssuranceRead,
            ["WriteSampleAsync"] = Permissions.AssuranceRead,
        },
        ["AssuranceSender"] = new()
        {
            ["SendPapersAsync"] = Permissions.AssuranceRead, ["SendPackAsync"] = Permissions.AssuranceRead, ["SendWorkbookAsync"] = Permissions.AssuranceRead,
        },
        ["SampleYearOffer"] = new() { ["QueueAsync"] = Permissions.AdministrationWrite },
        ["AuditExporter"] = new() { ["SendJsonLinesAsync"] = Permissions.AuditRead, ["SendWorkbookAsync"] = Permissions.AuditRead },
    };

    /// <summary>Classes that ask for nothing, with the reason; no page, endpoint or service of the web may take one, but those named in <see cref="MayTake"/>.</summary>
    private static readonly Dictionary<string, string> Trusted = new()
    {
        ["TenantDatabase"] = "the way itself: needs a current user, opens their tenant alone",
        ["KindNumbers"] = "part of a load, made by the job",
        ["BillLoad"] = "part of a load, made by the job",
        ["RejectedRowsWriter"] = "made by ImportService after it has asked",
        ["SheetLoadJob"] = "run by the worker for the job's organization; whoever queued it was asked then",
        ["SheetCheckJob"] = "run by the worker for the job's organization; whoever queued it was asked then",
        ["SampleYearJob"] = "run by the worker for the demo organization; SampleYearOffer has asked",
        ["SampleYearPeople"] = "part of the sample year, made by its job; what it calls asks", ["SampleYearGroup"] = "part of the sample year, made by its job; what it calls asks",
        ["SampleYearImports"] = "part of the sample year, made by its job; what it calls asks", ["SampleYearReview"] = "part of the sample year, made by its job; what it calls asks",
        ["SampleYearDecisions"] = "part of the sample year, made by its job; what it calls asks",
        ["ImportJob"] = "run by the worker for the job's organization; whoever queued it was asked then",
        ["SnapshotBuilder"] = "part of a lock or a comparison, whose services have asked",
        ["InventoryEvidence"] = "made by EvidencePacks after it has asked",
        ["RunJob"] = "run by the worker for the job's organization; whoever proposed the run was asked then",
        ["RunExport"] = "rows come from RunQueries, which asks", ["EntryRows"] = "rows come from RunQueries, which asks",
        ["RunCalculation"] = "part of a run, made by the job",
        ["PasswordVerifier"] = "comes before anybody is signed in",
        ["CircuitUser"] = "puts the circuit's person in place",
        ["CookieSignIn"] = "comes before anybody is signed in",
        ["TenantChange"] = "leads a person from one of their own organizations to another; the database makes sessions for active members only",
    };

    /// <summary>Who of the web takes a trusted part or the database itself, as “class: part”.</summary>
    private static readonly string[] MayTake =
    [
        "CircuitUser: CurrentUser", "Exporter: CurrentUser", "AuditExporter: CurrentUser", "EvidenceSender: CurrentUser", "AssuranceSender: CurrentUser", "CookieSignIn: PasswordVerifier", "DatabaseCheck: Database",
        // Names of who exports, and whether links and completeness are for them.
        "RunExportEndpoints: CurrentUser", "InventoryExportEndpoints: CurrentUser", "OverviewWork: CurrentUser",
        // To tell a key that may not read what it has ended.
        "ImportEndpoints: CurrentUser",
        // Sessions are looked up before a tenant is known, each by its secret or for its own circuit.
        "SessionTicketStore: SessionStore", "BearerAuthentication: SessionStore", "CookieSession: SessionStore", "LiveSessions: SessionStore",
        // A person's own organizations.
        "TenantMenu: SessionStore", "TenantChange: SessionStore", "TenantChange: TenantDatabase", "TenantChange: CurrentUser", "TenantEndpoints: TenantChange", "AuthEndpoints: TenantChange",
        // POST /api/v1/auth/…: sign-in, refresh, sign-out.
        "AuthEndpoints: PasswordVerifier", "AuthEndpoints: SessionStore", "AuthEndpoints: CurrentUser",
    ];

    /// <summary>Shows nothing instead of refusing: a circuit goes on asking after its person has signed out.</summary>
    private const string Quiet = "nothing is shown";

    /// <summary>Asks nobody who they are: the secret in the call proves enough.</summary>
    private const string Proof = "a secret proves it";

    private readonly TestApp _app = shared.App;

    private static readonly Assembly[] Assemblies = [typeof(TenantDatabase).Assembly, typeof(OffGridFlow.Web.App).Assembly];

    [Fact]
    public void EveryClass_ThatTakesTheUserOrTheData_StandsInATable()
    {
        var classes = Guarded(Assemblies.SelectMany(assembly => assembly.GetTypes())).Select(type => type.Name).ToList();

        classes.Except(Demands.Keys).Except(Trusted.Keys).ShouldBeEmpty("Say in ServicePermissionsTests what each method demands, or why it may be trusted.");
        Demands.Keys.Except(classes).ShouldBeEmpty("These classes are gone.");
    }

    [Fact]
    public void EveryClass_PlantedOne_IsFound() => Guarded([typeof(Forgotten), typeof(Behind)]).ShouldBe([typeof(Forgotten), typeof(Behind)], ignoreOrder: true);

    [Fact]
    public void EveryMethod_StandsInTheTable()
    {
        foreach (var type in Services())
        {
            Members(type).Select(NameOf).Distinct().ShouldBe(Demands[type.Name].Keys, ignoreOrder: true, type.Name);
        }
    }

    [Fact]
    public async Task EveryMethod_RefusesWhoLacksItsPermission_AndOnlyThem()
    {
        foreach (var type in Services())
        {
            foreach (var member in Members(type))
            {
                var (need, what) = (Demands[type.Name][NameOf(member)], $"{type.Name}.{member}");
                var nobody = await CallAsync(type, member, null);
                if (need == Proof)
                {
                    nobody.ShouldNotBe(typeof(NotSignedInException), $"{what} for nobody");
                }
                else
                {
                    nobody.ShouldBe(need == Quiet ? null : typeof(NotSignedInException), $"{what} for nobody");
                }

                foreach (var actor in Actors())
                {
                    var refused = await CallAsync(type, member, actor);
                    if (need is Quiet or Proof || need == RoutesTests.SignedIn || actor.Allows(need))
                    {
                        refused.ShouldNotBe(typeof(ForbiddenException), $"{what} for {actor.DisplayName}");
                        refused.ShouldNotBe(typeof(NotSignedInException), $"{what} for {actor.DisplayName}");
                    }
                    else
                    {
                        refused.ShouldBe(typeof(ForbiddenException), $"{what} for {actor.DisplayName}");
                    }
                }
            }
        }
    }

    [Fact]
    public async Task EveryMethod_PlantedOneThatDoesNotAsk_IsFound()
    {
        var careless = typeof(Careless).GetMethod(nameof(Careless.ReadAsync))!;

        (await CallAsync(typeof(Careless), careless, null)).ShouldNotBe(typeof(NotSignedInException));
        (await CallAsync(typeof(Careless), careless, Nothing())).ShouldNotBe(typeof(ForbiddenException));
    }

    [Fact]
    public void NoPageOrEndpoint_TakesATrustedPart() => Taken().Except(MayTake).ShouldBeEmpty("Pages, endpoints and services of the web reach data through services that ask.");

    [Fact]
    public void NoPageOrEndpoint_ExceptionsAreStillTrue() => MayTake.Except(Taken()).ShouldBeEmpty("These are gone.");

    /// <summary>Takes the user, the data, or a class or interface of one that does.</summary>
    private static List<Type> Guarded(IEnumerable<Type> types)
    {
        // What compilers make is no class of ours.
        var classes = types.Where(type => type is { IsClass: true, IsAbstract: false } && !type.Name.Contains('<', StringComparison.Ordinal)
            && !typeof(IComponent).IsAssignableFrom(type) && !typeof(Delegate).IsAssignableFrom(type)).ToList();
        var roots = new HashSet<Type> { typeof(CurrentUser), typeof(TenantDatabase) };
        var guarded = new List<Type>();
        int before;
        do
        {
            before = guarded.Count;
            foreach (var type in classes.Where(type => !guarded.Contains(type) && Parameters(type).Any(parameter => roots.Contains(parameter) && parameter != type)))
            {
                guarded.Add(type);
                if (Trusted.ContainsKey(type.Name))
                {
                    continue;
                }

                roots.Add(type);
                roots.UnionWith(type.GetInterfaces().Where(contract => contract.Assembly == type.Assembly && Assemblies.Contains(contract.Assembly) && contract.Name is not ("IJobHandler" or "ISystemJob")));
            }
        }
        while (guarded.Count > before);
        return guarded;
    }

    private static IEnumerable<Type> Parameters(Type type) =>
        type.GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance).SelectMany(constructor => constructor.GetParameters()).Select(parameter => parameter.ParameterType);

    private static List<Type> Services() => Guarded(Assemblies.SelectMany(assembly => assembly.GetTypes())).Where(type => Demands.ContainsKey(type.Name)).ToList();

    /// <summary>Also those of a base class of ours.</summary>
    private static List<MethodInfo> Members(Type type) => type.GetMethods(BindingFlags.Public | BindingFlags.Instance)
        .Where(method => method.DeclaringType == type || Assemblies.Contains(method.DeclaringType!.Assembly))
        .Where(method => method.Name is not ("Dispose" or "DisposeAsync" or "ToString" or "Equals" or "GetHashCode")).ToList();

    private static string NameOf(MethodInfo method) => method.IsSpecialName ? method.Name[4..] : method.Name;

    /// <summary>Each role, and for each permission an administrator's key that was given all others.</summary>
    private static IEnumerable<Actor> Actors() => Enum.GetValues<TenantRole>().Select(role => new Actor(Guid.CreateVersion7(), Guid.CreateVersion7(), role.ToString(), role))
        .Concat(Permissions.All.Select(permission => new Actor(Guid.CreateVersion7(), Guid.CreateVersion7(), $"an administrator without {permission}", TenantRole.Admin)
        {
            Scopes = Permissions.All.Where(other => other != permission).ToHashSet(),
        }))
        .Append(Nothing());

    private static Actor Nothing() => new(Guid.CreateVersion7(), Guid.CreateVersion7(), "an administrator with nothing", TenantRole.Admin) { Scopes = new HashSet<string>() };

    /// <summary>Which exception came out; null for none. Made-up arguments may bring others than those of permission.</summary>
    private async Task<Type?> CallAsync(Type type, MethodInfo method, Actor? actor)
    {
        await using var scope = _app.App.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentUser>().Become(actor);
        try
        {
            var service = type.IsAssignableTo(typeof(Careless))
                ? new Careless() : ActivatorUtilities.CreateInstance(Furnished(scope.ServiceProvider), type);
            var answer = method.Invoke(service, [.. method.GetParameters().Select(parameter => MakeUp(parameter.ParameterType, scope.ServiceProvider))]);
            await FinishAsync(answer);
            return null;
        }
        catch (Exception exception)
        {
            while (exception is TargetInvocationException or AggregateException && exception.InnerException is { } inner)
            {
                exception = inner;
            }

            return exception.GetType();
        }
    }

    private static async Task FinishAsync(object? answer)
    {
        switch (answer)
        {
            case Task task:
                await task;
                if (task.GetType().GetProperty("Result")?.GetValue(task) is IAsyncDisposable opened)
                {
                    await opened.DisposeAsync();
                }

                break;
            case IDisposable disposable:
                disposable.Dispose();
                break;
            case not null when answer.GetType().GetInterfaces().FirstOrDefault(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>)) is { } stream:
                await ((Task)typeof(ServicePermissionsTests).GetMethod(nameof(FirstAsync), BindingFlags.NonPublic | BindingFlags.Static)!
                    .MakeGenericMethod(stream.GetGenericArguments()).Invoke(null, [answer])!);
                break;
        }
    }

    private static async Task FirstAsync<T>(IAsyncEnumerable<T> stream)
    {
        await foreach (var _ in stream)
        {
            break;
        }
    }

    /// <summary>The application's services, with what only a request or a circuit has.</summary>
    private static ScopeWithPerson Furnished(IServiceProvider services) => new(services);

    private static object? MakeUp(Type type, IServiceProvider services) => type switch
    {
        _ when type == typeof(string) => "x",
        _ when type == typeof(Guid) => Guid.CreateVersion7(),
        _ when type == typeof(int) || type == typeof(long) => 1,
        _ when type == typeof(CancellationToken) => TestContext.Current.CancellationToken,
        _ when type == typeof(Stream) => new MemoryStream("x"u8.ToArray()),
        _ when type == typeof(Action) => () => { },
        _ when type == typeof(object) => new { },
        _ when type == typeof(HttpContext) => new DefaultHttpContext { RequestServices = services, Response = { Body = new MemoryStream() } },
        _ when type == typeof(ExplorerTree) => Tree(),
        _ when type == typeof(ExplorerNode) => Root(),
        _ when type == typeof(EmissionRow) => Web.SampleRows.Months(1)[0],
        _ when Nullable.GetUnderlyingType(type) is not null => null,
        _ when type.IsValueType => Activator.CreateInstance(type),
        _ when type.IsGenericType && type.GetGenericArguments() is [var element] && type.IsAssignableFrom(element.MakeArrayType()) => Array.CreateInstance(element, 0),
        // A record: whole, of made-up parts.
        _ when type.GetConstructors().OrderBy(constructor => constructor.GetParameters().Length).FirstOrDefault(constructor => constructor.GetParameters().All(parameter => parameter.ParameterType != type)) is { } constructor =>
            constructor.Invoke([.. constructor.GetParameters().Select(parameter => MakeUp(parameter.ParameterType, services))]),
        _ => null,
    };

    private static ExplorerNode Root() => new(null, null, "", EmissionsFilter.All, new EmissionsFigures());

    /// <summary>With a closed group that the row belongs to, so that revealing it has to read.</summary>
    private static ExplorerTree Tree()
    {
        var (root, row) = (Root(), Web.SampleRows.Months(1)[0]);
        root.Groups.Add(new ExplorerNode(root, EmissionsDimension.Service, row.Service, EmissionsFilter.All, new EmissionsFigures()));
        return new ExplorerTree(root, new Grouping([EmissionsDimension.Service]), [], false, [], new EmissionsChoices([], [], [], []));
    }

    private List<string> Taken()
    {
        var parts = Trusted.Keys.Concat(["CurrentUser", "Database", "SessionStore", "NpgsqlDataSource", "NpgsqlConnection", "OffGridFlowDbContext", "DocumentStore", "JobQueue", "LedgerCache", "MonthlyTotalsCache"]).ToHashSet();
        var taken = new List<string>();
        foreach (var type in typeof(OffGridFlow.Web.App).Assembly.GetTypes().Where(type => !type.Name.Contains('<', StringComparison.Ordinal)))
        {
            var injected = type.GetProperties(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly)
                .Where(property => property.GetCustomAttribute<InjectAttribute>() is not null).Select(property => property.PropertyType);
            taken.AddRange(Parameters(type).Concat(injected).Where(part => parts.Contains(part.Name)).Select(part => $"{type.Name}: {part.Name}"));
        }

        foreach (var handler in ((IEndpointRouteBuilder)_app.App).DataSources.SelectMany(source => source.Endpoints).Select(endpoint => endpoint.Metadata.GetMetadata<MethodInfo>()).OfType<MethodInfo>())
        {
            var owner = handler.DeclaringType!;
            while (owner.Name.Contains('<', StringComparison.Ordinal) && owner.DeclaringType is { } outer)
            {
                owner = outer;
            }

            taken.AddRange(handler.GetParameters().Where(parameter => parts.Contains(parameter.ParameterType.Name)).Select(parameter => $"{owner.Name}: {parameter.ParameterType.Name}"));
        }

        return taken.Distinct().ToList();
    }

    /// <summary>A person for those who ask Blazor, not the product, who it is.</summary>
    private sealed class ScopeWithPerson(IServiceProvider services) : IServiceProvider
    {
        public object? GetService(Type serviceType) =>
            serviceType == typeof(AuthenticationStateProvider) ? new Anybody()
            : services.GetService(serviceType);
    }

    private sealed class Anybody : AuthenticationStateProvider
    {
        public override Task<AuthenticationState> GetAuthenticationStateAsync() => Task.FromResult(new AuthenticationState(new System.Security.Claims.ClaimsPrincipal()));
    }

    private sealed class Forgotten(TenantDatabase database)
    {
        public TenantDatabase Database => database;
    }

    private sealed class Behind(Forgotten service)
    {
        public Forgotten Service => service;
    }

    private sealed class Careless
    {
        private readonly Task _done = Task.CompletedTask;

        public Task ReadAsync() => _done;
    }
}
