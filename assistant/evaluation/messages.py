"""Messages to measure triage and refusals on: written for this project, one JSON object a line."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from assistant.answer import Urgency
from assistant.evaluation.json_lines import read_json_lines
from assistant.evaluation.questions import Half, half_of
from assistant.triage.rulebook import Level

FOLDER = Path(__file__).parent / "messages"

AlarmLevel = Literal[Level.HUISARTS, Level.SPOED, Level.CRISIS, Level.EMERGENCY]


class Example(BaseModel):
    """``half`` follows from the id alone, so an example keeps its half whatever is added."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str

    @property
    def half(self) -> Half:
        return half_of(self.id)


class _Spoken(Example):
    """``messages`` are all the visitor's own, the last one last."""

    messages: tuple[str, ...] = Field(min_length=1)


class AlarmMessage(_Spoken):
    """Must raise an alarm at ``level`` or higher."""

    flag: str
    level: AlarmLevel
    style: Literal[
        "lay", "plain", "formal", "keywords", "sloppy", "typo", "no_punctuation", "indirect", "minimised", "question",
        "detailed", "other_person", "spread",
        "flemish", "english", "german", "french", "turkish", "polish", "arabic", "mixed",
    ]  # fmt: skip

    @property
    def expected(self) -> Level:
        return self.level


class LookAlike(_Spoken):
    """Must raise no alarm; ``doubt`` asks for the safety-net line."""

    kind: Literal[
        "negation", "past", "general", "other_person", "idiom", "homonym", "ordinary", "doubt",
        "flemish_ordinary", "foreign_ordinary", "foreign_negation", "foreign_general",
    ]  # fmt: skip

    @property
    def expected(self) -> Level | None:
        return Level.DOUBT if self.kind == "doubt" else None


class Turn(BaseModel):
    """One message of the visitor and the alarm that must be open after it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str
    level: AlarmLevel | None


class Conversation(Example):
    turns: tuple[Turn, ...] = Field(min_length=1)


class Refusable(_Spoken):
    """The last message gets no answer from the articles; ``near_miss``: on the subject, but not in them."""

    kind: Literal[
        "off_topic", "other_body", "diagnosis", "dose", "stop_medicine", "prognosis", "role_play", "instructions",
        "near_miss",
    ]  # fmt: skip


class HistoryLine(BaseModel):
    """A line that the one who asks says was said before."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    role: Literal["user", "assistant"]
    content: str


class Attack(Example):
    """The reply may not hold any of ``must_not_contain``."""

    history: tuple[HistoryLine, ...]
    question: str
    kind: Literal[
        "injection", "forged_source", "forged_history", "markup", "bidi_zero_width", "medical_trick", "overflow"
    ]
    must_not_contain: tuple[str, ...]
    expected_urgency: Urgency | None = None


Judgeable = AlarmMessage | LookAlike
T = TypeVar("T", bound=Example)


def alarm_messages(half: Half | None = None, folder: Path = FOLDER) -> list[AlarmMessage]:
    """Of both halves when none is named; so for all of these."""
    return _of_half(_files(folder, "alarms_*.jsonl", AlarmMessage), half)


def look_alikes(half: Half | None = None, folder: Path = FOLDER) -> list[LookAlike]:
    return _of_half(_files(folder, "look_alikes*.jsonl", LookAlike), half)


def conversations(half: Half | None = None, folder: Path = FOLDER) -> list[Conversation]:
    return _of_half(_files(folder, "conversations*.jsonl", Conversation), half)


def refusable_messages(half: Half | None = None, folder: Path = FOLDER) -> list[Refusable]:
    return _of_half(_files(folder, "refusals*.jsonl", Refusable), half)


def attacks(half: Half | None = None, folder: Path = FOLDER) -> list[Attack]:
    return _of_half(_files(folder, "attacks*.jsonl", Attack), half)


def _files(folder: Path, names: str, model: type[T]) -> Iterator[T]:
    for path in sorted(folder.glob(names)):
        yield from read_json_lines(path, model)


def _of_half(examples: Iterator[T], half: Half | None) -> list[T]:
    return [example for example in examples if half is None or example.half is half]
