"""Question → passages and sentences by relevance, and a confidence."""

from collections.abc import Collection as Names
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from assistant.collection import Around, Collection
from assistant.confidence import Calibration, Risk, Signals
from assistant.conversation import stand_alone_question
from assistant.ingredients import Ingredient
from assistant.query import Query, QueryReader
from assistant.vocabulary import Vocabulary
from ingest.embed import Vectors
from ingest.index import Index
from ingest.passage import Passage


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found. ``relevance`` orders hits of one question; it means nothing between questions."""

    passage: Passage
    relevance: float
    similarity: float


@dataclass(frozen=True)
class Retrieval:
    """What was found for one question. The relevances are row for row with the passages and sentences of ``index``,
    which of a large corpus is the part around this question.

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
    """Puts questions to a collection. Safe to call from several threads."""

    def __init__(
        self,
        collection: Collection,
        vocabulary: Vocabulary,
        calibration: Calibration,
        without: Names[Ingredient] = (),
    ) -> None:
        self.collection = collection
        self._calibration = calibration
        self._passage_weights = calibration.passages.without(without)
        self._sentence_weights = calibration.sentences.without(without)
        self._without = frozenset(without)
        self._reader = QueryReader(vocabulary, collection.words, without)
        self._surroundings = collection.surroundings(without)

    def read(self, question: str) -> Query:
        """What ``question`` mentions and in which language, without searching."""
        return self._reader.read(question)

    def stand_alone(self, question: str, earlier_questions: Sequence[str]) -> str:
        """``question``, with those before it when it leans on them."""
        without = Ingredient.FOLLOW_UPS in self._without
        return question if without else stand_alone_question(question, earlier_questions, self.read)

    def search(self, question: str) -> Retrieval:
        """Score every passage and sentence around ``question``. Raises ``IngestError`` when a store cannot be read."""
        query = self._reader.read(question)
        vector = self.collection.embedder.query(query.text_to_embed)
        around = self._surroundings.of(vector, query.text_to_match)
        by_passage = _passage_signals(query, around)
        relevance = self._passage_weights.relevance(by_passage)
        by_sentence = _sentence_signals(query, around, relevance)
        return Retrieval(
            index=around.index,
            query=query,
            passage_signals=by_passage,
            sentence_signals=by_sentence,
            passage_relevance=relevance,
            sentence_relevance=self._sentence_weights.relevance(by_sentence),
            passage_similarity=around.index.vectors.passages @ vector,
            signals=self._signals(around, by_passage, best=int(relevance.argmax())),
            calibration=self._calibration,
        )

    def _signals(self, around: Around, by_passage: dict[str, Vectors], best: int) -> Signals:
        """``best`` is the row of the most relevant passage. Where nobody collected questions for it, those collected
        for others say nothing of whether it answers."""
        likenesses = around.likenesses
        has_questions = bool(around.is_asked_about[best])
        has_sentences = Ingredient.SENTENCES not in self._without
        has_words = Ingredient.WORDS not in self._without
        return Signals(
            answered=likenesses.answered if has_questions else None,
            unanswered=likenesses.unanswered if has_questions else None,
            near=likenesses.near if has_questions else None,
            sentence=float(likenesses.sentences.max(initial=-1.0)) if has_sentences else None,
            words=float(by_passage["stems"].max(initial=0.0)) if has_words else None,
        )


def _passage_signals(query: Query, around: Around) -> dict[str, Vectors]:
    likenesses = around.likenesses
    return {
        "passage": likenesses.passages,
        "sentence": likenesses.best_sentences,
        "questions": likenesses.passage_questions,
        "stems": around.words.stems.relevance(query.text_to_match),
        "letter_groups": around.words.groups.relevance(query.text_to_match),
    }


def _sentence_signals(query: Query, around: Around, relevance: Vectors) -> dict[str, Vectors]:
    likenesses = around.likenesses
    return {
        "sentence": likenesses.sentences,
        "questions": likenesses.sentence_questions,
        "letter_groups": around.words.sentence_groups.relevance(query.text_to_match),
        "passage": relevance[around.index.passage_of_sentence],
        "question_mark": around.index.ends_in_question_mark,
    }


class HybridRetriever(BaseRetriever):
    """A ``Searcher`` as an ordinary LangChain retriever of ``k`` documents."""

    model_config = ConfigDict(arbitrary_types_allowed=True, frozen=True)

    searcher: Searcher
    k: int = 4

    @property
    def collection(self) -> Collection:
        return self.searcher.collection

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
