"""The development questions: data a staff member can add to, one JSON object a line."""

import hashlib
from enum import StrEnum
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.evaluation.json_lines import read_json_lines

FOLDER = Path(__file__).parent / "questions"


class Half(StrEnum):
    """Weights and thresholds are chosen on the first half only; figures are stated for the second."""

    TUNE = "tune"
    REPORT = "report"


QuestionStyle = Literal[
    "plain",
    "yes_no",
    "list",
    "keyword",
    "informal",
    "flemish",
    "indirect",
    "synonym",
    "english",
    "german",
    "french",
    "turkish",
    "polish",
    "arabic",
]


class AnswerableQuestion(BaseModel):
    """A question the articles answer. ``gold`` are exact quotes; an answer that has one of them is right."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    question: str
    style: QuestionStyle
    gold: tuple[str, ...] = Field(min_length=1)
    slug: str
    section: str

    @property
    def half(self) -> Half:
        """By section; a paragraph that stands in two sections may have questions on both sides (three have)."""
        return half_of(f"{self.slug} {self.section}")


class FollowUp(BaseModel):
    """A last message after earlier ones of the same visitor. Without gold the articles do not answer it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    earlier: tuple[str, ...] = Field(min_length=1)
    question: str
    kind: Literal["pronoun", "ellipsis", "and", "chain", "change", "nothing"]
    gold: tuple[str, ...]
    slug: str
    section: str

    @property
    def half(self) -> Half:
        return half_of(f"{self.slug} {self.section}" if self.gold else self.id)


class UnanswerableQuestion(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    question: str
    kind: Literal["near_miss", "other_health", "off_topic"]

    @property
    def half(self) -> Half:
        return half_of(self.id)


Question = AnswerableQuestion | UnanswerableQuestion


def answerable(folder: Path = FOLDER) -> list[AnswerableQuestion]:
    return read_json_lines(folder / "answerable.jsonl", AnswerableQuestion)


def all_questions(half: Half) -> list[Question]:
    """Both kinds, answerable first."""
    questions: list[Question] = [*answerable(), *unanswerable()]
    return [question for question in questions if question.half is half]


def unanswerable(folder: Path = FOLDER) -> list[UnanswerableQuestion]:
    return read_json_lines(folder / "unanswerable.jsonl", UnanswerableQuestion)


def follow_ups(half: Half, folder: Path = FOLDER) -> list[FollowUp]:
    return [each for each in read_json_lines(folder / "follow_ups.jsonl", FollowUp) if each.half is half]


def half_of(key: str) -> Half:
    """By a hash, so that a thing keeps its half whatever is added to or taken from the file it is in."""
    return Half.TUNE if hashlib.sha256(key.encode()).digest()[0] % 2 else Half.REPORT
