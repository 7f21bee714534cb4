using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Core.Targets;

namespace OffGridFlow.Infrastructure.Targets;

internal sealed class BaseYearPolicyConfiguration : IEntityTypeConfiguration<BaseYearPolicy>
{
    public void Configure(EntityTypeBuilder<BaseYearPolicy> builder)
    {
        builder.ToTable("BaseYearPolicies");
        builder.HasKey(policy => new { policy.TenantId, policy.Version });
        builder.HasOne<ReportingPeriod>().WithMany().HasForeignKey(policy => policy.PeriodId).OnDelete(DeleteBehavior.Restrict);
        builder.Property(policy => policy.Reason).HasMaxLength(BaseYearService.ReasonLength);
        builder.Property(policy => policy.Author).HasMaxLength(200);
        builder.Property(policy => policy.ApprovedBy).HasMaxLength(200);
    }
}

internal sealed class BaseYearDecisionConfiguration : IEntityTypeConfiguration<BaseYearDecision>
{
    public void Configure(EntityTypeBuilder<BaseYearDecision> builder)
    {
        builder.ToTable("BaseYearDecisions");
        builder.HasKey(decision => new { decision.TenantId, decision.Number, decision.Version });
        builder.Property(decision => decision.Reason).HasMaxLength(BaseYearService.ReasonLength);
        builder.Property(decision => decision.Author).HasMaxLength(200);
        builder.Property(decision => decision.ApprovedBy).HasMaxLength(200);
        builder.Property(decision => decision.Changes).InJson();
        builder.Property(decision => decision.Figures).InJson();
    }
}

internal sealed class TargetConfiguration : IEntityTypeConfiguration<Target>
{
    public void Configure(EntityTypeBuilder<Target> builder)
    {
        builder.ToTable("Targets");
        builder.HasKey(target => target.Id);
        builder.HasOne<ReportingPeriod>().WithMany().HasForeignKey(target => target.BasePeriodId).OnDelete(DeleteBehavior.Restrict);
        builder.Property(target => target.Name).HasMaxLength(TargetService.NameLength);
        builder.Property(target => target.Note).HasMaxLength(TargetService.NoteLength);
        builder.HasIndex(target => new { target.TenantId, target.Name }).IsUnique();
    }
}

internal sealed class ScenarioConfiguration : IEntityTypeConfiguration<Scenario>
{
    public void Configure(EntityTypeBuilder<Scenario> builder)
    {
        builder.ToTable("Scenarios");
        builder.HasKey(scenario => scenario.Id);
        builder.HasOne<Target>().WithMany().HasForeignKey(scenario => scenario.TargetId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<ReportingPeriod>().WithMany().HasForeignKey(scenario => scenario.StartPeriodId).OnDelete(DeleteBehavior.Restrict);
        builder.Property(scenario => scenario.Name).HasMaxLength(TargetService.NameLength);
        builder.Property(scenario => scenario.Note).HasMaxLength(TargetService.NoteLength);
        builder.Property(scenario => scenario.Levers).InJson();
        builder.HasIndex(scenario => new { scenario.TenantId, scenario.TargetId, scenario.Name }).IsUnique();
    }
}

internal static class JsonColumns
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    /// <summary>A list that is read and written whole; equal where its text is.</summary>
    public static void InJson<T>(this PropertyBuilder<IReadOnlyList<T>> property) => property.HasColumnType("jsonb").HasConversion(
        list => JsonSerializer.Serialize(list, Json), text => JsonSerializer.Deserialize<List<T>>(text, Json)!,
        new ValueComparer<IReadOnlyList<T>>(
            (one, other) => JsonSerializer.Serialize(one, Json) == JsonSerializer.Serialize(other, Json),
            list => StringComparer.Ordinal.GetHashCode(JsonSerializer.Serialize(list, Json)), list => list));
}
