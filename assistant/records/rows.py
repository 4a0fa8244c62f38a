"""What is put in the file, and how it stands there. Moments are in seconds since 1970."""

import json
from dataclasses import dataclass
from typing import Any

RATING_COLUMNS = "at, helpful, reason, kind, urgency, passage_ids, reply_id, comment, delete_at"
EXCHANGE_COLUMNS = (
    "at, delete_at, channel, question, kind, urgency, flags, passage_ids, answer, reply_id, engine, total_ms"
)


@dataclass(frozen=True, slots=True)
class Rating:
    """What a visitor thought of an answer.

    ``reply_id`` says of which, where the page knew. ``comment`` is in their own words, made anonymous; it goes at
    ``delete_at``, and the rest stays.
    """

    at: int
    helpful: bool
    reason: str
    kind: str
    urgency: str | None
    passage_ids: tuple[str, ...]
    reply_id: str | None = None
    comment: str = ""
    delete_at: int | None = None

    @property
    def values(self) -> tuple[object, ...]:
        """In the order of the columns."""
        said = (int(self.helpful), self.reason, self.kind, self.urgency, json.dumps(self.passage_ids))
        return self.at, *said, self.reply_id, self.comment, self.delete_at

    @classmethod
    def of(cls, *values: Any) -> "Rating":
        at, helpful, reason, kind, urgency, passage_ids, *rest = values
        return cls(at, bool(helpful), reason, kind, urgency, _listed(passage_ids), *rest)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question, made anonymous, and its answer; when, and when it is to go again.

    What came with the second version of the file is None in rows from before. ``total_ms`` is how long the visitor
    waited for the whole.
    """

    at: int
    delete_at: int
    channel: str
    question: str
    kind: str
    urgency: str | None
    flags: tuple[str, ...]
    passage_ids: tuple[str, ...]
    answer: str
    reply_id: str | None = None
    engine: str | None = None
    total_ms: float | None = None

    @property
    def values(self) -> tuple[object, ...]:
        """In the order of the columns."""
        flags, passage_ids = json.dumps(self.flags), json.dumps(self.passage_ids)
        said = (self.channel, self.question, self.kind, self.urgency, flags, passage_ids, self.answer)
        return self.at, self.delete_at, *said, self.reply_id, self.engine, self.total_ms

    @classmethod
    def of(cls, *values: Any) -> "Exchange":
        at, delete_at, channel, question, kind, urgency, flags, passage_ids, *rest = values
        return cls(at, delete_at, channel, question, kind, urgency, _listed(flags), _listed(passage_ids), *rest)


def _listed(written: str) -> tuple[str, ...]:
    return tuple(json.loads(written))
