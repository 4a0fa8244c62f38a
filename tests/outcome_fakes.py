"""Questions and what came of them, made to order."""

from typing import Any

from assistant.answer import Alarm, Answer, AnswerKind, Sentence, Timings, Urgency
from assistant.evaluation.metrics import Asked, Outcome
from assistant.evaluation.questions import AnswerableQuestion, FollowUp, UnanswerableQuestion

PAIN = AnswerableQuestion(
    id="t1",
    question="Hoe lang houden de klachten van een frozen shoulder aan?",
    style="plain",
    gold=("De klachten houden meestal een jaar à anderhalf jaar aan.",),
    slug="schouderpijn-wees-er-meteen-vanaf",
    section="Frozen shoulder",
)
NOT_IN_THERE = UnanswerableQuestion(id="t2", question="Hoe vaak krijgen biljarters rugpijn?", kind="near_miss")
FOLLOWING = FollowUp(
    id="t3",
    earlier=("Wat is een frozen shoulder?",),
    question="En hoe lang duurt dat?",
    kind="and",
    gold=PAIN.gold,
    slug=PAIN.slug,
    section=PAIN.section,
)


def asking(identifier: str, question: str = "", style: str = "plain") -> AnswerableQuestion:
    wording = question or f"Vraag {identifier}?"
    return PAIN.model_copy(update={"id": identifier, "question": wording, "style": style})


def not_in_there(identifier: str, kind: str = "near_miss") -> UnanswerableQuestion:
    return NOT_IN_THERE.model_copy(update={"id": identifier, "question": f"Vraag {identifier}?", "kind": kind})


def outcome(
    *ranks: int,
    question: Asked = PAIN,
    words: int = 0,
    urgency: Urgency | None = None,
    milliseconds: float = 10.0,
    **counted: Any,
) -> Outcome:
    """Answered when it has words; ``counted`` are fields of the outcome. Retrieval takes half of the time."""
    timings = Timings(milliseconds / 4, milliseconds / 2, milliseconds / 4, milliseconds)
    sentences = (Sentence("woord " * words, (1,)),) if words else ()
    kind = AnswerKind.ANSWERED if words else AnswerKind.NOT_FOUND
    alarm = Alarm(urgency, ("vlag",), "Bel nu.", (), ()) if urgency else None
    answer = Answer(kind, sentences, alarm=alarm, timings=timings)
    fields = {"confidence": 0.5, "milliseconds": milliseconds, "ranks": ranks} | counted
    return Outcome(question=question, answer=answer, **fields)
