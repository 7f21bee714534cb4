using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace OffGridFlow.Infrastructure.Persistence.Migrations;

/// <summary>
/// Intervals of an activity's results in place of an interval for each result, and the moves of monthly totals that a run brings. In SQL alone, so there is no
/// designer file.
/// </summary>
[DbContext(typeof(OffGridFlowDbContext))]
[Migration("20261122140000_ResultIntervals")]
public sealed class ResultIntervals : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.SqlFile("ResultIntervals/up.sql");

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.SqlFile("ResultIntervals/down.sql");
}
