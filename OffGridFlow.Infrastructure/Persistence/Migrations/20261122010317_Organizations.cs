using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OffGridFlow.Infrastructure.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class Organizations : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "account_mappings",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    provider = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    account = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    organization_id = table.Column<Guid>(type: "uuid", nullable: false),
                    valid_from = table.Column<DateOnly>(type: "date", nullable: true),
                    valid_to = table.Column<DateOnly>(type: "date", nullable: true),
                    version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_account_mappings", x => x.id);
                    table.ForeignKey(
                        name: "fk_account_mappings_organizations_organization_id",
                        column: x => x.organization_id,
                        principalTable: "organizations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "contractual_instruments",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    energy = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    supplier = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    technology = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    registry = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    serial_from = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    serial_to = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    megawatt_hours = table.Column<decimal>(type: "numeric(28,12)", precision: 28, scale: 12, nullable: true),
                    first_day = table.Column<DateOnly>(type: "date", nullable: false),
                    last_day = table.Column<DateOnly>(type: "date", nullable: false),
                    site_ids = table.Column<Guid[]>(type: "uuid[]", nullable: false),
                    kg_co2e_per_kwh = table.Column<decimal>(type: "numeric(28,12)", precision: 28, scale: 12, nullable: false),
                    criteria_met = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    criteria_not_met = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    evidence = table.Column<string>(type: "character varying(4000)", maxLength: 4000, nullable: true),
                    is_withdrawn = table.Column<bool>(type: "boolean", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_contractual_instruments", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "leases",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    organization_id = table.Column<Guid>(type: "uuid", nullable: false),
                    site_id = table.Column<Guid>(type: "uuid", nullable: true),
                    asset = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    role = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    equity_share = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    financial_control = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    operational_control = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    valid_from = table.Column<DateOnly>(type: "date", nullable: true),
                    valid_to = table.Column<DateOnly>(type: "date", nullable: true),
                    version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_leases", x => x.id);
                    table.ForeignKey(
                        name: "fk_leases_organizations_organization_id",
                        column: x => x.organization_id,
                        principalTable: "organizations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_leases_sites_site_id",
                        column: x => x.site_id,
                        principalTable: "sites",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "ownerships",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    parent_id = table.Column<Guid>(type: "uuid", nullable: false),
                    child_id = table.Column<Guid>(type: "uuid", nullable: false),
                    share = table.Column<decimal>(type: "numeric(28,12)", precision: 28, scale: 12, nullable: false),
                    financial_control = table.Column<bool>(type: "boolean", nullable: false),
                    operational_control = table.Column<bool>(type: "boolean", nullable: false),
                    valid_from = table.Column<DateOnly>(type: "date", nullable: true),
                    valid_to = table.Column<DateOnly>(type: "date", nullable: true),
                    version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_ownerships", x => x.id);
                    table.ForeignKey(
                        name: "fk_ownerships_organizations_child_id",
                        column: x => x.child_id,
                        principalTable: "organizations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_ownerships_organizations_parent_id",
                        column: x => x.parent_id,
                        principalTable: "organizations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "reporting_periods",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    first_day = table.Column<DateOnly>(type: "date", nullable: false),
                    last_day = table.Column<DateOnly>(type: "date", nullable: false),
                    state = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_reporting_periods", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "business_figures",
                columns: table => new
                {
                    organization_id = table.Column<Guid>(type: "uuid", nullable: false),
                    period_id = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    revenue = table.Column<decimal>(type: "numeric(28,12)", precision: 28, scale: 12, nullable: true),
                    currency = table.Column<string>(type: "character varying(3)", maxLength: 3, nullable: true),
                    full_time_employees = table.Column<decimal>(type: "numeric(28,12)", precision: 28, scale: 12, nullable: true),
                    output = table.Column<decimal>(type: "numeric(28,12)", precision: 28, scale: 12, nullable: true),
                    output_unit = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: true),
                    floor_area = table.Column<decimal>(type: "numeric(28,12)", precision: 28, scale: 12, nullable: true),
                    reason = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: true),
                    author_id = table.Column<Guid>(type: "uuid", nullable: true),
                    author = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_business_figures", x => new { x.organization_id, x.period_id, x.version });
                    table.ForeignKey(
                        name: "fk_business_figures_organizations_organization_id",
                        column: x => x.organization_id,
                        principalTable: "organizations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_business_figures_reporting_periods_period_id",
                        column: x => x.period_id,
                        principalTable: "reporting_periods",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ix_account_mappings_organization_id",
                table: "account_mappings",
                column: "organization_id");

            migrationBuilder.CreateIndex(
                name: "ix_account_mappings_tenant_id_provider_account",
                table: "account_mappings",
                columns: new[] { "tenant_id", "provider", "account" });

            migrationBuilder.CreateIndex(
                name: "ix_business_figures_period_id",
                table: "business_figures",
                column: "period_id");

            migrationBuilder.CreateIndex(
                name: "ix_business_figures_tenant_id_period_id",
                table: "business_figures",
                columns: new[] { "tenant_id", "period_id" });

            migrationBuilder.CreateIndex(
                name: "ix_contractual_instruments_site_ids",
                table: "contractual_instruments",
                column: "site_ids")
                .Annotation("Npgsql:IndexMethod", "gin");

            migrationBuilder.CreateIndex(
                name: "ix_contractual_instruments_tenant_id_first_day",
                table: "contractual_instruments",
                columns: new[] { "tenant_id", "first_day" });

            migrationBuilder.CreateIndex(
                name: "ix_leases_organization_id",
                table: "leases",
                column: "organization_id");

            migrationBuilder.CreateIndex(
                name: "ix_leases_site_id",
                table: "leases",
                column: "site_id");

            migrationBuilder.CreateIndex(
                name: "ix_leases_tenant_id_organization_id",
                table: "leases",
                columns: new[] { "tenant_id", "organization_id" });

            migrationBuilder.CreateIndex(
                name: "ix_ownerships_child_id",
                table: "ownerships",
                column: "child_id");

            migrationBuilder.CreateIndex(
                name: "ix_ownerships_parent_id",
                table: "ownerships",
                column: "parent_id");

            migrationBuilder.CreateIndex(
                name: "ix_ownerships_tenant_id_child_id",
                table: "ownerships",
                columns: new[] { "tenant_id", "child_id" });

            migrationBuilder.CreateIndex(
                name: "ix_reporting_periods_tenant_id_first_day",
                table: "reporting_periods",
                columns: new[] { "tenant_id", "first_day" });

            migrationBuilder.CreateIndex(
                name: "ix_reporting_periods_tenant_id_name",
                table: "reporting_periods",
                columns: new[] { "tenant_id", "name" },
                unique: true);

            migrationBuilder.SqlFile("Organizations/up.sql");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "account_mappings");

            migrationBuilder.DropTable(
                name: "business_figures");

            migrationBuilder.DropTable(
                name: "contractual_instruments");

            migrationBuilder.DropTable(
                name: "leases");

            migrationBuilder.DropTable(
                name: "ownerships");

            migrationBuilder.DropTable(
                name: "reporting_periods");
        }
    }
}
