"""Every message that got another alarm than is due, with what triage saw in it."""

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.evaluation.labels import FAULTS, LOOK_ALIKES, STYLES, VARIANTS, level_name
from assistant.evaluation.messages import AlarmMessage
from assistant.evaluation.triage import Measurement, reached
from assistant.language.context import Status
from assistant.triage.judge import Triage
from assistant.triage.reading import Sighting
from assistant.triage.rulebook import Level

_STATUSES = {Status.NEGATED: "ontkend", Status.PAST: "vroeger", Status.GENERAL: "algemeen"}


@dataclass(frozen=True, slots=True)
class Miss:
    """``about`` is what sort of message it is; ``seen`` are findings with the words that they were read from."""

    id: str
    about: str
    messages: tuple[str, ...]
    expected: str
    got: str
    seen: tuple[str, ...]


def all_misses(measured: Measurement) -> Iterator[Miss]:
    for judged in measured.examples:
        example = judged.example
        if not judged.is_right:
            about = _about(example) if isinstance(example, AlarmMessage) else LOOK_ALIKES[example.kind]
            yield _miss(example.id, about, example.messages, judged.expected, judged.found)
    for turn in measured.turns:
        if turn.fault:
            about = f"gesprek, beurt {turn.place + 1}: {FAULTS[turn.fault]}"
            yield _miss(turn.conversation.id, about, turn.messages, turn.expected, turn.found)
    for each in measured.variants:
        original = each.variant.original
        if not each.keeps_level:
            about = f"{_about(original)}; {VARIANTS[each.variant.kind]}"
            yield _miss(original.id, about, each.variant.messages, original.level, each.found)


def _about(alarm: AlarmMessage) -> str:
    return f"{alarm.flag}, {STYLES[alarm.style]}"


def _miss(identifier: str, about: str, messages: tuple[str, ...], expected: Level | None, found: Triage) -> Miss:
    """``Triage.sightings`` are of the last message; what came from earlier ones has no words any more."""
    here = {sighting.finding for sighting in found.sightings if sighting.is_present}
    seen = (
        *(_described(sighting) for sighting in found.sightings),
        *(f"{finding} (eerder)" for finding in sorted(found.findings - here)),
        *(
            f"tweede blik: {raised.level}, {raised.flag.id}, voor {raised.certainty:.0%} zeker"
            for raised in found.raised
            if raised.certainty is not None
        ),
    )
    return Miss(identifier, about, messages, level_name(expected), level_name(reached(found)), seen)


def _described(sighting: Sighting) -> str:
    described = f"{sighting.finding} “{sighting.words}”"
    if sighting.is_present:
        return described
    cue = f": “{sighting.cue_words}”" if sighting.cue_words else ""
    return f"{described} ({_STATUSES[sighting.status]}{cue})"
