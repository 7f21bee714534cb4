using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace OffGridFlow.Infrastructure.Persistence.Migrations;

/// <summary>
/// Factor sets, their factors and the tenant's choices among them. In SQL alone: rows without a tenant, which every tenant reads, have no
/// place in the model, whose every type with a tenant belongs to one. So there is no designer file, and no change of the snapshot.
/// </summary>
[DbContext(typeof(OffGridFlowDbContext))]
[Migration("20261122011000_FactorLibrary")]
public sealed class FactorLibrary : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.SqlFile("FactorLibrary/up.sql");

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.SqlFile("FactorLibrary/down.sql");
}
