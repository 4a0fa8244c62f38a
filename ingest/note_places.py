"""Where the notes of a reviewer hold: a note goes with its words, wherever they stand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ingest.article import Article
from ingest.errors import Complaint, ReviewNotesError
from ingest.passage import Passage
from ingest.review_notes import NotesFile, ReviewNote
from ingest.wordings import gone, lead_in, quotable, wordings

Notes = tuple[ReviewNote, ...]


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
            lead_ins[row] = about.get(lead_in(passage, article), ())
            for wording, positions in quotable(passage, article):
                for position in positions:
                    together = (*sentences.get(first + position, ()), *about.get(wording, ()))
                    sentences[first + position] = tuple(dict.fromkeys(together))
            first += len(passage.sentences)
        return cls(_where_noted(sentences), _where_noted(lead_ins))


def check_places(noted: NotesFile, passages: Sequence[Passage], articles: Mapping[str, Article]) -> None:
    """Raises ``ReviewNotesError`` for every sentence that stands nowhere (any more)."""
    known = wordings(passages, articles)
    complaints = [
        Complaint(*gone(sentence, known, noted.file.kind.entry), noted.file.line_of(number, "sentences", sentence))
        for number, note in enumerate(noted.notes)
        for sentence in note.sentences
        if sentence not in known
    ]
    if complaints:
        raise ReviewNotesError(noted.file.path, complaints)


def _by_wording(notes: Iterable[ReviewNote]) -> dict[str, Notes]:
    found: dict[str, Notes] = {}
    for note in notes:
        for wording in dict.fromkeys(note.sentences):
            found[wording] = (*found.get(wording, ()), note)
    return found


def _where_noted(notes_of: Mapping[int, Notes]) -> dict[int, Notes]:
    return {row: notes for row, notes in notes_of.items() if notes}
