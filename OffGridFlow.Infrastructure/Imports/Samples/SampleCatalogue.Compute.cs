namespace OffGridFlow.Infrastructure.Imports.Samples;

/// <summary>Compute and databases. Prices are near AWS's list prices of us-east-1, close enough for a sample, and no offer.</summary>
internal static partial class SampleCatalogue
{
    private static readonly SampleProduct Ec2 = new("AmazonEC2", "Amazon Elastic Compute Cloud");
    private static readonly SampleProduct Rds = new("AmazonRDS", "Amazon Relational Database Service");
    private static readonly SampleProduct Cache = new("AmazonElastiCache", "Amazon ElastiCache");
    private static readonly SampleProduct Redshift = new("AmazonRedshift", "Amazon Redshift");
    private static readonly SampleProduct OpenSearch = new("AmazonES", "Amazon OpenSearch Service");
    private static readonly SampleProduct Lambda = new("AWSLambda", "AWS Lambda");
    private static readonly SampleProduct Ecs = new("AmazonECS", "Amazon Elastic Container Service");
    private static readonly SampleProduct SageMaker = new("AmazonSageMaker", "Amazon SageMaker");
    private static readonly SampleProduct Emr = new("ElasticMapReduce", "Amazon Elastic MapReduce");

    private const string General = "General purpose";
    private const string ComputeOptimized = "Compute optimized";
    private const string MemoryOptimized = "Memory optimized";

    private static readonly SampleInstance[] Machines =
    [
        new("t3.micro", 2, "1 GiB", General, 0.0104m, 60), new("t3.small", 2, "2 GiB", General, 0.0208m, 70),
        new("t3.medium", 2, "4 GiB", General, 0.0416m, 120), new("t3.large", 2, "8 GiB", General, 0.0832m, 90),
        new("t3a.medium", 2, "4 GiB", General, 0.0376m, 30), new("t4g.small", 2, "2 GiB", General, 0.0168m, 40),
        new("t4g.medium", 2, "4 GiB", General, 0.0336m, 50), new("t2.micro", 1, "1 GiB", General, 0.0116m, 20),
        new("m5.large", 2, "8 GiB", General, 0.096m, 220), new("m5.xlarge", 4, "16 GiB", General, 0.192m, 110),
        new("m5.2xlarge", 8, "32 GiB", General, 0.384m, 50), new("m5.4xlarge", 16, "64 GiB", General, 0.768m, 15),
        new("m5a.xlarge", 4, "16 GiB", General, 0.172m, 15), new("m6i.large", 2, "8 GiB", General, 0.096m, 80),
        new("m6i.xlarge", 4, "16 GiB", General, 0.192m, 60), new("m6g.large", 2, "8 GiB", General, 0.077m, 60),
        new("m6g.2xlarge", 8, "32 GiB", General, 0.308m, 20), new("m6a.xlarge", 4, "16 GiB", General, 0.1728m, 15),
        new("m7g.xlarge", 4, "16 GiB", General, 0.1632m, 25), new("m7i.2xlarge", 8, "32 GiB", General, 0.4032m, 12),
        new("c5.large", 2, "4 GiB", ComputeOptimized, 0.085m, 50), new("c5.xlarge", 4, "8 GiB", ComputeOptimized, 0.17m, 45),
        new("c5.4xlarge", 16, "32 GiB", ComputeOptimized, 0.68m, 20), new("c5.9xlarge", 36, "72 GiB", ComputeOptimized, 1.53m, 8),
        new("c6i.2xlarge", 8, "16 GiB", ComputeOptimized, 0.34m, 25), new("c6g.xlarge", 4, "8 GiB", ComputeOptimized, 0.136m, 25),
        new("c7g.2xlarge", 8, "16 GiB", ComputeOptimized, 0.29m, 12), new("c6gn.large", 2, "4 GiB", ComputeOptimized, 0.0864m, 6),
        new("r5.large", 2, "16 GiB", MemoryOptimized, 0.126m, 60), new("r5.xlarge", 4, "32 GiB", MemoryOptimized, 0.252m, 45),
        new("r5.4xlarge", 16, "128 GiB", MemoryOptimized, 1.008m, 15), new("r6i.2xlarge", 8, "64 GiB", MemoryOptimized, 0.504m, 18),
        new("r6g.xlarge", 4, "32 GiB", MemoryOptimized, 0.2016m, 20), new("x1e.xlarge", 4, "122 GiB", MemoryOptimized, 0.834m, 2),
        new("i3.xlarge", 4, "30.5 GiB", "Storage optimized", 0.312m, 8), new("i3en.2xlarge", 8, "64 GiB", "Storage optimized", 0.904m, 3),
        new("d3.xlarge", 4, "32 GiB", "Storage optimized", 0.499m, 2), new("p3.2xlarge", 8, "61 GiB", "GPU instance", 3.06m, 4),
        new("g4dn.xlarge", 4, "16 GiB", "GPU instance", 0.526m, 12), new("g5.2xlarge", 8, "32 GiB", "GPU instance", 1.212m, 5),
        new("p4d.24xlarge", 96, "1152 GiB", "GPU instance", 32.7726m, 1), new("m5.metal", 96, "384 GiB", General, 4.608m, 1),
        // Families newer than any table of ours: what the "unknown" bucket is for.
        new("m9g.2xlarge", 8, "32 GiB", General, 0.3912m, 4), new("x9i.24xlarge", 96, "3072 GiB", MemoryOptimized, 20.1m, 1),
    ];

    private static readonly SampleInstance[] DatabaseMachines =
    [
        new("db.t3.micro", 2, "1 GiB", General, 0.017m, 40), new("db.t3.medium", 2, "4 GiB", General, 0.068m, 60),
        new("db.t4g.medium", 2, "4 GiB", General, 0.065m, 40), new("db.m5.large", 2, "8 GiB", General, 0.171m, 60),
        new("db.m5.xlarge", 4, "16 GiB", General, 0.342m, 40), new("db.m6g.large", 2, "8 GiB", General, 0.152m, 35),
        new("db.r5.large", 2, "16 GiB", MemoryOptimized, 0.24m, 45), new("db.r5.2xlarge", 8, "64 GiB", MemoryOptimized, 0.96m, 20),
        new("db.r6g.xlarge", 4, "32 GiB", MemoryOptimized, 0.43m, 25),
    ];

    private static IEnumerable<SampleUsage> Compute()
    {
        foreach (var machine in Machines)
        {
            yield return Machine(machine, "BoxUsage", "RunInstances", "Linux", machine.HourlyRate, 40, SampleDiscount.Either);
            if (machine.Weight >= 40)
                yield return Machine(machine, "BoxUsage", "RunInstances:0002", "Windows", machine.HourlyRate + (0.046m * machine.Vcpus), 6, SampleDiscount.SavingsPlan);
            if (machine.Weight >= 12)
                yield return Machine(machine, "SpotUsage", "RunInstances:SV004", "Linux", decimal.Round(machine.HourlyRate * 0.37m, 6), 12, SampleDiscount.None);
        }

        foreach (var burstable in new[] { "t3", "t4g" })
        {
            yield return new(Ec2, $"CPUCredits:{burstable}", "CPUCredits", "vCPU-Hours", 0.05m, 60)
            {
                Amount = SampleAmount.Flow, Least = 0.000001m, Most = 2, Family = "CPU Credits",
                Description = "$0.05 per vCPU-Hour of " + burstable.ToUpperInvariant() + " CPU Credits", Resource = "i-{x}",
            };
        }

        foreach (var machine in DatabaseMachines)
        {
            yield return Database(machine, "InstanceUsage", "CreateDBInstance:0014", "PostgreSQL", "Single-AZ", 1, 20);
            yield return Database(machine, "InstanceUsage", "CreateDBInstance:0002", "MySQL", "Single-AZ", 1, 12);
            yield return Database(machine, "Multi-AZUsage", "CreateDBInstance:0014", "PostgreSQL", "Multi-AZ", 2, 12);
            if (machine.Type.Contains(".r", StringComparison.Ordinal))
                yield return Database(machine, "InstanceUsage", "CreateDBInstance:0021", "Aurora PostgreSQL", "Single-AZ", 1.2m, 12);
        }

        yield return Node(Cache, "NodeUsage:cache.t3.micro", "CreateCacheCluster:0002", 2, "0.5 GiB", 0.017m, 160, "Cache Instance", "arn:aws:elasticache:{r}:{a}:cluster:{n}-001");
        yield return Node(Cache, "NodeUsage:cache.r6g.large", "CreateCacheCluster:0002", 2, "13.07 GiB", 0.206m, 120, "Cache Instance", "arn:aws:elasticache:{r}:{a}:cluster:{n}-001");
        yield return Node(Cache, "NodeUsage:cache.m5.large", "CreateCacheCluster:0001", 2, "6.38 GiB", 0.156m, 80, "Cache Instance", "arn:aws:elasticache:{r}:{a}:cluster:{n}-001");
        yield return Node(Redshift, "Node:ra3.xlplus", "RunComputeNode:0001", 4, "32 GiB", 1.086m, 60, "Compute Instance", "arn:aws:redshift:{r}:{a}:cluster:{n}");
        yield return Node(Redshift, "Node:dc2.large", "RunComputeNode:0001", 2, "15 GiB", 0.25m, 60, "Compute Instance", "arn:aws:redshift:{r}:{a}:cluster:{n}");
        yield return Node(OpenSearch, "ESInstance:r6g.large", "ESDomain", 2, "16 GiB", 0.167m, 100, "Amazon OpenSearch Service Instance", "arn:aws:es:{r}:{a}:domain/{n}");
        yield return Node(OpenSearch, "ESInstance:t3.small", "ESDomain", 2, "2 GiB", 0.036m, 90, "Amazon OpenSearch Service Instance", "arn:aws:es:{r}:{a}:domain/{n}");
        yield return Node(SageMaker, "Host:ml.m5.xlarge", "RunInstance", 4, "16 GiB", 0.23m, 60, "ML Instance", "arn:aws:sagemaker:{r}:{a}:endpoint/{n}") with { Discount = SampleDiscount.SavingsPlan };
        yield return Node(Emr, "BoxUsage:m5.xlarge", "RunJobFlow", 4, "16 GiB", 0.048m, 60, "Elastic Map Reduce Instance", "arn:aws:elasticmapreduce:{r}:{a}:cluster/{n}") with { Discount = SampleDiscount.None };

        yield return Serverless(Lambda, "Lambda-GB-Second", "Invoke", "Lambda-GB-Second", 0.0000166667m, 520, UsagePrefix.Old, 40000) with { Discount = SampleDiscount.SavingsPlan };
        yield return Serverless(Lambda, "Lambda-GB-Second-ARM", "Invoke", "Lambda-GB-Second", 0.0000133334m, 160, UsagePrefix.Old, 40000) with { Discount = SampleDiscount.SavingsPlan };
        yield return Serverless(Lambda, "Request", "Invoke", "Requests", 0.0000002m, 560, UsagePrefix.Old, 4_000_000) with { Amount = SampleAmount.Count, Least = 1 };
        yield return Serverless(Ecs, "Fargate-vCPU-Hours:perCPU", "FargateTask", "hours", 0.04048m, 480, UsagePrefix.Always, 16) with { Discount = SampleDiscount.SavingsPlan };
        yield return Serverless(Ecs, "Fargate-GB-Hours", "FargateTask", "hours", 0.004445m, 480, UsagePrefix.Always, 64) with { Discount = SampleDiscount.SavingsPlan };
        yield return Serverless(Ecs, "Fargate-ARM-vCPU-Hours:perCPU", "FargateTask", "hours", 0.03238m, 120, UsagePrefix.Always, 16);
        yield return Serverless(Ecs, "SpotUsage-Fargate-vCPU-Hours:perCPU", "FargateTask", "hours", 0.01234m, 60, UsagePrefix.Always, 16);
        yield return Serverless(Emr, "EMR-SERVERLESS-vCPUHours", "Worker", "vCPU-Hours", 0.052624m, 40, UsagePrefix.Always, 24);
    }

    private static SampleUsage Machine(SampleInstance machine, string usage, string operation, string system, decimal rate, int weight, SampleDiscount discount) =>
        new(Ec2, $"{usage}:{machine.Type}", operation, "Hrs", rate, machine.Weight * weight)
        {
            Instance = machine, Discount = discount, Family = "Compute Instance", Zoned = true, Resource = "i-{x}",
            PublicRate = usage == "SpotUsage" ? machine.HourlyRate : null,
            Description = usage == "SpotUsage"
                ? "{type} Linux/UNIX Spot Instance-hour in {location} in VPC Zone #1"
                : $"${{rate}} per On Demand {system} {{type}} Instance Hour",
            More = [("operatingSystem", system), ("tenancy", "Shared"), ("instanceTypeFamily", Before(machine.Type, '.'))],
        };

    private static SampleUsage Database(SampleInstance machine, string usage, string operation, string engine, string deployment, decimal times, int weight) =>
        new(Rds, $"{usage}:{machine.Type}", operation, "Hrs", decimal.Round(machine.HourlyRate * times, 6), machine.Weight * weight)
        {
            Instance = machine, Discount = SampleDiscount.Reservation, Family = "Database Instance", Resource = "arn:aws:rds:{r}:{a}:db:{n}",
            Description = $"${{rate}} per RDS {{type}} {deployment} instance hour (or partial hour) running {engine}",
            More = [("databaseEngine", engine), ("deploymentOption", deployment), ("instanceTypeFamily", Before(machine.Type[3..], '.'))],
        };

    private static SampleUsage Node(SampleProduct product, string type, string operation, int vcpus, string memory, decimal rate, int weight, string family, string resource)
    {
        var machine = new SampleInstance(type[(type.IndexOf(':', StringComparison.Ordinal) + 1)..], vcpus, memory, General, rate, weight);
        return new(product, type, operation, "Hrs", rate, weight * 6)
        {
            Instance = machine, Discount = SampleDiscount.Reservation, Family = family, Resource = resource,
            Description = "${rate} per {type} node hour (or partial hour)",
        };
    }

    private static SampleUsage Serverless(SampleProduct product, string type, string operation, string unit, decimal rate, int weight, UsagePrefix prefix, decimal most) =>
        new(product, type, operation, unit, rate, weight * 4)
        {
            Amount = SampleAmount.Flow, Least = 0.0001m, Most = most, Prefix = prefix,
            Family = product == Lambda ? "Serverless" : "Compute",
            Resource = product == Lambda ? "arn:aws:lambda:{r}:{a}:function:{n}" : "arn:aws:ecs:{r}:{a}:task/{n}/{x}",
            RegionColumns = RegionColumns.RegionOnly,
            Description = "{name} - {type} - {location}",
        };

    private static string Before(string text, char mark) => text[..text.IndexOf(mark, StringComparison.Ordinal)];
}
