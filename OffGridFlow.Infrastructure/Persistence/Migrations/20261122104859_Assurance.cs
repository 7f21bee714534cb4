using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OffGridFlow.Infrastructure.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class Assurance : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "assurance_findings",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    period_id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_assurance_findings", x => x.id);
                    table.ForeignKey(
                        name: "fk_assurance_findings_reporting_periods_period_id",
                        column: x => x.period_id,
                        principalTable: "reporting_periods",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "assurance_materialities",
                columns: table => new
                {
                    period_id = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    basis = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    percent = table.Column<decimal>(type: "numeric(28,12)", precision: 28, scale: 12, nullable: true),
                    base_kg = table.Column<decimal>(type: "numeric(28,12)", precision: 28, scale: 12, nullable: false),
                    view = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    ledger_sequence = table.Column<long>(type: "bigint", nullable: false),
                    materiality_kg = table.Column<decimal>(type: "numeric(28,12)", precision: 28, scale: 12, nullable: false),
                    performance_percent = table.Column<decimal>(type: "numeric(28,12)", precision: 28, scale: 12, nullable: false),
                    performance_kg = table.Column<decimal>(type: "numeric(28,12)", precision: 28, scale: 12, nullable: false),
                    trivial_percent = table.Column<decimal>(type: "numeric(28,12)", precision: 28, scale: 12, nullable: false),
                    trivial_kg = table.Column<decimal>(type: "numeric(28,12)", precision: 28, scale: 12, nullable: false),
                    reason = table.Column<string>(type: "character varying(4000)", maxLength: 4000, nullable: false),
                    author_id = table.Column<Guid>(type: "uuid", nullable: true),
                    author = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_assurance_materialities", x => new { x.period_id, x.version });
                    table.ForeignKey(
                        name: "fk_assurance_materialities_reporting_periods_period_id",
                        column: x => x.period_id,
                        principalTable: "reporting_periods",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "assurance_samples",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    period_id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    method = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    seed = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    ledger_sequence = table.Column<long>(type: "bigint", nullable: false),
                    first_month = table.Column<DateOnly>(type: "date", nullable: false),
                    last_month = table.Column<DateOnly>(type: "date", nullable: false),
                    view = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    scope = table.Column<int>(type: "integer", nullable: true),
                    category = table.Column<int>(type: "integer", nullable: true),
                    site_id = table.Column<Guid>(type: "uuid", nullable: true),
                    activity = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    asked_count = table.Column<int>(type: "integer", nullable: true),
                    confidence_percent = table.Column<int>(type: "integer", nullable: true),
                    tolerable_kg = table.Column<decimal>(type: "numeric(28,12)", precision: 28, scale: 12, nullable: true),
                    expected_kg = table.Column<decimal>(type: "numeric(28,12)", precision: 28, scale: 12, nullable: true),
                    interval_kg = table.Column<decimal>(type: "numeric(28,12)", precision: 28, scale: 12, nullable: true),
                    population_count = table.Column<long>(type: "bigint", nullable: false),
                    population_kg = table.Column<decimal>(type: "numeric(28,12)", precision: 28, scale: 12, nullable: false),
                    outside_count = table.Column<long>(type: "bigint", nullable: false),
                    outside_kg = table.Column<decimal>(type: "numeric(28,12)", precision: 28, scale: 12, nullable: false),
                    missing_count = table.Column<long>(type: "bigint", nullable: false),
                    population_hash = table.Column<string>(type: "character(64)", fixedLength: true, maxLength: 64, nullable: false),
                    item_count = table.Column<int>(type: "integer", nullable: false),
                    purpose = table.Column<string>(type: "character varying(4000)", maxLength: 4000, nullable: true),
                    author_id = table.Column<Guid>(type: "uuid", nullable: true),
                    author = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    set_aside_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    set_aside_by = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    set_aside_reason = table.Column<string>(type: "character varying(4000)", maxLength: 4000, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_assurance_samples", x => x.id);
                    table.ForeignKey(
                        name: "fk_assurance_samples_reporting_periods_period_id",
                        column: x => x.period_id,
                        principalTable: "reporting_periods",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "assurance_finding_versions",
                columns: table => new
                {
                    finding_id = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    step = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    status = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    title = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    observation = table.Column<string>(type: "character varying(4000)", maxLength: 4000, nullable: false),
                    criterion = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    cause = table.Column<string>(type: "character varying(4000)", maxLength: 4000, nullable: true),
                    effect_kg = table.Column<decimal>(type: "numeric(28,12)", precision: 28, scale: 12, nullable: true),
                    not_quantified = table.Column<string>(type: "character varying(4000)", maxLength: 4000, nullable: true),
                    scope = table.Column<int>(type: "integer", nullable: true),
                    view = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true),
                    result_id = table.Column<Guid>(type: "uuid", nullable: true),
                    entry_id = table.Column<Guid>(type: "uuid", nullable: true),
                    assigned_to = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    answer = table.Column<string>(type: "character varying(4000)", maxLength: 4000, nullable: true),
                    corrected_by = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    note = table.Column<string>(type: "character varying(4000)", maxLength: 4000, nullable: true),
                    author_id = table.Column<Guid>(type: "uuid", nullable: true),
                    author = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_assurance_finding_versions", x => new { x.finding_id, x.version });
                    table.ForeignKey(
                        name: "fk_assurance_finding_versions_assurance_findings_finding_id",
                        column: x => x.finding_id,
                        principalTable: "assurance_findings",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "assurance_sample_items",
                columns: table => new
                {
                    sample_id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    result_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kg = table.Column<decimal>(type: "numeric(28,12)", precision: 28, scale: 12, nullable: false),
                    stratum = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_assurance_sample_items", x => new { x.sample_id, x.number });
                    table.ForeignKey(
                        name: "fk_assurance_sample_items_assurance_samples_sample_id",
                        column: x => x.sample_id,
                        principalTable: "assurance_samples",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "assurance_item_checks",
                columns: table => new
                {
                    sample_id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    outcome = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    audited_kg = table.Column<decimal>(type: "numeric(28,12)", precision: 28, scale: 12, nullable: true),
                    note = table.Column<string>(type: "character varying(4000)", maxLength: 4000, nullable: true),
                    document_seen = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    author_id = table.Column<Guid>(type: "uuid", nullable: true),
                    author = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_assurance_item_checks", x => new { x.sample_id, x.number, x.version });
                    table.ForeignKey(
                        name: "fk_assurance_item_checks_assurance_sample_items_sample_id_numb~",
                        columns: x => new { x.sample_id, x.number },
                        principalTable: "assurance_sample_items",
                        principalColumns: new[] { "sample_id", "number" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ix_assurance_finding_versions_tenant_id",
                table: "assurance_finding_versions",
                column: "tenant_id");

            migrationBuilder.CreateIndex(
                name: "ix_assurance_findings_period_id",
                table: "assurance_findings",
                column: "period_id");

            migrationBuilder.CreateIndex(
                name: "ix_assurance_findings_tenant_id_period_id_number",
                table: "assurance_findings",
                columns: new[] { "tenant_id", "period_id", "number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_assurance_item_checks_tenant_id",
                table: "assurance_item_checks",
                column: "tenant_id");

            migrationBuilder.CreateIndex(
                name: "ix_assurance_materialities_tenant_id",
                table: "assurance_materialities",
                column: "tenant_id");

            migrationBuilder.CreateIndex(
                name: "ix_assurance_sample_items_tenant_id_result_id",
                table: "assurance_sample_items",
                columns: new[] { "tenant_id", "result_id" });

            migrationBuilder.CreateIndex(
                name: "ix_assurance_samples_period_id",
                table: "assurance_samples",
                column: "period_id");

            migrationBuilder.CreateIndex(
                name: "ix_assurance_samples_tenant_id_period_id_number",
                table: "assurance_samples",
                columns: new[] { "tenant_id", "period_id", "number" },
                unique: true);

            migrationBuilder.SqlFile("Assurance/up.sql");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "assurance_finding_versions");

            migrationBuilder.DropTable(
                name: "assurance_item_checks");

            migrationBuilder.DropTable(
                name: "assurance_materialities");

            migrationBuilder.DropTable(
                name: "assurance_findings");

            migrationBuilder.DropTable(
                name: "assurance_sample_items");

            migrationBuilder.DropTable(
                name: "assurance_samples");

            migrationBuilder.SqlFile("Assurance/down.sql");
        }
    }
}
