"""What a reviewer's notes mean for one answer: what stays unsaid, what is said first, and what is said with it."""

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant import texts
from assistant.answer import Remark
from assistant.errors import UnknownIdsError
from ingest.embed import Vectors
from ingest.index import Index
from ingest.review_notes import NoteKind, ReviewNote

# Only who asks what the practice itself claims or does may be told its promotional sentences, as its own words.
_PRACTICE = r"(?:jullie|(?:de|deze|uw|jullie)\ (?:massage)?praktijk|medical\ massages?)"
_SAY = r"(?:be)?(?:schrij[fv]|zeg|zei|vind)\w*"
_ASKS_WHAT_IS_CLAIMED = re.compile(
    rf"""\b(?:
      (?:belo(?:of|v|fte)|claim|beweer|bewer(?:en|ing)|garand|garant|reclame|adverte(?:er|re|nt)|risicolo)\w*
    | zonder\ risico\w*
    | volgens\ (?:u|{_PRACTICE})
    | {_SAY}\ {_PRACTICE}
    | (?<!kunnen\ )(?<!kan\ )(?<!kunt\ ){_PRACTICE}\ (?:zelf\ |ook\ |hier\w*\ )?{_SAY}
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
_TREATMENT = r"(?:behand\w+|massages?|therapie\w*|aanpak|werkwijze|methodes?|methoden|adviezen)"
_DO = r"(?:doen|helpen|betekenen|behandelen|bieden|verlichten)"
_ASKS_ABOUT_PRACTICE = re.compile(
    rf"""\b(?:
      (?:do(?:en|et)|help(?:en|t)|bied(?:en|t)|behandel(?:en|t))\ {_PRACTICE}
    | kun(?:nen|ne|t)?\ {_PRACTICE}\ (?:(?!uitleg|vertel|zeg|of\b|wat\ (?:er|help|is)\b)\w+\ ){{0,4}}{_DO}
    | (?:jullie|uw)\ (?:\w+\ )?{_TREATMENT}
    | (?:bij|na|tijdens|door|met|van|werkt|helpt|wordt|is)\ de\ behand\w+
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
# What a visit takes is no claim, and no claim answers it.
_ASKS_WHAT_IT_TAKES = re.compile(
    r"\b(?:kost\w*|prij[sz]\w*|tarie\w+|euro|vergoed\w*|verzeker\w*"
    r"|duurt|duren|hoe (?:lang|vaak)|hoeveel|afspra\w+|open\w*)\b",
    re.IGNORECASE,
)
_MAX_ADVICE = 3


@dataclass(frozen=True, slots=True)
class Situation:
    """What a visitor told of themselves: ids of symptoms and of red flags, as in ``corpus/review_notes.toml``."""

    symptoms: frozenset[str] = frozenset()
    flags: frozenset[str] = frozenset()


NOTHING_TOLD = Situation()


@dataclass(frozen=True, slots=True)
class Unsaid:
    """``passages`` of which nothing may be said to this visitor, and single ``sentences``: rows of the index.

    Passages are ``unsafe`` for who they would reassure wrongly; those ``praised``, and all of the sentences, praise the
    practice.
    """

    unsafe: frozenset[int]
    praised: frozenset[int]
    sentences: frozenset[int]

    @property
    def passages(self) -> frozenset[int]:
        return self.unsafe | self.praised

    @classmethod
    def to(cls, situation: Situation, question: str, index: Index) -> "Unsaid":
        """The reassurances that do not hold for this visitor, and what praises the practice unless that is asked."""
        places = index.note_places
        promotion_is_asked = asks_for_claims(question)
        unsafe = {
            *(index.sentence_rows[row].passage for row, notes in places.sentences.items() if _unsafe(notes, situation)),
            *(row for row, notes in places.lead_ins.items() if _unsafe(notes, situation)),
        }
        if promotion_is_asked:
            return cls(frozenset(unsafe), frozenset(), frozenset())
        # A list without the line that introduces it could mean something else.
        praised = {row for row, notes in places.lead_ins.items() if is_promotional(notes)}
        return cls(frozenset(unsafe), frozenset(praised), frozenset(map(int, np.flatnonzero(promotional(index)))))


def asks_for_claims(question: str) -> bool:
    """Whether ``question`` is about what the practice says of itself, or about its own treatment."""
    about_practice = _ASKS_ABOUT_PRACTICE.search(question) and not _ASKS_WHAT_IT_TAKES.search(question)
    return bool(about_practice) or asks_what_is_claimed(question)


def asks_what_is_claimed(question: str) -> bool:
    """Whether ``question`` asks in so many words what the practice says, promises or guarantees."""
    return bool(_ASKS_WHAT_IS_CLAIMED.search(question))


def promotional(index: Index) -> NDArray[np.bool_]:
    """For each sentence whether it is promotional, shape (sentences,)."""
    return np.array(
        [is_promotional(index.notes_of_sentence(row)) for row in range(len(index.sentence_rows))], dtype=bool
    )


def is_promotional(notes: Iterable[ReviewNote]) -> bool:
    return any(note.kind is NoteKind.PROMOTIONAL for note in notes)


def attribution(notes: Iterable[ReviewNote]) -> str:
    """Whose claim it is, for what is promotional; else ""."""
    return texts.ATTRIBUTION if is_promotional(notes) else ""


@dataclass(frozen=True, slots=True)
class _Advice:
    """A list item, or a sentence of running text, that says when to see a doctor. ``fits``: for a symptom told."""

    rows: tuple[int, ...]
    flags: frozenset[str]
    fits: bool
    relevance: float


def doctor_advice(index: Index, situation: Situation, relevance: Vectors) -> list[tuple[int, ...]]:
    """Sentence rows that say when to see a doctor: for each flag of the situation the list item that fits best.

    At most three, after these also others that fit a symptom told. ``relevance`` is by row.
    """
    items = sorted(_advices(index, situation, relevance), key=lambda item: (not item.fits, -item.relevance))
    met = {flag for item in items for flag in item.flags}
    best = {next(item for item in items if flag in item.flags) for flag in met}
    others = [item for item in items if item.fits and item not in best]
    return [item.rows for item in (*(item for item in items if item in best), *others)][:_MAX_ADVICE]


def _advices(index: Index, situation: Situation, relevance: Vectors) -> Iterator[_Advice]:
    rows_of: dict[tuple[int, int | None, int], list[int]] = {}
    for row, notes in sorted(index.note_places.sentences.items()):
        if any(situation.flags.intersection(note.flags) for note in notes):
            here = index.sentence_rows[row]
            is_text = here.sentence.item is None
            rows_of.setdefault((here.passage, here.sentence.item, row if is_text else 0), []).append(row)
    for rows in rows_of.values():
        about = [note for row in rows for note in index.notes_of_sentence(row) if note.kind is NoteKind.SEE_DOCTOR]
        flags = situation.flags & {flag for note in about for flag in note.flags}
        fits = any(situation.symptoms.intersection(note.symptoms) for note in about)
        yield _Advice(tuple(rows), flags, fits, max(float(relevance[row]) for row in rows))


def remarks_on(quoted: Iterable[tuple[int, Sequence[ReviewNote]]]) -> tuple[Remark, ...]:
    """The remarks that go with what is quoted: citation numbers in order, with the notes on their sentences.

    One remark for equal words, with all numbers and sources.
    """
    numbers: dict[str, dict[int, None]] = {}
    sources: dict[str, dict[str, None]] = {}
    for number, notes in quoted:
        for note in notes:
            if note.note:
                numbers.setdefault(note.note, {})[number] = None
                sources.setdefault(note.note, {})[note.source] = None
    return tuple(Remark(text, "; ".join(sources[text]), tuple(numbers[text])) for text in numbers)


def check_ids(notes: Iterable[ReviewNote], symptoms: Set[str], flags: Set[str]) -> None:
    """Raises ``UnknownIdsError`` when a note names what the rules do not: it would never do its work."""
    noted = list(notes)
    unknown = {
        "symptoms": sorted({symptom for note in noted for symptom in note.symptoms} - symptoms),
        "flags": sorted({flag for note in noted for flag in note.flags} - flags),
    }
    if any(unknown.values()):
        raise UnknownIdsError(unknown)


def _unsafe(notes: Iterable[ReviewNote], situation: Situation) -> bool:
    about = [note for note in notes if note.kind is NoteKind.UNSAFE_AS_REASSURANCE]
    return any(situation.symptoms.intersection(note.symptoms) for note in about)
