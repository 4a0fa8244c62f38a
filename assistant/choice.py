"""What became of a sentence of the articles when an answer was put together: chosen, or passed over and why."""

from enum import StrEnum


class Chosen(StrEnum):
    """What a sentence is there for: to send to a doctor, to answer, or to let another one be understood."""

    ADVICE = "advice"
    RELEVANT = "relevant"
    CONTEXT = "context"


class PassedOver(StrEnum):
    """Why a sentence is not in the answer; of several reasons the first that kept it out."""

    PROMOTIONAL = "promotional"
    UNSAFE = "unsafe"
    LEANS_ON_UNSAID = "leans_on_unsaid"
    ASKS = "asks"
    BEST_IS_UNSAID = "best_is_unsaid"
    NO_CLAIM = "no_claim"
    LESS_RELEVANT = "less_relevant"
    SAID_ALREADY = "said_already"
    PASSAGES_FULL = "passages_full"
    TOO_LONG = "too_long"
    NOT_UNDERSTOOD = "not_understood"
    ONLY_OPENINGS = "only_openings"
    ONLY_ADVICE = "only_advice"


Fate = Chosen | PassedOver
