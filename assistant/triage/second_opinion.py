"""A second look at messages that no rule calls urgent: do they mean the same as messages that were?

Rules know words; people have more ways to say a thing than any list. A linear model over the embedding of a message,
taught on the development messages (``rugpijn calibrate``), speaks up where it is nearly certain.
It can raise an alarm and never silences one.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.errors import SecondOpinionError
from assistant.triage.rulebook import Level
from ingest.embed import Vectors

PACKAGED = Path(__file__).parent.parent / "second_opinion.json"


class Outcome(StrEnum):
    """What a message turned out to be: a level, or one of the two crises, which have helplines of their own."""

    NONE = "none"
    HUISARTS = "huisarts"
    SPOED = "spoed"
    EMERGENCY = "112"
    SUICIDE = "suicide"
    VIOLENCE = "geweld"

    @property
    def level(self) -> Level | None:
        if self is Outcome.NONE:
            return None
        return Level.CRISIS if self in _CRISES else Level(self.value)

    @property
    def is_urgent(self) -> bool:
        return self not in (Outcome.NONE, Outcome.HUISARTS)


_CRISES = (Outcome.SUICIDE, Outcome.VIOLENCE)


@dataclass(frozen=True, slots=True)
class Suspicion:
    """``outcome`` is the likeliest urgent one; ``certainty`` (0 to 1) that the message is urgent at all."""

    outcome: Outcome
    certainty: float


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """Weights of shape (outcomes, dimension) over unit vectors of the model ``model``."""

    model: str
    outcomes: tuple[Outcome, ...]
    weights: NDArray[np.float32]
    intercepts: NDArray[np.float32]
    alarm_from: float

    def judge(self, vectors: Sequence[Vectors]) -> Suspicion | None:
        """The most certain suspicion among ``vectors`` of one conversation, if it is certain enough."""
        suspicions = [self.suspect(vector) for vector in vectors]
        most = max(suspicions, key=lambda each: each.certainty, default=None)
        return most if most is not None and most.certainty >= self.alarm_from else None

    def suspect(self, vector: Vectors) -> Suspicion:
        scores = self.weights @ vector + self.intercepts
        shares = np.exp(scores - scores.max())
        shares /= shares.sum()
        urgent = [(float(share), each) for share, each in zip(shares, self.outcomes, strict=True) if each.is_urgent]
        return Suspicion(max(urgent)[1], sum(share for share, _ in urgent))

    def save(self, path: Path) -> None:
        content = {
            "model": self.model,
            "alarm_from": self.alarm_from,
            "outcomes": list(self.outcomes),
            "intercepts": _rounded(self.intercepts),
            "weights": [_rounded(row) for row in self.weights],
        }
        path.write_text(json.dumps(content), "utf-8")


def load_second_opinion(own: Path, model: str) -> SecondOpinion:
    """The practice's ``own``, if it made one, else the packaged one.

    Raises ``SecondOpinionError`` for a file that is broken or was taught with another model than ``model``.
    """
    path = own if own.exists() else PACKAGED
    try:
        content = json.loads(path.read_text("utf-8"))
        opinion = SecondOpinion(
            model=content["model"],
            outcomes=tuple(map(Outcome, content["outcomes"])),
            weights=np.asarray(content["weights"], dtype=np.float32),
            intercepts=np.asarray(content["intercepts"], dtype=np.float32),
            alarm_from=float(content["alarm_from"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SecondOpinionError(path, "het bestand ontbreekt of is beschadigd") from error
    if opinion.weights.ndim != len(("outcomes", "dimension")) or len(opinion.weights) != len(opinion.outcomes):
        raise SecondOpinionError(path, "het bestand is beschadigd")
    if opinion.model != model:
        raise SecondOpinionError(path, f"het is gemaakt met het taalmodel '{opinion.model}', ingesteld is '{model}'")
    return opinion


def _rounded(numbers: NDArray[np.float32]) -> list[float]:
    return [round(float(number), 4) for number in numbers]
