"""How like a question is to everything in an index, in the measure that the known questions teach."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from assistant.ingredients import Ingredient
from ingest.embed import Vectors
from ingest.index import Index
from ingest.metric import Metric
from ingest.question_places import UNANSWERED
from ingest.store import AskedQuestions

# One question that happens to use the same words says less than three that do.
_BEST = 3
# What is asked in this region: wide enough that no one subject fills it.
_NEAREST = 60

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Likenesses:
    """To one question, −1 to 1, row for row with the index.

    ``passage_questions`` and ``sentence_questions`` are the means of the best three known questions that each answers;
    where there are none, the sentences themselves take their place. ``answered`` and ``unanswered`` are the means of
    the best three of all that are, None without any; ``near`` is the share (0 to 1) of answered ones among the nearest
    sixty, None where not both kinds are known.
    """

    passages: Vectors
    best_sentences: Vectors
    passage_questions: Vectors
    sentences: Vectors
    sentence_questions: Vectors
    answered: float | None
    unanswered: float | None
    near: float | None


@dataclass(frozen=True)
class InCorpus:
    """The metric of a whole corpus, and in its space the vectors of the known questions of a part, by their row."""

    metric: Metric
    questions: Vectors


class Likeness:
    """The vectors of an index in the space of its metric. Immutable."""

    def __init__(self, index: Index, without: Collection[Ingredient] = (), corpus: "InCorpus | None" = None) -> None:
        """``corpus`` is what is known in all of it, when ``index`` is a part."""
        if corpus is None:
            metric = Metric.plain(index.embedder.dimension) if Ingredient.METRIC in without else index.metric
            corpus = InCorpus(metric, metric.of(index.vectors.questions))
        self._metric = corpus.metric
        self._passage_of_sentence = index.passage_of_sentence
        self._passages = corpus.metric.of(index.vectors.passages)
        self._sentences = corpus.metric.of(index.vectors.sentences)
        kept = np.array([_is_used(passage, without) for passage in index.passage_of_question], dtype=bool)
        self._questions = corpus.questions[kept]
        self._passage_of_question = index.passage_of_question[kept]
        asked = [question.sentences for question, is_kept in zip(index.questions, kept, strict=True) if is_kept]
        rows = np.fromiter(chain(*asked), dtype=np.int64)
        counts = np.array([len(sentences) for sentences in asked], dtype=np.int64)
        self._pairs = np.repeat(np.arange(len(asked)), counts), rows

    def to(self, vector: Vectors) -> Likenesses:
        """``vector`` (dimension,) as the embedder gave it."""
        measured = self._metric.of(vector)
        passages, sentences = self._passages @ measured, self._sentences @ measured
        questions: Vectors = self._questions @ measured
        best = best_of_groups(sentences, self._passage_of_sentence, len(passages), count=1)
        is_answered = self._passage_of_question != UNANSWERED
        of_passages = self._passage_of_question[is_answered]
        of_pairs, rows = self._pairs
        passage_questions = best_of_groups(questions[is_answered], of_passages, len(passages), _BEST)
        sentence_questions = best_of_groups(questions[of_pairs], rows, len(sentences), _BEST)
        return Likenesses(
            passages=passages,
            best_sentences=best,
            passage_questions=np.where(np.isnan(passage_questions), best, passage_questions),
            sentences=sentences,
            sentence_questions=np.where(np.isnan(sentence_questions), sentences, sentence_questions),
            answered=_mean_of_best(questions[is_answered]),
            unanswered=_mean_of_best(questions[~is_answered]),
            near=_share_near(questions, is_answered),
        )


@dataclass(frozen=True)
class Known:
    """How like one question is to all known ones; the three are as in ``Likenesses``."""

    answered: float | None
    unanswered: float | None
    near: float | None
    likenesses: Vectors
    passages: Sequence[str]

    def nearest_passages(self, count: int) -> list[str]:
        """The ids of the passages that answer the nearest ``count`` known questions."""
        order = np.argsort(-self.likenesses, kind="stable")[:count]
        return list(dict.fromkeys(self.passages[row] for row in order if self.passages[row]))


class KnownQuestions:
    """All known questions of a corpus in the space of its metric. Immutable."""

    def __init__(self, questions: AskedQuestions, metric: Metric, without: Collection[Ingredient] = ()) -> None:
        self._metric = metric
        self._vectors = metric.of(questions.vectors)
        passages = [asked.passage_id for asked in questions.asked]
        self._is_kept = np.array([_is_kept(passage, without) for passage in passages], dtype=bool)
        self._passages = [passage for passage in passages if _is_kept(passage, without)]
        self._is_answered = np.array([bool(passage) for passage in self._passages], dtype=bool)

    def of_part(self, rows: Sequence[int]) -> InCorpus:
        """``rows`` are of the questions that the part has."""
        return InCorpus(self._metric, self._vectors[rows])

    def to(self, vector: Vectors) -> Known:
        """``vector`` (dimension,) as the embedder gave it."""
        likenesses: Vectors = (self._vectors @ self._metric.of(vector))[self._is_kept]
        return Known(
            _mean_of_best(likenesses[self._is_answered]),
            _mean_of_best(likenesses[~self._is_answered]),
            _share_near(likenesses, self._is_answered),
            likenesses,
            self._passages,
        )


def metric_of(questions: AskedQuestions, dimension: int, without: Collection[Ingredient] = ()) -> Metric:
    """What the known questions of a corpus teach, as ``Index.metric`` does for one in memory."""
    rows = [row for row, asked in enumerate(questions.asked) if asked.passage_id]
    if Ingredient.METRIC in without or not rows:
        return Metric.plain(dimension)
    numbers: dict[str, int] = {}
    answers = [numbers.setdefault(questions.asked[row].passage_id, len(numbers)) for row in rows]
    return Metric.learn(questions.vectors[rows], np.array(answers, dtype=np.int64))


def best_of_groups(values: Vectors, groups: Rows, number: int, count: int) -> Vectors:
    """The mean of the ``count`` highest values of each group (0 to ``number`` − 1); NaN for a group without any."""
    order = np.lexsort((-values, groups))
    ordered = groups[order]
    is_first = np.r_[True, ordered[1:] != ordered[:-1]][: len(ordered)]
    first = np.maximum.accumulate(np.where(is_first, np.arange(len(ordered)), 0))
    taken = np.arange(len(ordered)) - first < count
    sums, counts = np.zeros(number), np.zeros(number)
    np.add.at(sums, ordered[taken], values[order][taken])
    np.add.at(counts, ordered[taken], 1)
    means = np.full(number, np.nan, dtype=np.float32)
    np.divide(sums, counts, out=means, where=counts > 0, casting="same_kind")
    return means


def _mean_of_best(values: Vectors) -> float | None:
    return float(np.sort(values)[-_BEST:].mean()) if len(values) else None


def _share_near(values: Vectors, is_answered: NDArray[np.bool_]) -> float | None:
    if is_answered.all() or not is_answered.any():
        return None
    return float(is_answered[np.argsort(-values, kind="stable")[:_NEAREST]].mean())


def _is_used(passage: int, without: Collection[Ingredient]) -> bool:
    return (Ingredient.UNANSWERED if passage == UNANSWERED else Ingredient.QUESTIONS) not in without


def _is_kept(passage_id: str, without: Collection[Ingredient]) -> bool:
    return (Ingredient.QUESTIONS if passage_id else Ingredient.UNANSWERED) not in without
