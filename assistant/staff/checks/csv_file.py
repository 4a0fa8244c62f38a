"""Test questions as a CSV file for a spreadsheet, and back."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import StringIO
from itertools import islice
from typing import Any

from pydantic import ValidationError

from assistant.answer import AnswerKind, Urgency
from assistant.staff import texts
from assistant.staff.checks.check import ID_PATTERN, MOST_CHARS, Check, Origin, tidy
from assistant.staff.checks.errors import CsvError
from assistant.staff.checks.formulas import neutralised, restored
from ingest.wording import slug_of

MOST_BYTES = 5_000_000
MOST_ROWS = 5_000

_SEPARATORS = ";,\t"
_LISTS = ("earlier", "words")
_NEEDED = ("question", "kind")
_ID = re.compile(ID_PATTERN)
# What a spreadsheet makes of an ISO date that it took for one.
_DATES = ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y")
_EXCEL = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_NAMES: Mapping[str, type[AnswerKind] | type[Urgency] | type[Origin]] = {
    "kind": AnswerKind,
    "urgency": Urgency,
    "origin": Origin,
}
_SAID: Mapping[str, Mapping[str, str]] = {
    "kind": texts.CHECK_KINDS,
    "urgency": texts.CHECK_LEVELS,
    "origin": texts.CHECK_ORIGINS,
}


@dataclass(frozen=True, slots=True)
class BadRow:
    """``line`` counts from 1, the names of the columns included, as an editor does."""

    line: int
    reason: str

    @property
    def said(self) -> str:
        return texts.CSV_ROW.format(line=self.line, reason=self.reason)


@dataclass(frozen=True, slots=True)
class Rows:
    """What a file says: the questions that can be taken, and the rows that cannot."""

    checks: tuple[Check, ...]
    refused: tuple[BadRow, ...]


class _RowError(ValueError):
    """``str`` is Dutch."""


def to_csv(checks: Sequence[Check]) -> bytes:
    """UTF-8 with a byte order mark and semicolons, as a Dutch spreadsheet opens it."""
    file = StringIO()
    writer = csv.writer(file, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(texts.CSV_COLUMNS.values())
    for check in checks:
        writer.writerow(neutralised(cell) for cell in _cells(check))
    return file.getvalue().encode("utf-8-sig")


def from_csv(raw: bytes) -> Rows:
    """Raises ``CsvError`` for a file in which no row can be read."""
    text = _text(raw)
    rows = _rows(csv.reader(StringIO(text, newline=""), delimiter=_separator(text), strict=True))
    _, header = next(rows, (1, None))
    columns = _columns(header or [])
    checks: dict[tuple[str, ...], Check] = {}
    refused: list[BadRow] = []
    for line, row in islice(rows, MOST_ROWS + 1):
        if len(checks) + len(refused) == MOST_ROWS:
            raise CsvError(texts.CSV_TOO_MANY.format(limit=MOST_ROWS))
        try:
            check = _check(columns, row)
            if check.asks in checks:
                raise _RowError(texts.CSV_TWICE)
            checks[check.asks] = check
        except _RowError as error:
            refused.append(BadRow(line, str(error)))
    return Rows(tuple(checks.values()), tuple(refused))


def _rows(reader: Any) -> Iterator[tuple[int, list[str] | None]]:
    """Those that are not blank, each with the line it begins on; None is one that is no CSV."""
    while True:
        line = reader.line_num + 1
        row: list[str] | None
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            row = None
        if row is None or any(cell.strip() for cell in row):
            yield line, row


def _text(raw: bytes) -> str:
    if len(raw) > MOST_BYTES:
        raise CsvError(texts.CSV_TOO_LARGE.format(limit=MOST_BYTES // 1_000_000))
    if raw.startswith(_EXCEL):
        raise CsvError(texts.CSV_IS_EXCEL)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace")  # what a spreadsheet calls "CSV" without more
    if not text.strip():
        raise CsvError(texts.CSV_EMPTY)
    return text


def _separator(text: str) -> str:
    """The one that makes the most known columns of the first line."""
    first = text.lstrip().partition("\n")[0]
    return max(_SEPARATORS, key=lambda separator: len(set(map(_plain, first.split(separator))) & _known()))


def _known() -> set[str]:
    return {*texts.CSV_COLUMNS, *map(_plain, texts.CSV_COLUMNS.values())}


def _plain(cell: str) -> str:
    return " ".join(cell.strip().strip('"').lower().split())


def _columns(header: Sequence[str]) -> list[str]:
    """The key that each column has the values of; "" for one that is not ours."""
    keys = {_plain(name): key for key, name in texts.CSV_COLUMNS.items()} | {key: key for key in texts.CSV_COLUMNS}
    columns = [keys.get(_plain(cell), "") for cell in header]
    if not set(_NEEDED) <= set(columns):
        raise CsvError(texts.CSV_NO_COLUMNS)
    return columns


def _cells(check: Check) -> Iterator[str]:
    """In the order of the columns; a list has a line for each."""
    given = check.model_dump(mode="json")
    for key in texts.CSV_COLUMNS:
        value = given[key]
        if key in _LISTS:
            yield "\n".join(value)
        else:
            yield _SAID[key][value] if key in _SAID and value else str(value or "")


def _check(columns: Sequence[str], row: Sequence[str] | None) -> Check:
    if row is None:
        raise _RowError(texts.CSV_NOT_CLOSED)
    values: dict[str, Any] = {"origin": Origin.CSV}
    for key, cell in zip(columns, map(restored, row), strict=False):
        if key and (value := _value(key, cell)):
            values[key] = value
    if not values.get("question"):
        raise _RowError(texts.CHECK_EMPTY)
    try:
        check = Check.model_validate(values)
    except ValidationError as error:
        raise _RowError(_complaint(error)) from error
    wrong = [reason for _, reason in check.contradictions()]
    if wrong:
        raise _RowError(" ".join(wrong))
    return check


def _value(key: str, cell: str) -> Any:
    if key in _LISTS:
        return tuple(line for line in map(tidy, cell.splitlines()) if line)
    if key == "added":
        return _date(cell.strip()) if cell.strip() else None
    if key == "id":
        return cell if _ID.fullmatch(cell) else slug_of(cell)[:80].strip("-")
    return _named(key, cell) if key in _NAMES else tidy(cell)


def _named(key: str, cell: str) -> str:
    """By its Dutch name or our own."""
    wanted = _plain(cell)
    if not wanted:
        return ""
    said = {_plain(name): value for value, name in _SAID[key].items()} | {value: value for value in _SAID[key]}
    if wanted not in said:
        known = ", ".join(_SAID[key].values())
        column = texts.CSV_COLUMNS[key]
        raise _RowError(texts.CSV_NO_SUCH_VALUE.format(value=tidy(cell)[:80], column=column, known=known))
    return said[wanted]


def _date(cell: str) -> date:
    for form in _DATES:
        try:
            return datetime.strptime(cell, form).date()
        except ValueError:
            continue
    raise _RowError(texts.CSV_NO_DATE.format(value=tidy(cell)[:80]))


def _complaint(error: ValidationError) -> str:
    problem = error.errors()[0]
    key = str(problem["loc"][0])
    if problem["type"] == "string_too_long":
        return texts.CHECK_TOO_LONG.format(limit=MOST_CHARS)
    return texts.CHECK_WRONG.format(name=texts.CSV_COLUMNS.get(key, key))
