"""Put questions to the assistant and count what comes back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import log2
from time import perf_counter

import numpy as np

from assistant.answer import Answer, AnswerKind, Citation, Engine, Said, Sentence
from assistant.evaluation.gold import gold_passages, holds
from assistant.evaluation.questions import AnswerableQuestion, FollowUp, Question
from assistant.reply import Assistant, Role, Turn
from assistant.retrieve import Retrieval

DEPTHS = (1, 3, 5)
_NDCG_DEPTH = 5

Asked = Question | FollowUp


@dataclass(frozen=True, slots=True)
class Shown:
    """A sentence that the visitor read, with what it cites; ``stays``: it stands in the whole answer."""

    text: str
    citations: tuple[Citation, ...]
    stays: bool = True


@dataclass(frozen=True)
class Outcome:
    """What one question got.

    ``ranks`` are the places (from 1) of the passages with gold; ``has_gold``: the answer gives a gold quote, in its
    words or, phrased by a language model, in what it cites; ``composed_gold``: one of quotes would, had the confidence
    not been asked. ``cited`` counts the citations of the answer and ``cited_gold`` those that stand in a passage with
    gold. ``milliseconds`` is the whole reply, ``first_milliseconds`` until its first sentence, the whole when it has
    none. ``unsupported`` are those of ``shown`` that a second check does not bear out; empty when there was none.
    """

    question: Asked
    answer: Answer
    confidence: float
    milliseconds: float
    ranks: tuple[int, ...] = ()
    has_gold: bool = False
    composed_gold: bool = False
    cited: int = 0
    cited_gold: int = 0
    first_milliseconds: float = 0.0
    shown: tuple[Shown, ...] = ()
    unsupported: tuple[str, ...] = ()

    @property
    def gold(self) -> tuple[str, ...]:
        return () if not isinstance(self.question, AnswerableQuestion | FollowUp) else self.question.gold

    @property
    def is_answered(self) -> bool:
        return self.answer.kind is AnswerKind.ANSWERED

    @property
    def is_right(self) -> bool:
        """It holds gold; or there is none, and it was not answered."""
        return self.has_gold if self.gold else not self.is_answered

    @property
    def rank(self) -> int:
        """Of the first passage with gold; 0 when there is none."""
        return min(self.ranks, default=0)

    @property
    def ndcg(self) -> float:
        """Normalised discounted cumulative gain over the first five passages, 0 to 1."""
        gained = sum(1 / log2(rank + 1) for rank in self.ranks if rank <= _NDCG_DEPTH)
        best = sum(1 / log2(rank + 1) for rank in range(1, min(len(self.ranks), _NDCG_DEPTH) + 1))
        return gained / best if best else 0.0


@dataclass(frozen=True)
class Summary:
    """Shares are 0 to 1; ``words`` is the median length of the answers given, ``most_words`` that of the longest."""

    questions: int
    hit_at: dict[int, float]
    mrr: float
    ndcg: float
    answered: float
    gold: float
    composed_gold: float
    cited_gold: float
    words: float
    most_words: int

    @classmethod
    def of(cls, outcomes: Sequence[Outcome]) -> "Summary":
        words = [outcome.answer.words for outcome in outcomes if outcome.is_answered]
        cited = sum(outcome.cited for outcome in outcomes)
        return cls(
            questions=len(outcomes),
            hit_at={depth: _mean(0 < outcome.rank <= depth for outcome in outcomes) for depth in DEPTHS},
            mrr=_mean(1 / outcome.rank if outcome.rank else 0.0 for outcome in outcomes),
            ndcg=_mean(outcome.ndcg for outcome in outcomes),
            answered=_mean(outcome.is_answered for outcome in outcomes),
            gold=_mean(outcome.has_gold for outcome in outcomes),
            composed_gold=_mean(outcome.composed_gold for outcome in outcomes),
            cited_gold=sum(outcome.cited_gold for outcome in outcomes) / cited if cited else 0.0,
            words=float(np.median(words)) if words else 0.0,
            most_words=max(words, default=0),
        )


def ask(assistant: Assistant, question: Asked) -> Outcome:
    earlier = question.earlier if isinstance(question, FollowUp) else ()
    start = perf_counter()
    parts = assistant.stream(question.question, [Turn(Role.USER, said) for said in earlier])
    heard = [(part, (perf_counter() - start) * 1000) for part in parts]
    answer = next(part for part, _ in heard if isinstance(part, Answer))
    said = [(part, milliseconds) for part, milliseconds in heard if isinstance(part, Said)]
    retrieval = assistant.retrieve(question.question, earlier)
    outcome = Outcome(
        question=question,
        answer=answer,
        confidence=retrieval.confidence,
        milliseconds=answer.timings.total,
        first_milliseconds=said[0][1] if said else answer.timings.total,
        shown=_shown([part for part, _ in said], answer),
    )
    return _with_gold(outcome, retrieval, assistant) if outcome.gold else outcome


def _with_gold(outcome: Outcome, retrieval: Retrieval, assistant: Assistant) -> Outcome:
    index = retrieval.index
    is_gold = gold_passages(index, outcome.gold)
    order = np.argsort(-retrieval.passage_relevance, kind="stable")
    right = {index.passages[row].id for row in np.flatnonzero(is_gold)}
    composed = [sentence.text for sentence in assistant.composer.compose(retrieval).sentences]
    return replace(
        outcome,
        ranks=tuple(int(place) + 1 for place in np.flatnonzero(is_gold[order])),
        has_gold=_gives_gold(outcome),
        composed_gold=holds(" ".join(composed), outcome.gold),
        cited=len(outcome.answer.citations),
        cited_gold=sum(citation.passage_id in right for citation in outcome.answer.citations),
    )


def _gives_gold(outcome: Outcome) -> bool:
    answer = outcome.answer
    if holds(" ".join(sentence.text for sentence in answer.sentences), outcome.gold):
        return True
    # In other words than the article's, but the visitor has the article's beside them.
    quotes = (citation.quote for each in outcome.shown if each.stays for citation in each.citations)
    return answer.engine is Engine.LLM and any(holds(quote, outcome.gold) for quote in quotes)


def _shown(said: Iterable[Said], answer: Answer) -> tuple[Shown, ...]:
    """What was said and taken back, then what stands in the answer."""
    kept = {sentence.text for sentence in answer.sentences}
    known: dict[int, Citation] = {}
    taken_back = []
    for part in said:
        known |= {citation.number: citation for citation in part.citations}
        if part.sentence.text not in kept:
            taken_back.append(_with_citations(part.sentence, known, stays=False))
    numbered = {citation.number: citation for citation in answer.citations}
    return (*taken_back, *(_with_citations(sentence, numbered, stays=True) for sentence in answer.sentences))


def _with_citations(sentence: Sentence, known: Mapping[int, Citation], *, stays: bool) -> Shown:
    return Shown(sentence.text, tuple(known[each] for each in sentence.citations if each in known), stays)


def _mean(values: Iterable[float]) -> float:
    counted = list(values)
    return sum(counted) / len(counted) if counted else 0.0
