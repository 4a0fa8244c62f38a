"""How the chat is doing, in numbers: replies by day, alarms, how long they took, and where it is all kept."""

import shutil
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from assistant.records.counts import percentile
from assistant.records.damage import all_set_aside
from assistant.records.filters import RatingFilter
from assistant.records.tables import Connection

_P50, _P95 = 0.5, 0.95
_BESIDE = ("", "-wal", "-shm")
_COLUMNS = ("channel", "kind", "urgency", "engine", "outcome", "within_ms")


@dataclass(frozen=True, slots=True)
class Latency:
    """Half of the replies took at most ``p50_ms``, 95 % at most ``p95_ms``; None when there were no replies."""

    p50_ms: int | None
    p95_ms: int | None

    @classmethod
    def of(cls, within_ms: Mapping[int, int]) -> "Latency":
        return cls(percentile(within_ms, _P50), percentile(within_ms, _P95))


@dataclass(frozen=True, slots=True)
class DayOfReplies:
    """``kinds`` and ``alarms``: how many, by kind of answer and by urgency."""

    day: date
    kinds: Mapping[str, int]
    alarms: Mapping[str, int]
    latency: Latency

    @property
    def replies(self) -> int:
        return sum(self.kinds.values())


@dataclass(frozen=True, slots=True)
class State:
    """Of the place where it is kept: ``where`` names it, without a password.

    ``free_bytes`` is None where nobody can tell, ``damaged`` are files that were set aside.
    """

    where: str
    size_bytes: int
    free_bytes: int | None
    damaged: tuple[Path, ...] = ()


def state_of_file(path: Path) -> State:
    """What stands beside it counts, too. Raises ``OSError``."""
    files = [path.with_name(path.name + beside) for beside in _BESIDE]
    folder = next(each for each in path.absolute().parents if each.is_dir())
    damaged = tuple(sorted(each for each, _ in all_set_aside(path))) if path.parent.is_dir() else ()
    size = sum(each.stat().st_size for each in files if each.exists())
    return State(str(path), size, shutil.disk_usage(folder).free, damaged)


@dataclass(frozen=True, slots=True)
class Statistics:
    """Of ``days``, oldest first, each there even when nobody asked anything.

    ``outcomes`` counts how it went each time a language model was asked to phrase an answer, "phrased" or what went
    wrong; ``losses`` what could not be kept, by day; ``helpful`` and ``not_helpful`` what visitors said.
    """

    days: tuple[DayOfReplies, ...]
    latency: Latency
    channels: Mapping[str, int]
    engines: Mapping[str, int]
    outcomes: Mapping[str, int]
    losses: Mapping[date, int]
    helpful: int
    not_helpful: int
    conversations: int
    state: State

    @property
    def replies(self) -> int:
        return sum(day.replies for day in self.days)

    @property
    def kinds(self) -> Mapping[str, int]:
        return sum((Counter(day.kinds) for day in self.days), Counter[str]())

    @property
    def alarms(self) -> Mapping[str, int]:
        return sum((Counter(day.alarms) for day in self.days), Counter[str]())


def read_statistics(connection: Connection | None, state: State, days: int, today: date | None = None) -> Statistics:
    """Without a connection there is nothing yet. Raises what the database raises."""
    last = today or date.today()
    wanted = [last - timedelta(days=back) for back in reversed(range(max(1, days)))]
    counts = {column: _counts(connection, column, wanted[0]) for column in _COLUMNS}
    helpful, not_helpful, conversations = _kept(connection, wanted[0])
    return Statistics(
        days=tuple(_day(day, counts) for day in wanted),
        latency=Latency.of(_summed(counts["within_ms"])),
        channels=_summed(counts["channel"]),
        engines=_summed(counts["engine"]),
        outcomes=_summed(counts["outcome"]),
        losses=_losses(connection, wanted[0]),
        helpful=helpful,
        not_helpful=not_helpful,
        conversations=conversations,
        state=state,
    )


def _counts(connection: Connection | None, column: str, first: date) -> dict[str, Counter[Any]]:
    """How many replies had which value of ``column``, by day; "" is no value."""
    summed = f"SELECT day, {column}, CAST(sum(count) AS BIGINT) FROM replies"
    query = f"{summed} WHERE day >= ? AND CAST({column} AS TEXT) <> '' GROUP BY day, {column}"
    by_day: dict[str, Counter[Any]] = {}
    for day, value, count in connection.execute(query, (first.isoformat(),)) if connection else ():
        by_day.setdefault(day, Counter())[value] = count
    return by_day


def _day(day: date, counts: Mapping[str, Mapping[str, Counter[Any]]]) -> DayOfReplies:
    of_day = {column: by_day.get(day.isoformat(), Counter()) for column, by_day in counts.items()}
    return DayOfReplies(day, of_day["kind"], of_day["urgency"], Latency.of(of_day["within_ms"]))


def _summed(by_day: Mapping[str, Counter[Any]]) -> Counter[Any]:
    return sum(by_day.values(), Counter())


def _losses(connection: Connection | None, first: date) -> dict[date, int]:
    query = "SELECT day, count FROM losses WHERE day >= ? ORDER BY day"
    found = connection.execute(query, (first.isoformat(),)) if connection else ()
    return {date.fromisoformat(day): count for day, count in found}


def _kept(connection: Connection | None, first: date) -> tuple[int, int, int]:
    """How many found a reply helpful and how many did not, since ``first``; and how many conversations are kept."""
    if connection is None:
        return 0, 0, 0
    condition, values = RatingFilter(since=first).sql
    said = dict(connection.execute(f"SELECT helpful, count(*) FROM feedback WHERE {condition} GROUP BY 1", values))
    (conversations,) = connection.execute("SELECT count(*) FROM exchanges").fetchone()
    return said.get(1, 0), said.get(0, 0), conversations
