"""What a reception keeps, at hand."""

from dataclasses import dataclass, field

from assistant.answer import Answer
from assistant.web.reception import Feedback


@dataclass
class FakeRecords:
    takes_comments: bool = True
    kept: list[tuple[str, str, Answer]] = field(default_factory=list)
    reply_ids: list[str] = field(default_factory=list)
    rated: list[Feedback] = field(default_factory=list)
    is_closed: bool = False

    def keep(self, channel: str, question: str, answer: Answer, reply_id: str = "", milliseconds: float = 0.0) -> None:
        self.kept.append((channel, question, answer))
        self.reply_ids.append(reply_id)

    def rate(self, feedback: Feedback) -> None:
        self.rated.append(feedback)

    def close(self) -> None:
        self.is_closed = True
