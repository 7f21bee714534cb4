using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace OffGridFlow.Infrastructure.Persistence.Migrations;

/// <summary>
/// What results that were made alike have in common of their derivations, stored once. In SQL alone: it is written and read by statements over sets. So there
/// is no designer file, and no change of the snapshot.
/// </summary>
[DbContext(typeof(OffGridFlowDbContext))]
[Migration("20261122142000_SharedDerivations")]
public sealed class SharedDerivations : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.SqlFile("SharedDerivations/up.sql");

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.SqlFile("SharedDerivations/down.sql");
}
