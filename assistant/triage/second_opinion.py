"""A second look at messages that no rule calls urgent: do they read like messages that were?

Rules know words; people have more ways to say a thing than any list. A linear model over a message's embedding and its
letter groups, taught on the development messages (``rugpijn calibrate``), speaks up where it is nearly certain.
It can raise an alarm and never silences one; what it holds for as likely as not gets the line that says when to call.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, pairwise
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from assistant.errors import SecondOpinionError
from assistant.language.tokens import tokenise, words
from assistant.triage.rulebook import Level
from ingest.embed import Vectors

PACKAGED = Path(__file__).parent.parent / "second_opinion.npz"

GROUPS = 2**15
_GROUP_SIZES = (2, 3, 4, 5)
# How much the embedding weighs beside the letter groups, both being unit vectors.
_EMBEDDING_WEIGHT = 3.0
# From here on a message is worth the line that says when to call.
_EVEN = 0.5


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
    """``weights`` of shape (outcomes, dimension + GROUPS) over the features of a message; ``centre`` is subtracted from
    its embedding by the model named ``model``."""

    model: str
    outcomes: tuple[Outcome, ...]
    weights: NDArray[np.float32]
    intercepts: NDArray[np.float32]
    centre: Vectors
    alarm_from: float

    def judge(self, messages: Sequence[tuple[str, Vectors]]) -> Suspicion | None:
        """The most certain suspicion among ``messages``, each a text with its embedding; at least an even chance."""
        suspicions = [self.suspect(text, embedding) for text, embedding in messages]
        most = max(suspicions, key=lambda each: each.certainty, default=None)
        return most if most is not None and most.certainty >= min(_EVEN, self.alarm_from) else None

    def suspect(self, text: str, embedding: Vectors) -> Suspicion:
        groups, weight = letter_groups(text)
        dimension = len(self.centre)
        scores = self.weights[:, :dimension] @ scaled(embedding, self.centre) + self.intercepts
        scores = scores + weight * self.weights[:, dimension + groups].sum(axis=1)
        shares = np.exp(scores - scores.max())
        shares /= shares.sum()
        urgent = [(float(share), each) for share, each in zip(shares, self.outcomes, strict=True) if each.is_urgent]
        return Suspicion(max(urgent)[1], sum(share for share, _ in urgent))

    def save(self, path: Path) -> None:
        np.savez_compressed(
            path,
            model=np.array(self.model),
            outcomes=np.array([outcome.value for outcome in self.outcomes]),
            weights=self.weights.astype(np.float16),
            intercepts=self.intercepts,
            centre=self.centre,
            alarm_from=np.array(self.alarm_from),
        )


def load_second_opinion(own: Path, model: str) -> SecondOpinion:
    """The practice's ``own``, if it made one, else the packaged one.

    Raises ``SecondOpinionError`` for a file that is broken or was taught with another model than ``model``.
    """
    path = own if own.exists() else PACKAGED
    try:
        with np.load(path, allow_pickle=False) as content:
            opinion = SecondOpinion(
                model=str(content["model"]),
                outcomes=tuple(map(Outcome, content["outcomes"].tolist())),
                weights=content["weights"].astype(np.float32),
                intercepts=content["intercepts"].astype(np.float32),
                centre=content["centre"].astype(np.float32),
                alarm_from=float(content["alarm_from"]),
            )
    except Exception as error:  # of a damaged file, zipfile and numpy raise whatever their parsers do
        raise SecondOpinionError(path, "het bestand ontbreekt of is beschadigd") from error
    if opinion.weights.shape != (len(opinion.outcomes), len(opinion.centre) + GROUPS):
        raise SecondOpinionError(path, "het bestand is beschadigd")
    if opinion.model != model:
        raise SecondOpinionError(path, f"het is gemaakt met het taalmodel '{opinion.model}', ingesteld is '{model}'")
    return opinion


def scaled(embedding: Vectors, centre: Vectors) -> Vectors:
    return np.float32(_EMBEDDING_WEIGHT) * (embedding - centre)


def letter_groups(text: str) -> tuple[NDArray[np.intp], float]:
    """Places, out of ``GROUPS``, of the groups of letters and pairs of words in ``text``, and what each weighs."""
    said = words(tokenise(text))
    found = set(chain.from_iterable(map(_groups_of, said)))
    found.update(f"{first} {second}" for first, second in pairwise(said))
    places = np.array(sorted({crc32(group.encode()) % GROUPS for group in found}), dtype=np.intp)
    return places, len(places) ** -0.5 if len(places) else 0.0


def _groups_of(word: str) -> set[str]:
    padded = f" {word} "
    return {padded[at : at + size] for size in _GROUP_SIZES for at in range(len(padded) - size + 1)}
