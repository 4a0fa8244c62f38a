"""What staff reads of what is kept, while the chat goes on writing: nobody waits for a reader."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from assistant.records.filters import Filter, RatingFilter
from assistant.records.rows import EXCHANGE_COLUMNS, RATING_COLUMNS, Exchange, Rating
from assistant.records.source import Source
from assistant.records.statistics import Statistics, read_statistics

# Everything that can be asked of a list stands in this index, so that no row of a thousand bytes is read for it.
_LISTED = "exchanges INDEXED BY exchanges_listed"
_AT_ONCE = 500
_NOT_LETTERS = re.compile(r"\W+")


class Why(StrEnum):
    """Why a question is one that an article might have to answer."""

    NOT_FOUND = "not_found"
    OUT_OF_SCOPE = "out_of_scope"
    NOT_HELPFUL = "not_helpful"


@dataclass(frozen=True, slots=True)
class Listed:
    """A conversation as a line in a list. ``at`` is in seconds since 1970; ``helpful`` is None when nobody said so."""

    number: int
    at: int
    kind: str
    urgency: str | None
    helpful: bool | None
    question: str


@dataclass(frozen=True, slots=True)
class Rated:
    """What a visitor thought of an answer, with the number by which it can be deleted.

    ``conversation`` is that of the exchange, if that is kept.
    """

    number: int
    rating: Rating
    conversation: int | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """A question and its answer, and what was said of it, newest first."""

    number: int
    exchange: Exchange
    ratings: tuple[Rated, ...]


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """One that got no answer, or not a good one."""

    exchange_id: int
    question: str
    at: int
    why: Why


class Reader:
    """Safe to use from several threads. All it raises is a ``RecordsError``."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def page(self, wanted: Filter, before: int | None = None, most: int = 25) -> list[Listed]:
        """Newest first, those with a number below ``before``."""
        condition, values = wanted.sql
        found = self._rows(
            f"SELECT id, at, kind, urgency, helpful, question FROM {_LISTED}"
            f" WHERE {condition} AND id < ? ORDER BY id DESC LIMIT ?",
            (*values, _last(before), most),
        )
        return [
            Listed(number, at, kind, urgency, _truth(helpful), question)
            for number, at, kind, urgency, helpful, question in found
        ]

    def count(self, wanted: Filter) -> int:
        condition, values = wanted.sql
        source = "exchanges" if wanted == Filter() else _LISTED  # of all, the least index there is will do
        return self._number(f"SELECT count(*) FROM {source} WHERE {condition}", values)

    def conversation(self, number: int) -> Conversation | None:
        """None when there is none of that number (any more)."""
        found = self._rows(f"SELECT {EXCHANGE_COLUMNS} FROM exchanges WHERE id = ?", (number,))
        if not found:
            return None
        exchange = Exchange.of(*found[0])
        said = self._rows(
            f"SELECT id, {RATING_COLUMNS} FROM feedback WHERE reply_id = ? ORDER BY id DESC LIMIT ?",
            (exchange.reply_id, _AT_ONCE),
        )
        ratings = tuple(Rated(rated, Rating.of(*values), number) for rated, *values in said)
        return Conversation(number, exchange, ratings)

    def ratings(self, wanted: RatingFilter, before: int | None = None, most: int = 25) -> list[Rated]:
        """Newest first, those with a number below ``before``."""
        condition, values = wanted.sql
        found = self._rows(
            f"SELECT id, (SELECT max(id) FROM exchanges WHERE exchanges.reply_id = feedback.reply_id), {RATING_COLUMNS}"
            f" FROM feedback WHERE {condition} AND id < ? ORDER BY id DESC LIMIT ?",
            (*values, _last(before), most),
        )
        return [Rated(number, Rating.of(*said), conversation) for number, conversation, *said in found]

    def count_ratings(self, wanted: RatingFilter) -> int:
        condition, values = wanted.sql
        return self._number(f"SELECT count(*) FROM feedback WHERE {condition}", values)

    def unanswered(self, most: int, kinds: Sequence[Why] = (Why.NOT_FOUND,)) -> list[OpenQuestion]:
        """Questions that got no answer, newest first and each once, of the last million or so."""
        marks = ",".join("?" * len(kinds))
        return self._open_questions(f"kind IN ({marks})", [kind.value for kind in kinds], most)

    def badly_rated(self, most: int) -> list[OpenQuestion]:
        """Questions whose answer did not help, newest first and each once."""
        return self._open_questions("helpful = 0 AND kind = 'answered'", [], most)

    def vectors(self, model: str, numbers: Sequence[int]) -> dict[int, bytes]:
        """Of the questions of these exchanges, those that were put away."""
        found: dict[int, bytes] = {}
        with self._source.reading() as connection:
            for some in _stretches(numbers, _AT_ONCE) if connection else ():
                marks = ",".join("?" * len(some))
                query = f"SELECT exchange_id, vector FROM vectors WHERE model = ? AND exchange_id IN ({marks})"
                found.update(connection.execute(query, (model, *some)).fetchall() if connection else ())
        return found

    def put_vectors(self, model: str, vectors: Mapping[int, bytes]) -> None:
        """Kept as long as the exchanges are; of one that was deleted meanwhile nothing is kept."""
        for some in _stretches(list(vectors), _AT_ONCE):  # whoever writes a reply waits for no more than these
            with self._source.writing() as store:
                if store:
                    store.put_vectors(model, {number: vectors[number] for number in some})

    def statistics(self, days: int) -> Statistics:
        """Of today and the days before it, ``days`` in all."""
        with self._source.reading() as connection:
            return read_statistics(connection, self._source.state(), days)

    def _open_questions(self, condition: str, values: Sequence[str], most: int) -> list[OpenQuestion]:
        query = f"SELECT id, question, at, kind FROM {_LISTED} WHERE {condition} ORDER BY id DESC"
        with self._source.reading() as connection:
            found = connection.execute(query, values) if connection else ()
            return list(_each_once(found, most))

    def _number(self, query: str, values: Sequence[Any]) -> int:
        found = self._rows(query, values)
        return int(found[0][0]) if found else 0

    def _rows(self, query: str, values: Sequence[Any]) -> list[Any]:
        with self._source.reading() as connection:
            return connection.execute(query, values).fetchall() if connection else []


def _each_once(found: Iterable[Any], most: int) -> Iterator[OpenQuestion]:
    seen: set[str] = set()
    for number, question, at, kind in found:
        if len(seen) >= most:
            return
        same = _NOT_LETTERS.sub(" ", question.casefold()).strip()
        if same and same not in seen:
            seen.add(same)
            yield OpenQuestion(number, question, at, Why.NOT_HELPFUL if kind == "answered" else Why(kind))


def _stretches(numbers: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    return (numbers[start : start + size] for start in range(0, len(numbers), size))


def _last(before: int | None) -> int:
    return 2**63 - 1 if before is None else before


def _truth(value: int | None) -> bool | None:
    return None if value is None else bool(value)
