using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OffGridFlow.Infrastructure.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class SheetImports : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<Guid>(
                name: "document_id",
                table: "activity_entries",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "import_id",
                table: "activity_entries",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "source_column",
                table: "activity_entries",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "source_line",
                table: "activity_entries",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "source_sheet",
                table: "activity_entries",
                type: "character varying(200)",
                maxLength: 200,
                nullable: true);

            migrationBuilder.CreateTable(
                name: "sheet_drafts",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    document_id = table.Column<Guid>(type: "uuid", nullable: false),
                    file_name = table.Column<string>(type: "character varying(400)", maxLength: 400, nullable: false),
                    state = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    plan = table.Column<string>(type: "jsonb", nullable: false),
                    view = table.Column<string>(type: "jsonb", nullable: false),
                    check = table.Column<string>(type: "jsonb", nullable: true),
                    checked_version = table.Column<int>(type: "integer", nullable: true),
                    check_job_id = table.Column<Guid>(type: "uuid", nullable: true),
                    import_id = table.Column<Guid>(type: "uuid", nullable: true),
                    created_by_id = table.Column<Guid>(type: "uuid", nullable: true),
                    created_by = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    changed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_sheet_drafts", x => x.id);
                    table.ForeignKey(
                        name: "fk_sheet_drafts_imports_import_id",
                        column: x => x.import_id,
                        principalTable: "imports",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_sheet_drafts_source_documents_document_id",
                        column: x => x.document_id,
                        principalTable: "source_documents",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "sheet_memories",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    headings = table.Column<string>(type: "character(64)", fixedLength: true, maxLength: 64, nullable: false),
                    file_name = table.Column<string>(type: "character varying(400)", maxLength: 400, nullable: false),
                    plan = table.Column<string>(type: "jsonb", nullable: false),
                    changed_by = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    changed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_sheet_memories", x => new { x.tenant_id, x.headings });
                    table.ForeignKey(
                        name: "fk_sheet_memories_tenants_tenant_id",
                        column: x => x.tenant_id,
                        principalTable: "tenants",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ix_activity_entries_document_id_source_line",
                table: "activity_entries",
                columns: new[] { "document_id", "source_line" },
                filter: "document_id is not null");

            migrationBuilder.CreateIndex(
                name: "ix_activity_entries_import_id",
                table: "activity_entries",
                column: "import_id",
                filter: "import_id is not null");

            migrationBuilder.CreateIndex(
                name: "ix_sheet_drafts_document_id",
                table: "sheet_drafts",
                column: "document_id");

            migrationBuilder.CreateIndex(
                name: "ix_sheet_drafts_import_id",
                table: "sheet_drafts",
                column: "import_id");

            migrationBuilder.CreateIndex(
                name: "ix_sheet_drafts_tenant_id_changed_at",
                table: "sheet_drafts",
                columns: new[] { "tenant_id", "changed_at" });

            migrationBuilder.AddForeignKey(
                name: "fk_activity_entries_imports_import_id",
                table: "activity_entries",
                column: "import_id",
                principalTable: "imports",
                principalColumn: "id",
                onDelete: ReferentialAction.Restrict);

            migrationBuilder.AddForeignKey(
                name: "fk_activity_entries_source_documents_document_id",
                table: "activity_entries",
                column: "document_id",
                principalTable: "source_documents",
                principalColumn: "id",
                onDelete: ReferentialAction.Restrict);

            migrationBuilder.SqlFile("SheetImports/up.sql");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "fk_activity_entries_imports_import_id",
                table: "activity_entries");

            migrationBuilder.DropForeignKey(
                name: "fk_activity_entries_source_documents_document_id",
                table: "activity_entries");

            migrationBuilder.DropTable(
                name: "sheet_drafts");

            migrationBuilder.DropTable(
                name: "sheet_memories");

            migrationBuilder.DropIndex(
                name: "ix_activity_entries_document_id_source_line",
                table: "activity_entries");

            migrationBuilder.DropIndex(
                name: "ix_activity_entries_import_id",
                table: "activity_entries");

            migrationBuilder.DropColumn(
                name: "document_id",
                table: "activity_entries");

            migrationBuilder.DropColumn(
                name: "import_id",
                table: "activity_entries");

            migrationBuilder.DropColumn(
                name: "source_column",
                table: "activity_entries");

            migrationBuilder.DropColumn(
                name: "source_line",
                table: "activity_entries");

            migrationBuilder.DropColumn(
                name: "source_sheet",
                table: "activity_entries");
        }
    }
}
