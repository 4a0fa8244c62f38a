"""Question → passages and sentences by relevance, and a confidence.

Dense and word signals are brought to one scale per question (standard scores over all candidates) and added. The
weights were chosen by grid search on the tuning half of the development questions; see docs/evaluation.md.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from assistant.confidence import Calibration, Signals
from ingest.embed import Vectors
from ingest.index import Index
from ingest.passage import Passage

_SAME = 1e-6


@dataclass(frozen=True, slots=True)
class Weights:
    """What each signal adds to the relevance of a passage, and of a sentence."""

    passage_similarity: float = 1.5
    best_sentence_similarity: float = 0.5
    stems: float = 0.2
    letter_groups: float = 0.6

    sentence_similarity: float = 1.0
    sentence_letter_groups: float = 0.4
    passage: float = 1.0
    question_mark: float = -0.8


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found. ``relevance`` orders hits of one question; it means nothing between questions."""

    passage: Passage
    relevance: float
    similarity: float


@dataclass(frozen=True)
class Retrieval:
    """What was found for one question. The relevances are row for row with the index's passages and sentences."""

    index: Index
    question: str
    passage_relevance: Vectors
    sentence_relevance: Vectors
    passage_similarity: Vectors
    signals: Signals
    calibration: Calibration

    @property
    def confidence(self) -> float:
        return self.calibration.confidence(self.signals)

    @property
    def is_confident(self) -> bool:
        return self.confidence >= self.calibration.threshold

    @cached_property
    def hits(self) -> tuple[Hit, ...]:
        """All passages, the most relevant first."""
        return tuple(
            Hit(self.index.passages[row], float(self.passage_relevance[row]), float(self.passage_similarity[row]))
            for row in np.argsort(-self.passage_relevance, kind="stable")
        )


class HybridRetriever(BaseRetriever):
    """Dense and word retrieval over an ``Index``, fused; an ordinary LangChain retriever of ``k`` documents."""

    model_config = ConfigDict(arbitrary_types_allowed=True, frozen=True)

    index: Index
    calibration: Calibration
    weights: Weights = Weights()
    k: int = 4

    def retrieve(self, question: str) -> Retrieval:
        """Score every passage and sentence for ``question``."""
        index = self.index
        vector = index.embedder.query(question)
        passages = index.passage_store.similarities(vector)
        sentences = index.sentence_store.similarities(vector)
        stems = index.lexical.stems.relevance(question)
        groups = index.lexical.groups.relevance(question)
        relevance = self._passage_relevance(passages, sentences, stems, groups)
        return Retrieval(
            index=index,
            question=question,
            passage_relevance=relevance,
            sentence_relevance=self._sentence_relevance(question, sentences, relevance),
            passage_similarity=passages,
            signals=Signals(
                sentence=float(sentences.max(initial=-1.0)),
                bm25=float(stems.max(initial=0.0)),
                coverage=index.lexical.groups.coverage(question, int(relevance.argmax())),
            ),
            calibration=self.calibration,
        )

    def _passage_relevance(self, passages: Vectors, sentences: Vectors, stems: Vectors, groups: Vectors) -> Vectors:
        best = np.full(len(passages), -1.0, dtype=np.float32)
        np.maximum.at(best, self.index.passage_of_sentence, sentences)
        weights = self.weights
        relevance: Vectors = (
            weights.passage_similarity * standard_scores(passages)
            + weights.best_sentence_similarity * standard_scores(best)
            + weights.stems * standard_scores(stems)
            + weights.letter_groups * standard_scores(groups)
        )
        return relevance

    def _sentence_relevance(self, question: str, sentences: Vectors, passage_relevance: Vectors) -> Vectors:
        weights = self.weights
        relevance: Vectors = (
            weights.sentence_similarity * standard_scores(sentences)
            + weights.sentence_letter_groups * standard_scores(self.index.lexical.sentence_groups.relevance(question))
            + weights.passage * passage_relevance[self.index.passage_of_sentence]
            + weights.question_mark * self.index.ends_in_question_mark
        )
        return relevance

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


def standard_scores(values: Vectors) -> Vectors:
    """Zero mean, unit deviation; all zeros when the values are equal."""
    if np.ptp(values) < _SAME:  # not the deviation: rounding gives large equal values one
        return np.zeros_like(values)
    scores: Vectors = (values - values.mean()) / values.std()
    return scores
