"""Question → passages and sentences by relevance, and a confidence."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from numpy.typing import NDArray
from pydantic import ConfigDict

from assistant.confidence import Calibration, Risk, Signals
from assistant.conversation import stand_alone_question
from assistant.ingredients import Ingredient
from assistant.likeness import Likeness, Likenesses
from assistant.query import Query, QueryReader, words_of
from assistant.vocabulary import Vocabulary
from ingest.embed import Vectors
from ingest.index import Index
from ingest.lexical import LexicalIndex
from ingest.passage import Passage
from ingest.rows import sentence_to_embed


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found. ``relevance`` orders hits of one question; it means nothing between questions."""

    passage: Passage
    relevance: float
    similarity: float


@dataclass(frozen=True)
class Retrieval:
    """What was found for one question. The relevances are row for row with the index's passages and sentences.

    ``passage_signals`` and ``sentence_signals`` are what they were made of, by name.
    """

    index: Index
    query: Query
    passage_signals: dict[str, Vectors]
    sentence_signals: dict[str, Vectors]
    passage_relevance: Vectors
    sentence_relevance: Vectors
    passage_similarity: Vectors
    signals: Signals
    calibration: Calibration

    @property
    def question(self) -> str:
        return self.query.question

    @property
    def confidence(self) -> float:
        return self.calibration.confidence(self.signals)

    def is_confident(self, risk: Risk = Risk.ORDINARY) -> bool:
        return self.calibration.is_confident(self.signals, risk)

    @cached_property
    def hits(self) -> tuple[Hit, ...]:
        """All passages, the most relevant first."""
        return tuple(
            Hit(self.index.passages[row], float(self.passage_relevance[row]), float(self.passage_similarity[row]))
            for row in np.argsort(-self.passage_relevance, kind="stable")
        )


class Searcher:
    """Puts questions to an index. Safe to call from several threads."""

    def __init__(
        self, index: Index, vocabulary: Vocabulary, calibration: Calibration, without: Collection[Ingredient] = ()
    ) -> None:
        self.index = index
        self._calibration = calibration
        self._passage_weights = calibration.passages.without(without)
        self._sentence_weights = calibration.sentences.without(without)
        self._without = frozenset(without)
        self._reader = QueryReader(vocabulary, words_of(passage.text_to_embed for passage in index.passages), without)
        self._likeness = Likeness(index, without)
        self._lexical = _words_alone(index) if Ingredient.QUESTIONS in self._without else index.lexical
        self._is_asked_about = _asked_about(index)

    def read(self, question: str) -> Query:
        """What ``question`` mentions and in which language, without searching."""
        return self._reader.read(question)

    def stand_alone(self, question: str, earlier_questions: Sequence[str]) -> str:
        """``question``, with those before it when it leans on them."""
        without = Ingredient.FOLLOW_UPS in self._without
        return question if without else stand_alone_question(question, earlier_questions, self.read)

    def search(self, question: str) -> Retrieval:
        """Score every passage and sentence for ``question``."""
        query = self._reader.read(question)
        vector = self.index.embedder.query(query.text_to_embed)
        likenesses = self._likeness.to(vector)
        by_passage = self._passage_signals(query, likenesses)
        relevance = self._passage_weights.relevance(by_passage)
        by_sentence = self._sentence_signals(query, likenesses, relevance)
        return Retrieval(
            index=self.index,
            query=query,
            passage_signals=by_passage,
            sentence_signals=by_sentence,
            passage_relevance=relevance,
            sentence_relevance=self._sentence_weights.relevance(by_sentence),
            passage_similarity=self.index.passage_store.similarities(vector),
            signals=self._signals(likenesses, by_passage, best=int(relevance.argmax())),
            calibration=self._calibration,
        )

    def _passage_signals(self, query: Query, likenesses: Likenesses) -> dict[str, Vectors]:
        return {
            "passage": likenesses.passages,
            "sentence": likenesses.best_sentences,
            "questions": likenesses.passage_questions,
            "stems": self._lexical.stems.relevance(query.text_to_match),
            "letter_groups": self._lexical.groups.relevance(query.text_to_match),
        }

    def _sentence_signals(self, query: Query, likenesses: Likenesses, relevance: Vectors) -> dict[str, Vectors]:
        return {
            "sentence": likenesses.sentences,
            "questions": likenesses.sentence_questions,
            "letter_groups": self._lexical.sentence_groups.relevance(query.text_to_match),
            "passage": relevance[self.index.passage_of_sentence],
            "question_mark": self.index.ends_in_question_mark,
        }

    def _signals(self, likenesses: Likenesses, by_passage: dict[str, Vectors], best: int) -> Signals:
        """``best`` is the row of the most relevant passage. Where nobody collected questions for it, those collected
        for others say nothing of whether it answers."""
        has_questions = bool(self._is_asked_about[best])
        has_sentences = Ingredient.SENTENCES not in self._without
        has_words = Ingredient.WORDS not in self._without
        return Signals(
            answered=likenesses.answered if has_questions else None,
            unanswered=likenesses.unanswered if has_questions else None,
            near=likenesses.near if has_questions else None,
            sentence=float(likenesses.sentences.max(initial=-1.0)) if has_sentences else None,
            words=float(by_passage["stems"].max(initial=0.0)) if has_words else None,
        )


class HybridRetriever(BaseRetriever):
    """A ``Searcher`` as an ordinary LangChain retriever of ``k`` documents."""

    model_config = ConfigDict(arbitrary_types_allowed=True, frozen=True)

    searcher: Searcher
    k: int = 4

    @property
    def index(self) -> Index:
        return self.searcher.index

    def retrieve(self, question: str) -> Retrieval:
        return self.searcher.search(question)

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, **_: Any
    ) -> list[Document]:
        found = self.retrieve(query)
        return [
            Document(
                id=hit.passage.id,
                page_content=hit.passage.text,
                metadata={
                    "article": hit.passage.title,
                    "section": " › ".join(hit.passage.heading_path),
                    "start": hit.passage.start,
                    "end": hit.passage.end,
                    "similarity": hit.similarity,
                    "confidence": found.confidence,
                },
            )
            for hit in found.hits[: self.k]
        ]


def _asked_about(index: Index) -> NDArray[np.bool_]:
    """For each passage, whether it answers any known question; all of them when none is known at all."""
    passages = {question.passage for question in index.questions if question.is_answered}
    return np.array([not passages or row in passages for row in range(len(index.passages))], dtype=bool)


def _words_alone(index: Index) -> LexicalIndex:
    """The words of the articles without those of the known questions."""
    return LexicalIndex.build(
        [passage.text_to_embed for passage in index.passages],
        [sentence_to_embed(row, index.passages, index.articles) for row in index.sentence_rows],
    )
