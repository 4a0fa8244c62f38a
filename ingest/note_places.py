"""Where the notes of a reviewer hold: a note goes with its words, wherever they stand."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

from ingest.article import Article, BlockKind
from ingest.errors import Complaint, ReviewNotesError
from ingest.passage import Passage
from ingest.review_notes import NotesFile, ReviewNote
from ingest.wording import on_one_line

Notes = tuple[ReviewNote, ...]

# From this likeness on (0 to 1), a sentence that is gone was probably edited or mistyped.
_CLOSE = 0.6


@dataclass(frozen=True)
class NotePlaces:
    """``sentences`` by row of the index's sentences, ``lead_ins`` by row of its passages; only rows with notes."""

    sentences: Mapping[int, Notes]
    lead_ins: Mapping[int, Notes]

    @classmethod
    def of(
        cls, notes: Iterable[ReviewNote], passages: Sequence[Passage], articles: Mapping[str, Article]
    ) -> "NotePlaces":
        about = _by_wording(notes)
        sentences: dict[int, Notes] = {}
        lead_ins: dict[int, Notes] = {}
        first = 0
        for row, passage in enumerate(passages):
            article = articles[passage.slug]
            lead_ins[row] = about.get(_lead_in(passage, article), ())
            for wording, positions in _quotable(passage, article):
                for position in positions:
                    together = (*sentences.get(first + position, ()), *about.get(wording, ()))
                    sentences[first + position] = tuple(dict.fromkeys(together))
            first += len(passage.sentences)
        return cls(_where_noted(sentences), _where_noted(lead_ins))


def check_places(file: NotesFile, passages: Sequence[Passage], articles: Mapping[str, Article]) -> None:
    """Raises ``ReviewNotesError`` for every sentence that stands nowhere (any more)."""
    wordings = _wordings(passages, articles)
    complaints = [
        Complaint(*_gone(sentence, wordings), file.line_of_sentence(number, sentence))
        for number, note in enumerate(file.notes)
        for sentence in note.sentences
        if sentence not in wordings
    ]
    if complaints:
        raise ReviewNotesError(file.path, complaints)


def _by_wording(notes: Iterable[ReviewNote]) -> dict[str, Notes]:
    found: dict[str, Notes] = {}
    for note in notes:
        for wording in dict.fromkeys(note.sentences):
            found[wording] = (*found.get(wording, ()), note)
    return found


def _where_noted(notes_of: Mapping[int, Notes]) -> dict[int, Notes]:
    return {row: notes for row, notes in notes_of.items() if notes}


def _quotable(passage: Passage, article: Article) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Each sentence, and each list item of several sentences as a whole, with their positions in the passage."""
    for position, sentence in enumerate(passage.sentences):
        yield on_one_line(passage.wording(article, sentence)), (position,)
    numbered = enumerate(passage.sentences)
    for item, group in groupby(numbered, key=lambda pair: pair[1].item):
        positions, sentences = zip(*group, strict=True)
        if item is not None and len(positions) > 1:
            yield on_one_line(article.text[sentences[0].start : sentences[-1].end]), positions


def _wordings(passages: Sequence[Passage], articles: Mapping[str, Article]) -> dict[str, None]:
    """Everything a note can be about, in reading order."""
    found: dict[str, None] = {}
    for passage in passages:
        article = articles[passage.slug]
        found[_lead_in(passage, article)] = None
        found |= dict.fromkeys(wording for wording, _ in _quotable(passage, article))
    for article in articles.values():
        headings = [article.wording(block) for block in article.blocks if block.kind is BlockKind.HEADING]
        found |= dict.fromkeys(map(on_one_line, (article.title, *headings)))
    return found


def _lead_in(passage: Passage, article: Article) -> str:
    return on_one_line(passage.wording(article, passage.lead_in)) if passage.lead_in else ""


def _gone(sentence: str, wordings: Mapping[str, None]) -> tuple[str, str]:
    """What is wrong, and what to do."""
    nearest = _nearest(sentence, wordings)
    meant = f"Bedoelt u '{nearest}'? " if nearest else ""
    mend = "Schrijf de zin over zoals hij nu in het artikel staat, of haal hem uit de aantekening."
    return f"deze zin staat niet (meer) zo in de artikelen: '{sentence}'.", meant + mend


def _nearest(sentence: str, wordings: Mapping[str, None]) -> str:
    matcher = SequenceMatcher(autojunk=False, b=sentence.casefold())
    best, nearest = _CLOSE, ""
    for wording in wordings:
        matcher.set_seq1(wording.casefold())
        if matcher.real_quick_ratio() > best and matcher.quick_ratio() > best and matcher.ratio() > best:
            best, nearest = matcher.ratio(), wording
    return nearest
