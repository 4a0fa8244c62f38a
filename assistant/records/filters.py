"""What staff looks for among what is kept, and the SQL that finds it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

Value = str | int


@dataclass(frozen=True, slots=True)
class Filter:
    """Everything that fits all of these; "" and None ask for nothing. ``until`` counts with its day.

    ``words`` must all stand in the question, in any order, in capitals or not.
    """

    kind: str = ""
    urgency: str = ""
    helpful: bool | None = None
    since: date | None = None
    until: date | None = None
    words: str = ""

    @property
    def sql(self) -> tuple[str, list[Value]]:
        """A condition on ``exchanges``, and its values."""
        return _joined([*self._said(), *within(self.since, self.until)])

    def _said(self) -> Iterator[tuple[str, Value]]:
        if self.kind:
            yield "kind = ?", self.kind
        if self.urgency:
            yield "urgency = ?", self.urgency
        if self.helpful is not None:
            yield "helpful = ?", int(self.helpful)
        for word in self.words.split():
            yield r"question LIKE ? ESCAPE '\'", f"%{_literal(word)}%"


@dataclass(frozen=True, slots=True)
class RatingFilter:
    """Of what visitors thought; ``has_comment`` asks for what they wrote themselves."""

    helpful: bool | None = None
    since: date | None = None
    until: date | None = None
    has_comment: bool = False

    @property
    def sql(self) -> tuple[str, list[Value]]:
        """A condition on ``feedback``, and its values."""
        said: list[tuple[str, Value]] = [] if self.helpful is None else [("helpful = ?", int(self.helpful))]
        if self.has_comment:
            said.append(("comment <> ?", ""))
        return _joined([*said, *within(self.since, self.until)])


def within(since: date | None, until: date | None) -> Iterator[tuple[str, Value]]:
    if since is not None:
        yield "at >= ?", _midnight(since)
    if until is not None and until < date.max:
        yield "at < ?", _midnight(until + timedelta(days=1))


def _joined(parts: list[tuple[str, Value]]) -> tuple[str, list[Value]]:
    return " AND ".join(["true", *(condition for condition, _ in parts)]), [value for _, value in parts]


def _midnight(day: date) -> int:
    """With which that day begins on the machine's clock, in seconds since 1970; 0 for days no clock knows."""
    try:
        return int(datetime(day.year, day.month, day.day).timestamp())
    except (ValueError, OverflowError, OSError):
        return 0


def _literal(word: str) -> str:
    """With what LIKE would take for a sign of its own."""
    return word.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
