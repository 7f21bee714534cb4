using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace OffGridFlow.Infrastructure.Persistence.Migrations;

/// <summary>Finds the few changes of a run in which a result is missing, before or after, without reading all. In SQL alone, so there is no designer file.</summary>
[DbContext(typeof(OffGridFlowDbContext))]
[Migration("20261123130000_ChangedExceptions")]
public sealed class ChangedExceptions : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.SqlFile("ChangedExceptions/up.sql");

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.SqlFile("ChangedExceptions/down.sql");
}
