"""One way from a question to an answer, for every channel."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice
from time import perf_counter

from assistant import texts
from assistant.answer import Answer, AnswerKind, Timings
from assistant.conversation import stand_alone_question
from assistant.examples import questions_in_headings
from assistant.extract import ExtractiveComposer
from assistant.question import clean_question
from assistant.retrieve import HybridRetriever, Retrieval
from ingest.index import Index

_NOT_FOUND = Answer(AnswerKind.NOT_FOUND, notice=texts.NOT_FOUND)


class Role(StrEnum):
    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier message of the conversation."""

    role: Role
    content: str


class Assistant:
    """Answers questions from the index. Safe to call from several threads."""

    def __init__(
        self, retriever: HybridRetriever, composer: ExtractiveComposer, max_question_chars: int = 1_000
    ) -> None:
        self.retriever = retriever
        self.composer = composer
        self.max_question_chars = max_question_chars

    @property
    def index(self) -> Index:
        return self.retriever.index

    def reply(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """Raises ``QuestionError`` for a question that cannot be taken; everything else is an ``Answer``."""
        start = perf_counter()
        asked = clean_question(question, self.max_question_chars)
        earlier = [turn.content[: self.max_question_chars] for turn in history if turn.role is Role.USER]
        retrieval = self.retriever.retrieve(stand_alone_question(asked, earlier))
        retrieved = perf_counter()
        answer = self._compose(retrieval) if retrieval.is_confident else _NOT_FOUND
        composed = perf_counter()
        return replace(
            answer,
            timings=Timings(
                retrieve=_milliseconds(start, retrieved),
                compose=_milliseconds(retrieved, composed),
                total=_milliseconds(start, composed),
            ),
        )

    def examples(self, count: int) -> tuple[str, ...]:
        """At most ``count`` questions that get an answer, spread over the articles."""
        candidates = questions_in_headings(self.index.articles.values())
        answered = (question for question in candidates if self.reply(question).kind is AnswerKind.ANSWERED)
        return tuple(islice(answered, count))

    def _compose(self, retrieval: Retrieval) -> Answer:
        sentences, citations = self.composer.compose(retrieval)
        return Answer(AnswerKind.ANSWERED, sentences, citations) if sentences else _NOT_FOUND


def _milliseconds(start: float, end: float) -> float:
    return round((end - start) * 1000, 3)
