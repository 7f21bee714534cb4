using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OffGridFlow.Infrastructure.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class JobConsole : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "created_by",
                table: "job_runs",
                type: "character varying(200)",
                maxLength: 200,
                nullable: false,
                defaultValue: "OffGridFlow");

            migrationBuilder.AddColumn<Guid>(
                name: "created_by_id",
                table: "job_runs",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "failure_is_final",
                table: "job_runs",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string[]>(
                name: "lanes",
                table: "job_runs",
                type: "text[]",
                nullable: false,
                defaultValueSql: "'{}'");

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "not_before",
                table: "job_runs",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "result",
                table: "job_runs",
                type: "jsonb",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "subject_name",
                table: "job_runs",
                type: "character varying(400)",
                maxLength: 400,
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "with_errors",
                table: "job_runs",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.CreateTable(
                name: "job_workers",
                columns: table => new
                {
                    name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    slots = table.Column<int>(type: "integer", nullable: false),
                    seen_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_job_workers", x => x.name);
                });

            migrationBuilder.CreateTable(
                name: "system_job_runs",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    state = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    fence = table.Column<long>(type: "bigint", nullable: false),
                    worker = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    heartbeat_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    queued_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    not_before = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    finished_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    progress_done = table.Column<long>(type: "bigint", nullable: false),
                    progress_total = table.Column<long>(type: "bigint", nullable: true),
                    cancel_requested = table.Column<bool>(type: "boolean", nullable: false),
                    last_error = table.Column<string>(type: "character varying(4000)", maxLength: 4000, nullable: true),
                    origin = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    result = table.Column<string>(type: "jsonb", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_system_job_runs", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "system_schedules",
                columns: table => new
                {
                    kind = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    paused = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_system_schedules", x => x.kind);
                });

            migrationBuilder.CreateIndex(
                name: "ix_job_runs_tenant_id_finished_at",
                table: "job_runs",
                columns: new[] { "tenant_id", "finished_at" });

            migrationBuilder.CreateIndex(
                name: "ix_system_job_runs_kind_queued_at",
                table: "system_job_runs",
                columns: new[] { "kind", "queued_at" });

            migrationBuilder.CreateIndex(
                name: "ix_system_job_runs_open",
                table: "system_job_runs",
                column: "kind",
                unique: true,
                filter: "state in ('Queued', 'Running')");

            migrationBuilder.SqlFile("JobConsole/up.sql");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.SqlFile("JobConsole/down.sql");

            migrationBuilder.DropTable(
                name: "job_workers");

            migrationBuilder.DropTable(
                name: "system_job_runs");

            migrationBuilder.DropTable(
                name: "system_schedules");

            migrationBuilder.DropIndex(
                name: "ix_job_runs_tenant_id_finished_at",
                table: "job_runs");

            migrationBuilder.DropColumn(
                name: "created_by",
                table: "job_runs");

            migrationBuilder.DropColumn(
                name: "created_by_id",
                table: "job_runs");

            migrationBuilder.DropColumn(
                name: "failure_is_final",
                table: "job_runs");

            migrationBuilder.DropColumn(
                name: "lanes",
                table: "job_runs");

            migrationBuilder.DropColumn(
                name: "not_before",
                table: "job_runs");

            migrationBuilder.DropColumn(
                name: "result",
                table: "job_runs");

            migrationBuilder.DropColumn(
                name: "subject_name",
                table: "job_runs");

            migrationBuilder.DropColumn(
                name: "with_errors",
                table: "job_runs");
        }
    }
}
