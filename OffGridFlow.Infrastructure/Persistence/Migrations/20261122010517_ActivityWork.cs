using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OffGridFlow.Infrastructure.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class ActivityWork : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "balance",
                table: "activity_entries",
                type: "jsonb",
                nullable: true);

            migrationBuilder.AddColumn<string[]>(
                name: "confirmed",
                table: "activity_entries",
                type: "text[]",
                nullable: false,
                defaultValueSql: "'{}'");

            migrationBuilder.AddColumn<string>(
                name: "external_id",
                table: "activity_entries",
                type: "character varying(200)",
                maxLength: 200,
                nullable: true);

            migrationBuilder.CreateTable(
                name: "activity_entry_comments",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    entry_id = table.Column<Guid>(type: "uuid", nullable: false),
                    text = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: false),
                    author_id = table.Column<Guid>(type: "uuid", nullable: true),
                    author = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_activity_entry_comments", x => x.id);
                    table.ForeignKey(
                        name: "fk_activity_entry_comments_activity_entries_entry_id",
                        column: x => x.entry_id,
                        principalTable: "activity_entries",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "activity_entry_documents",
                columns: table => new
                {
                    entry_id = table.Column<Guid>(type: "uuid", nullable: false),
                    document_id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    file_name = table.Column<string>(type: "character varying(400)", maxLength: 400, nullable: false),
                    added_by_id = table.Column<Guid>(type: "uuid", nullable: true),
                    added_by = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    added_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_activity_entry_documents", x => new { x.entry_id, x.document_id });
                    table.ForeignKey(
                        name: "fk_activity_entry_documents_activity_entries_entry_id",
                        column: x => x.entry_id,
                        principalTable: "activity_entries",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_activity_entry_documents_source_documents_document_id",
                        column: x => x.document_id,
                        principalTable: "source_documents",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "activity_entry_policies",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    asks_for_second_person = table.Column<bool>(type: "boolean", nullable: false),
                    changed_by = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    changed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_activity_entry_policies", x => x.tenant_id);
                    table.ForeignKey(
                        name: "fk_activity_entry_policies_tenants_tenant_id",
                        column: x => x.tenant_id,
                        principalTable: "tenants",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ix_activity_entries_tenant_id_external_id",
                table: "activity_entries",
                columns: new[] { "tenant_id", "external_id" },
                unique: true,
                filter: "external_id is not null");

            migrationBuilder.CreateIndex(
                name: "ix_activity_entries_tenant_id_reverses_id",
                table: "activity_entries",
                columns: new[] { "tenant_id", "reverses_id" },
                unique: true,
                filter: "reverses_id is not null and status <> 'Excluded'");

            migrationBuilder.CreateIndex(
                name: "ix_activity_entries_tenant_id_site_id_activity_type_period_sta~",
                table: "activity_entries",
                columns: new[] { "tenant_id", "site_id", "activity_type", "period_start", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_activity_entry_comments_entry_id",
                table: "activity_entry_comments",
                column: "entry_id");

            migrationBuilder.CreateIndex(
                name: "ix_activity_entry_comments_tenant_id_entry_id_at",
                table: "activity_entry_comments",
                columns: new[] { "tenant_id", "entry_id", "at" });

            migrationBuilder.CreateIndex(
                name: "ix_activity_entry_documents_document_id",
                table: "activity_entry_documents",
                column: "document_id");

            migrationBuilder.SqlFile("ActivityWork/up.sql");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.SqlFile("ActivityWork/down.sql");

            migrationBuilder.DropTable(
                name: "activity_entry_comments");

            migrationBuilder.DropTable(
                name: "activity_entry_documents");

            migrationBuilder.DropTable(
                name: "activity_entry_policies");

            migrationBuilder.DropIndex(
                name: "ix_activity_entries_tenant_id_external_id",
                table: "activity_entries");

            migrationBuilder.DropIndex(
                name: "ix_activity_entries_tenant_id_reverses_id",
                table: "activity_entries");

            migrationBuilder.DropIndex(
                name: "ix_activity_entries_tenant_id_site_id_activity_type_period_sta~",
                table: "activity_entries");

            migrationBuilder.DropColumn(
                name: "balance",
                table: "activity_entries");

            migrationBuilder.DropColumn(
                name: "confirmed",
                table: "activity_entries");

            migrationBuilder.DropColumn(
                name: "external_id",
                table: "activity_entries");
        }
    }
}
