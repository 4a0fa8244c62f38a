"""What the visitor thinks of a reply: asked for step by step, and sent once, when nothing more will come."""

from dataclasses import dataclass, field
from enum import StrEnum

from assistant.answer import Answer
from assistant.web.bodies import MOST_COMMENT_CHARS
from assistant.web.encodable import encodable
from assistant.web.reception import Channel, Feedback, Reason, Reception, Visit
from assistant.web.turned_away import TurnedAwayError


class Step(StrEnum):
    """What the visitor is asked now."""

    HELPFUL = "helpful"
    WHY = "why"
    WORDS = "words"
    NOTHING = "nothing"


@dataclass(slots=True)
class Opinion:
    """Of one reply, as far as it was said."""

    step: Step = Step.HELPFUL
    helpful: bool = False
    reason: Reason = Reason.NONE
    comment: str = ""

    @property
    def is_unsent(self) -> bool:
        """Whether there is one that was not sent yet."""
        return self.step in {Step.WHY, Step.WORDS}


@dataclass(slots=True)
class Rateable:
    """A whole reply, and what the visitor thinks of it. Nobody is asked what they think of an alarm."""

    reply_id: str
    answer: Answer
    opinion: Opinion = field(default_factory=Opinion)

    @property
    def step(self) -> Step:
        return Step.NOTHING if self.answer.alarm else self.opinion.step


class Opinions:
    """Takes opinions, in whatever order the browser says they come, and sends each once. Raises nothing."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception
        self.takes_comments = reception.records.takes_comments

    def helped(self, reply: Rateable, address: str) -> None:
        if reply.step is Step.HELPFUL:
            reply.opinion.helpful = True
            self._send(reply, address)

    def did_not_help(self, reply: Rateable) -> None:
        if reply.step is Step.HELPFUL:
            reply.opinion.step = Step.WHY

    def because(self, reply: Rateable, reason: Reason, address: str) -> None:
        if reply.step is Step.WHY:
            reply.opinion.reason = reason
            if self.takes_comments:
                reply.opinion.step = Step.WORDS
            else:
                self._send(reply, address)

    def write(self, reply: Rateable, comment: str, address: str) -> None:
        """The last step; "" for who has nothing to add."""
        if reply.step is Step.WORDS:
            reply.opinion.comment = encodable(comment.strip())[:MOST_COMMENT_CHARS]
            self._send(reply, address)

    def settle(self, reply: Rateable, address: str) -> None:
        """Of whoever said no and then went on: with the reason, if there was one."""
        if reply.opinion.is_unsent:
            self._send(reply, address)

    def _send(self, reply: Rateable, address: str) -> None:
        opinion, answer = reply.opinion, reply.answer
        opinion.step = Step.NOTHING
        passages = tuple(dict.fromkeys(citation.passage_id for citation in answer.citations))
        said = (opinion.helpful, opinion.reason, answer.kind, answer.urgency, passages)
        try:
            self._reception.rate(Visit(Channel.PAGE, address), Feedback(*said, reply.reply_id, opinion.comment))
        except TurnedAwayError:  # it is counted; the visitor, who did us a favour, need not know
            pass
