"""The second look: how sure it is, what it says, and a file of weights that is broken or of another model."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from triage_fakes import opinion

from assistant.errors import SecondOpinionError
from assistant.settings import Settings
from assistant.triage.rulebook import Level
from assistant.triage.second_opinion import GROUPS, PACKAGED, Outcome, letter_groups, load_second_opinion, scaled
from ingest.embed import Vectors

URGENT_OUTCOMES = {Outcome.SPOED, Outcome.EMERGENCY, Outcome.SUICIDE, Outcome.VIOLENCE}


def vector(*values: float) -> Vectors:
    return np.array(values, dtype=np.float32)


URGENT, PLAIN, UNSURE = vector(1, 0), vector(0, 1), vector(0.5, 0.5)


# Judging


def test_a_message_that_reads_like_alarms_is_suspected_of_the_likeliest() -> None:
    suspicion = opinion(Outcome.SPOED).judge([("alles is wazig", URGENT)])
    assert suspicion is not None
    assert suspicion.outcome is Outcome.SPOED
    assert suspicion.certainty > 0.99


def test_a_message_that_does_not_is_not_suspected() -> None:
    assert opinion().judge([("mijn nek is stijf", PLAIN)]) is None
    assert opinion().judge([]) is None


def test_words_say_what_an_embedding_does_not() -> None:
    known = opinion(pikzwart=Outcome.SUICIDE)
    suspicion = known.judge([("pikzwart", PLAIN)])
    assert suspicion is not None
    assert suspicion.outcome is Outcome.SUICIDE
    assert known.judge([("lichtgroen", PLAIN)]) is None


def test_certainty_is_that_it_is_urgent_at_all_not_which_urgent_thing_it_is() -> None:
    both = opinion(Outcome.SPOED, ja=Outcome.EMERGENCY, nee=Outcome.SUICIDE)
    suspicion = both.suspect("ja nee", PLAIN)
    assert suspicion.certainty > 0.9


def test_of_several_messages_the_most_certain_counts() -> None:
    known = opinion(Outcome.SPOED, pikzwart=Outcome.SUICIDE)
    suspicion = known.judge([("dag", PLAIN), ("dag", UNSURE), ("pikzwart", UNSURE)])
    assert suspicion is not None
    assert suspicion.outcome is Outcome.SUICIDE
    assert suspicion == known.judge([("pikzwart", UNSURE), ("dag", UNSURE)])


def test_it_speaks_from_its_threshold_on() -> None:
    certainty = opinion().suspect("dag", UNSURE).certainty
    assert opinion(alarm_from=certainty).judge([("dag", UNSURE)]) is not None
    assert opinion(alarm_from=0.9).judge([("dag", UNSURE)]) is not None, "an even chance is worth a word"
    assert opinion(alarm_from=0.9).judge([("dag", UNSURE * np.float32([0.9, 1.1]))]) is None


def test_huisarts_is_not_urgent() -> None:
    assert opinion(Outcome.HUISARTS, dag=Outcome.SPOED).judge([("hallo", URGENT)]) is None


@given(st.text(max_size=60), st.floats(-1, 1, width=32), st.floats(-1, 1, width=32))
def test_a_suspicion_is_always_urgent_and_its_certainty_a_probability(text: str, one: float, other: float) -> None:
    suspicion = opinion(wazig=Outcome.SUICIDE).suspect(text, vector(one, other))
    assert suspicion.outcome in URGENT_OUTCOMES
    assert 0 <= suspicion.certainty <= 1 + 1e-6


def test_both_crises_are_a_crisis_and_nothing_is_no_level() -> None:
    assert {outcome: outcome.level for outcome in Outcome} == {
        Outcome.NONE: None,
        Outcome.HUISARTS: Level.HUISARTS,
        Outcome.SPOED: Level.SPOED,
        Outcome.EMERGENCY: Level.EMERGENCY,
        Outcome.SUICIDE: Level.CRISIS,
        Outcome.VIOLENCE: Level.CRISIS,
    }
    assert {outcome for outcome in Outcome if outcome.is_urgent} == URGENT_OUTCOMES


# Features


def test_an_embedding_is_read_from_the_middle_of_all_messages() -> None:
    assert not scaled(vector(1, 2), vector(1, 2)).any()
    assert scaled(vector(2, 2), vector(1, 2))[0] > 0


@given(st.text(max_size=200))
def test_letter_groups_of_any_text_are_different_places_that_weigh_one_together(text: str) -> None:
    places, weight = letter_groups(text)
    assert len(set(places.tolist())) == len(places)
    assert not len(places) or (places.min() >= 0 and places.max() < GROUPS)
    assert len(places) * weight**2 == pytest.approx(float(bool(len(places))))


def test_letter_groups_are_the_same_however_it_is_typed_and_others_for_other_words() -> None:
    assert letter_groups("PIJN, Bórst!")[0].tolist() == letter_groups("pijn borst")[0].tolist()
    assert letter_groups("borst pijn")[0].tolist() != letter_groups("pijn borst")[0].tolist()


# Saving and loading


def changed(path: Path, **changes: Any) -> Path:
    """A whole file with ``changes``; ``None`` leaves a part out."""
    opinion().save(path)
    with np.load(path) as saved:
        content = {**saved, **changes}
    np.savez(path, **{name: value for name, value in content.items() if value is not None})
    return path


def test_what_was_saved_is_what_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "second_opinion.npz"
    saved = opinion(Outcome.SPOED, alarm_from=0.75, pikzwart=Outcome.SUICIDE)
    saved.save(path)
    loaded = load_second_opinion(path, "fake")
    assert (loaded.model, loaded.outcomes, loaded.alarm_from) == (saved.model, saved.outcomes, saved.alarm_from)
    assert loaded.weights == pytest.approx(saved.weights, rel=1e-3)
    assert (loaded.intercepts.tolist(), loaded.centre.tolist()) == (saved.intercepts.tolist(), saved.centre.tolist())
    for text, embedding in (("pikzwart", PLAIN), ("dag", UNSURE)):
        once, again = saved.suspect(text, embedding), loaded.suspect(text, embedding)
        assert (once.outcome, once.certainty) == (again.outcome, pytest.approx(again.certainty, abs=1e-2))


def test_without_one_of_its_own_a_practice_has_the_packaged_one(tmp_path: Path) -> None:
    loaded = load_second_opinion(tmp_path / "none.npz", Settings.read().embedding_model)
    assert PACKAGED.exists()
    assert {outcome for outcome in loaded.outcomes if outcome.is_urgent} == URGENT_OUTCOMES
    assert 0 < loaded.alarm_from < 1


@pytest.mark.parametrize(
    "changes",
    [
        {"model": None},
        {"outcomes": None},
        {"weights": None},
        {"intercepts": None},
        {"centre": None},
        {"alarm_from": None},
        {"alarm_from": np.array("hoog")},
        {"outcomes": np.array(["none", "paniek"])},
        {"outcomes": np.array(["none"])},
        {"centre": np.zeros(3)},
        {"weights": np.zeros((2, 5))},
        {"weights": np.zeros(4)},
        {"weights": np.array([["a"]])},
    ],
    ids=repr,
)
def test_a_file_that_lacks_or_garbles_a_part_is_named_with_the_command_that_mends_it(
    tmp_path: Path, changes: dict[str, Any]
) -> None:
    path = changed(tmp_path / "eigen.npz", **changes)
    with pytest.raises(SecondOpinionError) as caught:
        load_second_opinion(path, "fake")
    assert caught.value.path == path
    assert str(path) in str(caught.value)
    assert "beschadigd" in str(caught.value)
    assert "rugpijn calibrate" in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"{}", b"PK\x03\x04", b"\x93NUMPY", b"PK\x05\x06" + b"\0" * 18])
def test_what_is_no_such_file_is_broken(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "eigen.npz"
    path.write_bytes(content)
    with pytest.raises(SecondOpinionError, match="beschadigd"):
        load_second_opinion(path, "fake")


def test_a_folder_is_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(SecondOpinionError, match="beschadigd"):
        load_second_opinion(tmp_path, "fake")


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9, 0.999])
def test_a_file_that_was_cut_off_is_broken(tmp_path: Path, kept: float) -> None:
    path = tmp_path / "eigen.npz"
    opinion().save(path)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * kept)])
    with pytest.raises(SecondOpinionError, match="beschadigd"):
        load_second_opinion(path, "fake")


@given(st.integers(0, 10_000), st.integers(1, 255))
@example(60, 0xFF)
def test_a_byte_that_changed_is_no_crash(tmp_path_factory: pytest.TempPathFactory, place: int, change: int) -> None:
    path = tmp_path_factory.getbasetemp() / "eigen.npz"
    opinion(pikzwart=Outcome.SUICIDE).save(path)
    content = bytearray(path.read_bytes())
    content[place % len(content)] ^= change
    path.write_bytes(content)
    try:
        loaded = load_second_opinion(path, "fake")
    except SecondOpinionError:
        return
    assert loaded.model == "fake"


def test_nothing_in_such_a_file_is_run(tmp_path: Path) -> None:
    path = changed(tmp_path / "eigen.npz", model=np.array([print], dtype=object))
    with pytest.raises(SecondOpinionError, match="beschadigd"):
        load_second_opinion(path, "fake")


def test_a_file_made_with_another_model_names_both(tmp_path: Path) -> None:
    path = tmp_path / "eigen.npz"
    opinion(model="ander").save(path)
    with pytest.raises(SecondOpinionError, match="taalmodel 'ander', ingesteld is 'fake'") as caught:
        load_second_opinion(path, "fake")
    assert "rugpijn calibrate" in str(caught.value)


def test_another_model_without_an_own_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SecondOpinionError, match=r"ingesteld is 'ander'"):
        load_second_opinion(tmp_path / "none.npz", "ander")
