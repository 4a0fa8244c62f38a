"""What was measured of the answers as JSON, for other programs: every share with its counts and interval."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from assistant.evaluation.accepted import Comparison, Flip, Result
from assistant.evaluation.answer_tables import percentiles
from assistant.evaluation.answers import ALL, STEPS, AnswerMeasurement, Groups, Shares
from assistant.evaluation.curve import RiskCoverage, Separation, WorkingPoint
from assistant.evaluation.engines import EngineComparison, EngineFigures, Waits, phrasings
from assistant.evaluation.goals import HIT_DEPTH, key_figures
from assistant.evaluation.metrics import Outcome, Summary
from assistant.evaluation.rates import Rate

_DECIMALS = 4

Numbers = dict[str, Any]


def write_numbers(path: Path, measured: AnswerMeasurement, comparison: Comparison | None, on: date) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    numbers = numbers_of(measured, comparison, on)
    path.write_text(json.dumps(numbers, ensure_ascii=False, indent=1) + "\n", "utf-8")


def numbers_of(measured: AnswerMeasurement, comparison: Comparison | None, on: date) -> Numbers:
    """Shares and confidences are 0 to 1."""
    return {
        "measured_on": on.isoformat(),
        "half": measured.half.value,
        "model": measured.model,
        "without": [ingredient.value for ingredient in measured.without],
        "calibrated_anew": measured.calibrated_anew,
        "key_figures": [asdict(figure) for figure in key_figures(measured)],
        "answerable": {name: _of_answerable(group) for name, group in (measured.styles | measured.totals).items()},
        "unanswerable": _of_unanswerable(measured),
        "risk_coverage": _of_curve([*measured.answerable, *measured.unanswerable]),
        "follow_ups": _of_follow_ups(measured.follow_up_kinds | {ALL: measured.follow_ups}),
        "milliseconds": _of_time(measured),
        "engines": _of_engines(measured) if measured.quoted else None,
        "words": sorted(each.answer.words for each in measured.answers),
        "comparison": _of_comparison(comparison) if comparison else None,
        "questions": {each.question.id: Result.of(each).model_dump() for each in measured.outcomes},
    }


def _of_answerable(group: Sequence[Outcome]) -> Numbers:
    summary, shares = Summary.of(group), Shares.of(group)
    return {
        "questions": summary.questions,
        "hit_at": {str(depth): _of_rate(rate) for depth, rate in shares.hit_at.items()},
        "mrr": _rounded(summary.mrr),
        "ndcg": _rounded(summary.ndcg),
        "answered": _of_rate(shares.answered),
        "gold": _of_rate(shares.gold),
        "composed_gold": _of_rate(shares.composed_gold),
        "citation_precision": _rounded(summary.cited_gold),
        "median_words": summary.words,
        "most_words": summary.most_words,
    }


def _of_unanswerable(measured: AnswerMeasurement) -> Numbers:
    numbers: Numbers = {}
    for name, group in (measured.kinds | {ALL: measured.unanswerable}).items():
        separation = Separation.of(measured.answerable, group)
        refused = Rate.of(not each.is_answered for each in group)
        numbers[name] = {"refused": _of_rate(refused), "auroc": _rounded(separation.area) if separation else None}
    return numbers


def _of_curve(outcomes: Sequence[Outcome]) -> Numbers:
    curve, point = RiskCoverage.of(outcomes), WorkingPoint.of(outcomes)
    return {
        "aurc": _rounded(curve.aurc),
        "best_aurc": _rounded(curve.best_aurc),
        "blind_aurc": _rounded(curve.blind_aurc),
        "working_point": {"coverage": _rounded(point.coverage), "risk": _rounded(point.risk)},
        "thresholds": list(map(_rounded, curve.thresholds)),
        "coverage": list(map(_rounded, curve.coverage)),
        "risk": list(map(_rounded, curve.risk)),
    }


def _of_follow_ups(groups: Groups) -> Numbers:
    return {
        name: {
            f"hit_at_{HIT_DEPTH}": _of_rate(Rate.of(0 < each.rank <= HIT_DEPTH for each in group if each.gold)),
            "right": _of_rate(Rate.of(each.is_right for each in group)),
        }
        for name, group in groups.items()
    }


def _of_time(measured: AnswerMeasurement) -> Numbers:
    if not measured.outcomes:
        return {}
    return {
        step: {f"p{each}": _rounded(value) for each, value in percentiles(measured.milliseconds(step)).items()}
        for step in STEPS
    }


def _of_engines(measured: AnswerMeasurement) -> Numbers:
    compared = EngineComparison.of(measured)
    unsupported = {each.question.id: each.unsupported for each in measured.outcomes}
    return {
        "phrased_by": measured.phrased_by,
        "asked": _of_rate(compared.asked),
        "extractive": _of_engine(compared.quoted),
        "llm": _of_engine(compared.phrased),
        "outcomes": {name: _of_rate(rate) for name, rate in compared.outcomes.items()},
        "dropped": {name: {"sentences": rate.total, "quoted": rate.hits} for name, rate in compared.dropped.items()},
        "questions": {
            identifier: asdict(phrasing) | {"unsupported": unsupported[identifier]}
            for identifier, phrasing in phrasings(measured)
        },
    }


def _of_engine(figures: EngineFigures) -> Numbers:
    return {
        "gold": _of_rate(figures.gold),
        "gold_where_asked": _of_rate(figures.gold_where_asked),
        "median_words": figures.words,
        "sentences": figures.sentences,
        "taken_back": figures.taken_back,
        "unsupported": _of_rate(figures.unsupported),
        "seconds_to_first": _of_waits(figures.first),
        "seconds": _of_waits(figures.whole),
    }


def _of_waits(waits: Waits) -> Numbers:
    return {f"p{percent}": _rounded(value) for percent, value in waits.items()}


def _of_comparison(comparison: Comparison) -> Numbers:
    return {
        "accepted_on": comparison.before.measured_on.isoformat(),
        "lost": [_of_flip(flip) for flip in comparison.flips if not flip.is_gain],
        "gained": [_of_flip(flip) for flip in comparison.flips if flip.is_gain],
        "new": comparison.new,
        "gone": comparison.gone,
    }


def _of_flip(flip: Flip) -> Numbers:
    return {"id": flip.id, "before": flip.before.model_dump(), "now": flip.now.model_dump()}


def _of_rate(rate: Rate) -> Numbers:
    low, high = rate.interval
    return {
        "hits": rate.hits,
        "total": rate.total,
        "share": _rounded(rate.share),
        "low": _rounded(low),
        "high": _rounded(high),
    }


def _rounded(value: float) -> float:
    return round(float(value), _DECIMALS)
