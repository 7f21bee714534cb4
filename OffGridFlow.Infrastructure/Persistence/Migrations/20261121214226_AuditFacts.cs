using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OffGridFlow.Infrastructure.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class AuditFacts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "actor_kind",
                table: "audit_entries",
                type: "character varying(40)",
                maxLength: 40,
                nullable: false,
                defaultValue: "Person");

            migrationBuilder.AddColumn<string>(
                name: "address",
                table: "audit_entries",
                type: "character varying(100)",
                maxLength: 100,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "after",
                table: "audit_entries",
                type: "jsonb",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "before",
                table: "audit_entries",
                type: "jsonb",
                nullable: true);

            migrationBuilder.Sql("update audit_entries set actor_kind = 'Product' where actor_id is null;");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "actor_kind",
                table: "audit_entries");

            migrationBuilder.DropColumn(
                name: "address",
                table: "audit_entries");

            migrationBuilder.DropColumn(
                name: "after",
                table: "audit_entries");

            migrationBuilder.DropColumn(
                name: "before",
                table: "audit_entries");
        }
    }
}
