using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace OffGridFlow.Infrastructure.Persistence.Migrations;

/// <summary>An index of the entries that are not approved. In SQL alone, so there is no designer file, and no change of the snapshot.</summary>
[DbContext(typeof(OffGridFlowDbContext))]
[Migration("20261122111000_OpenEntries")]
public sealed class OpenEntries : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.SqlFile("OpenEntries/up.sql");

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.SqlFile("OpenEntries/down.sql");
}
