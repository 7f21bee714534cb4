using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace OffGridFlow.Infrastructure.Persistence.Migrations;

/// <summary>
/// Snapshots of locked inventories, the steps to and from a lock, and the last wall before what is locked. In SQL alone: nothing here is written by EF Core.
/// So there is no designer file, and no change of the snapshot of the model.
/// </summary>
[DbContext(typeof(OffGridFlowDbContext))]
[Migration("20261122110000_InventorySnapshots")]
public sealed class InventorySnapshots : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.SqlFile("InventorySnapshots/up.sql");

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.SqlFile("InventorySnapshots/down.sql");
}
