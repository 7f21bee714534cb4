# What run.sh and test.sh need on the machine. Sourced, not run; the caller stands in the repository's root.

fail() { printf '%s\n' "$*" >&2; exit 1; }

# Debian's packages can be installed by us when we are root; everybody else is told what to install.
can_apt() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

apt_install() {
  printf 'Installing %s\n' "$*" >&2
  DEBIAN_FRONTEND=noninteractive apt-get update -qq >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@" >/dev/null
}

require_dotnet() {
  # Microsoft's install script puts the SDK here without touching PATH.
  if ! command -v dotnet >/dev/null && [ -x "$HOME/.dotnet/dotnet" ]; then export PATH="$HOME/.dotnet:$PATH"; fi
  if ! command -v dotnet >/dev/null || ! dotnet --list-sdks | grep -q '^10\.'; then
    fail "The .NET 10 SDK is missing. Install it with
  curl -fsSL https://dot.net/v1/dotnet-install.sh | bash -s -- --channel 10.0
or from https://dotnet.microsoft.com/download/dotnet/10.0 and run this script again."
  fi
  export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
}

# Node brings fonts, icons and the embedded PostgreSQL; the app itself does not run on it.
require_node_packages() {
  if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    if can_apt; then apt_install --no-install-recommends nodejs npm; fi
    command -v npm >/dev/null || fail "Node.js with npm is missing. Install it (Debian, Ubuntu: apt-get install nodejs npm; macOS: brew install node; others: https://nodejs.org) and run this script again."
  fi
  # npm writes the hidden lock last, so a broken installation is done again.
  local stamp=OffGridFlow.Web/node_modules/.package-lock.json
  if [ ! -f "$stamp" ] || [ OffGridFlow.Web/package-lock.json -nt "$stamp" ]; then
    (cd OffGridFlow.Web && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null) || fail "npm ci failed in OffGridFlow.Web: the registry must be reachable once."
    touch "$stamp"
  fi
}

# The browser of the end-to-end tests. Ends with CHROMIUM set.
# Debian's headless shell is the same engine without windows: the tests take a third less of the processor than with the whole Chromium.
require_chromium() {
  if [ -n "${CHROMIUM:-}" ]; then
    [ -x "$CHROMIUM" ] || fail "CHROMIUM names $CHROMIUM, which is not an executable file."
    return
  fi
  if [ ! -x /usr/bin/chromium-headless-shell ] && can_apt; then apt_install --no-install-recommends chromium-headless-shell 2>/dev/null || true; fi
  if [ -x /usr/bin/chromium-headless-shell ]; then export CHROMIUM=/usr/bin/chromium-headless-shell; return; fi
  if [ ! -x /usr/bin/chromium ] && can_apt; then apt_install chromium; fi
  [ -x /usr/bin/chromium ] || fail "Chromium is missing. Install it (Debian: apt-get install chromium-headless-shell) or set CHROMIUM to the executable of a Chromium or Chrome, and run this script again."
  export CHROMIUM=/usr/bin/chromium
}

# Recalculates exported workbooks in tests. Without it those tests are skipped with words; nothing else needs it, so this does not fail.
require_libreoffice() {
  if ! command -v soffice >/dev/null && can_apt; then
    apt_install --no-install-recommends libreoffice-calc-nogui || printf 'LibreOffice could not be installed.\n' >&2
  fi
  command -v soffice >/dev/null || printf 'Without LibreOffice the tests that recalculate exported workbooks are skipped (Debian: apt-get install --no-install-recommends libreoffice-calc-nogui).\n' >&2
}
