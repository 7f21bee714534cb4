using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace OffGridFlow.Infrastructure.Persistence.Migrations;

/// <summary>
/// The roll-up of energy, and by how much a run moves it. In SQL alone: it is written and read by statements over sets. So there is no designer file, and no
/// change of the snapshot.
/// </summary>
[DbContext(typeof(OffGridFlowDbContext))]
[Migration("20261122150000_MonthlyEnergy")]
public sealed class MonthlyEnergy : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.SqlFile("MonthlyEnergy/up.sql");

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.SqlFile("MonthlyEnergy/down.sql");
}
