using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace OffGridFlow.Infrastructure.Persistence.Migrations;

/// <summary>Marks of the cells of a place and year, so that a process can remember them. In SQL alone, so there is no designer file.</summary>
[DbContext(typeof(OffGridFlowDbContext))]
[Migration("20261123100000_MonthlyTotalsMarks")]
public sealed class MonthlyTotalsMarks : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.SqlFile("MonthlyTotalsMarks/up.sql");

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.SqlFile("MonthlyTotalsMarks/down.sql");
}
