using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OffGridFlow.Infrastructure.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class ActivityData : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropPrimaryKey(
                name: "pk_monthly_totals",
                table: "monthly_totals");

            migrationBuilder.AddColumn<string>(
                name: "scope2_method",
                table: "monthly_totals",
                type: "character varying(10)",
                maxLength: 10,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<decimal>(
                name: "biogenic_kg_co2",
                table: "monthly_totals",
                type: "numeric(28,12)",
                precision: 28,
                scale: 12,
                nullable: false,
                defaultValue: 0m);

            migrationBuilder.AddColumn<decimal>(
                name: "kg_co2e",
                table: "monthly_totals",
                type: "numeric(28,12)",
                precision: 28,
                scale: 12,
                nullable: false,
                defaultValue: 0m);

            migrationBuilder.AddColumn<decimal>(
                name: "measured_kg_co2e",
                table: "monthly_totals",
                type: "numeric(28,12)",
                precision: 28,
                scale: 12,
                nullable: false,
                defaultValue: 0m);

            migrationBuilder.AddColumn<decimal>(
                name: "submitted_kg_co2e",
                table: "monthly_totals",
                type: "numeric(28,12)",
                precision: 28,
                scale: 12,
                nullable: false,
                defaultValue: 0m);

            migrationBuilder.AddColumn<decimal>(
                name: "biogenic_kg_co2",
                table: "emission_records",
                type: "numeric(28,12)",
                precision: 28,
                scale: 12,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "derivation",
                table: "emission_records",
                type: "jsonb",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "factor_id",
                table: "emission_records",
                type: "character varying(200)",
                maxLength: 200,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "factor_set_checksum",
                table: "emission_records",
                type: "character varying(64)",
                maxLength: 64,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "factor_set_id",
                table: "emission_records",
                type: "character varying(100)",
                maxLength: 100,
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "instrument_id",
                table: "emission_records",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<DateOnly>(
                name: "month",
                table: "emission_records",
                type: "date",
                nullable: false,
                defaultValue: new DateOnly(1, 1, 1));

            migrationBuilder.AddColumn<string>(
                name: "part",
                table: "emission_records",
                type: "character varying(40)",
                maxLength: 40,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "scope2_method",
                table: "emission_records",
                type: "character varying(40)",
                maxLength: 40,
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "entry_id",
                table: "activity_records",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "entry_status",
                table: "activity_records",
                type: "character varying(40)",
                maxLength: 40,
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "entry_version",
                table: "activity_records",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "site_id",
                table: "activity_records",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddPrimaryKey(
                name: "pk_monthly_totals",
                table: "monthly_totals",
                columns: new[] { "tenant_id", "month", "scope", "category", "scope2_method", "provider", "account", "service", "region", "usage_class", "method", "currency" });

            migrationBuilder.CreateTable(
                name: "organizations",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    country = table.Column<string>(type: "character varying(2)", maxLength: 2, nullable: false),
                    sector = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    lei = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: true),
                    version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_organizations", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "sites",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    organization_id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    country = table.Column<string>(type: "character varying(2)", maxLength: 2, nullable: false),
                    region = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    address = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    floor_area = table.Column<decimal>(type: "numeric(28,12)", precision: 28, scale: 12, nullable: true),
                    headcount = table.Column<decimal>(type: "numeric(28,12)", precision: 28, scale: 12, nullable: true),
                    opened_on = table.Column<DateOnly>(type: "date", nullable: true),
                    closed_on = table.Column<DateOnly>(type: "date", nullable: true),
                    version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_sites", x => x.id);
                    table.ForeignKey(
                        name: "fk_sites_organizations_organization_id",
                        column: x => x.organization_id,
                        principalTable: "organizations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "activity_entries",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    site_id = table.Column<Guid>(type: "uuid", nullable: false),
                    activity_type = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    quantity = table.Column<decimal>(type: "numeric(28,12)", precision: 28, scale: 12, nullable: false),
                    unit = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    period_start = table.Column<DateOnly>(type: "date", nullable: false),
                    period_end = table.Column<DateOnly>(type: "date", nullable: false),
                    gas = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: true),
                    factor_id = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    quality = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    quality_indicators = table.Column<int[]>(type: "integer[]", nullable: false),
                    uncertainty_percent = table.Column<decimal>(type: "numeric(28,12)", precision: 28, scale: 12, nullable: true),
                    status = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    is_accrual = table.Column<bool>(type: "boolean", nullable: false),
                    reverses_id = table.Column<Guid>(type: "uuid", nullable: true),
                    reference = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    note = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: true),
                    version = table.Column<int>(type: "integer", nullable: false),
                    changed_by_id = table.Column<Guid>(type: "uuid", nullable: true),
                    changed_by = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    changed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_activity_entries", x => x.id);
                    table.ForeignKey(
                        name: "fk_activity_entries_activity_entries_reverses_id",
                        column: x => x.reverses_id,
                        principalTable: "activity_entries",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_activity_entries_sites_site_id",
                        column: x => x.site_id,
                        principalTable: "sites",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "activity_entry_versions",
                columns: table => new
                {
                    entry_id = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    action = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    content = table.Column<string>(type: "jsonb", nullable: false),
                    reason = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: true),
                    author_id = table.Column<Guid>(type: "uuid", nullable: true),
                    author = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_activity_entry_versions", x => new { x.entry_id, x.version });
                    table.ForeignKey(
                        name: "fk_activity_entry_versions_activity_entries_entry_id",
                        column: x => x.entry_id,
                        principalTable: "activity_entries",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "calculation_exceptions",
                columns: table => new
                {
                    entry_id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    code = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    message = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: false),
                    mend = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: false),
                    since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_calculation_exceptions", x => x.entry_id);
                    table.ForeignKey(
                        name: "fk_calculation_exceptions_activity_entries_entry_id",
                        column: x => x.entry_id,
                        principalTable: "activity_entries",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ix_emission_records_tenant_id_factor_id",
                table: "emission_records",
                columns: new[] { "tenant_id", "factor_id" },
                filter: "factor_id is not null");

            migrationBuilder.CreateIndex(
                name: "ix_activity_records_tenant_id_entry_id",
                table: "activity_records",
                columns: new[] { "tenant_id", "entry_id" },
                filter: "entry_id is not null");

            migrationBuilder.CreateIndex(
                name: "ix_activity_entries_reverses_id",
                table: "activity_entries",
                column: "reverses_id");

            migrationBuilder.CreateIndex(
                name: "ix_activity_entries_site_id",
                table: "activity_entries",
                column: "site_id");

            migrationBuilder.CreateIndex(
                name: "ix_activity_entries_tenant_id_period_start_id",
                table: "activity_entries",
                columns: new[] { "tenant_id", "period_start", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_activity_entries_tenant_id_reference",
                table: "activity_entries",
                columns: new[] { "tenant_id", "reference" },
                filter: "reference is not null");

            migrationBuilder.CreateIndex(
                name: "ix_activity_entries_tenant_id_site_id_period_start",
                table: "activity_entries",
                columns: new[] { "tenant_id", "site_id", "period_start" });

            migrationBuilder.CreateIndex(
                name: "ix_calculation_exceptions_tenant_id_code",
                table: "calculation_exceptions",
                columns: new[] { "tenant_id", "code" });

            migrationBuilder.CreateIndex(
                name: "ix_organizations_tenant_id_name",
                table: "organizations",
                columns: new[] { "tenant_id", "name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_sites_organization_id",
                table: "sites",
                column: "organization_id");

            migrationBuilder.CreateIndex(
                name: "ix_sites_tenant_id_name",
                table: "sites",
                columns: new[] { "tenant_id", "name" },
                unique: true);

            migrationBuilder.SqlFile("ActivityData/up.sql");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "activity_entry_versions");

            migrationBuilder.DropTable(
                name: "calculation_exceptions");

            migrationBuilder.DropTable(
                name: "activity_entries");

            migrationBuilder.DropTable(
                name: "sites");

            migrationBuilder.DropTable(
                name: "organizations");

            migrationBuilder.DropPrimaryKey(
                name: "pk_monthly_totals",
                table: "monthly_totals");

            migrationBuilder.DropIndex(
                name: "ix_emission_records_tenant_id_factor_id",
                table: "emission_records");

            migrationBuilder.DropIndex(
                name: "ix_activity_records_tenant_id_entry_id",
                table: "activity_records");

            migrationBuilder.DropColumn(
                name: "scope2_method",
                table: "monthly_totals");

            migrationBuilder.DropColumn(
                name: "biogenic_kg_co2",
                table: "monthly_totals");

            migrationBuilder.DropColumn(
                name: "kg_co2e",
                table: "monthly_totals");

            migrationBuilder.DropColumn(
                name: "measured_kg_co2e",
                table: "monthly_totals");

            migrationBuilder.DropColumn(
                name: "submitted_kg_co2e",
                table: "monthly_totals");

            migrationBuilder.DropColumn(
                name: "biogenic_kg_co2",
                table: "emission_records");

            migrationBuilder.DropColumn(
                name: "derivation",
                table: "emission_records");

            migrationBuilder.DropColumn(
                name: "factor_id",
                table: "emission_records");

            migrationBuilder.DropColumn(
                name: "factor_set_checksum",
                table: "emission_records");

            migrationBuilder.DropColumn(
                name: "factor_set_id",
                table: "emission_records");

            migrationBuilder.DropColumn(
                name: "instrument_id",
                table: "emission_records");

            migrationBuilder.DropColumn(
                name: "month",
                table: "emission_records");

            migrationBuilder.DropColumn(
                name: "part",
                table: "emission_records");

            migrationBuilder.DropColumn(
                name: "scope2_method",
                table: "emission_records");

            migrationBuilder.DropColumn(
                name: "entry_id",
                table: "activity_records");

            migrationBuilder.DropColumn(
                name: "entry_status",
                table: "activity_records");

            migrationBuilder.DropColumn(
                name: "entry_version",
                table: "activity_records");

            migrationBuilder.DropColumn(
                name: "site_id",
                table: "activity_records");

            migrationBuilder.AddPrimaryKey(
                name: "pk_monthly_totals",
                table: "monthly_totals",
                columns: new[] { "tenant_id", "month", "scope", "category", "provider", "account", "service", "region", "usage_class", "method", "currency" });
        }
    }
}
