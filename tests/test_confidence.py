"""The confidence: what speaks for an answer never makes it less sure; a calibration is used for its own model only."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from assistant_fakes import ALWAYS_SURE, NO_NUMBERS
from fakes import FakeEmbedder, ingest, write_article
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.confidence import OWN, PACKAGED, Calibration, Risk, SignalNumbers, Signals, load_calibration
from assistant.errors import AssistantError, CalibrationError
from ingest.embed import BUNDLED
from ingest.manifest import ModelCard

MODEL = ModelCard.of(FakeEmbedder("praktijk"))
TRAINED_ANEW = ModelCard.of(FakeEmbedder("praktijk", weights=1))
NUMBERS = {
    "weights": {"answered": 20.0, "unanswered": -30.0, "near": 4.0, "sentence": 10.0, "words": 0.2},
    "usual": {"answered": 0.4, "unanswered": 0.3, "near": 0.5, "sentence": 0.2, "words": 8.0},
    "intercept": -2.0,
    "thresholds": {"ordinary": 0.4, "raised": 0.6},
}
RANKING = json.loads(ALWAYS_SURE.model_dump_json(include={"passages", "sentences"}))
GIVEN: dict[str, Any] = json.loads(json.dumps(NUMBERS | RANKING)) | {"model": json.loads(MODEL.model_dump_json())}

likeness = st.none() | st.floats(-1, 1)
signals = st.builds(
    Signals,
    answered=likeness,
    unanswered=likeness,
    near=st.none() | st.floats(0, 1),
    sentence=likeness,
    words=st.none() | st.floats(0, 1e4),
)
numbers = st.floats(-1e3, 1e3)
calibrations = st.builds(
    lambda weights, usual, intercept: ALWAYS_SURE.model_copy(
        update={"weights": weights, "usual": usual, "intercept": intercept}
    ),
    weights=st.builds(SignalNumbers, **dict.fromkeys(SignalNumbers.model_fields, numbers)),
    usual=st.builds(SignalNumbers, **dict.fromkeys(SignalNumbers.model_fields, st.floats(-1, 1))),
    intercept=st.floats(-1e6, 1e6),
)


@pytest.fixture
def own_file(tmp_path: Path) -> Path:
    path = tmp_path / OWN
    path.write_text(json.dumps(GIVEN), "utf-8")
    return path


def packaged() -> Calibration:
    return Calibration.model_validate_json(PACKAGED.read_bytes())


# A chance


@given(calibrations, signals)
def test_confidence_is_a_chance(calibration: Calibration, found: Signals) -> None:
    assert 0 <= calibration.confidence(found) <= 1


def test_confidence_is_the_logistic_of_the_weighted_signals() -> None:
    found = Signals(answered=0.5, unanswered=0.2, near=0.75, sentence=0.1, words=5.0)
    logit = -2 + 0.5 * 20 - 0.2 * 30 + 0.75 * 4 + 0.1 * 10 + 5 * 0.2
    assert Calibration.model_validate(GIVEN).confidence(found) == pytest.approx(1 / (1 + math.exp(-logit)))


@given(calibrations, signals, st.sampled_from(sorted(Signals.model_fields)), st.floats(0, 1e3))
def test_more_of_a_signal_never_moves_the_chance_against_its_weight(
    calibration: Calibration, found: Signals, name: str, more: float
) -> None:
    before = found.model_copy(update={name: getattr(found, name) or 0.0})
    after = before.model_copy(update={name: getattr(before, name) + more})
    change = calibration.confidence(after) - calibration.confidence(before)
    assert change * math.copysign(1, getattr(calibration.weights, name)) >= -1e-9


@given(calibrations, signals)
def test_a_signal_that_is_not_there_counts_as_usual(calibration: Calibration, found: Signals) -> None:
    filled = Signals(**(calibration.usual.model_dump() | found.model_dump(exclude_none=True)))
    assert calibration.confidence(found) == calibration.confidence(filled)


def test_a_signal_of_nothing_is_not_a_signal_that_is_not_there() -> None:
    calibration = Calibration.model_validate(GIVEN)
    nothing = Signals(answered=0.0, unanswered=0.0, near=0.0, sentence=0.0, words=0.0)
    absent = Signals(answered=None, unanswered=None, near=None, sentence=None, words=None)
    assert calibration.confidence(nothing) == pytest.approx(1 / (1 + math.exp(2)))
    assert calibration.confidence(absent) != calibration.confidence(nothing)


@given(calibrations, signals, st.floats(0, 1), st.sampled_from(Risk))
@example(ALWAYS_SURE, Signals(answered=0, unanswered=0, near=0, sentence=0, words=0), 0.5, Risk.RAISED)
def test_an_answer_is_given_from_the_threshold_of_its_risk_up(
    calibration: Calibration, found: Signals, threshold: float, risk: Risk
) -> None:
    other = {each: 1 - threshold for each in Risk}
    calibration = calibration.model_copy(update={"thresholds": other | {risk: threshold}})
    assert calibration.is_confident(found, risk) is (calibration.confidence(found) >= threshold)


# Loading


def test_the_packaged_calibration_is_used_when_the_practice_made_none(tmp_path: Path) -> None:
    assert load_calibration(tmp_path, packaged().model) == packaged()


def test_the_packaged_calibration_is_for_the_packaged_model_and_asks_more_where_more_is_at_stake() -> None:
    assert packaged().model.name == BUNDLED
    assert 0 < packaged().thresholds[Risk.ORDINARY] <= packaged().thresholds[Risk.RAISED] < 1


def test_in_the_packaged_calibration_only_what_no_article_answers_speaks_against_an_answer() -> None:
    weights = packaged().weights.model_dump()
    assert weights.pop("unanswered") < 0
    assert min(weights.values()) > 0


def test_the_packaged_calibration_ranks_by_meaning_and_by_words_and_below_what_asks() -> None:
    passages, sentences = packaged().passages.model_dump(), packaged().sentences.model_dump()
    assert sentences.pop("question_mark") < 0
    assert min(*passages.values(), *sentences.values()) >= 0
    assert min(passages["questions"], passages["stems"], sentences["questions"], sentences["passage"]) > 0


def test_the_practices_own_calibration_goes_before_the_packaged_one(own_file: Path) -> None:
    assert load_calibration(own_file.parent, MODEL) == Calibration.model_validate(GIVEN)


def test_a_calibration_survives_writing_and_reading(own_file: Path) -> None:
    once = load_calibration(own_file.parent, MODEL)
    own_file.write_text(once.model_dump_json(indent=1) + "\n", "utf-8")
    assert load_calibration(own_file.parent, MODEL) == once


def test_a_calibration_stays_with_the_index_when_articles_are_read_in_again(tmp_path: Path) -> None:
    write_article(tmp_path, "a.md", "Nek", "Warmte helpt tegen een stijve nek.")
    ingest(tmp_path)
    own = tmp_path / "index" / OWN
    own.write_text(json.dumps(GIVEN), "utf-8")
    for number in range(5):
        write_article(tmp_path, "a.md", "Nek", f"Warmte helpt na {number} dagen tegen een stijve nek.")
        ingest(tmp_path)
    assert load_calibration(tmp_path / "index", MODEL) == Calibration.model_validate(GIVEN)


# Refusing


def test_a_calibration_for_another_model_is_refused_with_the_command_that_mends_it(own_file: Path) -> None:
    with pytest.raises(CalibrationError) as caught:
        load_calibration(own_file.parent, ModelCard.of(FakeEmbedder("ander")))
    for part in (str(own_file), "'praktijk'", "'ander'", "rugpijn calibrate"):
        assert part in str(caught.value)


def test_a_calibration_for_the_model_before_it_was_trained_anew_is_refused(own_file: Path) -> None:
    with pytest.raises(CalibrationError, match="'praktijk', maar met andere gewichten.*rugpijn calibrate"):
        load_calibration(own_file.parent, TRAINED_ANEW)


def test_a_calibration_for_vectors_of_another_length_is_refused(own_file: Path) -> None:
    with pytest.raises(CalibrationError, match="rugpijn calibrate"):
        load_calibration(own_file.parent, ModelCard.of(FakeEmbedder("praktijk", dimension=64)))


def test_another_model_without_a_calibration_of_its_own_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CalibrationError, match=f"'{BUNDLED}', niet voor 'praktijk'.*rugpijn calibrate"):
        load_calibration(tmp_path, MODEL)


def test_rounding_in_the_file_is_no_other_model(own_file: Path) -> None:
    rounded = MODEL.model_copy(update={"fingerprint": tuple(np.round(MODEL.fingerprint, 3).tolist())})
    assert load_calibration(own_file.parent, rounded)


def changed(**changes: object) -> bytes:
    return json.dumps(GIVEN | changes).encode()


def missing(name: str) -> bytes:
    return json.dumps({key: value for key, value in GIVEN.items() if key != name}).encode()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe\x00",
        b"[]",
        b"null",
        changed(extra=1),
        changed(thresholds={"ordinary": 1.5, "raised": 0.5}),
        changed(thresholds={"ordinary": 0.5, "raised": -0.1}),
        changed(thresholds={"ordinary": 0.5, "raised": math.nan}),
        changed(thresholds={"ordinary": 0.5}),
        changed(thresholds={}),
        changed(thresholds={"ordinary": 0.5, "raised": 0.5, "hoog": 0.5}),
        changed(intercept=math.nan),
        changed(intercept=None),
        changed(weights=GIVEN["weights"] | {"sentence": math.inf}),
        changed(weights=GIVEN["weights"] | {"coverage": 1}),
        changed(weights={"sentence": 1}),
        changed(usual=GIVEN["usual"] | {"words": None}),
        changed(passages=GIVEN["passages"] | {"coverage": 1}),
        changed(sentences={"sentence": 1}),
        changed(sentences=GIVEN["sentences"] | {"question_mark": math.nan}),
        changed(model={"name": "praktijk"}),
        *map(missing, GIVEN),
    ],
)
def test_a_broken_calibration_is_refused_and_not_replaced_by_the_packaged_one(own_file: Path, content: bytes) -> None:
    own_file.write_bytes(content)
    with pytest.raises(CalibrationError, match="onleesbaar of beschadigd") as caught:
        load_calibration(own_file.parent, MODEL)
    assert "rugpijn calibrate" in str(caught.value)


def test_a_folder_where_the_calibration_should_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / OWN).mkdir()
    with pytest.raises(AssistantError, match="onleesbaar"):
        load_calibration(tmp_path, MODEL)


@pytest.mark.parametrize(
    ("name", "value"), [("answered", math.nan), ("words", math.inf), ("sentence", "veel"), ("coverage", 0.5)]
)
def test_signals_are_numbers_or_not_there_and_no_others(name: str, value: object) -> None:
    with pytest.raises(ValueError, match=name):
        Signals(**(NO_NUMBERS.model_dump() | {name: value}))
