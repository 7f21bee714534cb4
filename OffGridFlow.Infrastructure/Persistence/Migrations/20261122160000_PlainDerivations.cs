using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace OffGridFlow.Infrastructure.Persistence.Migrations;

/// <summary>Keeps what is of one result alone of its derivation as text that the database has checked but not taken apart. In SQL alone, so there is no designer file.</summary>
[DbContext(typeof(OffGridFlowDbContext))]
[Migration("20261122160000_PlainDerivations")]
public sealed class PlainDerivations : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.SqlFile("PlainDerivations/up.sql");

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.SqlFile("PlainDerivations/down.sql");
}
