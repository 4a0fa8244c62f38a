"""The confidence: more evidence never makes it less sure, and a calibration is used for its own model only."""

import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.confidence import PACKAGED, Calibration, Signals, load_calibration
from assistant.errors import AssistantError, CalibrationError
from ingest.embed import BUNDLED

OWN = {
    "embedding_model": "praktijk",
    "weights": {"sentence": 70.0, "bm25": 0.5, "coverage": 2.0},
    "intercept": -60.0,
    "threshold": 0.6,
}

finite = st.floats(-1e6, 1e6)
signals = st.builds(Signals, sentence=st.floats(-1, 1), bm25=st.floats(0, 1e4), coverage=st.floats(0, 1))
positive = st.floats(0, 1e3)
calibrations = st.builds(
    Calibration,
    embedding_model=st.just("praktijk"),
    weights=st.builds(Signals, sentence=positive, bm25=positive, coverage=positive),
    intercept=finite,
    threshold=st.floats(0, 1),
)


@pytest.fixture
def own_file(tmp_path: Path) -> Path:
    path = tmp_path / "calibration.json"
    path.write_text(json.dumps(OWN), "utf-8")
    return path


@given(calibrations, signals, st.sampled_from(sorted(Signals.model_fields)), st.floats(0, 1e4))
def test_more_of_any_signal_never_makes_it_less_sure(
    calibration: Calibration, found: Signals, name: str, more: float
) -> None:
    stronger = found.model_copy(update={name: getattr(found, name) + more})
    assert calibration.confidence(stronger) >= calibration.confidence(found)


@given(calibrations, signals)
def test_confidence_is_a_chance(calibration: Calibration, found: Signals) -> None:
    assert 0 <= calibration.confidence(found) <= 1


def test_confidence_is_the_logistic_of_the_weighted_signals() -> None:
    calibration = Calibration.model_validate(OWN)
    found = Signals(sentence=0.85, bm25=2.0, coverage=0.5)
    assert calibration.confidence(found) == pytest.approx(1 / (1 + math.exp(-(0.85 * 70 + 1 + 1 - 60))))


def test_every_signal_of_the_packaged_calibration_counts_in_favour() -> None:
    packaged = load_calibration(Path("nowhere.json"), BUNDLED)
    assert min(packaged.weights.model_dump().values()) > 0


def test_the_packaged_calibration_is_used_when_the_practice_made_none(tmp_path: Path) -> None:
    packaged = Calibration.model_validate_json(PACKAGED.read_bytes())
    assert load_calibration(tmp_path / "none.json", BUNDLED) == packaged
    assert 0 < packaged.threshold < 1


def test_the_practices_own_calibration_goes_before_the_packaged_one(own_file: Path) -> None:
    assert load_calibration(own_file, "praktijk") == Calibration.model_validate(OWN)


def test_a_calibration_for_another_model_is_refused_with_the_command_that_mends_it(own_file: Path) -> None:
    with pytest.raises(CalibrationError) as caught:
        load_calibration(own_file, BUNDLED)
    for part in (str(own_file), "'praktijk'", f"'{BUNDLED}'", "rugpijn calibrate"):
        assert part in str(caught.value)


def test_another_model_without_a_calibration_of_its_own_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CalibrationError, match="rugpijn calibrate"):
        load_calibration(tmp_path / "none.json", "een-ander-model")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe\x00",
        b"[]",
        b"null",
        json.dumps(OWN | {"threshold": 1.5}).encode(),
        json.dumps(OWN | {"threshold": -0.1}).encode(),
        json.dumps(OWN | {"intercept": math.nan}).encode(),
        json.dumps(OWN | {"weights": {"sentence": math.inf, "bm25": 0, "coverage": 0}}).encode(),
        json.dumps(OWN | {"weights": {"sentence": 1}}).encode(),
        json.dumps(OWN | {"extra": 1}).encode(),
        json.dumps({name: value for name, value in OWN.items() if name != "embedding_model"}).encode(),
    ],
)
def test_a_broken_calibration_is_refused_and_not_replaced_by_the_packaged_one(own_file: Path, content: bytes) -> None:
    own_file.write_bytes(content)
    with pytest.raises(CalibrationError, match="onleesbaar of beschadigd") as caught:
        load_calibration(own_file, "praktijk")
    assert "rugpijn calibrate" in str(caught.value)


def test_a_folder_where_the_calibration_should_be_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AssistantError, match="onleesbaar"):
        load_calibration(tmp_path, BUNDLED)


def test_a_calibration_survives_writing_and_reading(tmp_path: Path) -> None:
    calibration = Calibration.model_validate(OWN)
    path = tmp_path / "calibration.json"
    path.write_text(calibration.model_dump_json(), "utf-8")
    assert load_calibration(path, "praktijk") == calibration
