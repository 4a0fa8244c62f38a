"""The development questions: data a staff member can add to, one JSON object a line."""

import hashlib
from enum import StrEnum
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

T = TypeVar("T", bound=BaseModel)

FOLDER = Path(__file__).parent / "questions"


class Half(StrEnum):
    """Weights and thresholds are chosen on the first half only; figures are stated for the second."""

    TUNE = "tune"
    REPORT = "report"


class AnswerableQuestion(BaseModel):
    """A question the articles answer. ``gold`` are exact quotes; an answer that has one of them is right."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    question: str
    style: Literal["plain", "informal", "synonym", "indirect", "keyword", "flemish", "yes_no", "list", "english"]
    gold: tuple[str, ...] = Field(min_length=1)
    slug: str
    section: str

    @property
    def half(self) -> Half:
        """By section; a paragraph that stands in two sections may have questions on both sides (three have)."""
        return _half(f"{self.slug} {self.section}")


class UnanswerableQuestion(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    question: str
    kind: Literal["near_miss", "other_health", "off_topic"]

    @property
    def half(self) -> Half:
        return _half(self.id)


Question = AnswerableQuestion | UnanswerableQuestion


def answerable(folder: Path = FOLDER) -> list[AnswerableQuestion]:
    return [*_lines(folder / "answerable.jsonl", TypeAdapter(AnswerableQuestion))]


def all_questions(half: Half) -> list[Question]:
    """Both kinds, answerable first."""
    questions: list[Question] = [*answerable(), *unanswerable()]
    return [question for question in questions if question.half is half]


def unanswerable(folder: Path = FOLDER) -> list[UnanswerableQuestion]:
    return [*_lines(folder / "unanswerable.jsonl", TypeAdapter(UnanswerableQuestion))]


def _lines(path: Path, adapter: TypeAdapter[T]) -> list[T]:
    return [adapter.validate_json(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def _half(key: str) -> Half:
    return Half.TUNE if hashlib.sha256(key.encode()).digest()[0] % 2 else Half.REPORT
