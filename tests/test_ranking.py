"""Signals on different scales are brought to one and added; each has its own weight, or none."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from assistant.ingredients import Ingredient
from assistant.ranking import PassageWeights, SentenceWeights, Weights, standard_scores

PASSAGE = PassageWeights(passage=1.0, sentence=2.0, questions=3.0, stems=4.0, letter_groups=5.0)
SENTENCE = SentenceWeights(sentence=1.0, questions=2.0, letter_groups=3.0, passage=4.0, question_mark=-0.5)
values = st.lists(st.integers(-100, 100), min_size=2, max_size=50).filter(lambda each: len(set(each)) > 1)


def vector(*numbers: float) -> np.ndarray:
    return np.array(numbers, dtype=np.float32)


def signals_of(weights: Weights, rows: int = 6) -> dict[str, np.ndarray]:
    random = np.random.default_rng(1)
    return {name: random.normal(size=rows).astype(np.float32) for name in type(weights).model_fields}


# Standard scores


@given(st.floats(-1e6, 1e6, width=32), st.integers(1, 50))
def test_standard_scores_of_equal_values_are_zeros(value: float, count: int) -> None:
    assert standard_scores(np.full(count, value, dtype=np.float32)).tolist() == [0] * count


@given(values)
def test_standard_scores_have_mean_zero_and_deviation_one_and_keep_the_order(given_values: list[int]) -> None:
    scores = standard_scores(np.array(given_values, dtype=np.float32))
    assert scores.mean() == pytest.approx(0, abs=1e-4)
    assert scores.std() == pytest.approx(1, abs=1e-4)
    order = np.argsort(given_values, kind="stable")
    assert (np.diff(scores[order]) >= 0).all()


@given(values, st.integers(1, 50), st.integers(-1000, 1000))
def test_standard_scores_do_not_know_the_scale(given_values: list[int], factor: int, offset: int) -> None:
    one = standard_scores(np.array(given_values, dtype=np.float32))
    other = standard_scores(np.array(given_values, dtype=np.float32) * factor + offset)
    np.testing.assert_allclose(one, other, atol=1e-2)


# Relevance


def test_relevance_is_the_sum_of_the_standard_scores_each_by_the_weight_of_its_name() -> None:
    signals = signals_of(PASSAGE)
    weights = {"passage": 1, "sentence": 2, "questions": 3, "stems": 4, "letter_groups": 5}
    expected = sum(weight * standard_scores(signals[name]) for name, weight in weights.items())
    np.testing.assert_allclose(PASSAGE.relevance(signals), expected, atol=1e-5)
    turned = dict(reversed(list(signals.items())))
    np.testing.assert_allclose(PASSAGE.relevance(turned), expected, atol=1e-5)


def test_a_signal_of_large_numbers_counts_for_no_more_than_its_weight() -> None:
    nothing = dict.fromkeys(PassageWeights.model_fields, vector(1, 1, 1))
    even = PassageWeights(**dict.fromkeys(PassageWeights.model_fields, 1.0))
    relevance = even.relevance(nothing | {"passage": vector(0.1, 0.2, 0.3), "stems": vector(3000, 2000, 1000)})
    np.testing.assert_allclose(relevance, [0, 0, 0], atol=1e-5)


def test_a_weight_below_zero_takes_off() -> None:
    nothing = dict.fromkeys(SentenceWeights.model_fields, vector(1, 1))
    first, second = SENTENCE.relevance(nothing | {"question_mark": vector(1, 0)})
    assert first < second


def test_where_all_candidates_are_alike_none_is_more_relevant() -> None:
    assert PASSAGE.relevance(dict.fromkeys(PassageWeights.model_fields, vector(2, 2, 2))).tolist() == [0, 0, 0]


def test_a_signal_without_weight_is_not_needed() -> None:
    weights = PASSAGE.model_copy(update={"stems": 0.0})
    signals = signals_of(weights)
    bare = {name: each for name, each in signals.items() if name != "stems"}
    np.testing.assert_array_equal(weights.relevance(bare), weights.relevance(signals))


def test_a_signal_that_has_a_weight_is() -> None:
    with pytest.raises(KeyError, match="stems"):
        PASSAGE.relevance({name: each for name, each in signals_of(PASSAGE).items() if name != "stems"})


# Without


@pytest.mark.parametrize(
    ("ingredient", "passage", "sentence"),
    [
        (Ingredient.QUESTIONS, {"questions"}, {"questions"}),
        (Ingredient.SENTENCES, {"sentence"}, {"sentence"}),
        (Ingredient.WORDS, {"stems", "letter_groups"}, {"letter_groups"}),
    ],
)
def test_without_an_ingredient_its_signals_weigh_nothing_and_others_as_before(
    ingredient: Ingredient, passage: set[str], sentence: set[str]
) -> None:
    assert PASSAGE.without({ingredient}) == PASSAGE.model_copy(update=dict.fromkeys(passage, 0.0))
    assert SENTENCE.without({ingredient}) == SENTENCE.model_copy(update=dict.fromkeys(sentence, 0.0))


@pytest.mark.parametrize(
    "ingredient",
    [each for each in Ingredient if each not in (Ingredient.QUESTIONS, Ingredient.SENTENCES, Ingredient.WORDS)],
)
def test_an_ingredient_that_makes_no_signal_changes_no_weight(ingredient: Ingredient) -> None:
    assert (PASSAGE.without({ingredient}), SENTENCE.without({ingredient})) == (PASSAGE, SENTENCE)


def test_without_nothing_and_without_everything() -> None:
    assert PASSAGE.without(()) == PASSAGE
    assert PASSAGE.without(Ingredient).model_dump() == PASSAGE.model_dump() | dict.fromkeys(
        ("sentence", "questions", "stems", "letter_groups"), 0.0
    )


# As a file


@pytest.mark.parametrize("weights", [PASSAGE, SENTENCE])
@pytest.mark.parametrize("change", [{"coverage": 1.0}, {"sentence": float("nan")}, {"sentence": float("-inf")}])
def test_weights_of_other_names_or_of_no_number_are_refused(weights: Weights, change: dict[str, float]) -> None:
    with pytest.raises(ValidationError, match=next(iter(change))):
        type(weights)(**(weights.model_dump() | change))


@pytest.mark.parametrize("weights", [PASSAGE, SENTENCE])
def test_a_weight_that_is_missing_is_refused(weights: Weights) -> None:
    given_weights = weights.model_dump()
    del given_weights["questions"]
    with pytest.raises(ValidationError, match="questions"):
        type(weights)(**given_weights)
