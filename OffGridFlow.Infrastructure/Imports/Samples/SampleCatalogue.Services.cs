namespace OffGridFlow.Infrastructure.Imports.Samples;

/// <summary>Storage, traffic, managed services, products nobody has mapped yet, and lines of money alone.</summary>
internal static partial class SampleCatalogue
{
    private static readonly SampleProduct S3 = new("AmazonS3", "Amazon Simple Storage Service");
    private static readonly SampleProduct DynamoDb = new("AmazonDynamoDB", "Amazon DynamoDB");
    private static readonly SampleProduct CloudFront = new("AmazonCloudFront", "Amazon CloudFront");
    private static readonly SampleProduct Route53 = new("AmazonRoute53", "Amazon Route 53");
    private static readonly SampleProduct CloudWatch = new("AmazonCloudWatch", "AmazonCloudWatch");
    private static readonly SampleProduct Vpc = new("AmazonVPC", "Amazon Virtual Private Cloud");
    private static readonly SampleProduct Kms = new("awskms", "AWS Key Management Service");
    private static readonly SampleProduct Sns = new("AmazonSNS", "Amazon Simple Notification Service");
    private static readonly SampleProduct Sqs = new("AWSQueueService", "Amazon Simple Queue Service");
    private static readonly SampleProduct Efs = new("AmazonEFS", "Amazon Elastic File System");
    private static readonly SampleProduct Ecr = new("AmazonECR", "Amazon EC2 Container Registry (ECR)");
    private static readonly SampleProduct CloudTrail = new("AWSCloudTrail", "AWS CloudTrail");
    private static readonly SampleProduct Glue = new("AWSGlue", "AWS Glue");
    private static readonly SampleProduct LoadBalancing = new("AWSELB", "Elastic Load Balancing");
    private static readonly SampleProduct Support = new("AWSSupportBusiness", "AWS Support (Business)");
    private static readonly SampleProduct Marketplace = new("5jq2fkz8w3nordwerkfictional", "Fjordlog Observability, Annual (SaaS)");
    private static readonly SampleProduct SavingsPlans = new("ComputeSavingsPlans", "Savings Plans for AWS Compute usage");

    private static IEnumerable<SampleUsage> Services() =>
    [
        Stored(Ec2, "EBS:VolumeUsage.gp2", "CreateVolume-Gp2", 0.10m, 900, 4000, SampleSpan.Hour, "Storage", "vol-{x}", ("volumeApiName", "gp2"), ("volumeType", "General Purpose")),
        Stored(Ec2, "EBS:VolumeUsage.gp3", "CreateVolume-Gp3", 0.08m, 1500, 4000, SampleSpan.Hour, "Storage", "vol-{x}", ("volumeApiName", "gp3"), ("volumeType", "General Purpose")),
        Stored(Ec2, "EBS:VolumeUsage.piops", "CreateVolume-P-IOPS", 0.125m, 80, 4000, SampleSpan.Hour, "Storage", "vol-{x}", ("volumeApiName", "io1"), ("volumeType", "Provisioned IOPS")),
        Stored(Ec2, "EBS:VolumeUsage.st1", "CreateVolume-ST1", 0.045m, 120, 16000, SampleSpan.Hour, "Storage", "vol-{x}", ("volumeApiName", "st1"), ("volumeType", "Throughput Optimized HDD")),
        Stored(Ec2, "EBS:VolumeUsage", "CreateVolume", 0.05m, 40, 1000, SampleSpan.Hour, "Storage", "vol-{x}", ("volumeApiName", "standard"), ("volumeType", "Magnetic")),
        Stored(Ec2, "EBS:SnapshotUsage", "CreateSnapshot", 0.05m, 700, 8000, SampleSpan.Day, "Storage Snapshot", "arn:aws:ec2:{r}:{a}:snapshot/snap-{x}"),
        Stored(S3, "TimedStorage-ByteHrs", "StandardStorage", 0.023m, 700, 60000, SampleSpan.Day, "Storage", "{n}-{r}", ("storageClass", "General Purpose"), ("volumeType", "Standard"), ("durability", "99.999999999%")),
        Stored(S3, "TimedStorage-SIA-ByteHrs", "StandardIAStorage", 0.0125m, 200, 60000, SampleSpan.Day, "Storage", "{n}-{r}", ("storageClass", "Infrequent Access"), ("volumeType", "Standard - Infrequent Access"), ("durability", "99.999999999%")),
        Stored(S3, "TimedStorage-INT-FA-ByteHrs", "IntelligentTieringFAStorage", 0.023m, 120, 60000, SampleSpan.Day, "Storage", "{n}-{r}", ("storageClass", "Intelligent-Tiering"), ("durability", "99.999999999%")),
        Stored(S3, "TimedStorage-GlacierByteHrs", "GlacierStorage", 0.0036m, 130, 200000, SampleSpan.Day, "Storage", "{n}-{r}", ("storageClass", "Archive"), ("volumeType", "Amazon Glacier"), ("durability", "99.999999999%")),
        Stored(S3, "TimedStorage-GDA-ByteHrs", "DeepArchiveStorage", 0.00099m, 60, 400000, SampleSpan.Day, "Storage", "{n}-{r}", ("storageClass", "Archive"), ("volumeType", "Glacier Deep Archive"), ("durability", "99.999999999%")),
        Stored(Rds, "RDS:GP3-Storage", "CreateDBInstance:0014", 0.115m, 300, 4000, SampleSpan.Hour, "Database Storage", "arn:aws:rds:{r}:{a}:db:{n}", ("deploymentOption", "Single-AZ"), ("volumeType", "General Purpose-GP3")),
        Stored(Rds, "RDS:Multi-AZ-GP2-Storage", "CreateDBInstance:0002", 0.23m, 200, 4000, SampleSpan.Hour, "Database Storage", "arn:aws:rds:{r}:{a}:db:{n}", ("deploymentOption", "Multi-AZ"), ("volumeType", "General Purpose")),
        Stored(Rds, "RDS:ChargedBackupUsage", "CreateDBInstance", 0.095m, 140, 3000, SampleSpan.Day, "Storage Snapshot", "arn:aws:rds:{r}:{a}:db:{n}"),
        Stored(Rds, "Aurora:StorageUsage", "CreateDBInstance:0021", 0.10m, 150, 6000, SampleSpan.Hour, "Database Storage", "arn:aws:rds:{r}:{a}:cluster:{n}", ("databaseEngine", "Aurora PostgreSQL")),
        Stored(Efs, "TimedStorage-ByteHrs", "", 0.30m, 140, 2000, SampleSpan.Hour, "Storage", "arn:aws:elasticfilesystem:{r}:{a}:file-system/fs-{x}", ("storageClass", "General Purpose")),
        Stored(Efs, "IATimedStorage-ByteHrs", "", 0.025m, 60, 4000, SampleSpan.Hour, "Storage", "arn:aws:elasticfilesystem:{r}:{a}:file-system/fs-{x}", ("storageClass", "Infrequent Access")),
        Stored(Ecr, "TimedStorage-ByteHrs", "", 0.10m, 180, 500, SampleSpan.Day, "EC2 Container Registry", "arn:aws:ecr:{r}:{a}:repository/{n}"),
        Stored(DynamoDb, "TimedStorage-ByteHrs", "StandardStorage", 0.25m, 160, 500, SampleSpan.Hour, "Database Storage", "arn:aws:dynamodb:{r}:{a}:table/{n}"),
        Stored(CloudWatch, "TimedStorage-ByteHrs", "HourlyStorageMetering", 0.03m, 260, 900, SampleSpan.Hour, "Storage Snapshot", "arn:aws:logs:{r}:{a}:log-group:/{n}"),
        Stored(OpenSearch, "ES:GP3-Storage", "ESDomain", 0.122m, 100, 2000, SampleSpan.Hour, "Amazon OpenSearch Service Volume", "arn:aws:es:{r}:{a}:domain/{n}"),
        Stored(Redshift, "RMS:ra3.xlplus", "RunComputeNode:0001", 0.024m, 50, 8000, SampleSpan.Hour, "Redshift Managed Storage", "arn:aws:redshift:{r}:{a}:cluster:{n}"),
        Stored(Redshift, "Redshift:PaidSnapshots", "RunComputeNode", 0.023m, 30, 3000, SampleSpan.Day, "Storage Snapshot", ""),

        Transfer("DataTransfer-In-Bytes", "RunInstances", 0, 560, "AWS Inbound"),
        Transfer("DataTransfer-xAZ-In-Bytes", "InterZone-In", 0, 700, "IntraRegion-xAZ-In"),
        Transfer("DataTransfer-Out-Bytes", "RunInstances", 0.09m, 620, "AWS Outbound"),
        Transfer("DataTransfer-Regional-Bytes", "InterZone-In", 0.01m, 620, "IntraRegion"),
        Transfer("AWS-Out-Bytes", "InterRegion-Out", 0.02m, 420, "InterRegion Outbound") with { ToRegion = true },
        Transfer("AWS-In-Bytes", "InterRegion-In", 0, 380, "InterRegion Inbound") with { ToRegion = true },
        Transfer("DataTransfer-Out-Bytes", "GetObject", 0.09m, 260, "AWS Outbound") with { Product = S3Transfer, Resource = "{n}-{r}" },
        Transfer("DataTransfer-In-Bytes", "PutObject", 0, 240, "AWS Inbound") with { Product = S3Transfer, Resource = "{n}-{r}" },
        Transfer("AWS-Out-Bytes", "ReadLocation", 0.02m, 200, "InterRegion Outbound") with { Product = S3Transfer, Resource = "{n}-{r}", ToRegion = true },
        Transfer("DataTransfer-Out-Bytes", "CreateDBInstance", 0.09m, 60, "AWS Outbound") with { Product = RdsTransfer, Resource = "" },

        Running(Ec2, "NatGateway-Hours", "NatGateway", "Hrs", 0.045m, 420, "NAT Gateway", "arn:aws:ec2:{r}:{a}:natgateway/nat-{x}"),
        Flowing(Ec2, "NatGateway-Bytes", "NatGateway", "GB", 0.045m, 420, 400, "NAT Gateway", "arn:aws:ec2:{r}:{a}:natgateway/nat-{x}"),
        Running(Ec2, "ElasticIP:IdleAddress", "AssociateAddressVPC", "Hrs", 0.005m, 90, "IP Address", "arn:aws:ec2:{r}:{a}:eip-allocation/eipalloc-{x}"),
        Running(LoadBalancing, "LoadBalancerUsage", "LoadBalancing:Application", "Hrs", 0.0225m, 420, "Load Balancer-Application", "arn:aws:elasticloadbalancing:{r}:{a}:loadbalancer/app/{n}/{x}"),
        Flowing(LoadBalancing, "LCUUsage", "LoadBalancing:Application", "LCU-Hrs", 0.008m, 380, 20, "Load Balancer-Application", "arn:aws:elasticloadbalancing:{r}:{a}:loadbalancer/app/{n}/{x}"),
        Running(Vpc, "VpcEndpoint-Hours", "VpcEndpoint", "Hrs", 0.01m, 380, "VpcEndpoint", "arn:aws:ec2:{r}:{a}:vpc-endpoint/vpce-{x}") with { Prefix = UsagePrefix.Always },
        Flowing(Vpc, "VpcEndpoint-Bytes", "VpcEndpoint", "GB", 0.01m, 260, 80, "VpcEndpoint", "arn:aws:ec2:{r}:{a}:vpc-endpoint/vpce-{x}") with { Prefix = UsagePrefix.Always },
        Running(Vpc, "PublicIPv4:InUseAddress", "RunInstances", "Hrs", 0.005m, 320, "VPC Public IPv4 Address", "arn:aws:ec2:{r}:{a}:network-interface/eni-{x}") with { Prefix = UsagePrefix.Always, RegionColumns = RegionColumns.CodeOnly },

        Counted(S3, "Requests-Tier1", "PutObject", "Requests", 0.000005m, 700, 90_000, "API Request", "{n}-{r}", "$0.005 per 1,000 PUT, COPY, POST, or LIST requests", ("group", "S3-API-Tier1"), ("groupDescription", "PUT/COPY/POST or LIST requests")),
        Counted(S3, "Requests-Tier2", "GetObject", "Requests", 0.0000004m, 900, 2_000_000, "API Request", "{n}-{r}", "$0.004 per 10,000 GET and all other requests", ("group", "S3-API-Tier2"), ("groupDescription", "GET and all other requests")),
        Counted(DynamoDb, "ReadRequestUnits", "PayPerRequestThroughput", "ReadRequestUnits", 0.00000025m, 300, 4_000_000, "Amazon DynamoDB PayPerRequest Throughput", "arn:aws:dynamodb:{r}:{a}:table/{n}", "$0.25 per million read request units ({location})"),
        Counted(DynamoDb, "WriteRequestUnits", "PayPerRequestThroughput", "WriteRequestUnits", 0.00000125m, 260, 900_000, "Amazon DynamoDB PayPerRequest Throughput", "arn:aws:dynamodb:{r}:{a}:table/{n}", "$1.25 per million write request units ({location})"),
        Counted(CloudWatch, "CW:Requests", "GetMetricData", "Metrics", 0.00001m, 300, 40_000, "API Request", "", "$0.01 per 1,000 metrics requested using GetMetricData API - {location}"),
        Flowing(CloudWatch, "DataProcessing-Bytes", "PutLogEvents", "GB", 0.50m, 420, 60, "Data Payload", "arn:aws:logs:{r}:{a}:log-group:/{n}"),
        Flowing(CloudWatch, "CW:MetricMonitorUsage", "MetricStorage", "Metrics", 0.30m, 200, 1, "Metric", ""),
        Counted(Kms, "KMS-Requests", "Decrypt", "Requests", 0.000003m, 360, 60_000, "API Request", "arn:aws:kms:{r}:{a}:key/{x}", "$0.03 per 10,000 requests, {location}") with { Prefix = UsagePrefix.RegionId },
        Flowing(Kms, "KMS-Keys", "", "Keys", 1m, 120, 0.04m, "Encryption Key", "arn:aws:kms:{r}:{a}:key/{x}") with { Prefix = UsagePrefix.RegionId },
        Counted(Sns, "Requests-Tier1", "Publish", "Requests", 0, 260, 30_000, "API Request", "arn:aws:sns:{r}:{a}:{n}", "First 1,000,000 Amazon SNS API Requests per month are free"),
        Counted(Sqs, "Requests-RBP", "SendMessage", "Requests", 0, 300, 90_000, "API Request", "arn:aws:sqs:{r}:{a}:{n}", "First 1,000,000 Amazon SQS Requests per month are free"),
        Counted(Sqs, "Requests-Tier1", "ReceiveMessage", "Requests", 0.0000004m, 380, 400_000, "API Request", "arn:aws:sqs:{r}:{a}:{n}", "$0.40 per million Amazon SQS standard requests in Tier1 in {location}"),
        Counted(CloudTrail, "FreeEventsRecorded", "None", "Events", 0, 800, 3000, "Management Tools - AWS CloudTrail Free Events Recorded", "", "Free events recorded in {location}, first copy") with { Prefix = UsagePrefix.Always },
        Counted(CloudWatch, "CW:Requests", "PutMetricData", "Requests", 0, 500, 900, "API Request", "", "First 1,000,000 Amazon CloudWatch API Requests are free"),
        Counted(Lambda, "Request", "Invoke", "Requests", 0, 500, 20_000, "Serverless", "arn:aws:lambda:{r}:{a}:function:{n}", "AWS Lambda - Requests Free Tier - 1,000,000 Requests - {location}"),
        Flowing(Glue, "ETL-DPU-Hour", "Jobrun", "DPU-Hour", 0.44m, 140, 40, "AWS Glue", "arn:aws:glue:{r}:{a}:job/{n}") with { Prefix = UsagePrefix.Always, RegionColumns = RegionColumns.RegionOnly },
        Counted(Glue, "Catalog-Request", "Request", "Request", 0, 240, 2000, "AWS Glue", "", "$0 for AWS Glue Data Catalog requests under the free tier") with { Prefix = UsagePrefix.Always },

        Counted(CloudFront, "EU-Requests-Tier2-HTTPS", "", "Requests", 0.0000012m, 350, 3_000_000, "Request", "arn:aws:cloudfront::{a}:distribution/{n}", "$0.0120 per 10,000 HTTPS Requests, Europe") with { Global = true, RegionColumns = RegionColumns.Neither },
        Flowing(CloudFront, "EU-DataTransfer-Out-Bytes", "", "GB", 0.085m, 350, 900, "Data Transfer", "arn:aws:cloudfront::{a}:distribution/{n}") with { Global = true, RegionColumns = RegionColumns.Neither },
        Counted(Route53, "DNS-Queries", "A", "Queries", 0.0000004m, 450, 700_000, "DNS Query", "arn:aws:route53:::hostedzone/{n}", "$0.40 per 1,000,000 queries for the first 1 billion, then less") with { Global = true },
        Counted(Route53, "HostedZone", "", "HostedZone", 0.5m, 160, 12, "DNS Zone", "arn:aws:route53:::hostedzone/{n}", "$0.50 per Hosted Zone for the first 25 Hosted Zones") with { Span = SampleSpan.Month, Global = true },

        // Nobody's table knows these: they have to end in the visible unknown bucket.
        Flowing(new("AmazonBedrock", "Amazon Bedrock"), "Claude-InputTokenCount", "InvokeModelInference", "1K tokens", 0.003m, 160, 9000, "Generative AI", "") with { Prefix = UsagePrefix.Always },
        Flowing(new("AmazonBraket", "Amazon Braket"), "Simulator-SV1-Task", "CompleteTask", "minutes", 0.075m, 20, 50, "Quantum Simulator", ""),
        Running(new("AWSFjordCompute", "AWS Fjord Compute (preview)"), "Fjord-Unit-Hours", "RunUnit", "FjordUnits", 0.21m, 60, "Fjord", "arn:aws:fjord:{r}:{a}:unit/{n}"),
        Counted(new("AWSGroundStation", "AWS Ground Station"), "Antenna-Minutes", "ReserveContact", "minutes", 22m, 4, 8, "Satellite", "", "$22.00 per minute, reserved antenna time, {location}"),

        Running(Marketplace, "MP:FjordlogHosts", "", "Units", 0.031m, 500, "", "") with { Global = true, RegionColumns = RegionColumns.Neither, Description = "AWS Marketplace software usage|Fjordlog agent, per host hour" },
        Money(Marketplace, "Fee", "Purchase", 20, 600, 25, "1.0", "AWS Marketplace annual subscription, \"Fjordlog Pro\", 100 hosts"),
        Money(Support, "Fee", "Purchase", 30, 300, 60, "1.0", "AWS Business Support, 10% of monthly AWS usage for the first $0-$10K"),
        Money(Ec2, "RIFee", "Purchase", 5, 90, 160, "720.0", "Hourly fee, Linux/UNIX (Amazon VPC), m5.large instances"),
        Money(SavingsPlans, "SavingsPlanRecurringFee", "Anniversary", 10, 120, 160, "1.0", "1 year No Upfront Compute Savings Plan"),
        Money(Ec2, "Credit", "Anniversary", -90, -2, 120, "0.0", "Nordwerk Components migration credit, phase 2"),
        Money(S3, "Credit", "Anniversary", -40, -0.01m, 90, "0.0", "Nordwerk Components migration credit, phase 2"),
        Money(Rds, "Refund", "Refund", -90, -1, 60, "", "Refund for RDS instances billed in error, case 10293847"),
        Money(Ec2, "EdpDiscount", "Anniversary", -9, -0.002m, 500, "0.0", "Enterprise Program Discount, 6%"),
        Money(S3, "EdpDiscount", "Anniversary", -2, -0.001m, 260, "0.0", "Enterprise Program Discount, 6%"),
        .. new[] { Ec2, S3, Rds, Lambda, Kms, CloudWatch, Vpc, DynamoDb }.Select(product =>
            Money(product, "Tax", "Anniversary", 0.01m, product == Ec2 ? 60 : 9, 160, "1.0", $"Tax for product code {product.Code}")),
        .. new[] { Sqs, Sns, Efs, Glue }.Select(product =>
            Money(product, "Tax", "Anniversary", 0, 0, 90, "1.0", $"Tax for product code {product.Code}")),
    ];

    // Traffic is listed under the service that caused it, but priced by a service of its own.
    private static readonly SampleProduct Ec2Transfer = new("AmazonEC2", "Amazon Elastic Compute Cloud", "AWSDataTransfer");
    private static readonly SampleProduct S3Transfer = new("AmazonS3", "Amazon Simple Storage Service", "AWSDataTransfer");
    private static readonly SampleProduct RdsTransfer = new("AmazonRDS", "Amazon Relational Database Service", "AWSDataTransfer");

    private static SampleUsage Stored(SampleProduct product, string type, string operation, decimal rate, int weight, decimal most, SampleSpan span, string family, string resource, params (string, string)[] more) =>
        new(product, type, operation, "GB-Mo", rate, weight * 4)
        {
            Amount = SampleAmount.StoredGb, Least = 0.02m, Most = most, Span = span, Family = family, Resource = resource, More = more,
            Description = "${rate} per GB-month of {type} - {location}",
        };

    private static SampleUsage Transfer(string type, string operation, decimal rate, int weight, string kind) =>
        new(Ec2Transfer, type, operation, "GB", rate, weight * 4)
        {
            Amount = SampleAmount.Flow, Least = 0.000000067m, Most = 120, Family = "Data Transfer", Resource = "i-{x}",
            RegionColumns = RegionColumns.RegionOnly, More = [("transferType", kind)],
            Description = "${rate} per GB - {location} data transfer, in/out{to}",
        };

    private static SampleUsage Running(SampleProduct product, string type, string operation, string unit, decimal rate, int weight, string family, string resource) =>
        new(product, type, operation, unit, rate, weight * 4)
        {
            Family = family, Resource = resource, Description = "${rate} per {type} hour (or partial hour)",
        };

    private static SampleUsage Flowing(SampleProduct product, string type, string operation, string unit, decimal rate, int weight, decimal most, string family, string resource) =>
        new(product, type, operation, unit, rate, weight * 4)
        {
            Amount = SampleAmount.Flow, Least = 0.0000008m, Most = most, Family = family, Resource = resource,
            Description = "${rate} per {unit} of {type} ({location})",
        };

    private static SampleUsage Counted(SampleProduct product, string type, string operation, string unit, decimal rate, int weight, decimal most, string family, string resource, string description, params (string, string)[] more) =>
        new(product, type, operation, unit, rate, weight * 4)
        {
            Amount = SampleAmount.Count, Most = most, Family = family, Resource = resource, Description = description, More = more,
        };

    private static SampleUsage Money(SampleProduct product, string lineItemType, string billType, decimal least, decimal most, int weight, string amount, string description) =>
        new(product, "", "", "", 0, weight * 4)
        {
            Amount = SampleAmount.Money, Least = least, Most = most, Span = SampleSpan.Month, LineItemType = lineItemType,
            BillType = billType, MoneyAmount = amount, Description = description, Global = true, RegionColumns = RegionColumns.Neither,
        };
}
