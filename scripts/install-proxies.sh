#!/usr/bin/env bash
# Installs what tests/test_deploy.py and tests/test_shared_limits.py run, where every test must run. Not part of `make test`:
# Debian starts nginx and Redis as soon as they are installed, which nobody wants on their own machine.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/common.sh
PATH="$PATH:/usr/sbin:/usr/local/sbin"

missing=()
command -v nginx >/dev/null || missing+=(nginx-light)
command -v caddy >/dev/null || missing+=(caddy)
command -v redis-server >/dev/null || missing+=(redis-server)
command -v openssl >/dev/null || missing+=(openssl)
command -v systemd-analyze >/dev/null || missing+=(systemd)
[ ${#missing[@]} -eq 0 ] || apt_install "${missing[@]}"
