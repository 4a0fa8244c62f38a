"""The development questions can be trusted, and so can the figures made of them."""

import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from assistant_fakes import ALWAYS_SURE, NEVER_SURE

from assistant.answer import Answer, AnswerKind, Sentence
from assistant.confidence import Signals, load_calibration
from assistant.evaluation.calibrate import best_threshold, calibrate
from assistant.evaluation.errors import EvaluationError
from assistant.evaluation.metrics import Outcome, Summary, ask
from assistant.evaluation.question_tables import answerable_table, unanswerable_table, wrong_answers
from assistant.evaluation.questions import (
    AnswerableQuestion,
    Half,
    UnanswerableQuestion,
    all_questions,
    answerable,
    unanswerable,
)
from assistant.extract import ExtractiveComposer
from assistant.refusals import load_refusals
from assistant.reply import Assistant, Guards
from assistant.retrieve import HybridRetriever
from assistant.triage.assess import Assessor
from assistant.triage.rulebook import load_rulebook
from ingest.article import Article, BlockKind
from ingest.index import Index
from ingest.read import read_corpus
from ingest.settings import PROJECT

PAIN = AnswerableQuestion(
    id="t1",
    question="Hoe lang houden de klachten van een frozen shoulder aan?",
    style="plain",
    gold=("De klachten houden meestal een jaar à anderhalf jaar aan.",),
    slug="schouderpijn-wees-er-meteen-vanaf",
    section="Frozen shoulder",
)
NOT_IN_THERE = UnanswerableQuestion(id="t2", question="Hoe vaak krijgen biljarters rugpijn?", kind="near_miss")


@pytest.fixture(scope="module")
def articles() -> dict[str, Article]:
    return {article.slug: article for article in read_corpus(PROJECT / "corpus").articles}


@cache
def guards() -> Guards:
    return Guards(Assessor(load_rulebook()), load_refusals())


def assistant_of(index: Index, *, sure: bool) -> Assistant:
    retriever = HybridRetriever(index=index, calibration=ALWAYS_SURE if sure else NEVER_SURE)
    return Assistant(guards(), retriever, ExtractiveComposer())


def outcome(rank: int = 0, *, words: int = 0, has_gold: bool = False, composed_gold: bool = False) -> Outcome:
    """Answered when it has words."""
    sentences = (Sentence("woord " * words, (1,)),) if words else ()
    kind = AnswerKind.ANSWERED if words else AnswerKind.NOT_FOUND
    return Outcome(PAIN, Answer(kind, sentences), 0.5, rank, has_gold, composed_gold)


# The questions


def test_every_gold_quote_stands_in_its_article_word_for_word(articles: dict[str, Article]) -> None:
    missing = [
        (question.id, quote)
        for question in answerable()
        for quote in question.gold
        if quote not in articles[question.slug].text
    ]
    assert missing == []


def test_every_section_is_a_heading_of_its_article(articles: dict[str, Article]) -> None:
    headings = {
        slug: {"", *(article.wording(block) for block in article.blocks if block.kind is BlockKind.HEADING)}
        for slug, article in articles.items()
    }
    assert [question.id for question in answerable() if question.section not in headings[question.slug]] == []


def test_every_question_has_its_own_id_and_its_own_words() -> None:
    questions = [*answerable(), *unanswerable()]
    assert len({question.id for question in questions}) == len(questions)
    assert len({" ".join(question.question.casefold().split()) for question in questions}) == len(questions)


def test_every_question_is_in_exactly_one_half() -> None:
    tune, report = ({question.id for question in all_questions(half)} for half in (Half.TUNE, Half.REPORT))
    assert tune & report == set()
    assert tune | report == {question.id for question in (*answerable(), *unanswerable())}


def test_no_section_is_in_both_halves() -> None:
    sections = {
        half: {(question.slug, question.section) for question in answerable() if question.half is half} for half in Half
    }
    assert sections[Half.TUNE] & sections[Half.REPORT] == set()


def test_almost_no_gold_quote_is_in_both_halves() -> None:
    """Two articles share half a section of advice; three report questions are about it."""
    tuned = {quote for question in answerable() if question.half is Half.TUNE for quote in question.gold}
    shared = [question.id for question in all_questions(Half.REPORT) if tuned & set(getattr(question, "gold", ()))]
    assert shared == ["a054", "a130", "a261"]


def test_both_halves_have_enough_of_both_kinds_to_say_something() -> None:
    for half in Half:
        questions = all_questions(half)
        can = sum(isinstance(question, AnswerableQuestion) for question in questions)
        assert min(can, len(questions) - can) >= 80


def test_a_question_keeps_its_half_whatever_is_added() -> None:
    assert (PAIN.half, PAIN.model_copy(update={"id": "x", "question": "?"}).half) == (PAIN.half, PAIN.half)


@pytest.mark.parametrize(
    "change", [{"gold": []}, {"style": "poetic"}, {"slug": None}, {"extra": 1}], ids=["gold", "style", "slug", "extra"]
)
def test_a_question_file_with_a_mistake_is_refused(tmp_path: Path, change: dict[str, object]) -> None:
    line = json.dumps(PAIN.model_dump() | change)
    (tmp_path / "answerable.jsonl").write_text(f"\n{line}\n", "utf-8")
    with pytest.raises(EvaluationError, match=r"answerable\.jsonl, regel 2: "):
        answerable(tmp_path)


def test_a_practice_can_have_question_files_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "answerable.jsonl").write_text(PAIN.model_dump_json() + "\n\n", "utf-8")
    assert answerable(tmp_path) == [PAIN]


# The threshold and the calibration


def test_the_best_threshold_lies_halfway_between_the_two_kinds() -> None:
    assert best_threshold([0.1, 0.2, 0.8, 0.9], [False, False, True, True]) == 0.5


def test_the_best_threshold_weighs_both_kinds_the_same_however_many_there_are() -> None:
    confidences = [0.1] * 60 + [0.3] * 40 + [0.2, 0.9]  # above 0.3 only one is wrong, but that is half of its kind
    assert best_threshold(confidences, [False] * 100 + [True] * 2) == 0.15


def test_the_best_threshold_accepts_one_mistake_for_two_gains() -> None:
    assert best_threshold([0.1, 0.2, 0.3, 0.4, 0.5], [False, False, True, False, True]) == pytest.approx(0.25)


def test_a_calibration_is_for_the_indexs_model_and_can_be_loaded(corpus_index: Index, tmp_path: Path) -> None:
    made = calibrate(corpus_index)
    path = tmp_path / "calibration.json"
    path.write_text(made.model_dump_json(), "utf-8")
    assert load_calibration(path, "fake") == made


def test_a_calibration_prefers_questions_that_the_articles_answer(corpus_index: Index) -> None:
    made = calibrate(corpus_index)
    retriever = HybridRetriever(index=corpus_index, calibration=made)
    tuned = all_questions(Half.TUNE)
    sure = {
        kind: np.mean([retriever.retrieve(each.question).is_confident for each in tuned if isinstance(each, kind)])
        for kind in (AnswerableQuestion, UnanswerableQuestion)
    }
    assert sure[AnswerableQuestion] > sure[UnanswerableQuestion] + 0.2


def test_calibrating_twice_gives_the_same(corpus_index: Index) -> None:
    assert calibrate(corpus_index) == calibrate(corpus_index)


# The metrics


def test_summary_counts_shares_of_all_questions() -> None:
    outcomes = [
        outcome(1, words=10, has_gold=True, composed_gold=True),
        outcome(3, words=30, has_gold=False, composed_gold=False),
        outcome(4, composed_gold=True),
        outcome(0),
    ]
    summary = Summary.of(outcomes)
    assert summary.questions == 4
    assert summary.hit_at == {1: 0.25, 3: 0.5, 5: 0.75}
    assert (summary.answered, summary.gold, summary.composed_gold) == (0.5, 0.25, 0.5)
    assert summary.words == 20


def test_summary_of_nothing_is_zero() -> None:
    assert Summary.of([]) == Summary(0, {1: 0.0, 3: 0.0, 5: 0.0}, 0.0, 0.0, 0.0, 0.0)


def test_an_answer_with_the_gold_quote_counts_as_right(corpus_index: Index) -> None:
    asked = ask(assistant_of(corpus_index, sure=True), PAIN)
    assert (asked.is_answered, asked.rank, asked.has_gold, asked.composed_gold) == (True, 1, True, True)


def test_a_refused_answer_is_not_right_but_says_what_it_would_have_been(corpus_index: Index) -> None:
    asked = ask(assistant_of(corpus_index, sure=False), PAIN)
    assert (asked.is_answered, asked.rank, asked.has_gold, asked.composed_gold) == (False, 1, False, True)


def test_gold_is_found_across_a_line_break_in_the_quote(corpus_index: Index) -> None:
    broken = PAIN.model_copy(update={"gold": (PAIN.gold[0].replace(" ", "\n"),)})
    assert ask(assistant_of(corpus_index, sure=True), broken).has_gold


def test_gold_that_is_nowhere_has_no_rank(corpus_index: Index) -> None:
    absent = PAIN.model_copy(update={"gold": ("Dit staat nergens.",)})
    asked = ask(assistant_of(corpus_index, sure=True), absent)
    assert (asked.rank, asked.has_gold, asked.composed_gold) == (0, False, False)


def test_an_unanswerable_question_is_asked_and_only_counted_as_answered_or_not(corpus_index: Index) -> None:
    assert not ask(assistant_of(corpus_index, sure=False), NOT_IN_THERE).is_answered
    assert ask(assistant_of(corpus_index, sure=True), NOT_IN_THERE).is_answered


def test_only_questions_that_went_wrong_are_named() -> None:
    refused = Outcome(NOT_IN_THERE, Answer(AnswerKind.NOT_FOUND), 0.1)
    answered = Outcome(NOT_IN_THERE, Answer(AnswerKind.ANSWERED, (Sentence("Zon.", (1,)),)), 0.9)
    outcomes = [outcome(1, words=5, has_gold=True), outcome(words=5), refused, answered]
    assert list(wrong_answers(outcomes)) == [
        f"t1 {PAIN.question!r} → answered (0.50)",
        f"t2 {NOT_IN_THERE.question!r} → answered (0.90)",
    ]


def test_both_kinds_of_questions_are_counted_apart() -> None:
    refused = Outcome(NOT_IN_THERE, Answer(AnswerKind.NOT_FOUND), 0.1)
    can, cannot = (
        table([outcome(1, words=5, has_gold=True), refused]) for table in (answerable_table, unanswerable_table)
    )
    assert [list(column.cells) for column in can.columns[:2]] == [["plain", "alle"], ["1", "1"]]
    assert [list(column.cells) for column in cannot.columns] == [["near_miss", "alle"], ["1", "1"], ["100%", "100%"]]


def test_signals_are_what_the_calibration_weighs() -> None:
    assert list(Signals.model_fields) == ["sentence", "bm25", "coverage"]
