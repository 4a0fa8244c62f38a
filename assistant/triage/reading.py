"""What one message says: findings, each with the visitor's words, and whether they are so."""

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.language.context import Context, Judgement, Person, Status
from assistant.language.matching import Message, Span
from assistant.triage.rulebook import Finding, Rulebook


@dataclass(frozen=True, slots=True)
class Sighting:
    """A finding at ``message[start:end]``; ``words`` stand there, ``cue_words`` are what denies or dates it."""

    finding: str
    words: str
    start: int
    end: int
    status: Status
    cue_words: str
    person: Person
    span: Span

    @property
    def is_present(self) -> bool:
        return self.status is Status.PRESENT


@dataclass(frozen=True, slots=True)
class Reading:
    """All of one message that the rules look at."""

    sightings: tuple[Sighting, ...] = ()
    denied: frozenset[str] = frozenset()
    is_answer: bool = False
    is_belgian: bool = False

    def present(self) -> dict[str, frozenset[Person]]:
        """Findings that are so now, and of whom."""
        return _by_finding(self.sightings, {Status.PRESENT})

    def imagined(self) -> dict[str, frozenset[Person]]:
        """The same, with those that were only asked about."""
        return _by_finding(self.sightings, {Status.PRESENT, Status.GENERAL})


def _by_finding(sightings: tuple[Sighting, ...], statuses: set[Status]) -> dict[str, frozenset[Person]]:
    found: dict[str, frozenset[Person]] = {}
    for sighting in sightings:
        if sighting.status in statuses:
            found[sighting.finding] = found.get(sighting.finding, frozenset()) | {sighting.person}
    return found


def read(text: str, rules: Rulebook) -> Reading:
    """``text`` as the visitor typed it."""
    message = Message(text, rules.lexicon)
    message.mask(message.find_any(rules.idioms))
    context = Context(message, rules.cues)
    sightings = [sighting for finding in rules.findings.values() for sighting in _sightings(finding, message, context)]
    present = {sighting.finding for sighting in sightings if sighting.is_present}
    negated = {sighting.finding for sighting in sightings if sighting.status is Status.NEGATED}
    denied = {finding.id for finding in rules.findings.values() if message.find_any(finding.denials)}
    return Reading(
        sightings=tuple(sightings),
        denied=frozenset((negated | denied) - present),
        is_answer=any(context.is_said_so(span) for span in message.find_any(rules.answered)),
        is_belgian=bool(message.find_any(rules.belgian)),
    )


def _sightings(finding: Finding, message: Message, context: Context) -> list[Sighting]:
    spans = message.find_any(finding.phrases)
    if not spans:
        return []
    excepted = {place for span in message.find_any(finding.exceptions) for place in span}
    judged = {span: context.judge(span) for span in spans if excepted.isdisjoint(span)}
    denied = {span: judgement for span, judgement in judged.items() if judgement.status is Status.NEGATED}
    return [
        _sighting(finding, span, _of_whole(span, denied) or judgement, message, context)
        for span, judgement in judged.items()
    ]


def _of_whole(span: Span, denied: Mapping[Span, Judgement]) -> Judgement | None:
    """ "Op de borst" in "geen druk op de borst" is denied with all of it."""
    return next((judgement for whole, judgement in denied.items() if set(span) < set(whole)), None)


def _sighting(finding: Finding, span: Span, judgement: Judgement, message: Message, context: Context) -> Sighting:
    matters = judgement.status is Status.PAST and finding.counts_when_past
    return Sighting(
        finding=finding.id,
        words=message.quote(span),
        start=message.tokens[span[0]].start,
        end=message.tokens[span[-1]].end,
        status=Status.PRESENT if matters else judgement.status,
        cue_words=message.quote(judgement.cue) if judgement.cue else "",
        person=context.person(span),
        span=span,
    )
