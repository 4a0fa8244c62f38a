"""Put questions to the assistant and count what comes back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.answer import Answer, AnswerKind
from assistant.evaluation.questions import Question, UnanswerableQuestion
from assistant.reply import Assistant
from assistant.retrieve import Retrieval

DEPTHS = (1, 3, 5)


@dataclass(frozen=True)
class Outcome:
    """What one question got.

    ``rank`` is the first passage (from 1) with gold, 0 when there is none; ``has_gold``: the answer holds a gold quote;
    ``composed_gold``: it would, had the confidence not been asked.
    """

    question: Question
    answer: Answer
    confidence: float
    rank: int = 0
    has_gold: bool = False
    composed_gold: bool = False

    @property
    def is_answered(self) -> bool:
        return self.answer.kind is AnswerKind.ANSWERED


@dataclass(frozen=True)
class Summary:
    """Shares are 0 to 1; ``words`` is the median length of the answers given."""

    questions: int
    hit_at: dict[int, float]
    answered: float
    gold: float
    composed_gold: float
    words: float

    @classmethod
    def of(cls, outcomes: Sequence[Outcome]) -> "Summary":
        words = [outcome.answer.words for outcome in outcomes if outcome.is_answered]
        return cls(
            questions=len(outcomes),
            hit_at={depth: _share(0 < outcome.rank <= depth for outcome in outcomes) for depth in DEPTHS},
            answered=_share(outcome.is_answered for outcome in outcomes),
            gold=_share(outcome.has_gold for outcome in outcomes),
            composed_gold=_share(outcome.composed_gold for outcome in outcomes),
            words=float(np.median(words)) if words else 0.0,
        )


def ask(assistant: Assistant, question: Question) -> Outcome:
    answer = assistant.reply(question.question)
    retrieval = assistant.retriever.retrieve(question.question)
    if isinstance(question, UnanswerableQuestion):
        return Outcome(question, answer, retrieval.confidence)
    composed = [sentence.text for sentence in assistant.composer.compose(retrieval).sentences]
    return Outcome(
        question=question,
        answer=answer,
        confidence=retrieval.confidence,
        rank=_rank_of_gold(retrieval, question.gold),
        has_gold=_holds(" ".join(sentence.text for sentence in answer.sentences), question.gold),
        composed_gold=_holds(" ".join(composed), question.gold),
    )


def _rank_of_gold(retrieval: Retrieval, gold: Sequence[str]) -> int:
    ranks = (rank for rank, hit in enumerate(retrieval.hits, 1) if _holds(hit.passage.text, gold))
    return next(ranks, 0)


def _holds(text: str, gold: Sequence[str]) -> bool:
    return any(_folded(quote) in _folded(text) for quote in gold)


def _folded(text: str) -> str:
    return " ".join(text.split())


def _share(hits: Iterable[bool]) -> float:
    counted = list(hits)
    return sum(counted) / len(counted) if counted else 0.0
