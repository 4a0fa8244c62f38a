"""Assistants made to be measured: with another model, with less, and on another machine."""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeEmbedder
from hypothesis import given
from hypothesis import strategies as st
from outcome_fakes import asking, outcome

from assistant.confidence import OWN
from assistant.evaluation.accepted import Comparison, Run
from assistant.evaluation.answers import AnswerMeasurement, measure_answers, questions_of
from assistant.evaluation.assemble import folder_of, with_model
from assistant.evaluation.calibrate import calibrate
from assistant.evaluation.metrics import Asked
from assistant.evaluation.noise import COSINE, RememberingEmbedder, Shaken, ShakenEmbedder, noise_table, shake
from assistant.evaluation.questions import Half
from assistant.ingredients import Ingredient
from assistant.reply import Assistant
from assistant.settings import Settings
from assistant.triage.second_opinion import GROUPS, Outcome, SecondOpinion
from ingest.embed import Embedder

TODAY = date(2026, 11, 24)
WITHOUT = frozenset({Ingredient.WORDS, Ingredient.VOCABULARY})


def no_opinion(embedder: Embedder) -> SecondOpinion:
    """Never raises an alarm; what the model would have to be taught takes minutes."""
    return SecondOpinion(
        model=embedder.name,
        outcomes=(Outcome.NONE, Outcome.SPOED),
        weights=np.zeros((2, embedder.dimension + GROUPS), dtype=np.float32),
        intercepts=np.array([9, -9], dtype=np.float32),
        centre=np.zeros(embedder.dimension, dtype=np.float32),
        alarm_from=1.0,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("model")


@pytest.fixture(scope="module")
def embedder() -> FakeEmbedder:
    return FakeEmbedder("other", dimension=96)


@pytest.fixture(scope="module")
def other(nobodys_settings: None, folder: Path, embedder: FakeEmbedder) -> Assistant:
    return with_model(Settings(without=WITHOUT), folder, embedder, teaching=no_opinion)


# Another model


def test_another_model_has_an_index_and_a_second_look_of_its_own(other: Assistant, folder: Path) -> None:
    assert other.index.manifest.model.name == "other"
    assert {path.name for path in folder.iterdir()} == {"index", "second_opinion.npz"}


def test_it_is_calibrated_anew_for_what_it_is_left(other: Assistant) -> None:
    calibration = other.retrieve("Wat helpt?").calibration
    assert calibration == calibrate(other.index, WITHOUT)
    assert other.retrieve("Heb ik last van analgetica?").query.terms == ()


def test_a_second_time_nothing_is_embedded_anew(other: Assistant, folder: Path) -> None:
    again = FakeEmbedder("other", dimension=96)
    with_model(Settings(without=WITHOUT), folder, again, teaching=no_opinion)
    assert again.embedded == []


def test_other_weights_under_the_same_name_are_noticed(other: Assistant, folder: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(folder, tmp_path / "model")
    retrained = FakeEmbedder("other", dimension=96, weights=1)
    assistant = with_model(Settings(without=WITHOUT), copy, retrained, teaching=no_opinion)
    assert len(retrained.embedded) > len(assistant.index.sentence_rows)
    assert not assistant.index.manifest.model.is_same_model(other.index.manifest.model)


@given(st.text())
def test_every_model_has_a_folder_inside_the_one_for_all(model: str) -> None:
    folder = folder_of(model, Path("all"))
    assert folder.parent == Path("all") and folder.name not in {"", ".", ".."}


def test_what_is_measured_says_with_which_model_and_without_what(other: Assistant) -> None:
    asked = questions_of(Half.TUNE)[::50]
    measured = measure_answers(other, Half.TUNE, asked, WITHOUT)
    assert [each.question for each in measured.outcomes] == asked
    assert (measured.model, measured.without) == ("other", (Ingredient.VOCABULARY, Ingredient.WORDS))


# Another machine


@given(st.text(min_size=1), st.integers(0, 20))
def test_a_shaken_vector_is_turned_by_just_that_angle_and_the_same_way_every_time(text: str, seed: int) -> None:
    plain = FakeEmbedder(dimension=384)
    shaken = ShakenEmbedder(plain, seed)
    vector = shaken.query(text)
    assert vector @ plain.query(text) == pytest.approx(COSINE, abs=1e-5)
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)
    assert np.array_equal(vector, shaken.queries([text, text])[1])
    assert not np.array_equal(vector, ShakenEmbedder(plain, seed + 1).query(text))


def test_a_remembering_embedder_embeds_no_text_twice_and_knows_questions_from_passages() -> None:
    plain = FakeEmbedder(dimension=8)
    remembering = RememberingEmbedder(plain)
    first = remembering.passages(["Rug", "Nek", "Rug"])
    assert np.array_equal(first, plain.passages(["Rug", "Nek", "Rug"]))
    plain.embedded.clear()
    assert np.array_equal(remembering.passages(["Nek"])[0], first[1])
    assert plain.embedded == []
    remembering.queries(["Nek"])
    assert plain.embedded == ["Nek"]


def test_every_machine_is_compared_with_this_one_on_the_same_questions(
    other: Assistant, folder: Path, embedder: FakeEmbedder
) -> None:
    (folder / "index" / OWN).write_text(other.retrieve("Wat helpt?").calibration.model_dump_json(), "utf-8")
    settings = Settings(
        embedding_model="other",
        index_dir=folder / "index",
        second_opinion_file=folder / "second_opinion.npz",
        without=WITHOUT,
    )
    asked: list[str] = []

    def few(questions: Sequence[Asked]) -> Sequence[Asked]:
        asked.extend(each.id for each in questions[::40])
        return questions[::40]

    (shaken,) = shake(settings, embedder, Half.TUNE, 1, few)
    assert len(asked) == 2 * len(set(asked))
    assert (shaken.comparison.new, shaken.comparison.gone) == (0, 0)
    assert shaken.comparison.before.results.keys() == set(asked)


def test_the_noise_is_the_largest_net_loss_of_all_machines() -> None:
    before = AnswerMeasurement(Half.TUNE, tuple(outcome(question=asking(name), has_gold=True) for name in "abc"))
    losses = []
    for lost in (1, 2, 0):
        outcomes = [replace(each, has_gold=place >= lost) for place, each in enumerate(before.outcomes)]
        now = replace(before, outcomes=tuple(outcomes))
        losses.append(Comparison.of(Run.of(before, TODAY), Run.of(now, TODAY)))
    table = noise_table([Shaken(seed, comparison) for seed, comparison in enumerate(losses)])
    assert [row[1:] for row in table.rows] == [("1", "0", "1"), ("2", "0", "2"), ("0", "0", "0")]
    assert "Grootste netto verlies: 2." in table.note
