"""Test questions in a spreadsheet: nothing is lost on the way, nothing runs there, and a bad row is named."""

import csv
import io
from pathlib import Path

import pytest
from checks_fakes import NEK, TODAY, check, checks_in, some_checks, typed
from hypothesis import example, given
from hypothesis import settings as hypothesis_settings

from assistant.answer import AnswerKind
from assistant.staff.checks import Check, Checks, Origin
from assistant.staff.checks.csv_file import MOST_BYTES, from_csv, to_csv
from assistant.staff.checks.errors import CsvError
from assistant.staff.checks.formulas import neutralised, restored

HEADER = "vraag;uitkomst;artikel\r\n"


@pytest.fixture
def checks(tmp_path: Path) -> Checks:
    return checks_in(tmp_path)


def cells_of(raw: bytes, separator: str) -> list[str]:
    """As a spreadsheet with that separator sees them."""
    reader = csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), delimiter=separator)
    return [cell for row in reader for cell in row]


@given(some_checks())
@hypothesis_settings(max_examples=60)
def test_what_is_exported_is_imported_again(made: list[Check]) -> None:
    rows = from_csv(to_csv(made))
    assert rows.refused == ()
    assert list(rows.checks) == made


@given(some_checks())
@hypothesis_settings(max_examples=60)
def test_no_cell_of_an_export_begins_a_formula_whatever_the_separator(made: list[Check]) -> None:
    raw = to_csv(made)
    for separator in ";,\t":
        for cell in cells_of(raw, separator):
            assert not cell.strip().strip('"').strip().startswith(tuple("=+-@"))


@given(typed)
@example("=1+1")
@example("'=1+1")
@example('hoi,=HYPERLINK("http://evil.example")')
@example("\t=1;\n+2")
@example('""@x')
def test_a_text_made_harmless_comes_back_as_it_was(text: str) -> None:
    assert restored(neutralised(text)) == text


def test_the_file_opens_in_a_dutch_spreadsheet() -> None:
    raw = to_csv([check("Hoe vaak één keer?")])
    assert raw.startswith(b"\xef\xbb\xbf")
    assert "één".encode() in raw
    assert raw.splitlines()[0].count(b";") == 8


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_every_separator_is_read(separator: str) -> None:
    raw = separator.join(("vraag", "uitkomst", "artikel")) + "\n" + separator.join(("Warmte?", "antwoord", "nek"))
    (row,) = from_csv(raw.encode()).checks
    assert (row.question, row.kind, row.article, row.origin) == ("Warmte?", AnswerKind.ANSWERED, "nek", Origin.CSV)


def test_columns_may_stand_in_any_order_and_others_are_left_alone() -> None:
    raw = "Uitkomst;opmerking;VRAAG\nniet gevonden;van Piet;Prijs?\n"
    (row,) = from_csv(raw.encode("utf-8-sig")).checks
    assert (row.question, row.kind) == ("Prijs?", AnswerKind.NOT_FOUND)


def test_a_file_of_an_old_spreadsheet_is_read() -> None:
    (row,) = from_csv((HEADER + "Eén keer?;niet gevonden;\r\n").encode("cp1252")).checks
    assert row.question == "Eén keer?"


def test_bad_rows_are_named_by_line_and_the_others_taken(checks: Checks) -> None:
    body = (
        '"Over\ntwee regels?";niet gevonden;\r\n'  # lines 2 and 3
        "Warmte?;misschien;\r\n"
        ";antwoord;nek\r\n"
        "Kou?;antwoord;\r\n"
        "\r\n"
        "Goed?;antwoord;nek\r\n"
        "Goed?;antwoord;nek\r\n"
        f"{'a' * 2_001};niet gevonden;\r\n"
        '"Open" en dicht;niet gevonden;\r\n'
    )
    imported = checks.import_csv((HEADER + body).encode())
    assert [row.line for row in imported.refused] == [4, 5, 6, 9, 10, 11]
    assert "misschien" in imported.refused[0].said and "Regel 4" in imported.refused[0].said
    assert [each.question for each in checks.all()] == ["Over twee regels?", "Goed?"]
    assert imported.added == 2


def test_importing_twice_changes_nothing(checks: Checks) -> None:
    raw = (HEADER + "Warmte?;antwoord;nek\r\n").encode()
    assert checks.import_csv(raw).added == 1
    before = checks.path.read_bytes()
    again = checks.import_csv(raw)
    assert (again.added, again.changed, again.unchanged) == (0, 0, 1)
    assert checks.path.read_bytes() == before


def test_a_question_that_was_reworded_in_the_spreadsheet_keeps_its_name(checks: Checks) -> None:
    added = checks.add("Warmte?", [], NEK)
    raw = checks.export_csv().decode("utf-8-sig").replace("Warmte?", "Helpt warmte?").encode()
    imported = checks.import_csv(raw)
    assert (imported.added, imported.changed) == (0, 1)
    (now,) = checks.all()
    assert (now.id, now.question, now.added, now.origin) == (added.id, "Helpt warmte?", TODAY, Origin.CONSOLE)


@pytest.mark.parametrize("date", ["2026-01-31", "31-01-2026", "31-1-2026", "31/01/2026"])
def test_a_date_that_a_spreadsheet_rewrote_is_understood(date: str) -> None:
    raw = f"vraag;uitkomst;toegevoegd\nPrijs?;niet gevonden;{date}\n"
    (row,) = from_csv(raw.encode()).checks
    assert str(row.added) == "2026-01-31"


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        (b"", "leeg"),
        (b"\xef\xbb\xbf \r\n", "leeg"),
        (b"PK\x03\x04 en de rest", "Excel"),
        (b"naam;adres\nJan;Kerkstraat\n", "kolommen"),
        (b"\x00\x01\x02", "kolommen"),
        (b"a" * (MOST_BYTES + 1), "groter"),
        (HEADER.encode() + b"a?;niet gevonden;\n" * 5_001, "meer dan"),
    ],
)
def test_what_is_no_list_of_questions_is_refused_in_words(checks: Checks, raw: bytes, what: str) -> None:
    with pytest.raises(CsvError, match=what):
        checks.import_csv(raw)
    assert not checks.path.exists()


@given(typed)
@hypothesis_settings(max_examples=60)
def test_whatever_is_in_a_file_it_is_taken_or_refused_in_words(text: str) -> None:
    raw = (HEADER + text).encode("utf-8", "replace")
    rows = from_csv(raw)
    assert all(row.said.startswith("Regel") for row in rows.refused)
