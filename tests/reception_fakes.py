"""What a reception keeps, at hand."""

from dataclasses import dataclass, field

from assistant.answer import Answer
from assistant.web.reception import Feedback


@dataclass
class FakeRecords:
    kept: list[tuple[str, str, Answer]] = field(default_factory=list)
    rated: list[Feedback] = field(default_factory=list)
    is_closed: bool = False

    def keep(self, channel: str, question: str, answer: Answer) -> None:
        self.kept.append((channel, question, answer))

    def rate(self, feedback: Feedback) -> None:
        self.rated.append(feedback)

    def close(self) -> None:
        self.is_closed = True
