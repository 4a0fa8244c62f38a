"""The command ``rugpijn``: Dutch help, one clear line when something is wrong, and the same answer as the API."""

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import Result
from typer.testing import CliRunner

from assistant import texts
from assistant.answer import AnswerKind
from assistant.cli import app
from assistant.settings import Settings
from assistant.staff import texts as staff_texts

if TYPE_CHECKING:
    from assistant.reply import Assistant

FROZEN = "Hoe lang duurt een frozen shoulder?"
OPTIONS = {
    "ingest": ["--corpus", "--index", "--rebuild", "--strict", "--workers"],
    "ingest-worker": ["--until-empty"],
    "serve": ["--host", "--port", "--no-rate-limit"],
    "ask": ["vraag", "--json", "--why"],
    "chat": [],
    "calibrate": [],
    "pause": ["gewone melding"],
    "resume": [],
    "staff": ["--host", "--port", "7861"],
    "staff-password": [],
}
RUGPIJN_NEEDING_AN_INDEX = [["ask", FROZEN], ["chat"], ["calibrate"], ["serve"], ["staff"]]


def rugpijn(*arguments: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(app, list(arguments), input=typed, env={"COLUMNS": "200", "TERM": "dumb"})


@pytest.fixture
def no_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "geen-index"
    monkeypatch.setenv("RUGPIJN_INDEX_DIR", str(folder))
    return folder


@pytest.fixture
def real_index(assistant: "Assistant", real_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUGPIJN_INDEX_DIR", str(real_settings.index_dir))


def assert_one_clear_line(result: Result) -> str:
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    assert "Traceback" not in result.output
    (line,) = result.output.strip().splitlines()
    return line


# Help


def test_the_help_names_every_command_in_dutch() -> None:
    result = rugpijn("--help")
    assert result.exit_code == 0
    assert "Chatassistent over rug-, nek- en schouderpijn" in result.output
    assert {command for command in OPTIONS if re.search(rf"^ +{command} ", result.output, re.MULTILINE)} == set(OPTIONS)
    assert len(app.registered_commands) == len(OPTIONS)


@pytest.mark.parametrize("command", OPTIONS)
def test_the_help_of_a_command_is_dutch_and_names_its_options(command: str) -> None:
    result = rugpijn(command, "--help")
    assert result.exit_code == 0
    for option in OPTIONS[command]:
        assert option in result.output
    ours = result.output.replace("Show this message and exit.", "").casefold()
    assert set(re.findall(r"[a-z]+", ours)) & {"het", "de", "als", "een", "na"}
    assert set(re.findall(r"[a-z]+", ours)) & {"the", "when", "this", "with", "and", "folder"} == set()


def test_without_a_command_the_help_is_shown() -> None:
    assert "ingest" in rugpijn().output


# One clear line


@pytest.mark.parametrize("command", RUGPIJN_NEEDING_AN_INDEX, ids=lambda command: command[0])
def test_without_an_index_a_command_says_how_to_make_one(no_index: Path, command: list[str]) -> None:
    line = assert_one_clear_line(rugpijn(*command))
    assert str(no_index) in line
    assert "er is nog geen index gemaakt" in line
    assert "rugpijn ingest" in line


@pytest.mark.parametrize("question", ["", "  ", "\u200b"])
def test_an_empty_question_is_refused_before_anything_is_loaded(no_index: Path, question: str) -> None:
    assert assert_one_clear_line(rugpijn("ask", question)) == texts.QUESTION_EMPTY


def test_a_question_that_is_too_long_is_refused_with_the_limit(no_index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUGPIJN_MAX_QUESTION_CHARS", "50")
    assert assert_one_clear_line(rugpijn("ask", "a" * 51)) == texts.QUESTION_TOO_LONG.format(limit=50)


@pytest.mark.parametrize("command", RUGPIJN_NEEDING_AN_INDEX, ids=lambda command: command[0])
def test_a_setting_that_cannot_be_is_named(no_index: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]) -> None:
    monkeypatch.setenv("RUGPIJN_PORT", "zevenduizend")
    line = assert_one_clear_line(rugpijn(*command))
    assert "RUGPIJN_PORT kan niet 'zevenduizend' zijn" in line


@pytest.mark.parametrize("arguments", [["ask"], ["ask", "een", "twee"], ["serve", "--port", "65536"], ["praat"]])
def test_a_command_typed_wrongly_is_refused_without_a_traceback(arguments: list[str]) -> None:
    result = rugpijn(*arguments)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


# With the real model


@pytest.mark.model
def test_an_answer_as_json_is_what_the_api_gives(real_index: None, assistant: "Assistant") -> None:
    result = rugpijn("ask", FROZEN, "--json")
    assert result.exit_code == 0
    body = json.loads(result.stdout)
    answer = assistant.reply(FROZEN)
    assert set(body) == {
        "kind",
        "text",
        "notice",
        "sentences",
        "citations",
        "urgency",
        "flags",
        "alarm",
        "remarks",
        "suggestions",
        "language_note",
        "stand_alone_question",
        "safety_net",
        "disclaimer",
        "engine",
        "timings_ms",
    }
    assert body["kind"] == AnswerKind.ANSWERED
    assert body["text"] == answer.text
    assert [sentence["text"] for sentence in body["sentences"]] == [each.text for each in answer.sentences]
    assert set(body["sentences"][0]) == {"text", "citations", "attribution", "shape", "opens_paragraph"}
    assert set(body["citations"][0]) == {
        "number",
        "passage_id",
        "article",
        "section",
        "quote",
        "start",
        "end",
        "url",
    }
    assert [body["citations"][0][name] for name in ("number", "quote")] == [1, answer.citations[0].quote]
    assert (body["urgency"], body["flags"], body["disclaimer"]) == (None, [], texts.DISCLAIMER)
    assert set(body["timings_ms"]) == {"triage", "retrieve", "compose", "total"}


@pytest.mark.model
def test_who_asks_why_reads_the_answer_and_its_reasons(real_index: None, assistant: "Assistant") -> None:
    result = rugpijn("ask", FROZEN, "--why")
    assert result.exit_code == 0
    assert assistant.reply(FROZEN).sentences[0].text in result.output
    answer, _, reasons = result.output.partition(staff_texts.WHY_QUESTION)
    assert texts.DISCLAIMER in answer
    for heading in (staff_texts.WHY_SURENESS, staff_texts.WHY_PASSAGES, staff_texts.WHY_SENTENCES):
        assert heading in reasons


def test_reasons_are_not_given_as_json(no_index: Path) -> None:
    result = rugpijn("ask", FROZEN, "--why", "--json")
    assert result.exit_code == 2
    assert texts.WHY_OR_JSON in result.output


@pytest.mark.model
def test_an_answer_is_shown_with_its_sources_and_the_disclaimer(real_index: None) -> None:
    output = rugpijn("ask", FROZEN).output
    assert "De klachten houden meestal een jaar à anderhalf jaar aan. [1]" in output
    assert "[1] Schouderpijn? Wees er meteen vanaf! › Frozen shoulder" in output
    assert texts.DISCLAIMER in " ".join(output.replace("│", " ").split())


@pytest.mark.model
def test_a_conversation_remembers_what_it_was_about_and_goes_on_after_a_mistake(
    real_index: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUGPIJN_MAX_QUESTION_CHARS", "50")
    result = rugpijn("chat", typed=f"Wat is een frozen shoulder?\n{'a' * 51}\nHoe lang duurt dat?\n\n")
    assert result.exit_code == 0
    opening, too_long, follow_up = (
        result.output.index(said)
        for said in (texts.AI_NOTICE, texts.QUESTION_TOO_LONG.format(limit=50), "een jaar à anderhalf jaar")
    )
    assert opening < too_long
    assert follow_up > 0


@pytest.mark.model
def test_without_a_readable_article_ingest_says_where_it_looked(no_index: Path, tmp_path: Path) -> None:
    corpus = tmp_path / "leeg"
    corpus.mkdir()
    line = assert_one_clear_line(rugpijn("ingest", "--corpus", str(corpus)))
    assert str(corpus) in line
    assert not (no_index / "current").exists()


@pytest.mark.model
def test_ingest_names_a_broken_file_and_goes_on_and_strict_makes_it_an_error(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "nek.md").write_text("---\ntitle: Nekpijn\n---\n\nWarmte helpt vaak bij een stijve nek.\n", "utf-8")
    (corpus / "kapot.pdf").write_bytes(b"dit is geen pdf")
    folders = ["--corpus", str(corpus), "--index", str(tmp_path / "index")]
    made = rugpijn("ingest", *folders)
    assert made.exit_code == 0
    assert "Geweigerd: kapot.pdf" in made.output
    assert "uit 1 artikelen" in made.output
    again = rugpijn("ingest", *folders, "--strict")
    assert again.exit_code == 1
    assert "Geweigerd: kapot.pdf" in again.output
    assert "Traceback" not in again.output


def test_a_setting_that_cannot_be_is_one_line_for_ingest_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUGPIJN_MAX_PASSAGE_WORDS", "veel")
    result = CliRunner().invoke(app, ["ingest"])
    assert result.exit_code == 1
    assert "RUGPIJN_MAX_PASSAGE_WORDS kan niet 'veel' zijn" in result.output
    assert "Traceback" not in result.output
