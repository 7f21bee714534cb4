#!/usr/bin/env bash
# Builds everything and runs both test projects. Arguments go to "dotnet test" (for example --filter Name~Factor).
# Last line: "N passed, N failed[, N skipped]". Fails when a test failed, a run broke off, or no test ran at all.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. eng/tools.sh

require_dotnet
require_node_packages
require_chromium
require_libreoffice

results=artifacts/test-results
rm -rf "$results"
mkdir -p "$results"

dotnet build OffGridFlow.sln

status=0
for project in OffGridFlow.Tests OffGridFlow.E2E; do
  dotnet test "$project" --no-build --results-directory "$results" --logger "trx;LogFileName=$project.trx" "$@" || status=1
done

# <Counters total="18" executed="17" passed="16" failed="1" error="0" … />; a project without tests writes no file or zeros.
summary=$({ find "$results" -name '*.trx' -exec grep -ho '<Counters [^>]*>' {} + || true; } | awk '
  function count(name) { return match($0, " " name "=\"[0-9]+\"") ? substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4) : 0 }
  { passed += count("passed"); failed += count("failed") + count("error") + count("timeout") + count("aborted"); skipped += count("total") - count("executed") }
  END { printf "%d passed, %d failed", passed, failed; if (skipped > 0) printf ", %d skipped", skipped; print "" }')

case "$summary" in
  "0 passed, 0 failed"*) status=1; echo "No test ran." ;;
  *", 0 failed"*) ;;
  *) status=1 ;;
esac
echo "$summary"
exit "$status"
