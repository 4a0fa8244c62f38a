"""Review notes about sentences that would be gone: staff says of each whether it lapses or moves to a new wording."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from assistant.staff.library.outcome import Outcome
from assistant.staff.library.sidecars import with_sentences, without_entries
from ingest.known_questions import QuestionsFile
from ingest.review_notes import NotesFile, ReviewNote
from ingest.wordings import nearest


@dataclass(frozen=True, slots=True)
class LostNote:
    """``nearest`` is the wording that ``sentence`` probably became; "" when there is none like it."""

    sentence: str
    nearest: str
    notes: tuple[ReviewNote, ...]


@dataclass(frozen=True, slots=True)
class Choices:
    """What staff decided about notes, by their sentences: they ``lapse``, or move to another sentence."""

    lapse: frozenset[str] = frozenset()
    moves: Mapping[str, str] = field(default_factory=dict)


def lost_notes(noted: NotesFile, outcome: Outcome) -> tuple[LostNote, ...]:
    """By sentence, in the order of the file."""
    gone: dict[str, list[ReviewNote]] = {}
    for note in noted.notes:
        for sentence in dict.fromkeys(note.sentences):
            if sentence not in outcome.named:
                gone.setdefault(sentence, []).append(note)
    return tuple(LostNote(sentence, nearest(sentence, outcome.named), tuple(notes)) for sentence, notes in gone.items())


def notes_after(noted: NotesFile, choices: Choices) -> str:
    """The file as it is to be. Raises ``FailedError``."""
    sentences: dict[int, Sequence[str | None]] = {}
    for number, note in enumerate(noted.notes):
        then = [_after(sentence, note, choices) for sentence in note.sentences]
        if then != list(note.sentences):
            sentences[number] = then
    table = noted.file.kind.table
    return with_sentences(noted.file.text, table, "sentences", sentences) if sentences else noted.file.text


def questions_after(files: Sequence[QuestionsFile], before: Outcome, after: Outcome) -> dict[Path, str]:
    """The files from which questions go because their answers do; "" for one without any left. Raises ``FailedError``.

    What was not used before stays: it is staff's to mend.
    """
    changed: dict[Path, str] = {}
    for each in files:
        lost = {
            number
            for number, entry in enumerate(each.entries)
            if any(sentence not in after.answering for sentence in entry.answer)
            and all(sentence in before.answering for sentence in entry.answer)
        }
        if lost:
            kept = len(lost) < len(each.entries)
            changed[each.file.path] = without_entries(each.file.text, each.file.kind.table, lost) if kept else ""
    return changed


def _after(sentence: str, note: ReviewNote, choices: Choices) -> str | None:
    """What stands in ``note`` instead; None for nothing, or when it stands there already."""
    if sentence in choices.lapse:
        return None
    moved = choices.moves.get(sentence, sentence)
    return None if moved != sentence and moved in note.sentences else moved
