"""What is wanted of the answers, and whether it was reached."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from assistant.evaluation.answers import ALL, ALL_CALM_SAYABLE, AnswerMeasurement, Shares
from assistant.evaluation.metrics import Summary
from assistant.evaluation.rates import Rate

FOUND = 0.95
ANSWERED = 0.93
GOLD = 0.93
REFUSED = 0.95
MOST_WORDS = 120
MOST_MILLISECONDS = 60
HIT_DEPTH = 3


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """``spread`` is what chance can make of it, "" where that is not known; ``aside`` what else there is to say."""

    name: str
    value: str
    goal: str
    is_met: bool
    spread: str = ""
    aside: str = ""


def key_figures(measured: AnswerMeasurement) -> list[KeyFigure]:
    return [*_of_answerable(measured), *_of_unanswerable(measured), *_of_all(measured)]


def _of_answerable(measured: AnswerMeasurement) -> Iterator[KeyFigure]:
    if not measured.answerable:
        return
    totals = measured.totals
    every, sayable = Shares.of(totals[ALL]), Shares.of(totals[ALL_CALM_SAYABLE])
    yield _share(
        "De goede passage bij de eerste drie", every.hit_at[HIT_DEPTH], FOUND, _without(sayable.hit_at[HIT_DEPTH])
    )
    found = {name: Shares.of(group).hit_at[HIT_DEPTH] for name, group in measured.styles.items()}
    worst = min(found, key=lambda name: found[name].share)
    yield _share("Hetzelfde, in de slechtste stijl", found[worst], FOUND, f"stijl: {worst}")
    yield _share("Beantwoord van wat in de artikelen staat", every.answered, ANSWERED, _without(sayable.answered))
    yield _share("Met het goede citaat in het antwoord", every.gold, GOLD, _without(sayable.gold))


def _of_unanswerable(measured: AnswerMeasurement) -> Iterator[KeyFigure]:
    if measured.unanswerable:
        refused = Rate.of(not each.is_answered for each in measured.unanswerable)
        yield _share("Geen antwoord op wat er niet in staat", refused, REFUSED)


def _of_all(measured: AnswerMeasurement) -> Iterator[KeyFigure]:
    if measured.answers:
        words = Summary.of(measured.answers)
        most, usual = words.most_words, f"mediaan: {words.words:.0f}"
        yield KeyFigure(
            "Woorden in het langste antwoord", str(most), f"hoogstens {MOST_WORDS}", most <= MOST_WORDS, aside=usual
        )
    if measured.outcomes:
        p95 = float(np.percentile(measured.milliseconds("total"), 95))
        yield KeyFigure(
            "95 van de 100 antwoorden klaar binnen",
            f"{p95:.0f} ms",
            f"hoogstens {MOST_MILLISECONDS} ms",
            p95 <= MOST_MILLISECONDS,
            aside="zonder het netwerk; hangt af van de computer",
        )


def _share(name: str, rate: Rate, least: float, aside: str = "") -> KeyFigure:
    return KeyFigure(name, rate.percent, f"minstens {least * 100:.0f} %", rate.share >= least, rate.spread, aside)


def _without(rate: Rate) -> str:
    """Of what no alarm and no review note keeps back."""
    return f"zonder alarm en promotie: {rate.percent}"
