"""``corpus/review_notes.toml``: what a reviewer noted about sentences of the articles.

Read whole or not at all: a note that is lost silently would let the assistant quote what it must not.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from ingest.errors import Complaint, ReviewNotesError
from ingest.files import shown
from ingest.sidecar import Sidecar, SidecarKind, bytes_of, checked, parse_sidecar
from ingest.wording import on_one_line

NOTES_FILE = "review_notes.toml"
# Whoever reads about a medicine must not stop with one because of it.
MEDICATION_ADVICE = "Stop niet zelf met medicijnen. Overleg met uw huisarts of apotheker."

_STEM = "review_notes"

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
_KIND = SidecarKind("note", "aantekening", "aantekeningen", _REMEDIES, ReviewNotesError)


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
    """The notes, and the file they were read from; its ``digest`` is "" when there is none."""

    file: Sidecar
    notes: tuple[ReviewNote, ...] = ()


def is_notes_file(path: Path) -> bool:
    """Also what an editor or a copy makes of the name: no such file is an article."""
    return path.name.lower().startswith(_STEM)


def read_notes(corpus_dir: Path) -> NotesFile:
    """The notes beside the articles; none when there is no such file. Raises ``ReviewNotesError``."""
    path = corpus_dir / NOTES_FILE
    raw = _bytes_of(path)
    if raw is None:
        return NotesFile(Sidecar(path, _KIND))
    file = parse_sidecar(path, raw, _KIND)
    return NotesFile(file, checked(file, ReviewNote, lambda number, note: _complaints(file, number, note)))


def notes_digest(corpus_dir: Path) -> str | None:
    """The file's digest without reading the notes; None for a file that cannot be read."""
    try:
        raw = _bytes_of(corpus_dir / NOTES_FILE)
    except ReviewNotesError:
        return None
    return "" if raw is None else hashlib.sha256(raw).hexdigest()


def _bytes_of(path: Path) -> bytes | None:
    raw = bytes_of(path, _KIND)
    if raw is None:
        _refuse_other_name(path)
    return raw


def _refuse_other_name(path: Path) -> None:
    """An editor may have saved the notes as ``review_notes.toml.txt``; without them everything would be quoted."""
    try:
        others = sorted(shown(other).name for other in path.parent.iterdir() if is_notes_file(other))
    except OSError:
        return
    if others:
        mend = f"Geef het bestand de naam {NOTES_FILE}."
        raise ReviewNotesError(path, [Complaint(f"het bestand heet nu '{others[0]}' en wordt zo niet gelezen.", mend)])


def _complaints(file: Sidecar, number: int, note: ReviewNote) -> Iterator[Complaint]:
    """What does not go together in one note."""
    for key in dict.fromkeys((*_NEEDED[note.kind], *(("source",) if note.note else ()))):
        if not getattr(note, key):
            yield file.complaint(number, key, f"bij deze '{note.kind}' ontbreekt '{key}'.")
    if note.kind is NoteKind.MEDICATION and note.note and MEDICATION_ADVICE not in note.note:
        mend = f"Zet erbij: {MEDICATION_ADVICE}"
        yield file.complaint(number, "note", "de note zegt niet dat de bezoeker moet overleggen.", mend)
    for key, kinds in _ONLY_FOR.items():
        if getattr(note, key) and note.kind not in kinds:
            mend = f'Haal het weg, of maak er een aparte aantekening van met kind = "{kinds[0]}".'
            yield file.complaint(number, key, f"'{key}' hoort niet bij '{note.kind}'.", mend)
