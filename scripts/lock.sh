#!/usr/bin/env bash
# Makes constraints.txt anew (`make lock`): installs the newest versions that fit into a clean environment outside the
# project, and writes down what came out. Everything above the line below stays as it is, and is obeyed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/common.sh

BY_HAND_ENDS='# --- below: written by make lock ---'
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

sed "/^$BY_HAND_ENDS\$/q" constraints.txt > "$work/by-hand"
grep -qx -- "$BY_HAND_ENDS" "$work/by-hand" || stop "In constraints.txt ontbreekt de regel: $BY_HAND_ENDS"
sed -n 's/^\([A-Za-z0-9._-]*\)==.*/\1/p' "$work/by-hand" > "$work/names-by-hand"

"${PYTHON:-python3}" -m venv "$work/venv"
python="$work/venv/bin/python"
pip_install() { "$python" -m pip install --disable-pip-version-check -q -c "$work/by-hand" "$@"; }
pip_install setuptools wheel torch
pip_install -e '.[dev]'
"$python" -m pip check

# A package may ask for a newer Python than the oldest one the project promises; then it needs a line written by hand.
"$python" - <<'PYTHON' || stop "Zet voor deze pakketten met de hand een oudere versie bovenin constraints.txt."
import sys
from importlib.metadata import distribution, distributions

from packaging.specifiers import SpecifierSet

oldest = next(s.version for s in SpecifierSet(distribution("rugpijn-assistent").metadata["Requires-Python"])) + ".0"
too_new = [
    f"{d.name} {d.version}: Python {wanted}"
    for d in distributions()
    if (wanted := d.metadata["Requires-Python"]) and oldest not in SpecifierSet(wanted)
]
if too_new:
    sys.exit("\n".join([f"Werkt niet met Python {oldest}:", *too_new]))
PYTHON

# No local versions: 2.13.0 is also found where 2.13.0+cpu is not.
"$python" -m pip freeze --all --exclude pip --exclude rugpijn-assistent | sed 's/+[A-Za-z0-9.]*$//' > "$work/all"
{
    cat "$work/by-hand"
    awk -F '==' 'NR == FNR {by_hand[tolower($1)]; next} !(tolower($1) in by_hand)' "$work/names-by-hand" "$work/all"
} > "$work/constraints.txt"
cp "$work/constraints.txt" constraints.txt
say "constraints.txt is ververst: $(grep -c '==' constraints.txt) pakketten. Draai nu: make test"
