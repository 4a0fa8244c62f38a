"""``corpus/review_notes.toml``: what a reviewer noted about sentences of the articles.

Read whole or not at all: a note that is lost silently would let the assistant quote what it must not.
"""

import hashlib
import os
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from ingest.decode import decode
from ingest.errors import ArticleError, Complaint, ReviewNotesError
from ingest.wording import on_one_line

NOTES_FILE = "review_notes.toml"
# Whoever reads about a medicine must not stop with one because of it.
MEDICATION_ADVICE = "Stop niet zelf met medicijnen. Overleg met uw huisarts of apotheker."

_STEM = "review_notes"
_OPENING = re.compile(r"\[\[ ?note ?\]\]")
_LINE_OF_TOML_ERROR = re.compile(r"at line (\d+)")

_Line = Annotated[str, AfterValidator(on_one_line)]
_Wording = Annotated[_Line, Field(min_length=1)]
_Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class NoteKind(StrEnum):
    """What the assistant does with the sentences: see the comments in the file itself."""

    PROMOTIONAL = "promotional"
    CONTESTED = "contested"
    MEDICATION = "medication"
    UNSAFE_AS_REASSURANCE = "unsafe_as_reassurance"
    SEE_DOCTOR = "see_doctor"


_NEEDED = {
    NoteKind.PROMOTIONAL: (),
    NoteKind.CONTESTED: ("note", "source"),
    NoteKind.MEDICATION: ("note", "source"),
    NoteKind.UNSAFE_AS_REASSURANCE: ("symptoms",),
    NoteKind.SEE_DOCTOR: ("flags",),
}
_ONLY_FOR = {
    "symptoms": (NoteKind.UNSAFE_AS_REASSURANCE, NoteKind.SEE_DOCTOR),
    "flags": (NoteKind.SEE_DOCTOR,),
}

_REMEDIES = {
    "kind": f"Kies uit: {', '.join(NoteKind)}.",
    "sentences": 'Schrijf: sentences = ["De zin zoals hij in het artikel staat."], met een komma tussen twee zinnen.',
    "note": 'Schrijf wat de bezoeker erbij te lezen krijgt: note = "…".',
    "source": 'Schrijf waar dat op berust: source = "…".',
    "symptoms": 'Schrijf: symptoms = ["hoofdpijn"]; gebruik alleen kleine letters, cijfers en _.',
    "flags": 'Schrijf: flags = ["kanker"]; gebruik alleen kleine letters, cijfers en _.',
}


class ReviewNote(BaseModel):
    """One note.

    ``sentences`` are sentences, list items, headings or titles of the articles, white space folded. ``note`` is what is
    shown with them and ``source`` what that rests on. ``symptoms`` and ``flags`` are ids that the assistant knows: of
    whom the sentences would reassure wrongly, or whom they send to a doctor.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    kind: NoteKind
    sentences: Annotated[tuple[_Wording, ...], Field(min_length=1)]
    note: _Line = ""
    source: _Line = ""
    symptoms: tuple[_Id, ...] = ()
    flags: tuple[_Id, ...] = ()


@dataclass(frozen=True, slots=True)
class NotesFile:
    """The file as read; ``digest`` is its SHA-256, "" when there is none."""

    path: Path
    notes: tuple[ReviewNote, ...] = ()
    text: str = ""
    digest: str = ""

    def line_of_key(self, note: int, key: str) -> int | None:
        """The line, from 1, on which ``key`` is given in the note with this number, else the note's own line.

        None when the notes are not written below ``[[note]]``.
        """
        return self._line(note, lambda line: re.match(rf"{re.escape(key)} ?=", line) is not None)

    def line_of_sentence(self, note: int, sentence: str) -> int | None:
        """As ``line_of_key``: the line that holds this sentence."""
        quoted = (f'"{sentence}"', f"'{sentence}'")
        return self._line(note, lambda line: any(each in line for each in quoted))

    def _line(self, note: int, is_meant: Callable[[str], bool]) -> int | None:
        lines = [on_one_line(line) for line in self.text.split("\n")]
        openings = [number for number, line in enumerate(lines) if _OPENING.match(line)]
        if note >= len(openings):
            return None
        start, end = [*openings, len(lines)][note : note + 2]
        return next((number for number in range(start, end) if is_meant(lines[number])), start) + 1


def is_notes_file(path: Path) -> bool:
    """Also what an editor or a copy makes of the name: no such file is an article."""
    return path.name.lower().startswith(_STEM)


def read_notes(corpus_dir: Path) -> NotesFile:
    """The notes beside the articles; none when there is no such file. Raises ``ReviewNotesError``."""
    path = corpus_dir / NOTES_FILE
    raw = _bytes_of(path)
    if raw is None:
        return NotesFile(path)
    text = _text_of(path, raw)
    file = NotesFile(path, text=text, digest=hashlib.sha256(raw).hexdigest())
    entries = _entries(path, text)
    found = (complaint for number, entry in enumerate(entries) for complaint in _complaints(file, number, entry))
    complaints = list(dict.fromkeys(found))
    if complaints:
        raise ReviewNotesError(path, complaints)
    return NotesFile(path, tuple(map(ReviewNote.model_validate, entries)), text, file.digest)


def notes_digest(corpus_dir: Path) -> str | None:
    """``NotesFile.digest`` without reading the notes; None for a file that cannot be read."""
    try:
        raw = _bytes_of(corpus_dir / NOTES_FILE)
    except ReviewNotesError:
        return None
    return "" if raw is None else hashlib.sha256(raw).hexdigest()


def _bytes_of(path: Path) -> bytes | None:
    try:
        if os.path.lexists(path) and not path.is_file():
            raise OSError("geen gewoon bestand")
        return path.read_bytes()
    except FileNotFoundError:
        _refuse_other_name(path)
        return None
    except OSError as error:
        mend = "Kijk of u het zelf kunt openen en zet het opnieuw in de map."
        raise ReviewNotesError(path, [Complaint("het bestand kan niet worden geopend.", mend)]) from error


def _refuse_other_name(path: Path) -> None:
    """An editor may have saved the notes as ``review_notes.toml.txt``; without them everything would be quoted."""
    try:
        others = sorted(other.name for other in path.parent.iterdir() if is_notes_file(other))
    except OSError:
        return
    if others:
        mend = f"Geef het bestand de naam {NOTES_FILE}."
        raise ReviewNotesError(path, [Complaint(f"het bestand heet nu '{others[0]}' en wordt zo niet gelezen.", mend)])


def _text_of(path: Path, raw: bytes) -> str:
    try:
        return decode(raw, path)
    except ArticleError as error:
        raise ReviewNotesError(path, [Complaint(error.reason, error.mend, error.line)]) from error


def _entries(path: Path, text: str) -> list[dict[str, Any]]:
    """What stands below each ``[[note]]``, not yet checked."""
    mend = "Begin iedere aantekening met een regel [[note]], met twee haken aan beide kanten."
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        found = _LINE_OF_TOML_ERROR.search(str(error))
        mend = 'Zet iedere tekst tussen "…", een komma tussen twee zinnen en \\ voor een " in een zin.'
        complaint = Complaint("het bestand is hier niet leesbaar.", mend, int(found[1]) if found else None)
        raise ReviewNotesError(path, [complaint]) from error
    unknown = [key for key in data if key != "note"]
    if unknown:
        raise ReviewNotesError(path, [Complaint(f"'{unknown[0]}' hoort bij geen aantekening.", mend)])
    entries = data.get("note", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise ReviewNotesError(path, [Complaint("'note' is geen lijst van aantekeningen.", mend)])
    return entries


def _complaints(file: NotesFile, number: int, entry: Mapping[str, Any]) -> Iterator[Complaint]:
    """Everything that is wrong with one entry."""
    try:
        note = ReviewNote.model_validate(entry)
    except ValidationError as error:
        for problem in error.errors():
            key = str(problem["loc"][0])
            yield _complaint(file, number, key, _reason(key, str(problem["type"]), problem["input"]))
        return
    for key in dict.fromkeys((*_NEEDED[note.kind], *(("source",) if note.note else ()))):
        if not getattr(note, key):
            yield _complaint(file, number, key, f"bij deze '{note.kind}' ontbreekt '{key}'.")
    if note.kind is NoteKind.MEDICATION and note.note and MEDICATION_ADVICE not in note.note:
        mend = f"Zet erbij: {MEDICATION_ADVICE}"
        yield Complaint("de note zegt niet dat de bezoeker moet overleggen.", mend, file.line_of_key(number, "note"))
    for key, kinds in _ONLY_FOR.items():
        if getattr(note, key) and note.kind not in kinds:
            mend = f'Haal het weg, of maak er een aparte aantekening van met kind = "{kinds[0]}".'
            yield Complaint(f"'{key}' hoort niet bij '{note.kind}'.", mend, file.line_of_key(number, key))


def _complaint(file: NotesFile, number: int, key: str, reason: str) -> Complaint:
    mend = _REMEDIES.get(key, f"Toegestaan zijn: {', '.join(ReviewNote.model_fields)}.")
    return Complaint(reason, mend, file.line_of_key(number, key))


def _reason(key: str, problem: str, given: object) -> str:
    if problem == "extra_forbidden":
        return f"het gegeven '{key}' is onbekend."
    if problem == "missing":
        return f"het gegeven '{key}' ontbreekt."
    if problem == "enum":
        return f"'{given}' is geen soort aantekening."
    return f"het gegeven '{key}' klopt niet."
