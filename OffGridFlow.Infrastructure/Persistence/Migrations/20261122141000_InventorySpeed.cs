using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace OffGridFlow.Infrastructure.Persistence.Migrations;

/// <summary>An index by which an inventory reads each account's months, and what a snapshot keeps for the evidence of it. In SQL alone; there is no designer file.</summary>
[DbContext(typeof(OffGridFlowDbContext))]
[Migration("20261122141000_InventorySpeed")]
public sealed class InventorySpeed : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.SqlFile("InventorySpeed/up.sql");

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.SqlFile("InventorySpeed/down.sql");
}
