"""What was decided on the way to one reply, noted by the code that decides, for who wants to know why."""

from dataclasses import dataclass

from assistant.answer import Answer
from assistant.confidence import Risk
from assistant.phrasing.phraser import Phrased
from assistant.quote import Composition
from assistant.refusals import Refusal
from assistant.retrieve import Retrieval
from assistant.triage.judge import Triage


@dataclass(slots=True)
class Trace:
    """Filled in as the reply is made; what it did not come to stays empty.

    ``alone`` is the question that was to be searched with. ``composition`` is what the articles would say, whether or
    not that was sure enough to be said; ``advice`` what was said instead under an alarm. ``phrased`` is what a language
    model made of it, and ``quoted`` the whole answer as it is without one.
    """

    found: Triage | None = None
    asked: str = ""
    alone: str = ""
    refusal: Refusal | None = None
    retrieval: Retrieval | None = None
    risk: Risk = Risk.ORDINARY
    is_sure: bool = False
    composition: Composition | None = None
    advice: Composition | None = None
    phrased: Phrased | None = None
    quoted: Answer | None = None
