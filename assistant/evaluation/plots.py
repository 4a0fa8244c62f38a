"""What was measured of the answers, drawn."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from assistant.evaluation.answer_tables import decimal, percentiles
from assistant.evaluation.answers import ALL, AnswerMeasurement, Shares
from assistant.evaluation.curve import RiskCoverage, Separation, WorkingPoint
from assistant.evaluation.drawing import BLUE, FAINT, GREEN, INK, ORANGE, Caption, drawn, legend_above, percent_axis
from assistant.evaluation.goals import GOLD, HIT_DEPTH, MOST_MILLISECONDS, MOST_WORDS
from assistant.evaluation.rates import Rate

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Told apart by more than colour.
_LINES = ((BLUE, "-"), (ORANGE, "--"), (GREEN, "-."))
_BINS = 24
_INCHES_PER_STYLE = 0.33


@dataclass(frozen=True, slots=True)
class Picture:
    """``svg`` is an element; ``text`` says below it what there is to see."""

    title: str
    svg: str
    text: str


def pictures(measured: AnswerMeasurement) -> Iterator[Picture]:
    """Those there is something to draw for. Raises ``PictureError`` when matplotlib is not installed."""
    if measured.answerable:
        yield _of_styles(measured)
    if measured.answerable and measured.unanswerable:
        yield _of_risk(measured)
        yield _of_separation(measured)
    if measured.answers:
        yield _of_words(measured)
    if measured.outcomes:
        yield _of_latency(measured)


def _of_risk(measured: AnswerMeasurement) -> Picture:
    outcomes = [*measured.answerable, *measured.unanswerable]
    curve, point = RiskCoverage.of(outcomes), WorkingPoint.of(outcomes)

    def draw(axes: "Axes") -> None:
        axes.step(curve.coverage, curve.risk, where="pre", color=BLUE, label="alleen de zekerheid")
        axes.axhline(curve.blind_aurc, color=INK, linestyle=":", linewidth=1, label="zonder onderscheid")
        axes.plot(point.coverage, point.risk, "o", color=ORANGE, markersize=8, label="zoals nu")
        percent_axis(axes, "x")
        percent_axis(axes, "y")
        axes.set_xlabel("beantwoord, van alle vragen")
        axes.set_ylabel("niet goed, van de antwoorden")
        axes.legend(loc="upper left")

    answered, wrong = Rate(point.answered, point.questions).percent, Rate(point.wrong, point.answered).percent
    title = "Hoe meer antwoorden, hoe meer ernaast"
    text = (
        f"Van alle vragen, ook die niet in de artikelen staan, krijgt nu {answered} een antwoord; daarvan is {wrong} "
        f"niet goed. De lijn is van de zekerheid alleen: AURC {decimal(curve.aurc, 3)}, op zijn best "
        f"{decimal(curve.best_aurc, 3)}."
    )
    return Picture(title, drawn(Caption("risk", title, text), draw), text)


def _of_separation(measured: AnswerMeasurement) -> Picture:
    of_kind = {name: Separation.of(measured.answerable, group) for name, group in measured.kinds.items()}
    known = {name: each for name, each in of_kind.items() if each}

    def draw(axes: "Axes") -> None:
        for (name, each), (colour, style) in zip(known.items(), _LINES, strict=False):
            label = f"{name}: {decimal(each.area, 3)}"
            # The best of it lies on the edges.
            axes.plot(each.let_through, each.answered, color=colour, linestyle=style, label=label, clip_on=False)
        axes.plot([0, 1], [0, 1], color=INK, linestyle=":", linewidth=1)
        percent_axis(axes, "x")
        percent_axis(axes, "y")
        axes.set_xlabel("ten onrechte beantwoord")
        axes.set_ylabel("terecht beantwoord")
        axes.legend(loc="lower right", title="AUROC", alignment="left")

    areas = ", ".join(f"{name} {decimal(each.area, 3)}" for name, each in known.items())
    title = "Wat de zekerheid uit elkaar houdt"
    text = (
        "Hoe dichter een lijn bij de hoek linksboven komt, hoe beter de zekerheid vragen uit de artikelen onderscheidt "
        f"van vragen die er niet in staan. AUROC: {areas}."
    )
    return Picture(title, drawn(Caption("roc", title, text), draw), text)


def _of_styles(measured: AnswerMeasurement) -> Picture:
    groups = measured.styles | {ALL: measured.answerable}
    shares = {f"{name} ({len(group)})": Shares.of(group) for name, group in groups.items()}
    series = {
        "passage bij de eerste drie": (BLUE, [each.hit_at[HIT_DEPTH] for each in shares.values()], -0.19),
        "goed citaat in het antwoord": (ORANGE, [each.gold for each in shares.values()], 0.19),
    }

    def draw(axes: "Axes") -> None:
        places = np.arange(len(shares))
        for label, (colour, rates, offset) in series.items():
            values = np.array([rate.share for rate in rates])
            intervals = np.array([rate.interval for rate in rates])
            spread = np.maximum(np.abs(intervals.T - values), 0)
            axes.barh(places + offset, values, 0.36, color=colour, label=label)
            axes.errorbar(values, places + offset, xerr=spread, fmt="none", ecolor=INK, elinewidth=1, capsize=2)
        axes.axvline(GOLD, color=INK, linestyle=":", linewidth=1)
        axes.set_yticks(places, list(shares))
        axes.invert_yaxis()
        axes.grid(visible=False, axis="y")
        percent_axis(axes, "x")
        axes.margins(y=0.02)
        legend_above(axes)

    title = "Per manier van vragen"
    lowest = min(shares, key=lambda name: shares[name].gold.share)
    text = (
        "De streepjes zijn 95%-intervallen van Wilson: hoe minder vragen (tussen haakjes), hoe breder. De stippellijn "
        f"is het doel van {GOLD * 100:.0f} % voor het citaat. Dat staat het minst vaak in het antwoord bij {lowest}: "
        f"{shares[lowest].gold.percent}."
    )
    return Picture(title, drawn(Caption("styles", title, text), draw, 1.2 + _INCHES_PER_STYLE * len(shares)), text)


def _of_words(measured: AnswerMeasurement) -> Picture:
    words = [each.answer.words for each in measured.answers]

    def draw(axes: "Axes") -> None:
        _histogram(axes, words, MOST_WORDS, f"hoogstens {MOST_WORDS}")
        axes.set_xlabel("woorden in het antwoord")
        axes.set_ylabel("antwoorden")
        legend_above(axes)

    title = "Hoe lang een antwoord is"
    text = (
        f"Van {len(words)} antwoorden; de mediaan is {np.median(words):.0f} woorden, het langste heeft er {max(words)}."
    )
    return Picture(title, drawn(Caption("words", title, text), draw, 2.6), text)


def _of_latency(measured: AnswerMeasurement) -> Picture:
    milliseconds = measured.milliseconds("total")
    found = percentiles(milliseconds)
    # One reply during which the computer did something else would leave all others a single bar.
    most = max(2 * found[95], MOST_MILLISECONDS * 1.1)

    def draw(axes: "Axes") -> None:
        _histogram(axes, np.minimum(milliseconds, most), MOST_MILLISECONDS, f"doel: {MOST_MILLISECONDS} ms")
        axes.axvline(found[95], color=ORANGE, linestyle="--", linewidth=1.5, label=f"p95: {found[95]:.0f} ms")
        axes.set_xlabel("milliseconden per antwoord")
        axes.set_ylabel("antwoorden")
        legend_above(axes, 2)

    title = "Hoe snel een antwoord klaar is"
    text = (
        f"De helft is er binnen {found[50]:.0f} ms, 95 van de 100 binnen {found[95]:.0f} ms en 99 van de 100 binnen "
        f"{found[99]:.0f} ms, op de computer waarop is gemeten."
    )
    if max(milliseconds) > most:
        text += f" Wat langer duurt dan {most:.0f} ms staat in de laatste balk."
    return Picture(title, drawn(Caption("latency", title, text), draw, 2.6), text)


def _histogram(
    axes: "Axes", values: list[int] | np.ndarray[tuple[int], np.dtype[np.float64]], limit: int, label: str
) -> None:
    axes.hist(values, bins=_BINS, color=BLUE, edgecolor=FAINT, linewidth=0.5)
    axes.axvline(limit, color=INK, linestyle=":", linewidth=1.5, label=label)
    axes.set_xlim(left=0)
    axes.grid(visible=False, axis="x")
