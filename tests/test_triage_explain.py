"""``python -m assistant.triage``: what was seen, where, what denied it, which rule, which level."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from click.testing import Result
from typer.testing import CliRunner

from assistant.settings import Settings
from assistant.triage.__main__ import explain
from ingest.settings import PROJECT, IngestSettings


def explained(*messages: str, rules_only: bool = True) -> Result:
    app = typer.Typer()
    app.command()(explain)
    arguments = [*(["--rules-only"] if rules_only else []), "--", *messages]
    return CliRunner().invoke(app, arguments, env={"COLUMNS": "240", "TERM": "dumb"})


def output_of(*messages: str) -> str:
    result = explained(*messages)
    assert result.exit_code == 0, result.output
    return result.output


def row_of(output: str, finding: str) -> str:
    (row,) = (line for line in output.splitlines() if re.search(rf"\b{finding}:", line))
    return row


def assert_one_clear_line(result: Result) -> str:
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    (line,) = result.output.strip().splitlines()
    assert "Traceback" not in line
    return line


def test_an_alarm_is_explained_by_finding_place_words_rule_source_and_level() -> None:
    output = output_of("ik heb rugpijn en koorts")
    row = row_of(output, "koorts")
    assert "18–24" in row
    assert "koorts of rillingen" in row
    assert "telt" in row
    assert "zelf" in row
    assert "spoed: infectie" in output
    assert "regel: koorts + rugpijn" in output
    assert "bron: KNGF" in output
    assert "nog niet nagekeken door een arts" in output
    assert "Niveau: spoed. De bezoeker leest: Bel nu uw huisarts" in output


@pytest.mark.parametrize(
    ("message", "finding", "verdict", "cue"),
    [
        ("mijn rug is stijf maar ik heb geen koorts", "koorts", "ontkend", "geen"),
        ("vroeger had ik vaak koorts", "koorts", "voorbij", "vroeger"),
        ("wanneer is koorts gevaarlijk?", "koorts", "algemene vraag", "wanneer is"),
    ],
)
def test_what_does_not_count_says_which_words_made_it_so(message: str, finding: str, verdict: str, cue: str) -> None:
    row = row_of(output_of(message), finding)
    assert verdict in row
    assert f"“{cue}”" in row


def test_another_person_is_told() -> None:
    assert "een ander" in row_of(output_of("mijn moeder heeft koorts"), "koorts")


def test_an_ordinary_message_is_no_alarm() -> None:
    output = output_of("hoe lang duurt het?")
    assert "In het laatste bericht is niets gevonden." in output
    assert "Geen alarm." in output


def test_messages_are_of_one_visitor_the_last_one_last() -> None:
    output = output_of("ik heb rugpijn", "nu ook koorts")
    assert "Niveau: spoed" in output
    assert "koorts, " in output.split("Wat nu geldt")[1]


def test_an_alarm_that_was_answered_says_so() -> None:
    assert "de bezoeker schrijft dat er hulp is" in output_of("pijn op mijn borst", "ik heb de huisarts gebeld")


def test_doubt_says_that_the_line_is_shown() -> None:
    assert "wel de zin die zegt wanneer te bellen" in output_of("ik ben duizelig")


def test_that_no_doctor_signed_is_said() -> None:
    assert "nog niet door een arts ondertekend" in output_of("hallo")


def test_what_a_terminal_takes_for_a_mark_is_shown_as_typed() -> None:
    assert "pijn op [red] borst" in row_of(output_of("pijn op [red] borst"), "borstpijn")


@pytest.mark.parametrize("message", ["[/]", "\u202e", "\x1b[31m 🙂"])
def test_whatever_is_typed_is_explained(message: str) -> None:
    assert "Geen alarm" in output_of(message)


def test_what_cannot_be_seen_hides_nothing() -> None:
    assert "telt" in row_of(output_of("ko\u200borts"), "koorts")


def test_a_setting_that_cannot_be_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUGPIJN_PORT", "zevenduizend")
    assert "RUGPIJN_PORT kan niet 'zevenduizend' zijn" in assert_one_clear_line(explained("rugpijn"))


def test_a_wrong_line_in_the_env_file_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text("RUGPIJN_COUNTRY=frankrijk\n", "utf-8")
    for settings in (IngestSettings, Settings):
        monkeypatch.setitem(settings.model_config, "env_file", env_file)
    assert "RUGPIJN_COUNTRY kan niet 'frankrijk' zijn" in assert_one_clear_line(explained("rugpijn"))


def test_broken_rules_are_one_line_with_file_line_and_reason(tmp_path: Path) -> None:
    for package in ("assistant", "ingest"):
        shutil.copytree(PROJECT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__", "*.jsonl"))
    rules = tmp_path / "assistant" / "red_flags.toml"
    rules.write_text(rules.read_text("utf-8") + '\n[[flag]]\nid = "nieuw"\nname = "Nieuw"\nbron = "x"\n', "utf-8")
    lines = len(rules.read_text("utf-8").splitlines())
    command = [sys.executable, "-m", "assistant.triage", "--rules-only", "rugpijn"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert (run.returncode, run.stderr) == (1, "")
    (line,) = run.stdout.strip().splitlines()
    assert line.startswith(f"red_flags.toml, regel {lines}: 'bron' is geen bekend gegeven")
