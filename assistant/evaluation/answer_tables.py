"""How the answers did as tables of words, the same on the console and on the page."""

from collections.abc import Sequence

import numpy as np

from assistant.evaluation.accepted import Comparison, Flip, Result
from assistant.evaluation.answers import (
    ALL,
    ALL_CALM,
    ALL_SAYABLE,
    STEPS,
    AnswerMeasurement,
    Groups,
    Shares,
    said,
)
from assistant.evaluation.curve import RiskCoverage, Separation, WorkingPoint
from assistant.evaluation.engine_labels import OUTCOMES, SENTENCE_FAULTS, label
from assistant.evaluation.engines import EngineComparison, EngineFigures, Waits, dropped_sentences
from assistant.evaluation.goals import HIT_DEPTH, key_figures
from assistant.evaluation.labels import FOLLOW_UPS, QUESTION_STYLES, UNANSWERABLE
from assistant.evaluation.metrics import DEPTHS, Outcome, Summary
from assistant.evaluation.questions import AnswerableQuestion, UnanswerableQuestion
from assistant.evaluation.rates import Rate
from assistant.evaluation.tables import Table

PERCENTILES = (50, 95, 99)
_COVERAGES = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
_STEP_NAMES = {"total": "alles", "triage": "alarm en weigering", "retrieve": "zoeken", "compose": "antwoord maken"}
_INTERVAL = "Tussen haakjes: 95%-interval van Wilson."


def answer_tables(measured: AnswerMeasurement) -> list[Table]:
    """Those that have something to tell."""
    tables = [
        key_table(measured),
        *engine_tables(measured),
        search_table(measured),
        answer_table(measured),
        refusal_table(measured),
        threshold_table(measured),
        follow_up_table(measured),
        latency_table(measured),
    ]
    return [table for table in tables if table.rows]


def made_of(measured: AnswerMeasurement) -> str:
    """What was measured, in a sentence or two."""
    asked = (
        f"{len(measured.answerable)} vragen die in de artikelen staan, {len(measured.unanswerable)} die er niet in "
        f"staan en {len(measured.follow_ups)} vervolgvragen, met het taalmodel ‘{measured.model}’."
    )
    left_out = f" Weggelaten: {', '.join(measured.without)}." if measured.without else ""
    anew = " De afstelling is voor deze meting opnieuw gemaakt, op de helft ‘tune’." if measured.calibrated_anew else ""
    phrased = f" De antwoorden zijn verwoord door ‘{measured.phrased_by}’." if measured.phrased_by else ""
    return asked + left_out + anew + phrased


def key_table(measured: AnswerMeasurement) -> Table:
    rows = tuple(
        (
            figure.name,
            f"{figure.value} {figure.spread}".strip(),
            figure.goal,
            "ja" if figure.is_met else "nee",
            figure.aside,
        )
        for figure in key_figures(measured)
    )
    return Table("In het kort", ("", "gemeten", "doel", "gehaald", ""), rows, _INTERVAL)


def engine_tables(measured: AnswerMeasurement) -> list[Table]:
    """The phrased answers beside those of quotes; none when no language model was asked."""
    if not measured.quoted:
        return []
    compared = EngineComparison.of(measured)
    return [_side_by_side(compared), _phrasing_table(compared), _dropped_by_fault(compared), _unsupported(measured)]


def dropped_table(measured: AnswerMeasurement) -> Table:
    """Every sentence of the language model that visitors would not have read."""
    rows = tuple(
        (
            identifier,
            label(SENTENCE_FAULTS, dropped.fault),
            "ja" if dropped.is_quoted else "nee",
            ", ".join(dropped.missing),
            dropped.text,
        )
        for identifier, dropped in dropped_sentences(measured)
    )
    return Table(
        f"Weggevallen zinnen ({len(rows)})", ("vraag", "reden", "vervangen", "niet in de passage", "zin"), rows
    )


def search_table(measured: AnswerMeasurement) -> Table:
    columns = ("stijl", "n", *(f"bij {depth}" for depth in DEPTHS), "MRR", "nDCG bij 5")
    rows = tuple((name, *_found(group)) for name, group in _styles_and_totals(measured).items())
    note = f"Bij 3: een passage met het goede citaat staat bij de eerste drie. {_INTERVAL} {_totals_note(measured)}"
    return Table("Gevonden: vragen die in de artikelen staan", columns, rows, note)


def answer_table(measured: AnswerMeasurement) -> Table:
    columns = ("stijl", "n", "beantwoord", "goed citaat", "zonder drempel", "bron goed", "woorden", "langste")
    rows = tuple((name, *_answered(group)) for name, group in _styles_and_totals(measured).items())
    note = (
        "Goed citaat: het antwoord bevat het. Zonder drempel: als de chat zich nooit te onzeker vond. Bron goed: het "
        f"deel van de bronnen dat een goed citaat bevat. Woorden: de mediaan. {_totals_note(measured)}"
    )
    return Table("Beantwoord: vragen die in de artikelen staan", columns, rows, note)


def refusal_table(measured: AnswerMeasurement) -> Table:
    groups = measured.kinds | ({ALL: measured.unanswerable} if measured.unanswerable else {})
    rows = tuple(
        (name, str(len(group)), str(_refused(group)), _area(Separation.of(measured.answerable, group)))
        for name, group in groups.items()
    )
    note = "AUROC: de kans dat van twee vragen die uit de artikelen de grootste zekerheid krijgt; 0,5 is blind gokken."
    return Table(
        "Geen antwoord: vragen die niet in de artikelen staan", ("soort", "n", "geweigerd", "AUROC"), rows, note
    )


def threshold_table(measured: AnswerMeasurement) -> Table:
    """The risk–coverage curve in numbers."""
    outcomes = [*measured.answerable, *measured.unanswerable]
    if not outcomes:
        return Table("", (), ())
    curve, point = RiskCoverage.of(outcomes), WorkingPoint.of(outcomes)
    places = dict.fromkeys(curve.at(coverage) for coverage in _COVERAGES)
    rows = [
        (
            decimal(float(curve.thresholds[place]), 2),
            Rate(int(curve.answered[place]), curve.questions).percent,
            str(Rate(int(curve.wrong[place]), int(curve.answered[place]))),
        )
        for place in places
    ]
    now = ("zoals nu", Rate(point.answered, point.questions).percent, str(Rate(point.wrong, point.answered)))
    note = (
        f"AURC {decimal(curve.aurc, 3)}; met een volmaakte zekerheid {decimal(curve.best_aurc, 3)}, met een die niets "
        f"zegt {decimal(curve.blind_aurc, 3)}. Lager is beter. De rijen tellen alleen de zekerheid; ‘zoals nu’ ook de "
        "alarmen, de weigeringen door regels en de hogere drempel bij medicijnen."
    )
    columns = ("drempel", "beantwoord van alle vragen", "daarvan niet goed")
    return Table("Als de drempel ergens anders lag", columns, (*rows, now), note)


def follow_up_table(measured: AnswerMeasurement) -> Table:
    groups = measured.follow_up_kinds | ({ALL: measured.follow_ups} if measured.follow_ups else {})
    rows = tuple(
        (
            name,
            str(len(group)),
            str(Rate.of(0 < each.rank <= HIT_DEPTH for each in group if each.gold)),
            str(Rate.of(each.is_right for each in group)),
        )
        for name, group in groups.items()
    )
    note = "Goed: met het goede citaat, of niet beantwoord als het er niet in staat."
    return Table("Vervolgvragen", ("soort", "n", "bij 3", "goed"), rows, note)


def latency_table(measured: AnswerMeasurement) -> Table:
    if not measured.outcomes:
        return Table("", (), ())
    rows = tuple(
        (_STEP_NAMES[step], *(decimal(value, 1) for value in percentiles(measured.milliseconds(step)).values()))
        for step in STEPS
    )
    return Table("Tijd per antwoord, in milliseconden", ("stap", *(f"p{each}" for each in PERCENTILES)), rows)


def percentiles(values: Sequence[float]) -> dict[int, float]:
    return {each: float(np.percentile(values, each)) for each in PERCENTILES}


def flip_table(comparison: Comparison) -> Table:
    rows = tuple(
        (flip.id, _came_of(flip.before), _came_of(flip.now), _confidences(flip), flip.now.question)
        for flip in comparison.flips
    )
    return Table(comparison_line(comparison), ("vraag", "was", "is nu", "zekerheid", "tekst"), rows)


def miss_table(measured: AnswerMeasurement) -> Table:
    rows = tuple(
        (
            each.question.id,
            _kind_of(each) + (", alleen promotie" if each.question.id in measured.promotional else ""),
            f"alarm: {each.answer.urgency}" if each.answer.urgency else _came_of(Result.of(each)),
            str(each.rank or "–"),
            decimal(each.confidence, 2),
            said(each.question),
        )
        for each in measured.misses
    )
    return Table(f"Wat misgaat ({len(rows)})", ("vraag", "soort", "kreeg", "plaats", "zekerheid", "tekst"), rows)


def comparison_line(comparison: Comparison) -> str:
    """What changed, in a sentence."""
    before = comparison.before.measured_on
    return (
        f"Sinds de geaccepteerde meting van {before.day}-{before.month}-{before.year}: {comparison.lost} vragen niet "
        f"meer goed, {comparison.gained} nu wel; {comparison.new} nieuwe vragen, {comparison.gone} verdwenen."
    )


def _kind_of(outcome: Outcome) -> str:
    question = outcome.question
    if isinstance(question, AnswerableQuestion):
        return QUESTION_STYLES[question.style]
    if isinstance(question, UnanswerableQuestion):
        return f"niet in de artikelen: {UNANSWERABLE[question.kind]}"
    return f"vervolgvraag: {FOLLOW_UPS[question.kind]}"


def decimal(value: float, places: int) -> str:
    """As Dutch writes it."""
    return f"{value:.{places}f}".replace(".", ",")


def _styles_and_totals(measured: AnswerMeasurement) -> Groups:
    return {name: group for name, group in (measured.styles | measured.totals).items() if group}


def _totals_note(measured: AnswerMeasurement) -> str:
    totals = measured.totals
    alarmed = len(totals[ALL]) - len(totals[ALL_CALM])
    promotional = len(totals[ALL]) - len(totals[ALL_SAYABLE])
    return (
        f"{alarmed} vragen kregen een alarm in plaats van of boven een antwoord; van {promotional} is elk goed citaat "
        "promotie, en dat noemt de chat met opzet alleen aan wie ernaar vraagt."
    )


def _side_by_side(compared: EngineComparison) -> Table:
    rows = tuple(
        (name, quoted, phrased)
        for (name, quoted), phrased in zip(
            _of_engine(compared.quoted).items(), _of_engine(compared.phrased).values(), strict=True
        )
    )
    note = (
        f"Het taalmodel is gevraagd bij {compared.asked.hits} van de {compared.asked.total} vragen; over die vragen "
        "gaat alles vanaf de tweede rij. Een verwoord antwoord geeft het goede citaat ook als een bron eronder het "
        "bevat. Niet gesteund: geen heel citaat, en volgens een tweede controle staat het niet in de passage erbij; "
        f"dat hoort 0 te zijn. {_INTERVAL}"
    )
    return Table("Het taalmodel naast de citaten", ("", "citaten", "taalmodel"), rows, note)


def _of_engine(figures: EngineFigures) -> dict[str, str]:
    return {
        "goed citaat, van alle vragen": str(figures.gold),
        "goed citaat": str(figures.gold_where_asked),
        "woorden, mediaan": decimal(figures.words, 0),
        "zinnen in de antwoorden": str(figures.sentences),
        "zinnen getoond en weer weggehaald": str(figures.taken_back),
        "getoond maar niet gesteund": f"{figures.unsupported.hits}: {figures.unsupported}",
        "seconden tot de eerste zin, p50 / p95": _seconds(figures.first),
        "seconden tot het hele antwoord, p50 / p95": _seconds(figures.whole),
    }


def _phrasing_table(compared: EngineComparison) -> Table:
    rows = tuple((label(OUTCOMES, name), str(rate.hits), str(rate)) for name, rate in compared.outcomes.items())
    note = "Is een antwoord niet verwoord, dan is het van citaten gemaakt."
    return Table("Wat er van het verwoorden kwam", ("", "vragen", "aandeel"), rows, note)


def _dropped_by_fault(compared: EngineComparison) -> Table:
    rows = tuple(
        (label(SENTENCE_FAULTS, name), str(rate.total), str(rate.hits)) for name, rate in compared.dropped.items()
    )
    columns = ("reden", "weggevallen", "vervangen door een citaat")
    return Table("Zinnen van het taalmodel die niet zijn getoond", columns, rows)


def _unsupported(measured: AnswerMeasurement) -> Table:
    rows = tuple((each.question.id, sentence) for each in measured.outcomes for sentence in each.unsupported)
    return Table("Getoond maar niet gesteund", ("vraag", "zin"), rows)


def _seconds(waits: Waits) -> str:
    return " / ".join(decimal(value, 2) for value in waits.values()) or "–"


def _found(group: Sequence[Outcome]) -> tuple[str, ...]:
    summary, shares = Summary.of(group), Shares.of(group)
    places = (str(rate) for rate in shares.hit_at.values())
    return str(len(group)), *places, decimal(summary.mrr, 2), decimal(summary.ndcg, 2)


def _answered(group: Sequence[Outcome]) -> tuple[str, ...]:
    summary, shares = Summary.of(group), Shares.of(group)
    cited = Rate(sum(each.cited_gold for each in group), sum(each.cited for each in group))
    return (
        str(len(group)),
        str(shares.answered),
        str(shares.gold),
        str(shares.composed_gold),
        cited.percent,
        decimal(summary.words, 0),
        str(summary.most_words),
    )


def _refused(group: Sequence[Outcome]) -> Rate:
    return Rate.of(not each.is_answered for each in group)


def _area(separation: Separation | None) -> str:
    return decimal(separation.area, 3) if separation else "–"


def _came_of(result: Result) -> str:
    if result.answered:
        return "goed beantwoord" if result.right else "verkeerd beantwoord"
    return "terecht niet beantwoord" if result.right else "niet beantwoord"


def _confidences(flip: Flip) -> str:
    return f"{decimal(flip.before.confidence, 2)} → {decimal(flip.now.confidence, 2)}"
