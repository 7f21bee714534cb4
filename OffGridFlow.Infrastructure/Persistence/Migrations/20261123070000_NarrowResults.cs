using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace OffGridFlow.Infrastructure.Persistence.Migrations;

/// <summary>Puts back what the own part of a derivation leaves out because another key tells it. In SQL alone, so there is no designer file.</summary>
[DbContext(typeof(OffGridFlowDbContext))]
[Migration("20261123070000_NarrowResults")]
public sealed class NarrowResults : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.SqlFile("NarrowResults/up.sql");

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.SqlFile("NarrowResults/down.sql");
}
