"""How sure are we that the articles answer this question? A small logistic model over three signals.

Fitted by ``rugpijn calibrate`` on the tuning half of the development questions, for one embedding
model: similarities of different models are not on the same scale.
"""

from math import exp
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.errors import CalibrationError

PACKAGED = Path(__file__).parent / "calibration.json"


class Signals(BaseModel):
    """What the confidence looks at.

    ``sentence`` is the similarity of the best sentence (−1 to 1), ``bm25`` the best word match of any passage (≥ 0) and
    ``coverage`` the share of the question's letter groups that the most relevant passage has (0 to 1).
    """

    model_config = ConfigDict(frozen=True, allow_inf_nan=False)

    sentence: float
    bm25: float
    coverage: float


class Calibration(BaseModel):
    """``confidence = 1 / (1 + exp(−(intercept + weights · signals)))``; answers are given from ``threshold`` up."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    embedding_model: str
    weights: Signals
    intercept: float
    threshold: float = Field(ge=0, le=1)

    def confidence(self, signals: Signals) -> float:
        """0 to 1: the chance that the articles answer a question with these signals."""
        logit = (
            self.intercept
            + self.weights.sentence * signals.sentence
            + self.weights.bm25 * signals.bm25
            + self.weights.coverage * signals.coverage
        )
        return 1 / (1 + exp(-max(-60.0, min(60.0, logit))))


def load_calibration(own: Path, embedding_model: str) -> Calibration:
    """The practice's own calibration when it made one, else the packaged one.

    Raises ``CalibrationError`` when it is unreadable or belongs to another embedding model.
    """
    path = own if own.exists() else PACKAGED
    try:
        calibration = Calibration.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise CalibrationError(path, "het bestand is onleesbaar of beschadigd.") from error
    if calibration.embedding_model != embedding_model:
        raise CalibrationError(
            path, f"hij is gemaakt voor '{calibration.embedding_model}', niet voor '{embedding_model}'."
        )
    return calibration
