"""Retrievals made to order, and where in the articles each sentence of a reply stands."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from fakes import FakeEmbedder

from assistant.answer import Citation, Sentence, Shape
from assistant.collection import Whole
from assistant.confidence import Calibration, Risk, SignalNumbers, Signals
from assistant.ingredients import Ingredient
from assistant.query import Query
from assistant.ranking import PassageWeights, SentenceWeights
from assistant.retrieve import HybridRetriever, Retrieval, Searcher
from assistant.vocabulary import Vocabulary, load_vocabulary
from ingest import sentences as source
from ingest.embed import Vectors
from ingest.index import Index
from ingest.manifest import ModelCard
from ingest.passage import Passage

NO_SIGNALS = Signals(answered=None, unanswered=None, near=None, sentence=None, words=None)
NO_NUMBERS = SignalNumbers(answered=0, unanswered=0, near=0, sentence=0, words=0)
# Every signal of relevance weighs the same; confidence is one half, whatever was asked.
ALWAYS_SURE = Calibration(
    model=ModelCard.of(FakeEmbedder()),
    passages=PassageWeights(passage=1, sentence=1, questions=1, stems=1, letter_groups=1),
    sentences=SentenceWeights(sentence=1, questions=1, letter_groups=1, passage=1, question_mark=-1),
    weights=NO_NUMBERS,
    usual=NO_NUMBERS,
    intercept=0,
    thresholds=dict.fromkeys(Risk, 0.0),
)
NEVER_SURE = ALWAYS_SURE.model_copy(update={"thresholds": dict.fromkeys(Risk, 1.0)})


@cache
def packaged_vocabulary() -> Vocabulary:
    return load_vocabulary()


def searcher(index: Index, calibration: Calibration = ALWAYS_SURE, without: Collection[Ingredient] = ()) -> Searcher:
    """With the words that the practice's own visitors use."""
    return Searcher(Whole(index), packaged_vocabulary(), calibration, without)


def hybrid_retriever(index: Index, calibration: Calibration = ALWAYS_SURE) -> HybridRetriever:
    return HybridRetriever(searcher=searcher(index, calibration))


def retrieval(
    index: Index,
    question: str = "Wat helpt?",
    sentence_relevance: Mapping[int, float] | Vectors | None = None,
    passage_relevance: Mapping[int, float] | Vectors | None = None,
) -> Retrieval:
    """Relevances by row; what is not named has none."""
    return Retrieval(
        index=index,
        query=Query(question),
        passage_signals={},
        sentence_signals={},
        passage_relevance=_vector(passage_relevance, len(index.passages)),
        sentence_relevance=_vector(sentence_relevance, len(index.sentence_rows)),
        passage_similarity=np.zeros(len(index.passages), dtype=np.float32),
        signals=NO_SIGNALS,
        calibration=ALWAYS_SURE,
    )


def row_of(index: Index, opening: str) -> int:
    """The one sentence that opens like this."""
    (row,) = (row for row, each in enumerate(index.sentence_rows) if index.wording(each).startswith(opening))
    return row


@dataclass(frozen=True)
class Placed:
    """A sentence of a reply and the stretch of the article that it was taken from."""

    sentence: Sentence
    passage: Passage
    start: int
    end: int

    @property
    def is_lead_in(self) -> bool:
        return self.sentence.shape is Shape.LEAD_IN

    @property
    def position(self) -> int:
        """Which of the passage's sentences this is; a lead-in is none of them."""
        return [(each.start, each.end) for each in self.passage.sentences].index((self.start, self.end))

    @property
    def source(self) -> source.Sentence:
        return self.passage.sentences[self.position]


def placed(index: Index, sentences: Sequence[Sentence], citations: Sequence[Citation]) -> list[Placed]:
    """Every sentence found back in its quote, behind the one before it; ``ValueError`` for one that is not there."""
    passages = {passage.id: passage for passage in index.passages}
    by_number = {citation.number: citation for citation in citations}
    read: dict[int, int] = {}
    found = []
    for sentence in sentences:
        (number,) = sentence.citations
        citation = by_number[number]
        offset = citation.quote.index(sentence.text, read.get(number, 0))
        read[number] = offset + len(sentence.text)
        start = citation.start + offset
        found.append(Placed(sentence, passages[citation.passage_id], start, start + len(sentence.text)))
    return found


def _vector(relevance: Mapping[int, float] | Vectors | None, rows: int) -> Vectors:
    if isinstance(relevance, np.ndarray):
        return relevance
    vector = np.zeros(rows, dtype=np.float32)
    for row, value in (relevance or {}).items():
        vector[row] = value
    return vector
