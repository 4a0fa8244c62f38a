"""Why a reply is what it is, told by the code that made it: ``Trace`` and ``Composition.fates`` put in order.

Nothing is decided here, and no word of it is Dutch: ``assistant.staff`` shows it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from assistant import texts
from assistant.answer import Answer, AnswerKind
from assistant.choice import Chosen, Fate
from assistant.confidence import Risk
from assistant.language.context import Person, Status
from assistant.language.tokens import tokenise, words
from assistant.query import Query
from assistant.refusals import Refusal
from assistant.reply import Assistant, Turn
from assistant.retrieve import Retrieval
from assistant.trace import Trace
from assistant.triage.judge import Raised, Triage
from assistant.triage.rulebook import Level, Rulebook
from ingest.embed import Vectors

_PASSAGES = 8


class Outcome(StrEnum):
    """What decided the reply."""

    TRIAGE_FAILED = "triage_failed"
    ALARM = "alarm"
    COURTESY = "courtesy"
    REFUSED = "refused"
    ANSWERED = "answered"
    CLAIMED = "claimed"
    DOCTOR = "doctor"
    HELPED = "helped"
    WITHHELD = "withheld"
    UNSURE = "unsure"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Seen:
    """A finding in the last message, at ``message[start:end]``; ``because`` are the words that deny or date it."""

    name: str
    words: str
    start: int
    end: int
    status: Status
    because: str
    person: Person


@dataclass(frozen=True, slots=True)
class Rule:
    """An alarm that was raised, by ``findings`` together; by the second look, where there is a ``certainty`` (0–1)."""

    level: Level
    name: str
    findings: tuple[str, ...]
    certainty: float | None
    source: str
    reviewed_by: str


@dataclass(frozen=True, slots=True)
class Alarms:
    """``holding`` is what is so now, from all messages together."""

    seen: tuple[Seen, ...]
    holding: tuple[str, ...]
    rules: tuple[Rule, ...]
    was_answered: bool
    needs_safety_net: bool


@dataclass(frozen=True, slots=True)
class Understood:
    """``mended`` are words as typed and as read; ``terms`` what the articles call what is mentioned.

    ``searched_with`` is what was embedded, "" when nothing was looked up.
    """

    asked: str
    alone: str
    language: str
    mended: tuple[tuple[str, str], ...]
    terms: tuple[str, ...]
    searched_with: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A number of one passage: its ``rank`` among all (1 the best), and where it stands between the least and the most
    of them (``strength``, 0 to 1)."""

    value: float
    rank: int
    strength: float


@dataclass(frozen=True, slots=True)
class Found:
    """A passage; ``marks`` are its signals by name."""

    title: str
    section: str
    text: str
    relevance: Mark
    marks: Mapping[str, Mark]


@dataclass(frozen=True, slots=True)
class Push:
    """A signal of the confidence. ``effect`` is how far it moves the logit from where its usual value would leave it.

    None: there was nothing to be like, and it counts as usual.
    """

    name: str
    value: float | None
    usual: float
    effect: float


@dataclass(frozen=True, slots=True)
class Sureness:
    """An answer is given from the ``threshold`` up, which is that of the ``risk``; both are from 0 to 1."""

    confidence: float
    threshold: float
    risk: Risk
    pushes: tuple[Push, ...]

    @property
    def is_enough(self) -> bool:
        return self.confidence >= self.threshold


@dataclass(frozen=True, slots=True)
class Judged:
    """A sentence of the articles and what became of it; ``relevance`` orders those of one question."""

    row: int
    text: str
    article: str
    relevance: float
    fate: Fate

    @property
    def is_chosen(self) -> bool:
        return isinstance(self.fate, Chosen)


@dataclass(frozen=True, slots=True)
class Explanation:
    """``answer`` is what the visitor gets. What it did not come to is None or empty.

    ``passages`` are the most relevant, the best first; ``sentences`` are all of the index, the most relevant first.
    ``has_model``: there is a language model to phrase answers; ``quoted`` is the one of quotes where it was asked to.
    """

    answer: Answer
    outcome: Outcome
    alarms: Alarms | None = None
    understood: Understood | None = None
    refusal: Refusal | None = None
    passages: tuple[Found, ...] = ()
    sureness: Sureness | None = None
    sentences: tuple[Judged, ...] = ()
    has_model: bool = False
    quoted: Answer | None = None

    @property
    def chosen(self) -> tuple[Judged, ...]:
        return tuple(sentence for sentence in self.sentences if sentence.is_chosen)

    @property
    def passed_over(self) -> tuple[Judged, ...]:
        return tuple(sentence for sentence in self.sentences if not sentence.is_chosen)


def explain(assistant: Assistant, question: str, history: Sequence[Turn] = ()) -> Explanation:
    """The reply that ``assistant`` gives, and why. Raises ``QuestionError``."""
    trace = Trace()
    answer = next(part for part in assistant.stream(question, history, trace) if isinstance(part, Answer))
    retrieval = trace.retrieval
    return Explanation(
        answer=answer,
        outcome=_outcome(trace, answer),
        alarms=_alarms(trace.found, assistant.guards.assessor.rules) if trace.found else None,
        understood=_understood(trace, assistant) if trace.alone else None,
        refusal=trace.refusal,
        passages=tuple(_passages(retrieval)) if retrieval else (),
        sureness=_sureness(retrieval, trace.risk) if retrieval else None,
        sentences=_sentences(retrieval, trace) if retrieval else (),
        has_model=assistant.phraser is not None,
        quoted=trace.quoted,
    )


def _outcome(trace: Trace, answer: Answer) -> Outcome:
    """In the order in which a reply is made."""
    if trace.found is None:
        return Outcome.TRIAGE_FAILED
    if answer.alarm and answer.alarm.urgency.forbids_advice:
        return Outcome.ALARM
    if answer.notice == texts.ALARM_ANSWERED:
        return Outcome.HELPED
    if answer.notice == texts.STORE_LOST:
        return Outcome.UNREACHABLE
    if trace.retrieval is None:
        return Outcome.COURTESY if answer.notice == texts.COURTESY else Outcome.REFUSED
    return _outcome_of_search(trace.retrieval, trace, answer)


def _outcome_of_search(retrieval: Retrieval, trace: Trace, answer: Answer) -> Outcome:
    if answer.kind is AnswerKind.ANSWERED:
        return Outcome.ANSWERED if retrieval.is_confident(trace.risk) else Outcome.CLAIMED
    if trace.advice is not None:
        return Outcome.DOCTOR
    return Outcome.WITHHELD if trace.is_sure else Outcome.UNSURE


def _alarms(found: Triage, rules: Rulebook) -> Alarms:
    def name(finding: str) -> str:
        return rules.findings[finding].name

    seen = (
        Seen(name(each.finding), each.words, each.start, each.end, each.status, each.cue_words, each.person)
        for each in sorted(found.sightings, key=lambda each: (each.start, each.finding))
    )
    return Alarms(
        seen=tuple(seen),
        holding=tuple(sorted(map(name, found.findings))),
        rules=tuple(_rule(raised, tuple(sorted(map(name, raised.combination.findings)))) for raised in found.raised),
        was_answered=found.was_answered,
        needs_safety_net=found.needs_safety_net,
    )


def _rule(raised: Raised, findings: tuple[str, ...]) -> Rule:
    flag = raised.flag
    return Rule(raised.level, flag.name, findings, raised.certainty, flag.source, flag.reviewed_by)


def _understood(trace: Trace, assistant: Assistant) -> Understood:
    query = trace.retrieval.query if trace.retrieval else assistant.retriever.searcher.read(trace.alone)
    return Understood(
        asked=trace.asked,
        alone=trace.alone,
        language=query.language,
        mended=_mended(query),
        terms=tuple(dict.fromkeys(term.words[0] for term in query.terms)),
        searched_with=query.text_to_embed if trace.retrieval else "",
    )


def _mended(query: Query) -> tuple[tuple[str, str], ...]:
    typed, read = words(tokenise(query.question)), query.spelled.split()
    return tuple((one, other) for one, other in zip(typed, read, strict=False) if one != other)


def _passages(retrieval: Retrieval) -> Iterator[Found]:
    ranked = {name: _Ranked(values) for name, values in retrieval.passage_signals.items()}
    relevance = _Ranked(retrieval.passage_relevance)
    for row in relevance.order[:_PASSAGES]:
        passage = retrieval.index.passages[row]
        yield Found(
            title=passage.title,
            section=" › ".join(passage.heading_path),
            text=passage.text,
            relevance=relevance.mark(row),
            marks={name: values.mark(row) for name, values in ranked.items()},
        )


class _Ranked:
    """One number of all passages."""

    def __init__(self, values: Vectors) -> None:
        self._values = values
        self._least, self._most = float(values.min(initial=np.inf)), float(values.max(initial=-np.inf))
        self.order = [int(row) for row in np.argsort(-values, kind="stable")]

    def mark(self, row: int) -> Mark:
        """Equal numbers have the same rank."""
        value = float(self._values[row])
        reach = self._most - self._least
        strength = (value - self._least) / reach if reach > 0 else 0.0
        return Mark(value, 1 + int((self._values > self._values[row]).sum()), strength)


def _sureness(retrieval: Retrieval, risk: Risk) -> Sureness:
    calibration = retrieval.calibration
    weights, usual = calibration.weights.model_dump(), calibration.usual.model_dump()
    pushes = (
        Push(name, value, usual[name], 0.0 if value is None else weights[name] * (value - usual[name]))
        for name, value in retrieval.signals.model_dump().items()
    )
    return Sureness(retrieval.confidence, calibration.thresholds[risk], risk, tuple(pushes))


def _sentences(retrieval: Retrieval, trace: Trace) -> tuple[Judged, ...]:
    """All of the index: those of the advice where that was given, else those that were weighed for the answer."""
    composed = trace.advice or trace.composition
    fates = composed.fates() if composed else {}
    index = retrieval.index
    judged = [
        Judged(
            row=row,
            text=index.wording(index.sentence_rows[row]),
            article=index.passages[index.sentence_rows[row].passage].title,
            relevance=float(retrieval.sentence_relevance[row]),
            fate=fate,
        )
        for row, fate in fates.items()
    ]
    return tuple(sorted(judged, key=lambda each: -each.relevance))
