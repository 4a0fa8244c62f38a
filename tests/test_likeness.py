"""How like a question is to passages, sentences and known questions, checked against the plain way to count it."""

from collections.abc import Sequence
from dataclasses import astuple
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeEmbedder, ingest, write_article, write_questions
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.ingredients import Ingredient
from assistant.likeness import Likeness, Likenesses, best_of_groups
from ingest.embed import Vectors
from ingest.index import Index, load_index

NECK, WORK, BED = "Warmte helpt tegen een stijve nek.", "Sta elk uur even op.", "Een te hard matras geeft tegendruk."
ASKED = {
    (NECK,): ["Wat helpt tegen een stijve nek?", "nek stijf warmte", "kruik in de nek", "Helpt een warm bad?"],
    (NECK, WORK): ["Wat doe ik aan mijn nek op het werk?"],
    (): ["Wie heeft het matras uitgevonden?", "Wat kost een kruik?"],
}


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Index:
    """One article of which questions are known, one of which none are, and questions that neither answers."""
    return index_of(tmp_path_factory.mktemp("practice"), ASKED)


def index_of(folder: Path, asked: dict[tuple[str, ...], list[str]]) -> Index:
    write_article(folder, "a.md", "Nek", f"{NECK} {WORK}")
    write_article(folder, "b.md", "Slapen", f"{BED} Slaap op uw rug of op uw zij.")
    write_questions(folder, "a.toml", *({"answer": answer, "asked": asked[answer]} for answer in asked))
    ingest(folder)
    return load_index(folder / "index", FakeEmbedder())


def likenesses(index: Index, question: str, *without: Ingredient) -> Likenesses:
    return Likeness(index, without).to(index.embedder.query(question))


def best_mean(values: Sequence[float], count: int = 3) -> float:
    best = sorted(values, reverse=True)[:count]
    return sum(best) / len(best)


def to_questions(index: Index, question: str) -> dict[str, float]:
    vector = index.embedder.query(question)
    return {each.text: float(index.embedder.query(each.text) @ vector) for each in index.questions}


# The best of groups


@given(st.lists(st.tuples(st.integers(0, 4), st.floats(-1, 1, width=32)), max_size=40), st.integers(1, 5))
def test_the_best_of_groups_are_what_sorting_each_group_gives(rows: list[tuple[int, float]], count: int) -> None:
    groups = np.array([group for group, _ in rows], dtype=np.int64)
    values = np.array([value for _, value in rows], dtype=np.float32)
    found = best_of_groups(values, groups, 5, count)
    for group in range(5):
        own = [value for each, value in rows if each == group]
        if own:
            assert found[group] == pytest.approx(best_mean(own, count), abs=1e-6)
        else:
            assert np.isnan(found[group])


@given(st.lists(st.floats(-1, 1, width=32), min_size=1, max_size=30), st.randoms())
def test_the_order_of_the_rows_does_not_matter(values: list[float], random: np.random.RandomState) -> None:
    groups = np.arange(len(values)) % 3
    order = list(range(len(values)))
    random.shuffle(order)
    one = best_of_groups(np.array(values, dtype=np.float32), groups, 3, 2)
    other = best_of_groups(np.array(values, dtype=np.float32)[order], groups[order], 3, 2)
    np.testing.assert_allclose(one, other, atol=1e-6)


def test_of_nothing_there_is_no_best() -> None:
    nothing = best_of_groups(np.zeros(0, dtype=np.float32), np.zeros(0, dtype=np.int64), 2, 3)
    assert np.isnan(nothing).tolist() == [True, True]
    assert len(best_of_groups(np.zeros(0, dtype=np.float32), np.zeros(0, dtype=np.int64), 0, 3)) == 0


# Passages and sentences


QUESTION = "Wat kan ik doen met mijn stijve nek?"


def test_likeness_is_the_cosine_where_few_questions_are_known(practice: Index) -> None:
    vector, found = practice.embedder.query(QUESTION), likenesses(practice, QUESTION)
    np.testing.assert_allclose(found.passages, practice.passage_store.vectors @ vector, atol=1e-5)
    np.testing.assert_allclose(found.sentences, practice.sentence_store.vectors @ vector, atol=1e-5)


def test_a_passage_has_the_likeness_of_its_best_sentence_too(practice: Index) -> None:
    found = likenesses(practice, QUESTION)
    for passage, best in enumerate(found.best_sentences):
        assert best == found.sentences[practice.passage_of_sentence == passage].max()


def test_a_passage_is_judged_by_the_best_three_of_the_questions_it_answers(practice: Index) -> None:
    similar = to_questions(practice, QUESTION)
    answered = [question.text for question in practice.questions if question.passage == 0]
    assert len(answered) == 5
    found = likenesses(practice, QUESTION).passage_questions[0]
    assert found == pytest.approx(best_mean([similar[text] for text in answered]), abs=1e-5)


def test_a_sentence_is_judged_by_the_best_three_of_the_questions_it_answers(practice: Index) -> None:
    similar, found = to_questions(practice, QUESTION), likenesses(practice, QUESTION).sentence_questions
    neck, work = ASKED[(NECK,)], ASKED[(NECK, WORK)]
    assert found[0] == pytest.approx(best_mean([similar[text] for text in (*neck, *work)]), abs=1e-5)
    assert found[1] == pytest.approx(similar[work[0]], abs=1e-5)


def test_a_passage_without_questions_is_judged_by_its_sentences(practice: Index) -> None:
    found = likenesses(practice, BED)
    assert found.passage_questions[1] == found.best_sentences[1] == pytest.approx(1, abs=1e-5)
    np.testing.assert_array_equal(found.sentence_questions[2:], found.sentences[2:])


# All questions together


def test_what_is_asked_is_compared_with_all_questions_that_are_answered_and_with_all_that_are_not(
    practice: Index,
) -> None:
    similar, found = to_questions(practice, QUESTION), likenesses(practice, QUESTION)
    not_answered = ASKED[()]
    answered = [value for text, value in similar.items() if text not in not_answered]
    assert found.answered == pytest.approx(best_mean(answered), abs=1e-5)
    assert found.unanswered == pytest.approx(best_mean([similar[text] for text in not_answered]), abs=1e-5)


@pytest.mark.parametrize(("asked", "is_answered"), [(ASKED[(NECK,)][0], True), (ASKED[()][0], False)])
def test_a_known_question_is_most_like_its_own_side(practice: Index, asked: str, is_answered: bool) -> None:
    found = likenesses(practice, asked)
    assert found.answered is not None
    assert found.unanswered is not None
    assert (found.answered > found.unanswered) is is_answered


def test_what_is_near_is_the_share_of_answered_ones_among_the_sixty_nearest(corpus_index: Index) -> None:
    known, metric = corpus_index.questions, corpus_index.metric
    for asked in (known[0].text, known[-1].text, QUESTION):
        alike = metric.of(corpus_index.question_store.vectors) @ metric.of(corpus_index.embedder.query(asked))
        nearest = sorted(zip(alike, known, strict=True), key=lambda pair: -pair[0])[:60]
        share = sum(question.is_answered for _, question in nearest) / 60
        assert likenesses(corpus_index, asked).near == pytest.approx(share, abs=1 / 60)


def test_where_few_questions_are_known_all_of_them_are_near(practice: Index) -> None:
    assert likenesses(practice, QUESTION).near == pytest.approx(5 / 7)


def test_questions_that_no_article_answers_count_for_no_passage(practice: Index, tmp_path: Path) -> None:
    without_them = index_of(tmp_path, {answer: ASKED[answer] for answer in ASKED if answer})
    for asked in (QUESTION, *ASKED[()]):
        with_them = likenesses(practice, asked)
        np.testing.assert_array_equal(with_them.passage_questions, likenesses(without_them, asked).passage_questions)
        np.testing.assert_array_equal(with_them.sentence_questions, likenesses(without_them, asked).sentence_questions)
    assert likenesses(without_them, QUESTION).unanswered is None
    assert likenesses(without_them, QUESTION).answered == pytest.approx(likenesses(practice, QUESTION).answered)


def test_where_all_questions_go_unanswered_the_sentences_judge(tmp_path: Path) -> None:
    found = likenesses(index_of(tmp_path, {(): ASKED[()]}), QUESTION)
    assert (found.answered, found.near) == (None, None)
    assert found.unanswered is not None
    np.testing.assert_array_equal(found.passage_questions, found.best_sentences)
    np.testing.assert_array_equal(found.sentence_questions, found.sentences)


# Without


def test_without_questions_the_sentences_judge(practice: Index) -> None:
    found = likenesses(practice, QUESTION, Ingredient.QUESTIONS)
    assert (found.answered, found.near) == (None, None)
    assert found.unanswered == likenesses(practice, QUESTION).unanswered
    np.testing.assert_array_equal(found.passage_questions, found.best_sentences)
    np.testing.assert_array_equal(found.sentence_questions, found.sentences)


def test_without_unanswered_questions_the_others_still_count(practice: Index) -> None:
    found, whole = likenesses(practice, QUESTION, Ingredient.UNANSWERED), likenesses(practice, QUESTION)
    assert (found.answered, found.unanswered, found.near) == (whole.answered, None, None)
    np.testing.assert_array_equal(found.passage_questions, whole.passage_questions)
    np.testing.assert_array_equal(found.sentence_questions, whole.sentence_questions)


def test_without_either_there_is_nothing_to_be_like(practice: Index) -> None:
    found = likenesses(practice, QUESTION, Ingredient.QUESTIONS, Ingredient.UNANSWERED)
    assert (found.answered, found.unanswered, found.near) == (None, None, None)


def test_without_the_metric_likeness_is_the_cosine_however_many_questions_are_known(corpus_index: Index) -> None:
    vector = corpus_index.embedder.query(QUESTION)
    cosine = corpus_index.passage_store.vectors @ vector
    plain = likenesses(corpus_index, QUESTION, Ingredient.METRIC).passages
    np.testing.assert_allclose(plain, cosine, atol=1e-5)
    assert not np.allclose(likenesses(corpus_index, QUESTION).passages, cosine, atol=1e-2)


# Any question


def rows_of(found: Likenesses) -> list[Vectors]:
    return [each for each in astuple(found) if isinstance(each, np.ndarray)]


@settings(max_examples=25)
@given(st.text(max_size=60), st.sets(st.sampled_from(Ingredient)))
def test_any_question_has_a_likeness_to_everything(corpus_index: Index, asked: str, without: set[Ingredient]) -> None:
    found = likenesses(corpus_index, asked, *without)
    passages, sentences = len(corpus_index.passages), len(corpus_index.sentence_rows)
    assert [len(each) for each in rows_of(found)] == [passages, passages, passages, sentences, sentences]
    for each in (*rows_of(found), *(one for one in (found.answered, found.unanswered, found.near) if one is not None)):
        assert np.isfinite(each).all()
        assert np.abs(each).max() <= 1.001
