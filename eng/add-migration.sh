#!/usr/bin/env bash
# Adds a migration: eng/add-migration.sh NameOfTheChange
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet tool restore >/dev/null
export EntityFrameworkDesign=true
dotnet restore OffGridFlow.Infrastructure >/dev/null
dotnet ef migrations add "$1" --project OffGridFlow.Infrastructure --startup-project OffGridFlow.Infrastructure --output-dir Persistence/Migrations
unset EntityFrameworkDesign
dotnet restore OffGridFlow.Infrastructure >/dev/null
