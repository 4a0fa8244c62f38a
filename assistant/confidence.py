"""How sure are we that the articles answer this question, and where do they answer it? What was learned of both.

Made by ``rugpijn calibrate`` on the tuning half of the development questions, for one embedding model: likenesses of
different models are not on the same scale.
"""

from enum import StrEnum
from math import exp
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from assistant.errors import CalibrationError
from assistant.ranking import PassageWeights, SentenceWeights
from ingest.manifest import ModelCard
from ingest.store import Store

PACKAGED = Path(__file__).parent / "calibration.json"
OWN = "calibration.json"


class Risk(StrEnum):
    """What a wrong answer could do: more where medicines or an alarm are about."""

    ORDINARY = "ordinary"
    RAISED = "raised"


class Signals(BaseModel):
    """What the confidence looks at.

    ``answered`` and ``unanswered`` are the likeness (−1 to 1) to known questions that the articles answer and to those
    that they do not, ``near`` the share (0 to 1) of the former among the known questions nearest to this one.
    ``sentence`` is the likeness of the best sentence, ``words`` the best word match of any passage (BM25, ≥ 0). None
    where there is nothing to be like.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    answered: float | None
    unanswered: float | None
    near: float | None
    sentence: float | None
    words: float | None


class SignalNumbers(BaseModel):
    """A number for each of the ``Signals``."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    answered: float
    unanswered: float
    near: float
    sentence: float
    words: float


Threshold = Annotated[float, Field(ge=0, le=1)]


class Calibration(BaseModel):
    """``confidence = 1 / (1 + exp(−(intercept + weights · signals)))``; answers are given from the threshold up.

    A signal that is None counts as ``usual``, its mean over the tuning questions.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    model: ModelCard
    passages: PassageWeights
    sentences: SentenceWeights
    weights: SignalNumbers
    usual: SignalNumbers
    intercept: float
    thresholds: dict[Risk, Threshold]

    @field_validator("thresholds")
    @classmethod
    def _has_one_for_each_risk(cls, given: dict[Risk, float]) -> dict[Risk, float]:
        if set(given) != set(Risk):
            raise ValueError("a threshold for each risk")
        return given

    def confidence(self, signals: Signals) -> float:
        """0 to 1: the chance that the articles answer a question with these signals."""
        given = self.usual.model_dump() | signals.model_dump(exclude_none=True)
        logit = self.intercept + sum(weight * given[name] for name, weight in self.weights.model_dump().items())
        return 1 / (1 + exp(-max(-60.0, min(60.0, logit))))

    def is_confident(self, signals: Signals, risk: Risk) -> bool:
        return self.confidence(signals) >= self.thresholds[risk]


def load_calibration(index_dir: Path, model: ModelCard) -> Calibration:
    """The one saved with the index when the practice made it, else the packaged one.

    Raises ``CalibrationError`` when it is unreadable or made for another model than the index.
    """
    own = index_dir / OWN
    return _read(own if own.exists() else PACKAGED, model)


def calibration_in(store: Store, model: ModelCard) -> Calibration:
    """As ``load_calibration``, from wherever the index is kept. Raises ``IngestError`` as well."""
    own = store.beside(OWN)
    return _read(PACKAGED, model) if own is None else _fitting(own, OWN, model)


def _read(path: Path, model: ModelCard) -> Calibration:
    try:
        return _fitting(path.read_bytes(), path, model)
    except OSError as error:
        raise CalibrationError(path, "het bestand is onleesbaar of beschadigd.") from error


def _fitting(raw: bytes, path: Path | str, model: ModelCard) -> Calibration:
    try:
        calibration = Calibration.model_validate_json(raw)
    except ValidationError as error:
        raise CalibrationError(path, "het bestand is onleesbaar of beschadigd.") from error
    if not calibration.model.is_same_model(model):
        made_for = f"hij is gemaakt voor het taalmodel '{calibration.model.name}'"
        other = f"niet voor '{model.name}'" if model.name != calibration.model.name else "maar met andere gewichten"
        raise CalibrationError(path, f"{made_for}, {other}.")
    return calibration
