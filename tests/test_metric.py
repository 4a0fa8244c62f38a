"""The measure of likeness: questions with the same answer come nearer, and it is never worse than no measure."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ingest.embed import Vectors
from ingest.metric import Metric

DIMENSION = 8
NUMBERS = st.floats(-1, 1, width=32)
ROWS = arrays(np.float32, st.tuples(st.integers(1, 120), st.just(DIMENSION)), elements=NUMBERS)
SEEDS = st.integers(0, 2**32 - 1)


def unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.where(lengths > 1e-6, vectors / np.maximum(lengths, 1e-6), np.eye(1, DIMENSION)).astype(np.float32)


def asked(seed: int, *, answers: int = 12, ways: int = 10) -> tuple[Vectors, np.ndarray]:
    """Questions that differ by answer in half of the directions, and more by the way they are asked in the others."""
    random = np.random.default_rng(seed)
    groups = np.repeat(np.arange(answers), ways)
    meaning = np.pad(random.normal(size=(answers, DIMENSION // 2)), ((0, 0), (0, DIMENSION // 2)))[groups]
    manner = np.pad(random.normal(size=(len(groups), DIMENSION // 2)), ((0, 0), (DIMENSION // 2, 0)))
    return unit(meaning + 3 * manner), groups


def likeness_within_and_between(measured: Vectors, groups: np.ndarray) -> tuple[float, float]:
    """The mean likeness of two questions with the same answer, and of two with another."""
    likeness = measured @ measured.T
    same = groups[:, None] == groups
    apart = ~np.eye(len(groups), dtype=bool)
    return float(likeness[same & apart].mean()), float(likeness[~same].mean())


@given(rows=ROWS)
def test_the_plain_metric_is_the_cosine(rows: Vectors) -> None:
    vectors = unit(rows)
    measured = Metric.plain(DIMENSION).of(vectors)
    assert np.allclose(measured @ measured.T, vectors @ vectors.T, atol=1e-5)


@given(seed=SEEDS)
def test_what_is_measured_has_length_1_alone_and_in_rows(seed: int) -> None:
    vectors, groups = asked(seed)
    metric = Metric.learn(vectors, groups)
    measured = metric.of(vectors)
    assert measured.dtype == np.float32 and measured.shape == vectors.shape
    assert np.allclose(np.linalg.norm(measured, axis=1), 1, atol=1e-5)
    assert np.allclose(metric.of(vectors[0]), measured[0], atol=1e-5)


@given(seed=SEEDS)
def test_questions_with_the_same_answer_stand_out_more_than_by_the_cosine(seed: int) -> None:
    vectors, groups = asked(seed)
    same, other = likeness_within_and_between(Metric.learn(vectors, groups).of(vectors), groups)
    plain_same, plain_other = likeness_within_and_between(vectors, groups)
    assert same - other > plain_same - plain_other


@given(seed=SEEDS)
def test_the_order_of_the_questions_and_the_names_of_the_answers_make_no_difference(seed: int) -> None:
    vectors, groups = asked(seed)
    order = np.random.default_rng(seed).permutation(len(groups))
    metric = Metric.learn(vectors, groups)
    other = Metric.learn(vectors[order], 1000 - 7 * groups[order])
    assert np.allclose(metric.of(vectors), other.of(vectors), atol=1e-3)


@pytest.mark.parametrize("questions", [0, 1, 49])
def test_too_few_questions_teach_nothing(questions: int) -> None:
    vectors, groups = asked(1)
    learned = Metric.learn(vectors[:questions], groups[:questions])
    assert np.array_equal(learned.transform, np.eye(DIMENSION)) and not learned.centre.any()


@given(rows=ROWS, apart=st.booleans())
def test_questions_that_share_no_answer_or_no_difference_teach_nothing(rows: Vectors, apart: bool) -> None:
    vectors = unit(rows) if apart else np.repeat(unit(rows), 60, axis=0)
    groups = np.arange(len(vectors)) if apart else np.repeat(np.arange(len(rows)), 60)
    assert np.array_equal(Metric.learn(vectors, groups).transform, np.eye(DIMENSION))


@given(rows=ROWS, groups=st.lists(st.integers(-1, 3), min_size=120, max_size=120), new=ROWS)
def test_whatever_is_asked_the_measure_is_a_number_of_at_most_1(rows: Vectors, groups: list[int], new: Vectors) -> None:
    vectors = unit(rows)
    metric = Metric.learn(vectors, np.array(groups[: len(vectors)]))
    for each in (vectors, new, unit(new), metric.centre[None]):
        measured = metric.of(each)
        assert np.isfinite(measured).all()
        assert np.linalg.norm(measured, axis=1).max() <= 1 + 1e-5


def test_what_lies_at_the_centre_is_like_nothing() -> None:
    vectors, groups = asked(3)
    metric = Metric.learn(vectors, groups)
    assert not metric.of(metric.centre).any()
