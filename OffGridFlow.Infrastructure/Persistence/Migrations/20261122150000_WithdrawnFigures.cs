using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace OffGridFlow.Infrastructure.Persistence.Migrations;

/// <summary>Rates and price indices can be withdrawn, since they are never removed. In SQL alone, so there is no designer file.</summary>
[DbContext(typeof(OffGridFlowDbContext))]
[Migration("20261122150000_WithdrawnFigures")]
public sealed class WithdrawnFigures : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.SqlFile("WithdrawnFigures/up.sql");

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.SqlFile("WithdrawnFigures/down.sql");
}
