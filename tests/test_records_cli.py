"""``rugpijn pause``, ``resume`` and ``records``: Dutch help, one clear line when something is wrong."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import Result
from records_fakes import DAY, NOW, RATING, exchange, is_sound, questions, raw
from typer.testing import CliRunner

from assistant import texts
from assistant.cli import app
from assistant.records.errors import NotScrubbedError
from assistant.records.operate import delete_all
from assistant.records.store import FileStore

OPTIONS = {
    ("pause",): ["gewone melding"],
    ("resume",): [],
    ("records",): ["show", "delete", "backup"],
    ("records", "show"): ["--last"],
    ("records", "delete"): ["--all", "nummer"],
    ("records", "backup"): ["bestand"],
}


def rugpijn(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), env={"COLUMNS": "200", "TERM": "dumb"})


def line_of(result: Result, exit_code: int = 1) -> str:
    assert result.exit_code == exit_code
    assert "Traceback" not in result.output
    (line,) = result.output.strip().splitlines()
    return line


@pytest.fixture
def pause_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "var" / "paused"
    monkeypatch.setenv("RUGPIJN_PAUSE_FILE", str(path))
    return path


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "records.sqlite3"
    monkeypatch.setenv("RUGPIJN_RECORDS_FILE", str(path))
    return path


@pytest.fixture
def filled(path: Path) -> Path:
    with closing(FileStore(path)) as store:
        store.add([RATING, exchange("eerste [bold]vraag[/bold]", NOW - DAY), exchange("tweede vraag", NOW)])
    return path


@pytest.mark.parametrize("command", OPTIONS, ids=" ".join)
def test_the_help_is_dutch_and_names_what_can_be_given(command: tuple[str, ...]) -> None:
    result = rugpijn(*command, "--help")
    assert result.exit_code == 0
    for option in OPTIONS[command]:
        assert option in result.output
    ours = set(re.findall(r"[a-z]+", result.output.replace("Show this message and exit.", "").casefold()))
    assert ours & {"het", "de", "een", "na"}
    assert ours & {"the", "when", "this", "with", "and", "folder"} == set()


# The pause switch


def test_pausing_shows_what_visitors_read_and_how_to_go_on(pause_file: Path) -> None:
    result = rugpijn("pause", "Wij zijn met vakantie.")
    assert result.exit_code == 0
    assert "Bezoekers lezen nu: Wij zijn met vakantie." in result.output
    assert "rugpijn resume" in result.output
    assert pause_file.read_text("utf-8") == "Wij zijn met vakantie."


def test_pausing_without_a_text_shows_the_usual_notice(pause_file: Path) -> None:
    assert texts.PAUSED in rugpijn("pause").output
    assert pause_file.exists()


def test_resuming_takes_away_the_switch_and_says_whether_it_was_there(pause_file: Path) -> None:
    rugpijn("pause")
    assert line_of(rugpijn("resume"), 0) == texts.RESUMED_NOW
    assert not pause_file.exists()
    assert line_of(rugpijn("resume"), 0) == texts.NOT_PAUSED


def test_a_switch_that_cannot_be_set_is_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bestand").write_text("geen map")
    monkeypatch.setenv("RUGPIJN_PAUSE_FILE", str(tmp_path / "bestand" / "paused"))
    for command in ("pause", "resume"):
        line = line_of(rugpijn(command))
        assert str(tmp_path / "bestand" / "paused") in line
        assert "schrijfrechten" in line


# What is kept


def test_what_is_kept_is_counted_and_shown_newest_first_with_its_number(filled: Path) -> None:
    result = rugpijn("records", "show")
    assert result.exit_code == 0
    counted, newest, oldest = result.output.strip().splitlines()
    assert counted == texts.RECORDS_KEPT.format(exchanges=2, ratings=1)
    assert re.fullmatch(r"2 +\d\d-\d\d-2027 \d\d:\d\d +tweede vraag", newest)
    assert re.fullmatch(r"1 +\d\d-\d\d-2027 \d\d:\d\d +eerste \[bold\]vraag\[/bold\]", oldest)
    assert len(rugpijn("records", "show", "--last", "0").output.strip().splitlines()) == 1


def test_one_is_deleted_by_its_number(filled: Path) -> None:
    assert line_of(rugpijn("records", "delete", "2"), 0) == texts.RECORDS_DELETED.format(count=1)
    assert questions(filled) == ["eerste [bold]vraag[/bold]"]
    assert b"tweede vraag" not in raw(filled)


def test_a_number_that_is_not_there_is_told(filled: Path) -> None:
    assert line_of(rugpijn("records", "delete", "7")) == texts.RECORDS_NO_SUCH.format(number=7)
    assert len(questions(filled)) == 2


def test_all_are_deleted_from_the_file_itself(filled: Path) -> None:
    assert line_of(rugpijn("records", "delete", "--all"), 0) == texts.RECORDS_DELETED.format(count=2)
    assert questions(filled) == []
    assert b"vraag" not in raw(filled)
    assert texts.RECORDS_KEPT.format(exchanges=0, ratings=1) in rugpijn("records", "show").output


def test_all_are_deleted_from_a_damaged_file_too(path: Path) -> None:
    path.write_bytes(b"een vraag van iemand " * 300)
    assert rugpijn("records", "delete", "--all").exit_code == 0
    assert b"vraag van iemand" not in raw(path)


@pytest.mark.parametrize("arguments", [[], ["3", "--all"]], ids=["neither", "both"])
def test_nothing_is_deleted_unless_it_is_said_what(filled: Path, arguments: list[str]) -> None:
    result = rugpijn("records", "delete", *arguments)
    assert result.exit_code == 2
    assert texts.RECORDS_WHICH in result.output
    assert len(questions(filled)) == 2


def test_traces_that_somebody_holds_on_to_are_told_of(filled: Path) -> None:
    with closing(sqlite3.connect(filled, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM exchanges").fetchall()
        with pytest.raises(NotScrubbedError, match="houdt .* open"):
            delete_all(filled, patience_seconds=0.01)


def test_a_backup_is_made_and_it_is_said_that_it_stays(filled: Path, tmp_path: Path) -> None:
    copy = tmp_path / "kopie.sqlite3"
    assert line_of(rugpijn("records", "backup", str(copy)), 0) == texts.BACKUP_MADE.format(path=copy)
    assert is_sound(copy)
    assert len(questions(copy)) == 2
    assert line_of(rugpijn("records", "backup", str(copy))) == texts.BACKUP_EXISTS.format(path=copy)


def test_a_backup_that_cannot_be_written_is_one_clear_line(filled: Path, tmp_path: Path) -> None:
    line = line_of(rugpijn("records", "backup", str(tmp_path / "geen" / "map" / "kopie")))
    assert str(tmp_path / "geen" / "map" / "kopie") in line
    assert "No such file or directory" in line


@pytest.mark.parametrize("command", [["show"], ["delete", "1"], ["backup", "kopie"]], ids=lambda each: each[0])
def test_when_nothing_was_kept_yet_that_is_said_and_no_file_is_made(path: Path, command: list[str]) -> None:
    assert line_of(rugpijn("records", *command)) == texts.RECORDS_NONE.format(where=path)
    assert list(path.parent.iterdir()) == []


@pytest.mark.parametrize("command", [["show"], ["delete", "1"], ["backup", "kopie"]], ids=lambda each: each[0])
def test_a_file_that_is_no_database_is_one_clear_line(path: Path, command: list[str]) -> None:
    path.write_bytes(b"dit is geen database" * 300)
    line = line_of(rugpijn("records", *command))
    assert line == texts.FILE_UNUSABLE.format(path=path, reason="SQLITE_NOTADB")
    assert path.read_bytes() == b"dit is geen database" * 300
