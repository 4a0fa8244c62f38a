"""The default engine: an answer made of exact sentences from the articles, no language model needed."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.answer import Citation, Sentence, Shape
from assistant.links import citation_url
from assistant.retrieve import Retrieval
from ingest import sentences as source
from ingest.index import Index
from ingest.passage import Passage

# A sentence that opens like this is only understood after the one before it: pronouns, connectives, an early "dan".
_LEANS_BACK = re.compile(
    r"(?:Dit|Dat|Die|Deze|Hij|Hier\w+|Daar\w+|Zo|Dus|Maar|En|Want|Toch|Gelukkig|Vooral|Denk|Niet alleen|Sterker nog"
    r"|Ook dat|Ondanks dat|Hoewel dat|Het (?:is|was|wordt|start|geeft|helpt)|(?:\w+ ){1,4}dan)\b"
)
_ASKS_FOR_LIST = re.compile(
    r"\b(welke|wat zijn|noem|opsomming|lijst(je)?|allemaal"
    r"|oorzaken|symptomen|klachten|redenen|tips|signalen|adviezen)\b",
    re.IGNORECASE,
)
# What stands between two items of one list: white space and the next bullet or number.
_BETWEEN = re.compile(r"\s*(?:•|\d{1,3}[.)])?\s*")


@dataclass(frozen=True, slots=True)
class Limits:
    """``target_words`` is when an answer is long enough; ``max_words`` and ``max_list_words`` are never passed.

    Sentences of the most relevant passage get ``best_passage_bonus``; those of others may be ``slack`` less relevant
    than the best sentence. A list up to ``short_list_words`` is given whole, a longer one when it is asked for or when
    ``items_for_whole_list`` of the ``best_sentences`` are its items; of others only the items that answer.
    Chosen on the tuning half of the development questions; see docs/evaluation.md.
    """

    target_words: int = 80
    max_words: int = 120
    max_list_words: int = 180
    passages: int = 3
    slack: float = 2.5
    best_passage_bonus: float = 1.0
    short_list_words: int = 50
    items_for_whole_list: int = 3
    best_sentences: int = 6
    item_title_words: int = 10


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of a passage's article that will be one sentence of the reply."""

    passage: Passage
    source: source.Sentence
    shape: Shape
    opens_paragraph: bool


class ExtractiveComposer:
    """Chooses the most relevant sentences or list of at most three passages, and cites every one."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()

    def compose(self, retrieval: Retrieval) -> tuple[tuple[Sentence, ...], tuple[Citation, ...]]:
        """Exact slices of articles, the most relevant passage first; nothing when every sentence is too long."""
        rows = _Selector(retrieval, self._limits).select()
        return _cited(retrieval.index, list(_pieces(retrieval.index, rows)))


class _Selector:
    """Takes sentences by relevance, each with what it needs to be understood, until the answer is long enough."""

    def __init__(self, retrieval: Retrieval, limits: Limits) -> None:
        self._index = retrieval.index
        self._limits = limits
        self._wants_list = bool(_ASKS_FOR_LIST.search(retrieval.question))
        self._best_passage = int(retrieval.passage_relevance.argmax())
        in_best_passage = self._index.passage_of_sentence == self._best_passage
        relevance = retrieval.sentence_relevance + limits.best_passage_bonus * in_best_passage
        ranked = [int(row) for row in np.argsort(-relevance, kind="stable") if self._tells(int(row))]
        # Running text explains itself; the other items of a list do not answer the question better for standing there.
        is_text = not self._index.passages[self._best_passage].is_list
        in_best_text = in_best_passage if is_text else np.zeros_like(in_best_passage)
        self._ranked = [
            row for row in ranked if in_best_text[row] or relevance[row] >= relevance[ranked[0]] - limits.slack
        ]
        self._chosen: list[int] = []
        self._said: set[str] = set()
        self._words = 0

    def select(self) -> list[int]:
        """Rows of the sentences chosen, in order of choice."""
        for row in self._ranked:
            if not self._is_said(row) and self._passage_is_welcome(row):
                self._take([needed for needed in self._with_context(row) if not self._is_said(needed)])
        return self._chosen

    def _tells(self, row: int) -> bool:
        """A question in an article is no answer, but "Wist u dat …?" tells something."""
        return not self._index.ends_in_question_mark[row] or self._wording(row).startswith("Wist ")

    def _take(self, rows: list[int]) -> None:
        words = self._words + sum(len(self._wording(row).split()) for row in rows) + self._lead_in_words(rows)
        if words > self._longest(rows) or not self._is_understood(rows):
            return
        self._chosen += rows
        self._said |= {_normal(self._wording(row)) for row in rows}
        self._words = words

    def _longest(self, rows: list[int]) -> int:
        if self._chosen:
            return min(self._limits.target_words, self._limits.max_words, self._limits.max_list_words)
        is_list = self._index.passages[self._passage_row(rows[0])].is_list
        return self._limits.max_list_words if is_list else self._limits.max_words

    def _passage_is_welcome(self, row: int) -> bool:
        passages = {self._passage_row(chosen) for chosen in self._chosen}
        return self._passage_row(row) in passages or len(passages) < self._limits.passages

    def _with_context(self, row: int) -> list[int]:
        if self._index.passages[self._passage_row(row)].is_list:
            return self._whole_list(self._passage_row(row)) or self._with_item_title(row)
        return list(range(self._first_needed(row), row + 1))

    def _first_needed(self, row: int) -> int:
        first = row
        while self._leans_on_previous(first):
            first -= 1
        return first

    def _is_understood(self, rows: list[int]) -> bool:
        """What a sentence leans on may have been left out here because another passage said it already."""
        at_hand = {*self._chosen, *rows}
        return all(row - 1 in at_hand for row in rows if self._leans_on_previous(row))

    def _with_item_title(self, row: int) -> list[int]:
        """A sentence from a long list item, under the few words the item opens with ("Bukken en tillen.")."""
        first = self._first_needed(row)
        item = self._index.sentence_rows[row].sentence.item
        title = next(other for other, sentence in self._rows_of(self._passage_row(row)) if sentence.item == item)
        is_title = len(self._wording(title).split()) <= self._limits.item_title_words
        return sorted({*range(first, row + 1), *([title] if is_title else [])})

    def _leans_on_previous(self, row: int) -> bool:
        if row == 0 or not _LEANS_BACK.match(self._wording(row)):
            return False
        here, before = self._index.sentence_rows[row], self._index.sentence_rows[row - 1]
        return (here.passage, here.sentence.item) == (before.passage, before.sentence.item)

    def _whole_list(self, passage_row: int) -> list[int]:
        """All rows of a list that is short or wanted; of a very long one each item's opening; else nothing."""
        rows = [row for row, _ in self._rows_of(passage_row)]
        words = sum(len(self._wording(row).split()) for row in rows)
        if words <= self._limits.short_list_words:
            return rows
        if self._chosen or not (self._wants_list or self._items_among_best(passage_row)):
            return []
        return rows if words + self._lead_in_words(rows) <= self._limits.max_list_words else self._openings(passage_row)

    def _items_among_best(self, passage_row: int) -> bool:
        best = [row for row in self._ranked[: self._limits.best_sentences] if self._passage_row(row) == passage_row]
        if passage_row != self._best_passage:
            return False
        items = {self._index.sentence_rows[row].sentence.item for row in best}
        return len(items) >= self._limits.items_for_whole_list

    def _openings(self, passage_row: int) -> list[int]:
        items: dict[int | None, int] = {}
        for row, sentence in self._rows_of(passage_row):
            items.setdefault(sentence.item, row)
        return list(items.values())

    def _rows_of(self, passage_row: int) -> Iterator[tuple[int, source.Sentence]]:
        for row in np.flatnonzero(self._index.passage_of_sentence == passage_row):
            yield int(row), self._index.sentence_rows[row].sentence

    def _lead_in_words(self, rows: list[int]) -> int:
        passages = {self._passage_row(row) for row in rows} - {self._passage_row(row) for row in self._chosen}
        return sum(len(_lead_in(self._index, passage).split()) for passage in passages)

    def _passage_row(self, row: int) -> int:
        return self._index.sentence_rows[row].passage

    def _wording(self, row: int) -> str:
        return self._index.wording(self._index.sentence_rows[row])

    def _is_said(self, row: int) -> bool:
        return _normal(self._wording(row)) in self._said


def _lead_in(index: Index, passage_row: int) -> str:
    passage = index.passages[passage_row]
    return passage.wording(index.articles[passage.slug], passage.lead_in) if passage.lead_in else ""


def _normal(wording: str) -> str:
    return " ".join(wording.casefold().split())


def _pieces(index: Index, rows: Sequence[int]) -> Iterator[_Piece]:
    """The rows by passage, in order of first choice, and in reading order within one; lists under their lead-in."""
    by_passage: dict[int, list[int]] = {}
    for row in rows:
        by_passage.setdefault(index.sentence_rows[row].passage, []).append(row)
    for passage_row, chosen in by_passage.items():
        yield from _pieces_of_passage(
            index.passages[passage_row], [index.sentence_rows[row].sentence for row in sorted(chosen)]
        )


def _pieces_of_passage(passage: Passage, chosen: Sequence[source.Sentence]) -> Iterator[_Piece]:
    if passage.lead_in:
        yield _Piece(passage, passage.lead_in, Shape.LEAD_IN, opens_paragraph=True)
    item: int | None = None
    for position, sentence in enumerate(chosen):
        shape = Shape.ITEM if sentence.item not in (None, item) else Shape.TEXT
        yield _Piece(passage, sentence, shape, opens_paragraph=position == 0 and passage.lead_in is None)
        item = sentence.item


def _cited(index: Index, pieces: Sequence[_Piece]) -> tuple[tuple[Sentence, ...], tuple[Citation, ...]]:
    """Pieces that touch in the article share one citation: one quote, one number."""
    runs: list[list[_Piece]] = []
    for piece in pieces:
        if runs and _touch(index, runs[-1][-1], piece):
            runs[-1].append(piece)
        else:
            runs.append([piece])
    citations = tuple(_citation(index, number, run) for number, run in enumerate(runs, 1))
    sentences = tuple(
        Sentence(_quoted(index, piece), (number,), piece.shape, piece.opens_paragraph)
        for number, run in enumerate(runs, 1)
        for piece in run
    )
    return sentences, citations


def _touch(index: Index, before: _Piece, after: _Piece) -> bool:
    if before.passage is not after.passage:
        return False
    between = index.articles[before.passage.slug].text[before.source.end : after.source.start]
    return before.source.end <= after.source.start and bool(_BETWEEN.fullmatch(between))


def _quoted(index: Index, piece: _Piece) -> str:
    return piece.passage.wording(index.articles[piece.passage.slug], piece.source)


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
