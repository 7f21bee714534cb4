using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OffGridFlow.Infrastructure.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class InventoryFigures : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropPrimaryKey(
                name: "pk_monthly_totals",
                table: "monthly_totals");

            migrationBuilder.AddColumn<string>(
                name: "approach",
                table: "reporting_periods",
                type: "character varying(40)",
                maxLength: 40,
                nullable: false,
                defaultValue: "OperationalControl");

            migrationBuilder.AddColumn<string>(
                name: "calculation_method",
                table: "monthly_totals",
                type: "character varying(40)",
                maxLength: 40,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<decimal>(
                name: "ch4_kg_co2e",
                table: "monthly_totals",
                type: "numeric(28,12)",
                precision: 28,
                scale: 12,
                nullable: false,
                defaultValue: 0m);

            migrationBuilder.AddColumn<decimal>(
                name: "co2_kg_co2e",
                table: "monthly_totals",
                type: "numeric(28,12)",
                precision: 28,
                scale: 12,
                nullable: false,
                defaultValue: 0m);

            migrationBuilder.AddColumn<decimal>(
                name: "hfcs_kg_co2e",
                table: "monthly_totals",
                type: "numeric(28,12)",
                precision: 28,
                scale: 12,
                nullable: false,
                defaultValue: 0m);

            migrationBuilder.AddColumn<decimal>(
                name: "n2o_kg_co2e",
                table: "monthly_totals",
                type: "numeric(28,12)",
                precision: 28,
                scale: 12,
                nullable: false,
                defaultValue: 0m);

            migrationBuilder.AddColumn<decimal>(
                name: "nf3_kg_co2e",
                table: "monthly_totals",
                type: "numeric(28,12)",
                precision: 28,
                scale: 12,
                nullable: false,
                defaultValue: 0m);

            migrationBuilder.AddColumn<decimal>(
                name: "pfcs_kg_co2e",
                table: "monthly_totals",
                type: "numeric(28,12)",
                precision: 28,
                scale: 12,
                nullable: false,
                defaultValue: 0m);

            migrationBuilder.AddColumn<decimal>(
                name: "sf6_kg_co2e",
                table: "monthly_totals",
                type: "numeric(28,12)",
                precision: 28,
                scale: 12,
                nullable: false,
                defaultValue: 0m);

            migrationBuilder.AddColumn<string>(
                name: "calculation_method",
                table: "emission_records",
                type: "character varying(40)",
                maxLength: 40,
                nullable: true);

            migrationBuilder.AddColumn<decimal>(
                name: "ch4_kg_co2e",
                table: "emission_records",
                type: "numeric(28,12)",
                precision: 28,
                scale: 12,
                nullable: true);

            migrationBuilder.AddColumn<decimal>(
                name: "co2_kg_co2e",
                table: "emission_records",
                type: "numeric(28,12)",
                precision: 28,
                scale: 12,
                nullable: true);

            migrationBuilder.AddColumn<decimal>(
                name: "hfcs_kg_co2e",
                table: "emission_records",
                type: "numeric(28,12)",
                precision: 28,
                scale: 12,
                nullable: true);

            migrationBuilder.AddColumn<decimal>(
                name: "n2o_kg_co2e",
                table: "emission_records",
                type: "numeric(28,12)",
                precision: 28,
                scale: 12,
                nullable: true);

            migrationBuilder.AddColumn<decimal>(
                name: "nf3_kg_co2e",
                table: "emission_records",
                type: "numeric(28,12)",
                precision: 28,
                scale: 12,
                nullable: true);

            migrationBuilder.AddColumn<decimal>(
                name: "pfcs_kg_co2e",
                table: "emission_records",
                type: "numeric(28,12)",
                precision: 28,
                scale: 12,
                nullable: true);

            migrationBuilder.AddColumn<decimal>(
                name: "sf6_kg_co2e",
                table: "emission_records",
                type: "numeric(28,12)",
                precision: 28,
                scale: 12,
                nullable: true);

            migrationBuilder.AddPrimaryKey(
                name: "pk_monthly_totals",
                table: "monthly_totals",
                columns: new[] { "tenant_id", "month", "scope", "category", "scope2_method", "provider", "account", "service", "region", "usage_class", "method", "calculation_method", "currency" });

            migrationBuilder.SqlFile("InventoryFigures/up.sql");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropPrimaryKey(
                name: "pk_monthly_totals",
                table: "monthly_totals");

            migrationBuilder.DropColumn(
                name: "approach",
                table: "reporting_periods");

            migrationBuilder.DropColumn(
                name: "calculation_method",
                table: "monthly_totals");

            migrationBuilder.DropColumn(
                name: "ch4_kg_co2e",
                table: "monthly_totals");

            migrationBuilder.DropColumn(
                name: "co2_kg_co2e",
                table: "monthly_totals");

            migrationBuilder.DropColumn(
                name: "hfcs_kg_co2e",
                table: "monthly_totals");

            migrationBuilder.DropColumn(
                name: "n2o_kg_co2e",
                table: "monthly_totals");

            migrationBuilder.DropColumn(
                name: "nf3_kg_co2e",
                table: "monthly_totals");

            migrationBuilder.DropColumn(
                name: "pfcs_kg_co2e",
                table: "monthly_totals");

            migrationBuilder.DropColumn(
                name: "sf6_kg_co2e",
                table: "monthly_totals");

            migrationBuilder.DropColumn(
                name: "calculation_method",
                table: "emission_records");

            migrationBuilder.DropColumn(
                name: "ch4_kg_co2e",
                table: "emission_records");

            migrationBuilder.DropColumn(
                name: "co2_kg_co2e",
                table: "emission_records");

            migrationBuilder.DropColumn(
                name: "hfcs_kg_co2e",
                table: "emission_records");

            migrationBuilder.DropColumn(
                name: "n2o_kg_co2e",
                table: "emission_records");

            migrationBuilder.DropColumn(
                name: "nf3_kg_co2e",
                table: "emission_records");

            migrationBuilder.DropColumn(
                name: "pfcs_kg_co2e",
                table: "emission_records");

            migrationBuilder.DropColumn(
                name: "sf6_kg_co2e",
                table: "emission_records");

            migrationBuilder.SqlFile("InventoryFigures/down.sql");

            migrationBuilder.AddPrimaryKey(
                name: "pk_monthly_totals",
                table: "monthly_totals",
                columns: new[] { "tenant_id", "month", "scope", "category", "scope2_method", "provider", "account", "service", "region", "usage_class", "method", "currency" });
        }
    }
}
