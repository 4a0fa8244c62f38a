"""A calibration is learned for the index at hand: it refuses what no article answers, and belongs to one model."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from assistant_fakes import searcher
from fakes import FakeEmbedder, ingest
from scipy.special import logsumexp

from assistant.collection import Candidates
from assistant.confidence import OWN, Calibration, Risk, load_calibration
from assistant.errors import CalibrationError
from assistant.evaluation.calibrate import REFUSED, calibrate, calibrate_on
from assistant.evaluation.gold import gold_passages
from assistant.evaluation.questions import AnswerableQuestion, Half, Question, all_questions
from assistant.ingredients import Ingredient
from assistant.ranking import standard_scores
from assistant.refusals import load_refusals
from assistant.retrieve import Retrieval
from ingest.embed import Vectors
from ingest.index import Index, load_index
from ingest.known_questions import FOLDER
from ingest.manifest import ModelCard
from ingest.settings import PROJECT
from ingest.whole import IndexVersion

ARTICLES = ("05-schouderpijn-wees-er-meteen-vanaf", "06-rugpijn-wat-kun-je-eraan-doen")


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    """Two of the practice's articles with what is asked of them, and a model that knows letters but no meaning."""
    folder = tmp_path_factory.mktemp("practice")
    questions = folder / "corpus" / FOLDER
    questions.mkdir(parents=True)
    for name in ARTICLES:
        shutil.copy(PROJECT / "corpus" / f"{name}.md", folder / "corpus")
        shutil.copy(PROJECT / "corpus" / FOLDER / f"{name}.toml", questions)
    shutil.copy(PROJECT / "corpus" / FOLDER / "staat-er-niet-in.toml", questions)
    ingest(folder)
    return load_index(folder / "index", FakeEmbedder())


@pytest.fixture(scope="module")
def made(index: Index) -> Calibration:
    return calibrate(index)


@pytest.fixture(scope="module")
def found(index: Index, made: Calibration) -> list[tuple[Question, Retrieval]]:
    """What is found for each question of the tuning half."""
    search = searcher(index, made)
    return [(question, search.search(question.question)) for question in all_questions(Half.TUNE)]


def refused(found: list[tuple[Question, Retrieval]], risk: Risk) -> float:
    """The share of the questions that no article answers."""
    refusals = load_refusals()
    cannot = [(each, retrieval) for each, retrieval in found if not isinstance(each, AnswerableQuestion)]
    return float(
        np.mean(
            [not each.is_confident(risk) or refusals.judge(question.question) is not None for question, each in cannot]
        )
    )


def test_what_is_learned_ranks_by_what_tells_and_by_nothing_that_misleads(made: Calibration) -> None:
    passages, sentences = made.passages.model_dump(), made.sentences.model_dump()
    assert sentences.pop("question_mark") < 0
    assert min(*passages.values(), *sentences.values()) >= 0
    assert max(passages.values()) > 0.3
    assert max(sentences.values()) > 0.3


def test_learned_weights_make_the_right_passage_likelier_than_one_signal_alone(
    index: Index, made: Calibration, found: list[tuple[Question, Retrieval]]
) -> None:
    asked = [(question.gold, each) for question, each in found if isinstance(question, AnswerableQuestion)]
    gold = [(is_gold, each) for words, each in asked if (is_gold := gold_passages(index, words)).any()]
    assert len(gold) > 50

    def likelihood(relevances: list[Vectors]) -> float:
        """The mean logarithm of the chance of the right passages, when more relevant ones are that much likelier."""
        pairs = [(is_gold, each) for (is_gold, _), each in zip(gold, relevances, strict=True)]
        return float(np.mean([logsumexp(each[is_gold]) - logsumexp(each) for is_gold, each in pairs]))

    alone = [
        likelihood([standard_scores(each.passage_signals[name]) for _, each in gold])
        for name in made.passages.model_dump()
    ]
    assert likelihood([each.passage_relevance for _, each in gold]) >= max(alone)


def test_the_thresholds_refuse_about_the_share_of_what_no_article_answers(
    found: list[tuple[Question, Retrieval]], made: Calibration
) -> None:
    """About: they are chosen with the confidences of models that were not taught the question at hand."""
    assert 0 < made.thresholds[Risk.ORDINARY] <= made.thresholds[Risk.RAISED] <= 1
    for risk in Risk:
        assert refused(found, risk) >= REFUSED[risk] - 0.02


def test_questions_that_the_articles_answer_get_more_confidence(found: list[tuple[Question, Retrieval]]) -> None:
    sure = {
        kind: np.mean([each.confidence for question, each in found if isinstance(question, AnswerableQuestion) is kind])
        for kind in (True, False)
    }
    assert sure[True] > sure[False] + 0.1


def test_calibrating_again_puts_every_question_of_the_tuning_half_and_gives_the_same(
    index: Index, made: Calibration
) -> None:
    put: list[Question] = []

    def tracked(questions: Sequence[Question]) -> Sequence[Question]:
        put.extend(questions)
        return questions

    assert calibrate(index, tracked=tracked) == made
    assert put == all_questions(Half.TUNE)
    assert {question.half for question in put} == {Half.TUNE}


def test_a_large_corpus_is_calibrated_on_what_a_search_finds(index: Index, made: Calibration) -> None:
    """With every passage found, the same is learned as from all of a small one."""
    large = calibrate_on(Candidates(IndexVersion(index), index.embedder, most=1_000))
    assert large.thresholds == pytest.approx(made.thresholds, abs=0.01)
    assert large.passages.model_dump() == pytest.approx(made.passages.model_dump(), abs=0.01)
    assert large.usual.model_dump() == pytest.approx(made.usual.model_dump(), abs=0.01)


# With the index


def test_a_calibration_can_be_saved_with_the_index_and_loaded_for_it(
    index: Index, made: Calibration, tmp_path: Path
) -> None:
    (tmp_path / OWN).write_text(made.model_dump_json(indent=1) + "\n", "utf-8")
    assert load_calibration(tmp_path, index.manifest.model) == made


def test_a_calibration_is_refused_for_an_index_that_another_model_made(made: Calibration, tmp_path: Path) -> None:
    (tmp_path / OWN).write_text(made.model_dump_json(), "utf-8")
    for other in (FakeEmbedder("ander"), FakeEmbedder(weights=1), FakeEmbedder(dimension=16)):
        with pytest.raises(CalibrationError, match="rugpijn calibrate"):
            load_calibration(tmp_path, ModelCard.of(other))


# Without


@pytest.mark.parametrize(
    ("without", "missing"),
    [
        ({Ingredient.QUESTIONS, Ingredient.UNANSWERED}, {"answered", "unanswered", "near"}),
        ({Ingredient.SENTENCES, Ingredient.WORDS}, {"sentence", "words"}),
    ],
)
def test_a_signal_that_is_not_there_weighs_nothing(
    index: Index, made: Calibration, without: set[Ingredient], missing: set[str]
) -> None:
    bare = calibrate(index, without)
    weights, usual = bare.weights.model_dump(), bare.usual.model_dump()
    assert {name for name, weight in weights.items() if weight == 0} == missing
    assert {name for name, value in usual.items() if value == 0} == missing
    assert made.weights.model_dump().keys() == weights.keys()
    search = searcher(index, bare, without)
    assert 0 < search.search("Wat helpt tegen schouderpijn?").confidence < 1
