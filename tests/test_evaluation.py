"""The development questions can be trusted, and so can the figures made of them."""

import json
from functools import cache
from pathlib import Path

import pytest
from assistant_fakes import ALWAYS_SURE, NEVER_SURE, hybrid_retriever
from outcome_fakes import FOLLOWING, NOT_IN_THERE, PAIN, outcome

from assistant.evaluation.errors import EvaluationError
from assistant.evaluation.metrics import Summary, ask
from assistant.evaluation.questions import (
    AnswerableQuestion,
    FollowUp,
    Half,
    all_questions,
    answerable,
    follow_ups,
    unanswerable,
)
from assistant.extract import ExtractiveComposer
from assistant.refusals import load_refusals
from assistant.reply import Assistant, Guards
from assistant.triage.assess import Assessor
from assistant.triage.rulebook import load_rulebook
from ingest.article import Article, BlockKind
from ingest.index import Index
from ingest.read import read_corpus
from ingest.settings import PROJECT


@pytest.fixture(scope="module")
def articles() -> dict[str, Article]:
    return {article.slug: article for article in read_corpus(PROJECT / "corpus").articles}


@cache
def guards() -> Guards:
    return Guards(Assessor(load_rulebook()), load_refusals())


@pytest.fixture(scope="module")
def sure(corpus_index: Index) -> Assistant:
    """Answers whatever it is asked."""
    return Assistant(guards(), hybrid_retriever(corpus_index, ALWAYS_SURE), ExtractiveComposer())


@pytest.fixture(scope="module")
def unsure(corpus_index: Index) -> Assistant:
    """Answers nothing."""
    return Assistant(guards(), hybrid_retriever(corpus_index, NEVER_SURE), ExtractiveComposer())


def with_gold() -> list[AnswerableQuestion | FollowUp]:
    return [*answerable(), *(each for half in Half for each in follow_ups(half) if each.gold)]


# The questions


def test_every_gold_quote_stands_in_an_article_word_for_word_and_the_first_in_its_own(
    articles: dict[str, Article],
) -> None:
    texts = [article.text for article in articles.values()]
    nowhere = [each.id for each in with_gold() if not all(any(quote in text for text in texts) for quote in each.gold)]
    assert nowhere == []
    assert [each.id for each in with_gold() if each.gold[0] not in articles[each.slug].text] == []


def test_every_section_is_a_heading_of_its_article(articles: dict[str, Article]) -> None:
    headings = {
        slug: {"", *(article.wording(block) for block in article.blocks if block.kind is BlockKind.HEADING)}
        for slug, article in articles.items()
    }
    assert [question.id for question in with_gold() if question.section not in headings[question.slug]] == []


def test_every_question_has_its_own_id_and_its_own_words() -> None:
    questions = [*answerable(), *unanswerable()]
    ids = [each.id for each in (*questions, *(each for half in Half for each in follow_ups(half)))]
    assert len(set(ids)) == len(ids)
    assert len({" ".join(question.question.casefold().split()) for question in questions}) == len(questions)


def test_every_question_is_in_exactly_one_half() -> None:
    tune, report = ({question.id for question in all_questions(half)} for half in (Half.TUNE, Half.REPORT))
    assert tune & report == set()
    assert tune | report == {question.id for question in (*answerable(), *unanswerable())}


def test_no_section_is_in_both_halves() -> None:
    sections = {
        half: {(question.slug, question.section) for question in with_gold() if question.half is half} for half in Half
    }
    assert sections[Half.TUNE] & sections[Half.REPORT] == set()


def test_few_report_questions_have_only_gold_that_was_tuned_on() -> None:
    """The articles repeat themselves: what one section says, a section of the other half may say as well."""
    tuned = {quote for question in answerable() if question.half is Half.TUNE for quote in question.gold}
    reported = [question for question in answerable() if question.half is Half.REPORT]
    known = [question for question in reported if tuned.issuperset(question.gold)]
    assert len(known) / len(reported) <= 0.15


def test_both_halves_have_enough_of_both_kinds_to_say_something() -> None:
    for half in Half:
        questions = all_questions(half)
        can = sum(isinstance(question, AnswerableQuestion) for question in questions)
        assert min(can, len(questions) - can) >= 80
        assert len(follow_ups(half)) >= 40


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


# The metrics


def test_summary_counts_shares_of_all_questions() -> None:
    outcomes = [
        outcome(1, words=10, has_gold=True, composed_gold=True),
        outcome(3, words=30),
        outcome(4, composed_gold=True),
        outcome(),
    ]
    summary = Summary.of(outcomes)
    assert summary.questions == 4
    assert summary.hit_at == {1: 0.25, 3: 0.5, 5: 0.75}
    assert summary.mrr == pytest.approx((1 + 1 / 3 + 1 / 4) / 4)
    assert (summary.answered, summary.gold, summary.composed_gold) == (0.5, 0.25, 0.5)
    assert (summary.words, summary.most_words) == (20, 30)


def test_summary_of_nothing_is_zero() -> None:
    assert Summary.of([]) == Summary(0, {1: 0.0, 3: 0.0, 5: 0.0}, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0)


def test_citation_precision_is_of_all_citations_not_a_mean_of_answers() -> None:
    outcomes = [outcome(1, words=5, cited=1, cited_gold=1), outcome(1, words=5, cited=3, cited_gold=1)]
    assert Summary.of(outcomes).cited_gold == 0.5


def test_gain_is_all_of_it_when_the_right_passages_come_first_and_less_the_later_they_come() -> None:
    assert outcome(1, 2).ndcg == 1
    assert 1 > outcome(1, 3).ndcg > outcome(2, 3).ndcg > outcome(4, 5).ndcg > outcome(6, 7).ndcg == 0


def test_an_answer_with_the_gold_quote_counts_as_right(sure: Assistant) -> None:
    asked = ask(sure, PAIN)
    assert (asked.is_answered, asked.rank, asked.has_gold, asked.composed_gold) == (True, 1, True, True)
    assert asked.is_right and 0 < asked.cited_gold <= asked.cited == len(asked.answer.citations)


def test_a_refused_answer_is_not_right_but_says_what_it_would_have_been(unsure: Assistant) -> None:
    asked = ask(unsure, PAIN)
    assert (asked.is_answered, asked.rank, asked.has_gold, asked.composed_gold) == (False, 1, False, True)
    assert not asked.is_right


def test_gold_is_found_across_a_line_break_in_the_quote(sure: Assistant) -> None:
    broken = PAIN.model_copy(update={"gold": (PAIN.gold[0].replace(" ", "\n"),)})
    assert ask(sure, broken).has_gold


def test_gold_that_is_nowhere_has_no_rank(sure: Assistant) -> None:
    absent = PAIN.model_copy(update={"gold": ("Dit staat nergens.",)})
    asked = ask(sure, absent)
    assert (asked.rank, asked.has_gold, asked.composed_gold) == (0, False, False)


def test_an_unanswerable_question_is_right_when_it_is_not_answered(sure: Assistant, unsure: Assistant) -> None:
    assert ask(unsure, NOT_IN_THERE).is_right
    assert not ask(sure, NOT_IN_THERE).is_right


def test_a_follow_up_is_asked_after_what_came_before_it(sure: Assistant) -> None:
    alone = PAIN.model_copy(update={"question": FOLLOWING.question})
    assert 0 < ask(sure, FOLLOWING).rank < ask(sure, alone).rank
