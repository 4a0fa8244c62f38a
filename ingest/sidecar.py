"""TOML files beside the articles, read with an eye for who has to mend them."""

import hashlib
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from stat import S_ISREG
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from ingest.decode import decode
from ingest.errors import ArticleError, Complaint, SidecarError
from ingest.files import shown
from ingest.wording import on_one_line

MAX_BYTES = 1_000_000

_LINE_OF_TOML_ERROR = re.compile(r"at line (\d+)")

Entry = TypeVar("Entry", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class SidecarKind:
    """How such a file is made up: its entries stand below ``[[table]]`` and each of them is called ``entry``.

    ``remedies`` say by key of an entry how to write it.
    """

    table: str
    entry: str
    entries: str
    remedies: Mapping[str, str]
    error: type[SidecarError]

    @property
    def mend(self) -> str:
        return f"Begin iedere {self.entry} met een regel [[{self.table}]], met twee haken aan beide kanten."


@dataclass(frozen=True)
class Sidecar:
    """A file as read; ``entries`` are not yet checked, ``digest`` is the SHA-256 of its bytes, "" without a file."""

    path: Path
    kind: SidecarKind
    entries: tuple[Mapping[str, Any], ...] = ()
    text: str = ""
    digest: str = ""

    def line_of(self, number: int, key: str, text: str = "") -> int | None:
        """The line, from 1, where the entry with this number has ``text`` (on one line) between quotation marks.

        Looked for from ``key`` on. Where it is not found, the line that gives ``key``, else the entry's own; None when
        the entries are not written below ``[[table]]``.
        """
        if len(self._places) != len(self.entries):
            return None
        first, lines = self._places[number]
        gives_key = re.compile(rf"{re.escape(key)} ?=")
        start = next((row for row, line in enumerate(lines) if gives_key.match(line)), 0)
        quoted = (f'"{text}"', f"'{text}'") if text else ()
        found = (row for row in range(start, len(lines)) if any(each in lines[row] for each in quoted))
        return first + next(found, start)

    def complaint(self, number: int, key: str, reason: str, mend: str = "", text: str = "") -> Complaint:
        """About ``key`` of the entry with this number, ``text`` in it; ``mend`` where its remedy is not the usual."""
        return Complaint(reason, mend or self.kind.remedies[key], self.line_of(number, key, text))

    @cached_property
    def _places(self) -> list[tuple[int, list[str]]]:
        """Of each ``[[table]]`` the number of its line, from 1, and the lines from there to the next."""
        opening = re.compile(rf"\[\[ ?{self.kind.table} ?\]\]")
        places: list[tuple[int, list[str]]] = []
        for number, line in enumerate(map(on_one_line, self.text.split("\n")), start=1):
            if opening.match(line):
                places.append((number, []))
            if places:
                places[-1][1].append(line)
        return places


def bytes_of(path: Path, kind: SidecarKind) -> bytes | None:
    """None when there is no such file. Raises ``kind.error`` for one that cannot be read or is too large."""
    if path != shown(path):
        raise kind.error(shown(path), [Complaint("de bestandsnaam is beschadigd.", "Geef het een gewone naam.")])
    try:
        status = path.stat()
        if not S_ISREG(status.st_mode):
            raise OSError("geen gewoon bestand")
        if status.st_size > MAX_BYTES:
            reason = f"het bestand is groter dan {MAX_BYTES / 1e6:g} MB."
            raise kind.error(path, [Complaint(reason, f"Kort het in: er horen alleen {kind.entries} in.")])
        return path.read_bytes()
    except OSError as error:
        if isinstance(error, FileNotFoundError) and not path.is_symlink():
            return None
        raise unreadable(path, kind) from error


def unreadable(path: Path, kind: SidecarKind) -> SidecarError:
    mend = "Kijk of u het zelf kunt openen en zet het opnieuw in de map."
    return kind.error(path, [Complaint("dit kan niet worden geopend.", mend)])


def parse_sidecar(path: Path, raw: bytes, kind: SidecarKind) -> Sidecar:
    """Raises ``kind.error`` for what is no UTF-8, no TOML, or no entries below ``[[table]]``."""
    try:
        text = decode(raw, path)
    except ArticleError as error:
        raise kind.error(path, [Complaint(error.reason, error.mend, error.line)]) from error
    return Sidecar(path, kind, _entries(path, text, kind), text, hashlib.sha256(raw).hexdigest())


def checked(
    file: Sidecar, model: type[Entry], also_wrong: Callable[[int, Entry], Iterable[Complaint]] = lambda *_: ()
) -> tuple[Entry, ...]:
    """The entries as ``model``; ``also_wrong`` is asked of each that fits, with its number.

    Raises ``kind.error`` with everything that is wrong.
    """
    entries: list[Entry] = []
    complaints: dict[Complaint, None] = {}
    for number, given in enumerate(file.entries):
        try:
            entry = model.model_validate(given)
        except ValidationError as error:
            complaints |= dict.fromkeys(_misfits(file, number, model, error))
        else:
            complaints |= dict.fromkeys(also_wrong(number, entry))
            entries.append(entry)
    if complaints:
        raise file.kind.error(file.path, tuple(complaints))
    return tuple(entries)


def _misfits(file: Sidecar, number: int, model: type[BaseModel], error: ValidationError) -> Iterator[Complaint]:
    for problem in error.errors():
        key, given = str(problem["loc"][0]), problem["input"]
        text = on_one_line(given) if isinstance(given, str) else ""
        mend = file.kind.remedies.get(key, f"Toegestaan zijn: {', '.join(model.model_fields)}.")
        yield file.complaint(number, key, _reason(file.kind, key, problem["type"], given), mend, text)


def _reason(kind: SidecarKind, key: str, problem: str, given: object) -> str:
    if problem == "extra_forbidden":
        return f"het gegeven '{key}' is onbekend."
    if problem == "missing":
        return f"het gegeven '{key}' ontbreekt."
    if problem == "enum":
        return f"'{given}' is geen soort {kind.entry}."
    return f"het gegeven '{key}' klopt niet."


def _entries(path: Path, text: str, kind: SidecarKind) -> tuple[Mapping[str, Any], ...]:
    data = _toml(path, text, kind)
    unknown = next((key for key in data if key != kind.table), None)
    if unknown is not None:
        reason = f"'{unknown}' hoort bij geen {kind.entry}."
        raise kind.error(path, [Complaint(reason, kind.mend, _line_of_key(text, unknown))])
    entries = data.get(kind.table, [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        reason = f"'{kind.table}' is geen lijst van {kind.entries}."
        raise kind.error(path, [Complaint(reason, kind.mend, _line_of_key(text, kind.table))])
    return tuple(entries)


def _toml(path: Path, text: str, kind: SidecarKind) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a number of thousands of digits is a plain ValueError
        found = _LINE_OF_TOML_ERROR.search(str(error))
        at_the_end = len(text.rstrip().split("\n")) if "end of document" in str(error) else None
        mend = 'Zet iedere tekst tussen "…", een komma tussen twee zinnen en \\ voor een " in een zin.'
        line = int(found[1]) if found else at_the_end
        raise kind.error(path, [Complaint("het bestand is hier niet leesbaar.", mend, line)]) from error


def _line_of_key(text: str, key: str) -> int | None:
    """The first line, from 1, that begins with ``key``, brackets and quotation marks aside."""
    found = re.search(rf"^[\s\[\"']*{re.escape(key)}\b", text, re.MULTILINE)
    return text.count("\n", 0, found.end()) + 1 if found else None
