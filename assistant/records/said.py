"""What is handed over to be put away: a reply, or what a visitor thought of one."""

from dataclasses import dataclass
from typing import Protocol

from assistant.answer import Answer
from assistant.records.counts import Counted, bound_of, day_of
from assistant.records.rows import Exchange, Rating


class Rated(Protocol):
    """Feedback, as the reception has it."""

    @property
    def helpful(self) -> bool: ...
    @property
    def reason(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def urgency(self) -> str | None: ...
    @property
    def passage_ids(self) -> tuple[str, ...]: ...
    @property
    def reply_id(self) -> str: ...
    @property
    def comment(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply as it is counted, and as it is kept where conversations are."""

    counted: Counted
    exchange: Exchange | None


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Of a reply: ``at`` in seconds since 1970; ``milliseconds`` is how long the visitor waited for all of it."""

    at: float
    channel: str
    reply_id: str
    milliseconds: float


def reply_of(question: str, answer: Answer, given: Circumstances, delete_at: int | None) -> Reply:
    """``delete_at`` None: the conversation is not kept."""
    outcome = answer.phrasing.outcome if answer.phrasing else ""
    said = (answer.kind.value, answer.urgency or "", answer.engine.value, outcome)
    counted = Counted(day_of(given.at), given.channel, *said, bound_of(given.milliseconds))
    return Reply(counted, None if delete_at is None else _exchange_of(question, answer, given, delete_at))


def _exchange_of(question: str, answer: Answer, given: Circumstances, delete_at: int) -> Exchange:
    return Exchange(
        at=int(given.at),
        delete_at=delete_at,
        channel=given.channel,
        question=question,
        kind=answer.kind,
        urgency=answer.urgency,
        flags=answer.flags,
        passage_ids=tuple(dict.fromkeys(citation.passage_id for citation in answer.citations)),
        answer=answer.text,
        reply_id=given.reply_id or None,
        engine=answer.engine,
        total_ms=given.milliseconds,
    )


def rating_of(feedback: Rated, at: int, comment: str, delete_at: int) -> Rating:
    """``delete_at``: when the comment goes, if there is one."""
    said = (feedback.helpful, feedback.reason, feedback.kind, feedback.urgency, feedback.passage_ids)
    return Rating(at, *said, feedback.reply_id or None, comment, delete_at if comment else None)
