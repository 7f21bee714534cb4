using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OffGridFlow.Infrastructure.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class CollectionPlan : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "gap_method",
                table: "activity_entries",
                type: "character varying(40)",
                maxLength: 40,
                nullable: true);

            migrationBuilder.CreateTable(
                name: "planned_sources",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    site_id = table.Column<Guid>(type: "uuid", nullable: false),
                    activity_type = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    frequency = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    months = table.Column<int[]>(type: "integer[]", nullable: false),
                    first_day = table.Column<DateOnly>(type: "date", nullable: false),
                    last_day = table.Column<DateOnly>(type: "date", nullable: true),
                    due_days = table.Column<int>(type: "integer", nullable: false),
                    owner = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    note = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: true),
                    version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_planned_sources", x => x.id);
                    table.ForeignKey(
                        name: "fk_planned_sources_sites_site_id",
                        column: x => x.site_id,
                        principalTable: "sites",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ix_planned_sources_site_id",
                table: "planned_sources",
                column: "site_id");

            migrationBuilder.CreateIndex(
                name: "ix_planned_sources_tenant_id_site_id_activity_type",
                table: "planned_sources",
                columns: new[] { "tenant_id", "site_id", "activity_type" });

            migrationBuilder.SqlFile("CollectionPlan/up.sql");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "planned_sources");

            migrationBuilder.DropColumn(
                name: "gap_method",
                table: "activity_entries");
        }
    }
}
