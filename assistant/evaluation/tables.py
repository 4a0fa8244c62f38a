"""What was measured as tables of words, the same on the console and in the report."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from assistant.evaluation.confusion import Confusion
from assistant.evaluation.labels import FAULTS, LEVELS, LOOK_ALIKES, STYLES, VARIANTS, level_name
from assistant.evaluation.messages import AlarmMessage, LookAlike
from assistant.evaluation.rates import Rate, grouped
from assistant.evaluation.triage import Judged, Measurement, Timing, is_acute

T = TypeVar("T")

_ALARM_COLUMNS = ("n", "minstens zo hoog", "precies dit niveau", "enig alarm")
_ALL = "alle"


@dataclass(frozen=True, slots=True)
class Table:
    """The first column names the rows."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


def all_tables(measured: Measurement) -> list[Table]:
    """Those that have something to tell."""
    tables = [
        by_level(measured.alarms),
        by_flag(measured.alarms),
        by_style(measured.alarms),
        by_kind(measured.look_alikes),
        conversation_table(measured),
        robustness_table(measured),
        timing_table(measured),
        confusion_table(Confusion.of(measured)),
    ]
    return [table for table in tables if table.rows]


def by_level(alarms: Sequence[Judged[AlarmMessage]]) -> Table:
    groups = {
        **{level_name(level): [each for each in alarms if each.expected is level] for level in reversed(LEVELS)},
        "112, crisis en spoed samen": [each for each in alarms if is_acute(each.expected)],
        _ALL: list(alarms),
    }
    note = "Tussen haakjes: 95%-interval van Wilson."
    return _table("Alarmen per niveau", ("niveau", *_ALARM_COLUMNS), groups, _alarm_row, note)


def by_flag(alarms: Sequence[Judged[AlarmMessage]]) -> Table:
    groups = _with_total(alarms, lambda each: each.example.flag)
    return _table("Alarmen per rode vlag", ("vlag", *_ALARM_COLUMNS), groups, _alarm_row)


def by_style(alarms: Sequence[Judged[AlarmMessage]]) -> Table:
    groups = _with_total(alarms, lambda each: STYLES[each.example.style])
    return _table("Alarmen per manier van schrijven en taal", ("stijl", *_ALARM_COLUMNS), groups, _alarm_row)


def by_kind(look_alikes: Sequence[Judged[LookAlike]]) -> Table:
    return _table(
        "Berichten die op een alarm lijken",
        ("soort", "n", "geen 112, spoed of crisis", "geen enkel alarm", "vangnetregel"),
        _with_total(look_alikes, lambda each: LOOK_ALIKES[each.example.kind]),
        _look_alike_row,
        note=f"De vangnetregel hoort alleen bij ‘{LOOK_ALIKES['doubt']}’; daar moet hij altijd staan.",
    )


def conversation_table(measured: Measurement) -> Table:
    whole = grouped(measured.turns, lambda turn: turn.conversation.id).values()
    rates = {
        "beurten met het alarm dat erbij hoort": Rate.of(turn.fault is None for turn in measured.turns),
        "gesprekken waarin alles klopt": Rate.of(all(turn.fault is None for turn in turns) for turns in whole),
        **{
            f"beurten: {name}": Rate.of(turn.fault is fault for turn in measured.turns)
            for fault, name in FAULTS.items()
        },
    }
    rows = tuple((name, str(rate.hits), str(rate.total), str(rate)) for name, rate in rates.items() if rate.total)
    return Table("Gesprekken", ("", "aantal", "van", "aandeel"), rows)


def robustness_table(measured: Measurement) -> Table:
    """Of messages that raise their alarm as they were written; the others have nothing to keep."""
    of_kind = grouped(measured.variants, lambda each: each.variant.kind)
    return _table(
        "Hetzelfde alarm, anders getypt of gezegd",
        ("verandering", "n", "houdt minstens zijn niveau"),
        {**{name: of_kind.get(kind, []) for kind, name in VARIANTS.items()}, _ALL: measured.variants},
        lambda variants: (str(Rate.of(each.keeps_level for each in variants)),),
        note="Van alarmen die zonder verandering goed gaan.",
    )


def timing_table(measured: Measurement) -> Table:
    timings = {"één bericht": measured.single_messages, "een gesprek": measured.whole_conversations}
    rows = tuple(_timing_row(name, timing) for name, timing in timings.items() if timing.count)
    return Table("Tijd per triage, in milliseconden", ("", "n", "mediaan", "95e percentiel"), rows)


def confusion_table(confusion: Confusion) -> Table:
    rows = tuple((name, *(str(count) for count in counts)) for name, counts in confusion.rows if any(counts))
    return Table("Verwacht tegenover gekregen", ("verwacht ↓, gekregen →", *confusion.names), rows)


def _table(
    title: str,
    columns: tuple[str, ...],
    groups: Mapping[str, Sequence[T]],
    row: Callable[[Sequence[T]], tuple[str, ...]],
    note: str = "",
) -> Table:
    """A row for each group that is not empty: its name, its size and what ``row`` says of it."""
    rows = tuple((name, str(len(group)), *row(group)) for name, group in groups.items() if group)
    return Table(title, columns, rows, note)


def _with_total(items: Sequence[T], key: Callable[[T], str]) -> dict[str, list[T]]:
    return {**dict(sorted(grouped(items, key).items())), _ALL: list(items)}


def _alarm_row(alarms: Sequence[Judged[AlarmMessage]]) -> tuple[str, ...]:
    at_least = Rate.of(each.is_at_least for each in alarms)
    exact = Rate.of(each.is_exact for each in alarms)
    return str(at_least), str(exact), str(Rate.of(each.is_alarm for each in alarms))


def _look_alike_row(look_alikes: Sequence[Judged[LookAlike]]) -> tuple[str, ...]:
    quiet = Rate.of(not each.is_acute for each in look_alikes)
    silent = Rate.of(not each.is_alarm for each in look_alikes)
    return str(quiet), str(silent), str(Rate.of(each.found.needs_safety_net for each in look_alikes))


def _timing_row(name: str, timing: Timing) -> tuple[str, ...]:
    return name, str(timing.count), _decimal(timing.median), _decimal(timing.p95)


def _decimal(value: float) -> str:
    return f"{value:.1f}".replace(".", ",")
