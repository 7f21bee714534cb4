using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OffGridFlow.Infrastructure.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class BoundaryDecisions : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "boundary_decisions",
                columns: table => new
                {
                    period_id = table.Column<Guid>(type: "uuid", nullable: false),
                    category = table.Column<int>(type: "integer", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    choice = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    reason = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: true),
                    estimated_tonnes = table.Column<decimal>(type: "numeric(28,12)", precision: 28, scale: 12, nullable: true),
                    review_on = table.Column<DateOnly>(type: "date", nullable: true),
                    author_id = table.Column<Guid>(type: "uuid", nullable: true),
                    author = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    approved_by_id = table.Column<Guid>(type: "uuid", nullable: true),
                    approved_by = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    approved_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_boundary_decisions", x => new { x.period_id, x.category, x.version });
                    table.ForeignKey(
                        name: "fk_boundary_decisions_reporting_periods_period_id",
                        column: x => x.period_id,
                        principalTable: "reporting_periods",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ix_boundary_decisions_tenant_id_period_id",
                table: "boundary_decisions",
                columns: new[] { "tenant_id", "period_id" });

            migrationBuilder.SqlFile("BoundaryDecisions/up.sql");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "boundary_decisions");
        }
    }
}
