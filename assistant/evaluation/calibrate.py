"""Fit the confidence model on the tuning half of the development questions."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from assistant.confidence import Calibration, Signals
from assistant.evaluation.questions import AnswerableQuestion, Half, all_questions
from assistant.evaluation.teach import teach
from assistant.parts import open_index
from assistant.retrieve import HybridRetriever
from assistant.settings import Settings
from ingest.index import Index


def calibrate_and_save(settings: Settings) -> Path:
    """Calibrate for the configured model and index, and teach it the second look at messages.

    Returns the file written for the first. Raises ``IngestError``.
    """
    index = open_index(settings)
    settings.second_opinion_file.parent.mkdir(parents=True, exist_ok=True)
    teach(index.embedder).save(settings.second_opinion_file)
    settings.calibration_file.parent.mkdir(parents=True, exist_ok=True)
    settings.calibration_file.write_text(calibrate(index).model_dump_json(indent=2) + "\n", "utf-8")
    return settings.calibration_file


def calibrate(index: Index) -> Calibration:
    """A calibration for this index's model.

    The threshold is where answered-and-answerable plus refused-and-unanswerable is largest (Youden's J), both weighing
    the same however many questions there are of each.
    """
    unfitted = Calibration(
        embedding_model=index.manifest.model.name,
        weights=Signals(sentence=0, bm25=0, coverage=0),
        intercept=0,
        threshold=0,
    )
    retriever = HybridRetriever(index=index, calibration=unfitted)
    questions = all_questions(Half.TUNE)
    signals = [retriever.retrieve(question.question).signals for question in questions]
    is_answerable = np.array([isinstance(question, AnswerableQuestion) for question in questions])
    fitted = unfitted.model_copy(
        update=_fit(np.array([list(signal.model_dump().values()) for signal in signals]), is_answerable)
    )
    confidences = [fitted.confidence(signal) for signal in signals]
    return fitted.model_copy(update={"threshold": best_threshold(confidences, is_answerable.tolist())})


def _fit(features: NDArray[np.float64], is_answerable: NDArray[np.bool_]) -> dict[str, object]:
    # The signals live on very different scales; regularisation must see them alike.
    centre, spread = features.mean(axis=0), features.std(axis=0)
    model = LogisticRegression(class_weight="balanced").fit((features - centre) / spread, is_answerable)
    weights = model.coef_[0] / spread
    return {
        "weights": Signals(**dict(zip(Signals.model_fields, np.round(weights, 4).tolist(), strict=True))),
        "intercept": round(float(model.intercept_[0] - weights @ centre), 4),
    }


def best_threshold(confidences: Sequence[float], is_answerable: Sequence[bool]) -> float:
    """The cut that maximises sensitivity + specificity, halfway between two neighbours."""
    values = np.array(confidences)
    truth = np.array(is_answerable)
    ordered = np.unique(values)
    cuts = (ordered[1:] + ordered[:-1]) / 2
    gain = [(values[truth] >= cut).mean() + (values[~truth] < cut).mean() for cut in cuts]
    return round(float(cuts[int(np.argmax(gain))]), 4)
