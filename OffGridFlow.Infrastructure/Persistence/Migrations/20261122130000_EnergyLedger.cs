using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace OffGridFlow.Infrastructure.Persistence.Migrations;

/// <summary>
/// The energy of results, told from what made them, and what generates by a contract. In SQL: the columns of results are generated, so no statement that writes
/// results has to know them. There is no designer file; the snapshot has the contract's two columns.
/// </summary>
[DbContext(typeof(OffGridFlowDbContext))]
[Migration("20261122130000_EnergyLedger")]
public sealed class EnergyLedger : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.SqlFile("EnergyLedger/up.sql");

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.SqlFile("EnergyLedger/down.sql");
}
