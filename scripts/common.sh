# shellcheck shell=bash
# Sourced by the scripts beside it: what they say to a person, and what they may do as root.

say() { printf '%s\n' "$*" >&2; }

stop() {
    printf '\nFOUT: %s\n' "$1" >&2
    shift
    [ $# -eq 0 ] || printf '      %s\n' "$@" >&2
    exit 1
}

may_be_root() { [ "$(id -u)" -eq 0 ] || sudo -n true 2>/dev/null; }

as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi; }

has_apt() { command -v apt-get >/dev/null; }

# A source that cannot be reached need not be the one that is needed, so a failed update stops nothing.
apt_install() {
    as_root apt-get -o DPkg::Lock::Timeout=120 -qq update || true
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0 -qq install -y --no-install-recommends "$@"
} >/dev/null
