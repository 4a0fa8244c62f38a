#!/usr/bin/env bash
# Sees to it that the browser tests can run: that playwright starts, and that there is a Chromium, whose path it prints,
# alone on standard output. Takes the one that is there; else Debian's package; else the one playwright downloads.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/common.sh

MAC_CHROME="/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"

# Chromium as a snap sees neither /tmp nor hidden folders, where tests keep their profiles; Ubuntu's chromium-browser is a
# script that starts the snap, or says that it is missing.
is_snap() { readlink -f "$1" | grep -qE '/snap(/|$)' || { head -c 2 "$1" | grep -q '#!' && grep -q '/snap/' "$1"; }; }

starts() {
    [ -x "$1" ] && ! is_snap "$1" && "$1" --version >/dev/null 2>&1
}

system_chromium() {
    local name path
    for name in chromium chromium-browser google-chrome google-chrome-stable "$MAC_CHROME"; do
        path=$(command -v "$name") && starts "$path" && printf '%s\n' "$path" && return
    done
    return 1
}

playwright_chromium() {
    local path
    path=$(.venv/bin/python -c 'from playwright.sync_api import sync_playwright
with sync_playwright() as p: print(p.chromium.executable_path)' 2>/dev/null) && starts "$path" && printf '%s\n' "$path"
}

# The program inside playwright wants a library that a bare Debian or Ubuntu lacks.
playwright_starts() {
    [ -x .venv/bin/playwright ] || return 0
    .venv/bin/playwright --version >/dev/null 2>&1 && return
    has_apt && may_be_root && apt_install libatomic1 && .venv/bin/playwright --version >/dev/null 2>&1
}

found() { system_chromium || playwright_chromium; }

on_ubuntu() { grep -qs '^ID=ubuntu' /etc/os-release; }

install_package() {
    has_apt && ! on_ubuntu && may_be_root || return 1
    say "Chromium voor de browsertests installeren."
    apt_install chromium
}

download() {
    local with_deps=()
    [ -x .venv/bin/playwright ] || return 1
    if has_apt && may_be_root; then with_deps=(--with-deps); fi
    say "Chromium voor de browsertests laten ophalen door playwright."
    .venv/bin/playwright install ${with_deps[@]+"${with_deps[@]}"} chromium >&2
}

by_hand() {
    if on_ubuntu; then
        say "Typ eerst: sudo .venv/bin/playwright install-deps chromium && .venv/bin/playwright install chromium"
    elif has_apt; then
        say "Typ eerst: sudo apt-get update && sudo apt-get install -y chromium"
    else
        say "Installeer eerst Chromium of Google Chrome met de pakketbeheerder van dit systeem."
    fi
    stop "Er is geen Chromium waarmee de browsertests kunnen draaien; hierboven staat wat helpt." \
        "Zonder browser kan wel: make test-fast"
}

playwright_starts || stop "playwright, dat de browser bestuurt, start niet:" \
    "$(.venv/bin/playwright --version 2>&1 | head -1)" \
    "Op Debian en Ubuntu helpt meestal: sudo apt-get update && sudo apt-get install -y libatomic1"
found || { install_package && found; } || { download && found; } || by_hand
