#!/usr/bin/env bash
# Starts OffGridFlow with demo data on http://localhost:5080 (or the next free port). Arguments go to the app.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. eng/tools.sh

require_dotnet
require_node_packages

export ASPNETCORE_ENVIRONMENT="${ASPNETCORE_ENVIRONMENT:-Development}"
export OFFGRIDFLOW_DEMO="${OFFGRIDFLOW_DEMO:-true}"
export OFFGRIDFLOW_DATA_DIR="${OFFGRIDFLOW_DATA_DIR:-$PWD/.data}"

if [ -z "${ASPNETCORE_URLS:-}" ]; then
  port=5080
  # A connection that succeeds means somebody listens there already.
  while (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 1)); done
  export ASPNETCORE_URLS="http://localhost:$port"
fi
printf 'Building OffGridFlow; it will answer on %s\n' "$ASPNETCORE_URLS"

# exec: signals reach dotnet itself, so that the app can stop its database. No launch profile: it would override the addresses above.
exec dotnet run --project OffGridFlow.Web -c Release --no-launch-profile -- "$@"
