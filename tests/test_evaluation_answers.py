"""What was measured of the answers: its groups, curves, tables and numbers, and what changed since it was accepted."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from outcome_fakes import FOLLOWING, PAIN, asking, not_in_there, outcome

from assistant.answer import Urgency
from assistant.evaluation.accepted import Comparison, Result, Run, compare, load_accepted, save_accepted
from assistant.evaluation.answer_numbers import numbers_of
from assistant.evaluation.answer_tables import (
    answer_tables,
    comparison_line,
    flip_table,
    made_of,
    miss_table,
    threshold_table,
)
from assistant.evaluation.answers import (
    ALL,
    ALL_CALM,
    ALL_CALM_SAYABLE,
    ALL_SAYABLE,
    AnswerMeasurement,
    is_only_promotion,
)
from assistant.evaluation.curve import RiskCoverage, Separation, WorkingPoint
from assistant.evaluation.errors import EvaluationError
from assistant.evaluation.goals import key_figures
from assistant.evaluation.labels import FOLLOW_UPS, QUESTION_STYLES, UNANSWERABLE
from assistant.evaluation.metrics import Outcome
from assistant.evaluation.questions import Half
from assistant.evaluation.rates import Rate
from assistant.evaluation.tables import Table
from assistant.ingredients import Ingredient
from assistant.remarks import is_promotional
from ingest.index import Index

TODAY = date(2026, 11, 24)
RIGHT = {"has_gold": True, "composed_gold": True}
MEASURED = AnswerMeasurement(
    half=Half.TUNE,
    outcomes=(
        outcome(1, question=asking("a1"), words=40, confidence=0.9, cited=2, cited_gold=1, **RIGHT),
        outcome(2, 4, question=asking("a2", style="flemish"), words=60, confidence=0.8, cited=2),
        outcome(1, question=asking("a3"), confidence=0.7, urgency=Urgency.SPOED, composed_gold=True),
        outcome(3, question=asking("a4"), confidence=0.6, milliseconds=90.0),
        outcome(question=not_in_there("u1"), confidence=0.1),
        outcome(question=not_in_there("u2", "off_topic"), words=130, confidence=0.75),
        outcome(1, question=FOLLOWING, words=20, **RIGHT),
        outcome(question=FOLLOWING.model_copy(update={"id": "t4", "kind": "nothing", "gold": ()})),
    ),
    promotional=frozenset({"a4"}),
    model="model",
)
NOTHING = AnswerMeasurement(Half.TUNE, ())

certain = st.lists(st.tuples(st.integers(0, 8), st.booleans()), min_size=1, max_size=30)


def named(title: str) -> Table:
    (table,) = (table for table in answer_tables(MEASURED) if table.title == title)
    return table


def row(table: Table, name: str) -> dict[str, str]:
    """Of one row the values by column, without their intervals."""
    (values,) = (values for values in table.rows if values[0] == name)
    return {column: value.split(" (")[0] for column, value in zip(table.columns, values, strict=True)}


def unanswered(confidences: list[tuple[int, bool]]) -> list[Outcome]:
    """Outcomes with these confidences (in tenths) and whether they would be right."""
    return [outcome(confidence=tenths / 10, composed_gold=right) for tenths, right in confidences]


# Groups


def test_the_totals_leave_out_alarms_and_promotion_only_where_they_say_so() -> None:
    ids = {name: [each.question.id for each in group] for name, group in MEASURED.totals.items()}
    assert ids == {
        ALL: ["a1", "a2", "a3", "a4"],
        ALL_CALM: ["a1", "a2", "a4"],
        ALL_SAYABLE: ["a1", "a2", "a3"],
        ALL_CALM_SAYABLE: ["a1", "a2"],
    }


def test_every_outcome_is_of_one_kind_and_every_kind_has_a_dutch_name() -> None:
    assert len(MEASURED.answerable) + len(MEASURED.unanswerable) + len(MEASURED.follow_ups) == len(MEASURED.outcomes)
    assert list(MEASURED.styles) == [QUESTION_STYLES["plain"], QUESTION_STYLES["flemish"]]
    assert list(MEASURED.kinds) == [UNANSWERABLE["near_miss"], UNANSWERABLE["off_topic"]]
    assert list(MEASURED.follow_up_kinds) == [FOLLOW_UPS["and"], FOLLOW_UPS["nothing"]]


def test_a_question_is_only_promotion_when_each_of_its_quotes_praises(corpus_index: Index) -> None:
    wordings = [corpus_index.wording(each) for each in corpus_index.sentence_rows]
    praise = [is_promotional(corpus_index.notes_of_sentence(place)) for place in range(len(wordings))]
    once = [wordings.count(wording) == 1 for wording in wordings]
    praising = next(each for each, praises, unique in zip(wordings, praise, once, strict=True) if praises and unique)
    telling = next(each for each, praises, unique in zip(wordings, praise, once, strict=True) if unique and not praises)
    assert is_only_promotion(corpus_index, [praising])
    assert is_only_promotion(corpus_index, [praising[: len(praising) // 2]])
    assert not is_only_promotion(corpus_index, [telling])
    assert not is_only_promotion(corpus_index, [praising, telling])
    assert not is_only_promotion(corpus_index, ["Dit staat nergens."])
    assert not is_only_promotion(corpus_index, [])


def test_a_quote_of_two_sentences_is_promotion_when_one_of_them_is(corpus_index: Index) -> None:
    notes = corpus_index.note_places.sentences
    for place in sorted(notes):
        here, after = corpus_index.sentence_rows[place : place + 2]
        both = here.passage == after.passage and here.sentence.item == after.sentence.item
        if both and is_promotional(notes[place]) and not is_promotional(corpus_index.notes_of_sentence(place + 1)):
            assert is_only_promotion(corpus_index, [f"{corpus_index.wording(here)} {corpus_index.wording(after)}"])
            return
    pytest.fail("no promotional sentence is followed by another one")


# Curves


@given(certain)
def test_the_area_under_the_risk_lies_between_the_best_one_and_all_of_it(confidences: list[tuple[int, bool]]) -> None:
    curve = RiskCoverage.of(unanswered(confidences))
    assert curve.best_aurc - 1e-9 <= curve.aurc <= 1
    assert curve.blind_aurc == pytest.approx(1 - np.mean([right for _, right in confidences]))


@given(certain, st.randoms())
def test_the_order_of_the_questions_does_not_matter(confidences: list[tuple[int, bool]], chance: object) -> None:
    shuffled = list(confidences)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    curve, other = (RiskCoverage.of(unanswered(each)) for each in (confidences, shuffled))
    assert curve.aurc == pytest.approx(other.aurc)
    assert (curve.coverage.tolist(), curve.risk.tolist()) == (other.coverage.tolist(), other.risk.tolist())


@given(st.lists(st.booleans(), min_size=1, max_size=30))
def test_a_confidence_that_knows_has_the_best_area_and_one_that_never_differs_the_blind_one(right: list[bool]) -> None:
    knowing = RiskCoverage.of(unanswered([(place + 100 * each, each) for place, each in enumerate(right)]))
    assert knowing.aurc == pytest.approx(knowing.best_aurc)
    same = RiskCoverage.of(unanswered([(5, each) for each in right]))
    assert same.aurc == same.blind_aurc


def test_without_ties_the_area_is_the_mean_of_the_risks() -> None:
    curve = RiskCoverage.of(unanswered([(9, True), (8, False), (7, True), (6, False)]))
    assert curve.risk.tolist() == [0, 1 / 2, 1 / 3, 2 / 4]
    assert curve.coverage.tolist() == [0.25, 0.5, 0.75, 1]
    assert curve.aurc == pytest.approx(np.mean(curve.risk))
    assert curve.best_aurc == pytest.approx((0 + 0 + 1 / 3 + 2 / 4) / 4)


def test_a_coverage_is_reached_at_the_highest_threshold_that_answers_as_many() -> None:
    curve = RiskCoverage.of(unanswered([(9, True), (8, True), (8, False), (6, True)]))
    assert [curve.at(share) for share in (0.1, 0.25, 0.3, 0.75, 1.0)] == [0, 0, 1, 1, 2]


def test_an_unanswerable_question_is_a_risk_at_any_confidence() -> None:
    curve = RiskCoverage.of([outcome(question=not_in_there("u1"), confidence=0.9)])
    assert curve.risk.tolist() == [1]


def test_the_working_point_counts_what_was_answered_and_what_of_that_was_wrong() -> None:
    point = WorkingPoint.of([*MEASURED.answerable, *MEASURED.unanswerable])
    assert (point.questions, point.answered, point.wrong) == (6, 3, 2)
    assert (point.coverage, point.risk) == (1 / 2, 2 / 3)
    assert (WorkingPoint.of([]).coverage, WorkingPoint.of([]).risk) == (0, 0)


@pytest.mark.parametrize(("of_others", "area"), [((0.1, 0.2), 1.0), ((0.95, 0.99), 0.0), ((0.5, 0.9), 0.375)])
def test_the_area_is_the_chance_that_the_answerable_one_has_more_confidence(
    of_others: tuple[float, float], area: float
) -> None:
    known = [outcome(confidence=each) for each in (0.5, 0.8)]
    others = [outcome(question=not_in_there("u1"), confidence=each) for each in of_others]
    found = Separation.of(known, others)
    assert found is not None and found.area == pytest.approx(area)


def test_there_is_no_area_without_both_kinds() -> None:
    assert Separation.of(MEASURED.answerable, []) is None
    assert Separation.of([], MEASURED.unanswerable) is None


# Tables


def test_every_row_has_a_value_for_every_column() -> None:
    assert len(answer_tables(MEASURED)) == 7
    assert all(len(values) == len(table.columns) for table in answer_tables(MEASURED) for values in table.rows)


def test_what_was_not_measured_has_no_table() -> None:
    assert answer_tables(NOTHING) == []
    assert miss_table(NOTHING).rows == ()


def test_the_found_passages_are_counted_per_style_with_the_totals_last() -> None:
    table = named("Gevonden: vragen die in de artikelen staan")
    assert [values[0] for values in table.rows] == [*MEASURED.styles, *MEASURED.totals]
    plain, flemish, everything = (row(table, name) for name in (*MEASURED.styles, ALL))
    assert (plain["n"], plain["bij 1"], plain["bij 3"]) == ("3", "66,7 %", "100,0 %")
    assert (flemish["bij 1"], flemish["MRR"]) == ("0,0 %", "0,50")
    assert (everything["n"], everything["bij 1"], everything["MRR"]) == ("4", "50,0 %", "0,71")


def test_the_answers_are_counted_with_their_citations_and_words() -> None:
    table = named("Beantwoord: vragen die in de artikelen staan")
    assert row(table, ALL) == {
        "stijl": ALL,
        "n": "4",
        "beantwoord": "50,0 %",
        "goed citaat": "25,0 %",
        "zonder drempel": "50,0 %",
        "bron goed": "25,0 %",
        "woorden": "50",
        "langste": "60",
    }
    assert row(table, ALL_CALM_SAYABLE)["goed citaat"] == "50,0 %"


def test_nobody_can_overlook_what_the_totals_leave_out() -> None:
    note = named("Beantwoord: vragen die in de artikelen staan").note
    assert "1 vragen kregen een alarm" in note and "van 1 is elk goed citaat promotie" in note


def test_the_refused_are_counted_per_kind_with_how_well_the_confidence_sees_them() -> None:
    table = named("Geen antwoord: vragen die niet in de artikelen staan")
    near, off, everything = (row(table, name) for name in (*MEASURED.kinds, ALL))
    assert (near["geweigerd"], near["AUROC"]) == ("100,0 %", "1,000")
    assert (off["geweigerd"], off["AUROC"]) == ("0,0 %", "0,500")
    assert everything["geweigerd"] == "50,0 %"


def test_the_threshold_table_ends_with_what_is_done_now() -> None:
    table = threshold_table(MEASURED)
    assert table.rows[-1][:2] == ("zoals nu", "50,0 %")
    assert table.rows[-2][:2] == ("0,10", "100,0 %")
    assert "AURC" in table.note


def test_follow_ups_are_counted_per_kind_and_those_without_an_answer_by_their_refusal() -> None:
    table = named("Vervolgvragen")
    assert row(table, FOLLOW_UPS["and"]) == {
        "soort": FOLLOW_UPS["and"],
        "n": "1",
        "bij 3": "100,0 %",
        "goed": "100,0 %",
    }
    assert row(table, FOLLOW_UPS["nothing"])["bij 3"] == "–"
    assert row(table, ALL)["goed"] == "100,0 %"


def test_times_are_told_per_step() -> None:
    table = named("Tijd per antwoord, in milliseconden")
    assert row(table, "alles") == {"stap": "alles", "p50": "10,0", "p95": "62,0", "p99": "84,4"}
    assert row(table, "zoeken")["p50"] == "5,0"


def test_the_key_figures_say_which_goals_were_met() -> None:
    met = {figure.name: figure.is_met for figure in key_figures(MEASURED)}
    assert met == {
        "De goede passage bij de eerste drie": True,
        "Hetzelfde, in de slechtste stijl": True,
        "Beantwoord van wat in de artikelen staat": False,
        "Met het goede citaat in het antwoord": False,
        "Geen antwoord op wat er niet in staat": False,
        "Woorden in het langste antwoord": False,
        "95 van de 100 antwoorden klaar binnen": False,
    }


def test_every_miss_is_listed_with_what_it_got_and_whether_a_note_keeps_it_back() -> None:
    rows = {values[0]: values[1:] for values in miss_table(MEASURED).rows}
    assert rows == {
        "a2": (QUESTION_STYLES["flemish"], "verkeerd beantwoord", "2", "0,80", "Vraag a2?"),
        "a3": (QUESTION_STYLES["plain"], "alarm: spoed", "1", "0,70", "Vraag a3?"),
        "a4": (f"{QUESTION_STYLES['plain']}, alleen promotie", "niet beantwoord", "3", "0,60", "Vraag a4?"),
        "u2": (f"niet in de artikelen: {UNANSWERABLE['off_topic']}", "verkeerd beantwoord", "–", "0,75", "Vraag u2?"),
    }


def test_what_was_left_out_and_calibrated_anew_is_said() -> None:
    assert "Weggelaten" not in made_of(MEASURED) and "opnieuw" not in made_of(MEASURED)
    partly = replace(MEASURED, without=(Ingredient.WORDS, Ingredient.SPELLING), calibrated_anew=True)
    assert "Weggelaten: words, spelling. De afstelling is voor deze meting opnieuw gemaakt" in made_of(partly)


@given(st.integers(0, 500), st.integers(1, 500))
def test_a_rate_is_its_percentage_and_its_spread(hits: int, more: int) -> None:
    rate = Rate(hits, hits + more)
    assert str(rate) == f"{rate.percent} {rate.spread}"
    assert str(Rate(0, 0)) == Rate(0, 0).percent == "–"


# What changed


def run(measured: AnswerMeasurement = MEASURED) -> Run:
    return Run.of(measured, TODAY)


def with_result(identifier: str, **changes: object) -> Run:
    """As ``MEASURED``, but with another result for one question."""
    before = run()
    changed = before.results[identifier].model_copy(update=changes)
    return before.model_copy(update={"results": before.results | {identifier: changed}})


def test_nothing_changes_between_a_run_and_itself() -> None:
    same = Comparison.of(run(), run())
    assert (same.flips, same.new, same.gone, same.net_loss) == ((), 0, 0, 0)


def test_every_question_that_flips_is_named_with_what_it_was_and_is_the_lost_ones_first() -> None:
    before = with_result("a2", right=True, confidence=0.25)
    before = before.model_copy(
        update={"results": before.results | {"a1": with_result("a1", right=False).results["a1"]}}
    )
    comparison = Comparison.of(before, run())
    assert [(flip.id, flip.is_gain) for flip in comparison.flips] == [("a2", False), ("a1", True)]
    assert (comparison.lost, comparison.gained, comparison.net_loss) == (1, 1, 0)
    assert flip_table(comparison).rows == (
        ("a2", "goed beantwoord", "verkeerd beantwoord", "0,25 → 0,80", "Vraag a2?"),
        ("a1", "verkeerd beantwoord", "goed beantwoord", "0,90 → 0,90", "Vraag a1?"),
    )


def test_a_change_that_leaves_a_question_right_or_wrong_is_no_flip() -> None:
    assert Comparison.of(with_result("a1", rank=3, confidence=0.1), run()).flips == ()


def test_questions_that_came_and_went_are_counted_and_a_reworded_one_is_both() -> None:
    before = with_result("a1", question="Anders?", right=False)
    results = {name: result for name, result in before.results.items() if name not in {"a2", "u1"}}
    comparison = Comparison.of(before.model_copy(update={"results": results}), run())
    assert (comparison.flips, comparison.new, comparison.gone) == ((), 3, 1)
    assert "3 nieuwe vragen, 1 verdwenen" in comparison_line(comparison)


def test_a_follow_up_asked_after_something_else_is_another_question() -> None:
    other = FOLLOWING.model_copy(update={"earlier": ("Wat is RSI?",)})
    now = replace(MEASURED, outcomes=(outcome(1, question=other),))
    comparison = Comparison.of(run(), run(now))
    assert (comparison.new, comparison.gone) == (1, len(MEASURED.outcomes))


def test_the_halves_are_not_compared() -> None:
    assert compare(replace(MEASURED, half=Half.REPORT), TODAY, run()) is None
    assert compare(MEASURED, TODAY, None) is None
    assert compare(MEASURED, TODAY, run()) is not None


def test_an_accepted_run_can_be_read_again_and_has_a_line_for_each_question(tmp_path: Path) -> None:
    path = tmp_path / "accepted.json"
    save_accepted(run(), path)
    assert load_accepted(path) == run()
    lines = path.read_text("utf-8").splitlines()
    assert sum(line.startswith('"') for line in lines) == len(MEASURED.outcomes)


@given(st.text(), st.floats(0, 1))
def test_whatever_was_asked_an_accepted_run_can_be_read_again(
    tmp_path_factory: pytest.TempPathFactory, said: str, confidence: float
) -> None:
    path = tmp_path_factory.mktemp("accepted") / "accepted.json"
    encodable = said.encode("utf-8", "replace").decode()
    result = Result(question=encodable, right=True, rank=0, answered=False, confidence=confidence)
    kept = run().model_copy(update={"results": {encodable: result}})
    save_accepted(kept, path)
    assert load_accepted(path) == kept


def test_a_run_without_questions_can_be_read_again(tmp_path: Path) -> None:
    save_accepted(run(NOTHING), tmp_path / "accepted.json")
    assert load_accepted(tmp_path / "accepted.json") == run(NOTHING)


def test_nothing_was_accepted_where_there_is_no_file(tmp_path: Path) -> None:
    assert load_accepted(tmp_path / "accepted.json") is None


def test_a_broken_accepted_run_is_told_with_what_mends_it(tmp_path: Path) -> None:
    path = tmp_path / "accepted.json"
    path.write_text("{", "utf-8")
    with pytest.raises(EvaluationError, match=r"accepted\.json: .*--accept"):
        load_accepted(path)


# Numbers


def test_the_numbers_are_json_with_every_question_and_every_share() -> None:
    comparison = Comparison.of(with_result("a2", right=True), run())
    numbers = json.loads(json.dumps(numbers_of(MEASURED, comparison, TODAY), allow_nan=False))
    assert set(numbers["questions"]) == {each.question.id for each in MEASURED.outcomes}
    assert numbers["questions"]["a1"] == {
        "question": "Vraag a1?",
        "right": True,
        "rank": 1,
        "answered": True,
        "confidence": 0.9,
    }
    assert numbers["answerable"][ALL]["gold"] | {"low": 0, "high": 0} == {
        "hits": 1,
        "total": 4,
        "share": 0.25,
        "low": 0,
        "high": 0,
    }
    assert numbers["comparison"]["lost"][0]["id"] == "a2"
    assert numbers["risk_coverage"]["risk"][-1] == numbers["risk_coverage"]["blind_aurc"]
    assert numbers["milliseconds"]["retrieve"]["p50"] == 5


def test_nothing_measured_gives_numbers_as_well() -> None:
    assert json.dumps(numbers_of(NOTHING, None, TODAY), allow_nan=False)


def test_the_results_are_of_what_was_asked() -> None:
    assert Result.of(outcome(2, question=PAIN, words=3, confidence=0.123456)) == Result(
        question=PAIN.question, right=False, rank=2, answered=True, confidence=0.1235
    )
