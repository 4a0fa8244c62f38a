"""``.env.example`` is where an operator learns what can be set, so it may not lag behind the settings."""

import re
from pathlib import Path

from assistant.settings import Settings

PROJECT = Path(__file__).parent.parent
EXAMPLE = (PROJECT / ".env.example").read_text(encoding="utf-8")
SWITCHED_ON = re.sub(r"(?m)^# (?=\w+=)", "", EXAMPLE)


def assigned_names() -> list[str]:
    return [line.split("=")[0] for line in SWITCHED_ON.splitlines() if line and not line.startswith("# ")]


def test_example_has_every_setting_once_and_nothing_else() -> None:
    assert sorted(assigned_names()) == sorted(f"RUGPIJN_{name.upper()}" for name in Settings.model_fields)


def test_copied_as_it_is_the_example_sets_nothing() -> None:
    assert [line for line in EXAMPLE.splitlines() if line and not line.startswith("# ")] == []


def test_example_shows_the_value_that_holds_when_nothing_is_set(tmp_path: Path) -> None:
    shown_in = tmp_path / ".env"
    shown_in.write_text(SWITCHED_ON, encoding="utf-8")
    shown = Settings(_env_file=shown_in).model_dump()
    paths = {name: PROJECT / value for name, value in shown.items() if isinstance(value, Path)}
    assert shown | paths == Settings(_env_file=None).model_dump()
