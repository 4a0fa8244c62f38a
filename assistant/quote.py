"""Chosen sentences → the answer's text: exact quotes with their citations, under the lead-in of their list."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.answer import Citation, Remark, Sentence, Shape
from assistant.choice import Fate
from assistant.links import citation_url
from assistant.remarks import attribution, remarks_on
from ingest import sentences as source
from ingest.index import Index
from ingest.passage import Passage
from ingest.review_notes import ReviewNote

# What stands between two items of one list: white space and the next bullet or number.
_BETWEEN = re.compile(r"\s*(?:•|\d{1,3}[.)])?\s*")


@dataclass(frozen=True, slots=True)
class Composition:
    """The answer proper: its sentences, the citations they rest on, and what a reviewer remarked on them.

    ``fates`` tells, for who wants to know why, what became of every sentence of the index, by row.
    """

    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    remarks: tuple[Remark, ...] = ()
    fates: Callable[[], Mapping[int, Fate]] = field(default=dict, compare=False, repr=False)

    @property
    def is_all_claims(self) -> bool:
        """Nothing but claims of the practice. Whoever asked for those has an answer, however unsure the retrieval."""
        return bool(self.sentences) and all(sentence.attribution for sentence in self.sentences)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of a passage's article that will be one sentence of the reply."""

    passage: Passage
    source: source.Sentence
    shape: Shape
    opens_paragraph: bool
    notes: tuple[ReviewNote, ...]


def quote(index: Index, rows: Sequence[int]) -> Composition:
    """The sentences in these rows: passages in the order in which they are met, each in reading order."""
    runs = _runs(index, list(_pieces(index, rows)))
    numbered = [(number, piece) for number, run in enumerate(runs, 1) for piece in run]
    return Composition(
        sentences=tuple(_sentence(index, number, piece) for number, piece in numbered),
        citations=tuple(_citation(index, number, run) for number, run in enumerate(runs, 1)),
        remarks=remarks_on((number, piece.notes) for number, piece in numbered),
    )


def _pieces(index: Index, rows: Sequence[int]) -> Iterator[_Piece]:
    by_passage: dict[int, list[int]] = {}
    for row in rows:
        by_passage.setdefault(index.sentence_rows[row].passage, []).append(row)
    for passage_row, chosen in by_passage.items():
        yield from _pieces_of_passage(index, passage_row, sorted(chosen))


def _pieces_of_passage(index: Index, passage_row: int, rows: Sequence[int]) -> Iterator[_Piece]:
    """Lists stand under their lead-in."""
    passage = index.passages[passage_row]
    if passage.lead_in:
        yield _Piece(passage, passage.lead_in, Shape.LEAD_IN, True, index.notes_of_lead_in(passage_row))
    item: int | None = None
    for row in rows:
        sentence = index.sentence_rows[row].sentence
        shape = Shape.ITEM if sentence.item not in (None, item) else Shape.TEXT
        opens_paragraph = row == rows[0] and passage.lead_in is None
        yield _Piece(passage, sentence, shape, opens_paragraph, index.notes_of_sentence(row))
        item = sentence.item


def _runs(index: Index, pieces: Sequence[_Piece]) -> list[list[_Piece]]:
    """Pieces that touch in the article share one citation: one quote, one number."""
    runs: list[list[_Piece]] = []
    for piece in pieces:
        if runs and _touch(index, runs[-1][-1], piece):
            runs[-1].append(piece)
        else:
            runs.append([piece])
    return runs


def _touch(index: Index, before: _Piece, after: _Piece) -> bool:
    if before.passage is not after.passage:
        return False
    between = index.articles[before.passage.slug].text[before.source.end : after.source.start]
    return before.source.end <= after.source.start and bool(_BETWEEN.fullmatch(between))


def _sentence(index: Index, number: int, piece: _Piece) -> Sentence:
    text = piece.passage.wording(index.articles[piece.passage.slug], piece.source)
    return Sentence(text, (number,), piece.shape, piece.opens_paragraph, attribution(piece.notes))


def _citation(index: Index, number: int, run: Sequence[_Piece]) -> Citation:
    passage = run[0].passage
    start, end = run[0].source.start, run[-1].source.end
    quote = index.articles[passage.slug].text[start:end]
    return Citation(
        number=number,
        passage_id=passage.id,
        article=passage.title,
        section=" › ".join(passage.heading_path),
        quote=quote,
        start=start,
        end=end,
        url=citation_url(passage.slug, start, end, quote),
    )
