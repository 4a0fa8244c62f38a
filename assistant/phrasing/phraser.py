"""A language model's answer, sentence by sentence: what its passage supports is said, the rest is dropped or quoted."""

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from assistant.answer import Answer, AnswerKind, Citation, Dropped, Phrasing, Remark, Said, Sentence, parts_of
from assistant.extract import first_needed, may_be_said
from assistant.phrasing.cutter import CitedSentence, Cutter
from assistant.phrasing.line import Line, ModelFailedError
from assistant.phrasing.prompt import Source, messages
from assistant.quote import Composition, quote
from assistant.remarks import Situation, Unsaid, remarks_on
from assistant.retrieve import Retrieval
from assistant.verify.verifier import Verdict, Verifier, Verifiers
from ingest.index import Index

PHRASED = "phrased"
NOT_FOUND = "not_found"
TOO_LITTLE = "too_little"
FAILED = "failed"

_NO_CITATION = "no_citation"
_UNKNOWN_CITATION = "unknown_citation"
_REPEATED = "repeated"
_TOO_MUCH = "too_much"


@dataclass(frozen=True, slots=True)
class PhrasingLimits:
    """``passages`` go into the prompt. From ``max_words`` on nothing more is said; a model that has said so many things
    twice (``most_repeats``) has no more to tell. An answer of which fewer than ``least_kept`` of the sentences stand is
    not shown."""

    passages: int = 4
    max_words: int = 120
    most_repeats: int = 2
    least_kept: float = 0.5


@dataclass(frozen=True, slots=True)
class Phrased:
    """``composition`` is None when the answer is to be made of quotes; ``is_shown``: sentences were given out."""

    phrasing: Phrasing
    composition: Composition | None = None
    is_shown: bool = False


class Phraser:
    """Lets a language model phrase what the passages found say. Safe to call from several threads.

    ``hide`` takes out of a question who asks, for a model that is somewhere else.
    """

    def __init__(
        self,
        line: Line,
        verifiers: Verifiers,
        limits: PhrasingLimits | None = None,
        hide: Callable[[str], str] = str,
    ) -> None:
        self._line = line
        self._verifiers = verifiers
        self._limits = limits or PhrasingLimits()
        self._hide = hide

    def phrase(self, retrieval: Retrieval, situation: Situation) -> Generator[Said, None, Phrased]:
        """Each sentence as soon as it is known to stand; how it went is returned. Never raises for the model's sake."""
        index = retrieval.index
        sayable = may_be_said(index, Unsaid.to(situation, retrieval.question, index))
        material = _material(retrieval, sayable, self._limits.passages)
        if not material:
            return Phrased(Phrasing(TOO_LITTLE))
        answer = _Growing(index, self._verifiers.over(index), [rows for _, rows in material], self._limits)
        text = self._line.stream(messages(self._hide(retrieval.question), [source for source, _ in material]))
        try:
            for cited in _sentences(text):
                if cited.is_not_found and not answer.sentences:
                    return answer.phrased(NOT_FOUND)
                yield from answer.take(cited)
                if answer.is_full:
                    break
        except ModelFailedError as error:
            return answer.phrased(error.failure)
        finally:
            text.close()
        return answer.phrased(PHRASED if answer.is_enough else TOO_LITTLE)


class _Growing:
    """The answer so far. ``rows_of`` are for each passage of the prompt the rows that may be said."""

    def __init__(
        self, index: Index, verifier: Verifier, rows_of: Sequence[frozenset[int]], limits: PhrasingLimits
    ) -> None:
        self._index = index
        self._verifier = verifier
        self._rows_of = rows_of
        self._limits = limits
        self._citations: dict[tuple[str, int, int], Citation] = {}
        self._rests_on: list[tuple[int, int]] = []
        self._said: set[str] = set()
        self._repeats = 0
        self._words = 0
        self._phrased = 0
        self.sentences: list[Sentence] = []
        self.dropped: list[Dropped] = []

    @property
    def is_full(self) -> bool:
        return self._repeats > self._limits.most_repeats or self._words >= self._limits.max_words

    @property
    def is_enough(self) -> bool:
        """Something was phrased, and most of what was tried stands."""
        lost = sum(not each.is_quoted and each.fault not in (_REPEATED, _TOO_MUCH) for each in self.dropped)
        kept = len(self.sentences)
        return self._phrased > 0 and kept >= self._limits.least_kept * (kept + lost)

    def phrased(self, outcome: str) -> Phrased:
        made = Composition(tuple(self.sentences), tuple(self._citations.values()), self._remarks())
        phrasing = Phrasing(outcome, tuple(self.dropped))
        return Phrased(phrasing, made if outcome == PHRASED else None, is_shown=bool(self.sentences))

    def take(self, cited: CitedSentence) -> Iterator[Said]:
        if _bare(cited.text) in self._said:
            self._repeats += 1
            self.dropped.append(Dropped(cited.text, _REPEATED))
            return
        self._said.add(_bare(cited.text))
        fault = self._fault_of_citation(cited)
        if fault:
            self.dropped.append(Dropped(cited.text, fault))
            return
        verdicts = [self._verifier.check(cited.text, self._rows_of[number - 1]) for number in cited.numbers]
        good = [verdict for verdict in verdicts if verdict.is_supported]
        if good:
            rows = sorted({row for verdict in good for row in verdict.support})
            yield from self._say(cited.text, rows)
        else:
            yield from self._quote_instead(cited.text, max(verdicts, key=lambda verdict: verdict.certainty))

    def _fault_of_citation(self, cited: CitedSentence) -> str:
        if not cited.numbers:
            return _NO_CITATION
        return "" if all(1 <= number <= len(self._rows_of) for number in cited.numbers) else _UNKNOWN_CITATION

    def _say(self, text: str, rows: Sequence[int]) -> Iterator[Said]:
        if not self._fits(text):
            self.dropped.append(Dropped(text, _TOO_MUCH))
            return
        rested_on = [citation for citation, _ in _cited(self._index, quote(self._index, rows), rows)]
        numbers, new = self._number(list(dict.fromkeys(rested_on)))
        self._note(rows)
        self._phrased += 1
        yield self._add(Sentence(text, tuple(sorted(numbers.values()))), new)

    def _quote_instead(self, text: str, verdict: Verdict) -> Iterator[Said]:
        """The sentence that the model tried to put in other words, when that is clear and it was not said yet."""
        rows: list[int] = []
        if verdict.is_near:
            best = verdict.support[0]
            rows = list(range(first_needed(self._index, best), best + 1))
        quoted = quote(self._index, rows)
        wordings = [sentence.text for sentence in quoted.sentences]
        is_new = bool(rows) and not any(_bare(wording) in self._said for wording in wordings)
        is_quoted = is_new and self._fits(" ".join(wordings))
        self.dropped.append(Dropped(text, verdict.fault or "", verdict.missing, is_quoted))
        if not is_quoted:
            return
        numbers, new = self._number(quoted.citations)
        self._note(rows)
        self._said |= {_bare(wording) for wording in wordings}
        for part in parts_of(Answer(AnswerKind.ANSWERED, quoted.sentences, quoted.citations)):
            if isinstance(part, Said):
                own = tuple(numbers[number] for number in part.sentence.citations)
                opens = part.sentence.opens_paragraph and bool(self.sentences)
                brought = tuple(
                    each for each in new if each.number in {numbers[cited.number] for cited in part.citations}
                )
                yield self._add(replace(part.sentence, citations=own, opens_paragraph=opens), brought)

    def _number(self, citations: Sequence[Citation]) -> tuple[dict[int, int], tuple[Citation, ...]]:
        """Their numbers in the whole answer, by the numbers that they have; and those that are new in it."""
        numbers: dict[int, int] = {}
        new = []
        for citation in citations:
            place = (citation.passage_id, citation.start, citation.end)
            if place not in self._citations:
                self._citations[place] = replace(citation, number=len(self._citations) + 1)
                new.append(self._citations[place])
            numbers[citation.number] = self._citations[place].number
        return numbers, tuple(new)

    def _note(self, rows: Sequence[int]) -> None:
        """Remember what the answer rests on, for the reviewer's remarks."""
        everything = Composition(citations=tuple(self._citations.values()))
        self._rests_on += [(citation.number, row) for citation, row in _cited(self._index, everything, rows)]

    def _fits(self, text: str) -> bool:
        return self._words + len(text.split()) <= self._limits.max_words

    def _add(self, sentence: Sentence, new: tuple[Citation, ...]) -> Said:
        self.sentences.append(sentence)
        self._words += len(sentence.text.split())
        return Said(sentence, new)

    def _remarks(self) -> tuple[Remark, ...]:
        return remarks_on((number, self._index.notes_of_sentence(row)) for number, row in dict.fromkeys(self._rests_on))


def _material(
    retrieval: Retrieval, sayable: "np.ndarray[tuple[int], np.dtype[np.bool_]]", most: int
) -> list[tuple[Source, frozenset[int]]]:
    """The most relevant passages as far as they may be said, numbered from 1, each with its rows."""
    index = retrieval.index
    found: list[tuple[Source, frozenset[int]]] = []
    for passage_row in np.argsort(-retrieval.passage_relevance, kind="stable"):
        rows = np.flatnonzero((index.passage_of_sentence == passage_row) & sayable)
        if len(rows):
            passage = index.passages[int(passage_row)]
            heading = " › ".join((passage.title, *passage.heading_path))
            found.append(
                (
                    Source(len(found) + 1, heading, _text(index, int(passage_row), [int(row) for row in rows])),
                    frozenset(map(int, rows)),
                )
            )
        if len(found) == most:
            break
    return found


def _text(index: Index, passage_row: int, rows: Sequence[int]) -> str:
    """A list with a bullet for each item, else sentences in a line."""
    passage = index.passages[passage_row]
    lines: list[str] = []
    if passage.lead_in:
        lines.append(passage.wording(index.articles[passage.slug], passage.lead_in))
    item: int | None = None
    for row in rows:
        sentence = index.sentence_rows[row]
        wording = index.wording(sentence)
        if sentence.sentence.item not in (None, item) or not lines:
            lines.append(f"• {wording}" if sentence.sentence.item is not None else wording)
        else:
            lines[-1] += f" {wording}"
        item = sentence.sentence.item
    return "\n".join(lines)


def _sentences(text: Iterator[str]) -> Iterator[CitedSentence]:
    cutter = Cutter()
    for piece in text:
        yield from cutter.feed(piece)
    yield from cutter.finish()


def _cited(index: Index, quoted: Composition, rows: Sequence[int]) -> Iterator[tuple[Citation, int]]:
    """The citations that these rows stand in, each with the row."""
    for row in rows:
        here = index.sentence_rows[row]
        passage = index.passages[here.passage]
        for citation in quoted.citations:
            is_in = citation.start <= here.sentence.start and here.sentence.end <= citation.end
            if citation.passage_id == passage.id and is_in:
                yield citation, row


def _bare(text: str) -> str:
    return " ".join(text.casefold().split()).strip(" .!…")
