using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OffGridFlow.Infrastructure.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class Targets : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "base_year_decisions",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    policy_version = table.Column<int>(type: "integer", nullable: false),
                    choice = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    reason = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: true),
                    sequence = table.Column<long>(type: "bigint", nullable: false),
                    structure_day = table.Column<DateOnly>(type: "date", nullable: false),
                    changes = table.Column<string>(type: "jsonb", nullable: false),
                    figures = table.Column<string>(type: "jsonb", nullable: false),
                    author_id = table.Column<Guid>(type: "uuid", nullable: true),
                    author = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    approved_by_id = table.Column<Guid>(type: "uuid", nullable: true),
                    approved_by = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    approved_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_base_year_decisions", x => new { x.tenant_id, x.number, x.version });
                });

            migrationBuilder.CreateTable(
                name: "base_year_policies",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    period_id = table.Column<Guid>(type: "uuid", nullable: false),
                    approach = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    threshold = table.Column<decimal>(type: "numeric(28,12)", precision: 28, scale: 12, nullable: false),
                    grouping = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    on_structural = table.Column<bool>(type: "boolean", nullable: false),
                    on_method = table.Column<bool>(type: "boolean", nullable: false),
                    on_error = table.Column<bool>(type: "boolean", nullable: false),
                    reason = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: true),
                    author_id = table.Column<Guid>(type: "uuid", nullable: true),
                    author = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    approved_by_id = table.Column<Guid>(type: "uuid", nullable: true),
                    approved_by = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    approved_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_base_year_policies", x => new { x.tenant_id, x.version });
                    table.ForeignKey(
                        name: "fk_base_year_policies_reporting_periods_period_id",
                        column: x => x.period_id,
                        principalTable: "reporting_periods",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "targets",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    denominator = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true),
                    scopes = table.Column<int[]>(type: "integer[]", nullable: false),
                    categories = table.Column<int[]>(type: "integer[]", nullable: false),
                    scope2_method = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    base_period_id = table.Column<Guid>(type: "uuid", nullable: false),
                    target_year = table.Column<int>(type: "integer", nullable: false),
                    path = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    reduction = table.Column<decimal>(type: "numeric(28,12)", precision: 28, scale: 12, nullable: false),
                    note = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: true),
                    version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_targets", x => x.id);
                    table.ForeignKey(
                        name: "fk_targets_reporting_periods_base_period_id",
                        column: x => x.base_period_id,
                        principalTable: "reporting_periods",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "scenarios",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    target_id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    note = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: true),
                    start_period_id = table.Column<Guid>(type: "uuid", nullable: false),
                    growth_per_year = table.Column<decimal>(type: "numeric(28,12)", precision: 28, scale: 12, nullable: false),
                    levers = table.Column<string>(type: "jsonb", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_scenarios", x => x.id);
                    table.ForeignKey(
                        name: "fk_scenarios_reporting_periods_start_period_id",
                        column: x => x.start_period_id,
                        principalTable: "reporting_periods",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_scenarios_targets_target_id",
                        column: x => x.target_id,
                        principalTable: "targets",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ix_base_year_policies_period_id",
                table: "base_year_policies",
                column: "period_id");

            migrationBuilder.CreateIndex(
                name: "ix_scenarios_start_period_id",
                table: "scenarios",
                column: "start_period_id");

            migrationBuilder.CreateIndex(
                name: "ix_scenarios_target_id",
                table: "scenarios",
                column: "target_id");

            migrationBuilder.CreateIndex(
                name: "ix_scenarios_tenant_id_target_id_name",
                table: "scenarios",
                columns: new[] { "tenant_id", "target_id", "name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_targets_base_period_id",
                table: "targets",
                column: "base_period_id");

            migrationBuilder.CreateIndex(
                name: "ix_targets_tenant_id_name",
                table: "targets",
                columns: new[] { "tenant_id", "name" },
                unique: true);

            migrationBuilder.SqlFile("Targets/up.sql");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "base_year_decisions");

            migrationBuilder.DropTable(
                name: "base_year_policies");

            migrationBuilder.DropTable(
                name: "scenarios");

            migrationBuilder.DropTable(
                name: "targets");
        }
    }
}
