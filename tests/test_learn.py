"""What is learned from questions whose answers are known: the signal that tells weighs, noise does not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.evaluation.learn import Ranked, cut_that_refuses, learn_confidence, learn_weights
from assistant.ranking import standard_scores

CANDIDATES = 20
shares = st.floats(0, 1)
chances = st.floats(0, 0.999)


def examples(number: int = 100, *, tells: float = 3.0, against: float = 0.0, seed: int = 0) -> list[Ranked]:
    """One candidate of each is right: ``telling`` is higher for it, ``opposing`` lower, ``noise`` knows nothing."""
    random = np.random.default_rng(seed)
    made = []
    for _ in range(number):
        is_gold = np.zeros(CANDIDATES, dtype=bool)
        is_gold[random.integers(CANDIDATES)] = True
        noise = random.normal(size=(3, CANDIDATES)).astype(np.float32)
        signals = {"telling": noise[0] + tells * is_gold, "noise": noise[1], "opposing": noise[2] - against * is_gold}
        made.append(Ranked(signals, is_gold))
    return made


def share_found(weights: dict[str, float], asked: list[Ranked]) -> float:
    """Of the questions, those whose most relevant candidate is right."""
    relevances = [
        sum(weight * standard_scores(each.signals[name]) for name, weight in weights.items()) for each in asked
    ]
    right = [each.is_gold[int(np.argmax(relevance))] for each, relevance in zip(asked, relevances, strict=True)]
    return sum(right) / len(right)


# Weights


def test_the_signal_that_tells_weighs_most_and_noise_next_to_nothing() -> None:
    weights = learn_weights(examples())
    assert weights["telling"] > 1
    assert weights["telling"] > 5 * weights["noise"]


def test_a_signal_that_tells_more_weighs_more() -> None:
    assert learn_weights(examples(tells=3))["telling"] > learn_weights(examples(tells=1))["telling"] > 0.3


def test_what_was_learned_finds_the_right_candidate_of_other_questions() -> None:
    unseen = examples(seed=1)
    learned = share_found(learn_weights(examples()), unseen)
    assert learned > share_found({"telling": 1, "noise": 1, "opposing": 1}, unseen) + 0.1


def test_two_signals_that_both_tell_share_the_weight() -> None:
    doubled = [Ranked(each.signals | {"again": each.signals["telling"]}, each.is_gold) for each in examples()]
    weights = learn_weights(doubled)
    assert weights["telling"] == pytest.approx(weights["again"], abs=0.01)
    assert weights["telling"] > 0.5


def test_only_a_signal_that_may_tell_against_gets_a_weight_below_zero() -> None:
    asked = examples(against=3.0)
    assert learn_weights(asked)["opposing"] == 0
    assert learn_weights(asked, free=("opposing",))["opposing"] < -0.5


def test_a_signal_on_a_larger_scale_gets_the_same_weight() -> None:
    scaled = [
        Ranked(each.signals | {"telling": 1000 * each.signals["telling"] + 5}, each.is_gold) for each in examples()
    ]
    assert learn_weights(scaled) == pytest.approx(learn_weights(examples()), abs=0.02)


def test_several_right_candidates_are_all_right() -> None:
    """Of two that are right it is enough that one is found."""
    random = np.random.default_rng(0)
    made = []
    for each in examples():
        is_gold = each.is_gold.copy()
        is_gold[random.choice(np.flatnonzero(~is_gold))] = True
        made.append(Ranked(each.signals, is_gold))
    weights = learn_weights(made)
    assert weights["telling"] > 1
    assert weights["telling"] > 5 * weights["noise"]


def test_questions_without_a_right_candidate_teach_nothing() -> None:
    useless = [Ranked(each.signals, np.zeros(CANDIDATES, dtype=bool)) for each in examples(seed=2)]
    assert learn_weights([*useless, *examples()]) == learn_weights(examples())


def test_the_order_of_the_questions_does_not_matter() -> None:
    assert learn_weights(examples()[::-1]) == pytest.approx(learn_weights(examples()), abs=0.005)


@settings(max_examples=20)
@given(st.integers(0, 2**32 - 1), st.floats(-2, 2))
def test_no_weight_is_below_zero_whatever_is_learned_from(seed: int, tells: float) -> None:
    weights = learn_weights(examples(20, tells=tells, against=tells, seed=seed))
    assert list(weights) == ["telling", "noise", "opposing"]
    assert min(weights.values()) >= 0
    assert np.isfinite(list(weights.values())).all()


# Confidence


def features(number: int = 200, share: float = 0.5, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Three signals: the first speaks for an answer, the second against it, the third is always the same."""
    random = np.random.default_rng(seed)
    is_answerable = random.random(number) < share
    signal = np.where(is_answerable, 1.0, -1.0)
    columns = [signal + random.normal(size=number), 500 - 100 * signal + 100 * random.normal(size=number)]
    return np.column_stack([*columns, np.full(number, 7.0)]), is_answerable


def confidences(found: np.ndarray, weights: tuple[float, ...], intercept: float) -> np.ndarray:
    return 1 / (1 + np.exp(-(intercept + found @ np.array(weights))))


def test_what_speaks_for_an_answer_has_a_weight_above_zero_and_what_speaks_against_it_below() -> None:
    found, is_answerable = features()
    fitted = learn_confidence(found, is_answerable)
    assert fitted.weights[0] > 0 > fitted.weights[1]


def test_a_signal_that_is_always_the_same_weighs_nothing() -> None:
    assert learn_confidence(*features()).weights[2] == 0


def test_confidence_tells_answerable_questions_that_it_was_not_taught_from_others() -> None:
    fitted = learn_confidence(*features())
    found, is_answerable = features(seed=1)
    chance = confidences(found, fitted.weights, fitted.intercept)
    assert chance[is_answerable].mean() > chance[~is_answerable].mean() + 0.5


def test_how_many_of_each_side_there_are_does_not_move_the_chance() -> None:
    halves, few = (learn_confidence(*features(2_000, share)) for share in (0.5, 0.2))
    found, _ = features(seed=1)
    chance = confidences(found, halves.weights, halves.intercept)
    np.testing.assert_allclose(chance, confidences(found, few.weights, few.intercept), atol=0.1)


def test_each_confidence_is_of_a_model_that_was_not_taught_that_question() -> None:
    """On pure noise a model that was taught its own questions would tell them apart."""
    random = np.random.default_rng(0)
    noise, is_answerable = random.normal(size=(60, 15)), np.arange(60) % 2 == 0
    fitted = learn_confidence(noise, is_answerable)
    taught = confidences(noise, fitted.weights, fitted.intercept)
    apart = [each[is_answerable].mean() - each[~is_answerable].mean() for each in (taught, fitted.confidences)]
    assert apart[0] > 0.1 > apart[1]


def test_learning_twice_gives_the_same() -> None:
    one, other = learn_confidence(*features()), learn_confidence(*features())
    assert (one.weights, one.intercept) == (other.weights, other.intercept)
    np.testing.assert_array_equal(one.confidences, other.confidences)


# The threshold


@given(shares, st.lists(st.tuples(chances, st.booleans()), min_size=1, max_size=60))
def test_the_threshold_refuses_at_least_the_share(share: float, asked: list[tuple[float, bool]]) -> None:
    confidence = np.array([chance for chance, _ in asked])
    is_refused = np.array([refused for _, refused in asked])
    cut = cut_that_refuses(share, confidence, is_refused)
    assert 0 <= cut <= 1
    assert np.mean(is_refused | (confidence < cut)) >= share - 1e-9


@given(shares, st.lists(st.integers(0, 98), min_size=1, max_size=40, unique=True))
def test_the_threshold_is_no_higher_than_it_must_be(share: float, hundredths: list[int]) -> None:
    confidence = np.array(hundredths) / 100
    cut = cut_that_refuses(share, confidence, np.zeros(len(confidence), dtype=bool))
    a_step_lower = cut - 0.01
    assert cut == 0 or np.mean(confidence < a_step_lower) < share


@pytest.mark.parametrize(
    ("share", "refused", "cut"),
    [(1.0, [], 0.5001), (0.75, [], 0.4001), (0.5, [], 0.3001), (0.0, [], 0.0), (0.75, [3], 0.3001), (0.5, [2, 3], 0.0)],
)
def test_what_the_rules_refuse_already_lowers_the_threshold(share: float, refused: list[int], cut: float) -> None:
    is_refused = np.isin(np.arange(4), refused)
    assert cut_that_refuses(share, np.array([0.2, 0.3, 0.4, 0.5]), is_refused) == cut
