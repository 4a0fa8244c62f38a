"""The last accepted measurement, kept with the code, and what became of each of its questions since."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.evaluation.answers import AnswerMeasurement, said
from assistant.evaluation.errors import EvaluationError
from assistant.evaluation.metrics import Outcome
from assistant.evaluation.questions import Half

ACCEPTED = Path(__file__).parent / "accepted.json"

_DECIMALS = 4


class Result(BaseModel):
    """``question`` is all that the visitor said.

    ``rank`` is that of the first passage with gold, 0 without; ``confidence`` is 0 to 1.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    question: str
    right: bool
    rank: int
    answered: bool
    confidence: float

    @classmethod
    def of(cls, outcome: Outcome) -> "Result":
        return cls(
            question=said(outcome.question),
            right=outcome.is_right,
            rank=outcome.rank,
            answered=outcome.is_answered,
            confidence=round(outcome.confidence, _DECIMALS),
        )


class Run(BaseModel):
    """What came of every question, by id."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    half: Half
    model: str
    measured_on: date
    results: dict[str, Result]

    @classmethod
    def of(cls, measured: AnswerMeasurement, on: date) -> "Run":
        results = {each.question.id: Result.of(each) for each in measured.outcomes}
        return cls(half=measured.half, model=measured.model, measured_on=on, results=results)


@dataclass(frozen=True, slots=True)
class Flip:
    """A question that was right and is not any more, or the other way round."""

    id: str
    before: Result
    now: Result

    @property
    def is_gain(self) -> bool:
        return self.now.right


@dataclass(frozen=True, slots=True)
class Comparison:
    """With the accepted run ``before``. ``new`` and ``gone`` count questions, reworded ones as both."""

    before: Run
    flips: tuple[Flip, ...]
    new: int
    gone: int

    @classmethod
    def of(cls, before: Run, now: Run) -> "Comparison":
        kept = [
            Flip(identifier, before.results[identifier], result)
            for identifier, result in now.results.items()
            if identifier in before.results and before.results[identifier].question == result.question
        ]
        flips = sorted((each for each in kept if each.before.right != each.now.right), key=lambda flip: flip.is_gain)
        return cls(before, tuple(flips), len(now.results) - len(kept), len(before.results) - len(kept))

    @property
    def lost(self) -> int:
        return sum(not flip.is_gain for flip in self.flips)

    @property
    def gained(self) -> int:
        return sum(flip.is_gain for flip in self.flips)

    @property
    def net_loss(self) -> int:
        """How many more questions went wrong than right: below 0 when it got better."""
        return self.lost - self.gained


def load_accepted(path: Path = ACCEPTED) -> Run | None:
    """None when nothing was accepted yet. Raises ``EvaluationError`` for a file that is broken."""
    if not path.exists():
        return None
    try:
        return Run.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise EvaluationError(path, "niet te lezen; maak hem opnieuw met --accept.") from error


def save_accepted(run: Run, path: Path = ACCEPTED) -> None:
    """A question a line, so that a difference between two runs can be read."""
    head = run.model_dump(mode="json", exclude={"results"})
    lines = ",\n".join(_lines(run.results.items()))
    opening = json.dumps(head, ensure_ascii=False)[:-1]
    path.write_text(f'{opening}, "results": {{\n{lines}\n}}}}\n', "utf-8")


def compare(measured: AnswerMeasurement, on: date, accepted: Run | None) -> Comparison | None:
    """None when there is nothing to compare with: no accepted run, or one of the other half."""
    if accepted is None or accepted.half is not measured.half:
        return None
    return Comparison.of(accepted, Run.of(measured, on))


def _lines(results: Iterable[tuple[str, Result]]) -> Iterable[str]:
    for identifier, result in results:
        yield f"{json.dumps(identifier)}: {json.dumps(result.model_dump(), ensure_ascii=False)}"
