"""The default engine: an answer made of exact sentences from the articles, no language model needed."""

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from assistant.choice import Chosen, Fate, PassedOver
from assistant.quote import Composition, quote
from assistant.remarks import (
    NOTHING_TOLD,
    Situation,
    Unsaid,
    asks_what_is_claimed,
    doctor_advice,
    is_promotional,
    promotional,
)
from assistant.retrieve import Retrieval
from ingest import sentences as source
from ingest.embed import Vectors
from ingest.index import Index
from ingest.review_notes import NoteKind

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


@dataclass(frozen=True, slots=True)
class Limits:
    """``target_words`` is when an answer is long enough; ``max_words`` is never passed, but by a list that says when to
    see a doctor: it is not shortened while it has at most ``max_doctor_list_words``.

    Sentences may be ``slack`` less relevant than the best one, those of other passages ``slack_elsewhere``;
    promotional ones get ``claim_bonus`` when claims are asked for. A list up to ``short_list_words`` is given whole, a
    longer one when it is asked for or when ``items_for_whole_list`` of the ``best_sentences`` are its items; of others
    only the items that answer.
    Chosen on the tuning half of the development questions; see docs/evaluation.md.
    """

    target_words: int = 100
    max_words: int = 120
    max_doctor_list_words: int = 180
    passages: int = 3
    slack: float = 5.0
    slack_elsewhere: float = 3.5
    claim_bonus: float = 4.0
    short_list_words: int = 50
    items_for_whole_list: int = 3
    best_sentences: int = 6
    item_title_words: int = 10


class ExtractiveComposer:
    """Chooses the most relevant sentences or list of at most three passages, and cites every one."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()

    def compose(self, retrieval: Retrieval, situation: Situation = NOTHING_TOLD) -> Composition:
        """Exact slices of articles, the most relevant passage first; nothing when every sentence is too long.

        Before them stands what the articles say on seeing a doctor in this ``situation``. Left out are promotion,
        unless it is asked for, and reassurance that a reviewer noted as unsafe in this situation.
        """
        selector = _Selector(retrieval, situation, self._limits)
        return replace(quote(retrieval.index, selector.select()), fates=selector.fates)

    def advise(self, retrieval: Retrieval, situation: Situation) -> Composition:
        """Only what the articles say on seeing a doctor in this ``situation``: for when they do not answer."""
        selector = _Selector(retrieval, situation, self._limits)
        return replace(quote(retrieval.index, selector.advise()), fates=selector.fates)


def may_be_said(index: Index, unsaid: Unsaid) -> NDArray[np.bool_]:
    """For each sentence, shape (sentences,); what leans on an unsaid one falls with it."""
    sayable = ~np.isin(index.passage_of_sentence, list(unsaid.passages))
    for row in sorted(unsaid.sentences):
        sayable[row] = False
        while row + 1 < len(sayable) and leans_on_previous(index, row + 1):
            row += 1
            sayable[row] = False
    return sayable


def first_needed(index: Index, row: int) -> int:
    """The row from which on one has to read to understand this one."""
    while leans_on_previous(index, row):
        row -= 1
    return row


def leans_on_previous(index: Index, row: int) -> bool:
    """Whether a sentence is only understood after the one before it."""
    if row == 0 or not _LEANS_BACK.match(index.wording(index.sentence_rows[row])):
        return False
    here, before = index.sentence_rows[row], index.sentence_rows[row - 1]
    return (here.passage, here.sentence.item) == (before.passage, before.sentence.item)


class _Selector:
    """Takes sentences by relevance, each with what it needs to be understood, until the answer is long enough."""

    def __init__(self, retrieval: Retrieval, situation: Situation, limits: Limits) -> None:
        self._index = retrieval.index
        self._limits = limits
        self._wants_list = bool(_ASKS_FOR_LIST.search(retrieval.question))
        self._unsaid = Unsaid.to(situation, retrieval.question, self._index)
        self._sayable = may_be_said(self._index, self._unsaid)
        self._best_passage = self._best_of(retrieval.passage_relevance)
        self._best_is_unsaid = self._only_claims = False
        self._ranked = self._rank(retrieval)
        self._advice = doctor_advice(self._index, situation, retrieval.sentence_relevance)
        self._chosen: list[int] = []
        self._passed: dict[int, PassedOver] = {}
        self._said: set[str] = set()
        self._words = 0
        self._advised = 0
        self._advice_words = 0

    def select(self) -> list[int]:
        """Rows of the sentences chosen, in order of choice: advice to see a doctor first."""
        self.advise()
        for row in self._ranked:
            if self._is_said(row):
                self._passed[row] = PassedOver.SAID_ALREADY
            elif not self._passage_is_welcome(row):
                self._passed[row] = PassedOver.PASSAGES_FULL
            else:
                # Of a long list it may be the openings that are taken, and this row none of them.
                self._passed[row] = self._take(self._with_context(row)) or PassedOver.ONLY_OPENINGS
        return self._chosen

    def advise(self) -> list[int]:
        """Rows of the advice to see a doctor."""
        for rows in self._advice:
            reason = self._take([needed for row in rows for needed in range(first_needed(self._index, row), row + 1)])
            self._passed |= dict.fromkeys(rows, reason) if reason else {}
            self._advised, self._advice_words = len(self._chosen), self._words
        return self._chosen

    def fates(self) -> dict[int, Fate]:
        """What became of every sentence, by row, with what was selected so far."""
        ranked = set(self._ranked)
        fates: dict[int, Fate] = {row: self._why_not(row, ranked) for row in range(len(self._sayable))}
        fates |= self._passed
        for place, row in enumerate(self._chosen):
            purpose = Chosen.RELEVANT if row in ranked else Chosen.CONTEXT
            fates[row] = Chosen.ADVICE if place < self._advised else purpose
        return fates

    def _why_not(self, row: int, ranked: Container[int]) -> PassedOver:
        """Of a sentence that was never tried."""
        if not self._sayable[row]:
            return self._why_unsaid(row)
        if not self._tells(row):
            return PassedOver.ASKS
        if self._best_is_unsaid:
            return PassedOver.BEST_IS_UNSAID
        if self._only_claims and not is_promotional(self._index.notes_of_sentence(row)):
            return PassedOver.NO_CLAIM
        return PassedOver.ONLY_ADVICE if row in ranked else PassedOver.LESS_RELEVANT

    def _why_unsaid(self, row: int) -> PassedOver:
        if self._passage_row(row) in self._unsaid.unsafe:
            return PassedOver.UNSAFE
        is_praise = row in self._unsaid.sentences or self._passage_row(row) in self._unsaid.praised
        return PassedOver.PROMOTIONAL if is_praise else PassedOver.LEANS_ON_UNSAID

    def _rank(self, retrieval: Retrieval) -> list[int]:
        """Rows that may be said and are about as relevant as the best, the most relevant first."""
        limits = self._limits
        claims = promotional(self._index) & asks_what_is_claimed(retrieval.question)
        relevance = retrieval.sentence_relevance + limits.claim_bonus * claims
        telling = [int(row) for row in np.argsort(-relevance, kind="stable") if self._tells(int(row))]
        ranked = [row for row in telling if self._sayable[row]]
        # Where what answers may not be said, what is far less relevant is no answer either.
        if not ranked or relevance[ranked[0]] < relevance[telling[0]] - limits.slack:
            self._best_is_unsaid = True
            return []
        if claims[ranked[0]]:
            self._only_claims = True
            ranked = [row for row in ranked if claims[row]]
        elsewhere = self._index.passage_of_sentence != self._passage_row(ranked[0])
        least = relevance[ranked[0]] - np.where(elsewhere, limits.slack_elsewhere, limits.slack)
        return [row for row in ranked if relevance[row] >= least[row]]

    def _best_of(self, passage_relevance: Vectors) -> int:
        """The most relevant passage of which anything may be said."""
        open_to_say = np.zeros(len(passage_relevance), dtype=bool)
        open_to_say[self._index.passage_of_sentence[self._sayable]] = True
        return int(np.where(open_to_say, passage_relevance, -np.inf).argmax())

    def _tells(self, row: int) -> bool:
        """A question in an article is no answer, but "Wist u dat …?" tells something."""
        return not self._index.ends_in_question_mark[row] or self._wording(row).startswith("Wist ")

    def _take(self, wanted: Sequence[int]) -> PassedOver | None:
        """Choose these rows but what was said already; none of them when they are too long or not understood.

        What kept them out, None when they are in.
        """
        rows = [row for row in dict.fromkeys(wanted) if not self._is_said(row)]
        if not rows:
            return PassedOver.SAID_ALREADY
        unsayable = [row for row in rows if not self._sayable[row]]
        if unsayable:
            return self._why_unsaid(unsayable[0])
        words = self._words + sum(len(self._wording(row).split()) for row in rows) + self._lead_in_words(rows)
        if words > self._longest(rows[0]):
            return PassedOver.TOO_LONG
        if not self._is_understood(rows):
            return PassedOver.NOT_UNDERSTOOD
        self._chosen += rows
        self._said |= {_normal(self._wording(row)) for row in rows}
        self._words = words
        return None

    def _longest(self, row: int) -> int:
        """How many words the whole answer may have with this row; the advice leaves room for an answer."""
        limits = self._limits
        if self._answers:
            return min(limits.target_words + self._advice_words, limits.max_words)
        is_doctor_list = self._index.passages[self._passage_row(row)].is_list and self._sends_to_doctor(row)
        return max(limits.max_words, limits.max_doctor_list_words) if is_doctor_list else limits.max_words

    def _sends_to_doctor(self, row: int) -> bool:
        return any(note.kind is NoteKind.SEE_DOCTOR for note in self._index.notes_of_sentence(row))

    @property
    def _answers(self) -> bool:
        """Whether anything was chosen for the question, beyond the advice."""
        return len(self._chosen) > self._advised

    def _passage_is_welcome(self, row: int) -> bool:
        passages = {self._passage_row(chosen) for chosen in self._chosen}
        return self._passage_row(row) in passages or len(passages) < self._limits.passages

    def _with_context(self, row: int) -> list[int]:
        if self._index.passages[self._passage_row(row)].is_list:
            return self._whole_list(self._passage_row(row)) or self._with_item_title(row)
        return list(range(first_needed(self._index, row), row + 1))

    def _is_understood(self, rows: list[int]) -> bool:
        """What a sentence leans on may have been left out here because another passage said it already."""
        at_hand = {*self._chosen, *rows}
        return all(row - 1 in at_hand for row in rows if leans_on_previous(self._index, row))

    def _with_item_title(self, row: int) -> list[int]:
        """A sentence from a long list item, under the few words the item opens with ("Bukken en tillen.")."""
        first = first_needed(self._index, row)
        item = self._index.sentence_rows[row].sentence.item
        title = next(other for other, sentence in self._rows_of(self._passage_row(row)) if sentence.item == item)
        is_title = len(self._wording(title).split()) <= self._limits.item_title_words
        return sorted({*range(first, row + 1), *([title] if is_title else [])})

    def _whole_list(self, passage_row: int) -> list[int]:
        """All rows of a list that is short or wanted; of a very long one each item's opening; else nothing."""
        rows = [row for row, _ in self._rows_of(passage_row)]
        words = sum(len(self._wording(row).split()) for row in rows)
        if words <= self._limits.short_list_words:
            return rows
        if self._answers or not (self._wants_list or self._items_among_best(passage_row)):
            return []
        said = sum(len(self._wording(row).split()) for row in rows if self._is_said(row))
        fits = self._words + words - said + self._lead_in_words(rows) <= self._longest(rows[0])
        return rows if fits else self._openings(passage_row)

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
        """What may be said of a passage."""
        for row in np.flatnonzero((self._index.passage_of_sentence == passage_row) & self._sayable):
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
