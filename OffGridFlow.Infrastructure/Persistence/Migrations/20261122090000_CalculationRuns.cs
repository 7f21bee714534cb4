using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace OffGridFlow.Infrastructure.Persistence.Migrations;

/// <summary>
/// Runs with what they would change, the fingerprint of what stands for each entry, and when the ledger moved. In SQL alone: everything here is written
/// and read by statements over sets. So there is no designer file, and no change of the snapshot.
/// </summary>
[DbContext(typeof(OffGridFlowDbContext))]
[Migration("20261122090000_CalculationRuns")]
public sealed class CalculationRuns : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.SqlFile("CalculationRuns/up.sql");

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.SqlFile("CalculationRuns/down.sql");
}
