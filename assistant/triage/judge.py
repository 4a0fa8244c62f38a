"""A conversation → the alarms that the rules raise, and whether the visitor has dealt with them.

Findings add up over the messages. They go when the visitor denies them, and all of them when the visitor says that help
was called, or came: so an alarm stays until it is answered, and no longer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.language.context import Person
from assistant.triage.reading import Reading, Sighting, read
from assistant.triage.rulebook import Combination, Flag, Level, Rulebook

Findings = Mapping[str, frozenset[Person]]


@dataclass(frozen=True, slots=True)
class Raised:
    """A flag, the level it is at, and the combination that raised it.

    ``is_new``: it was not raised before the last message. ``certainty`` (0 to 1) is set by the second look only.
    """

    flag: Flag
    level: Level
    combination: Combination
    is_new: bool = True
    certainty: float | None = None


@dataclass(frozen=True, slots=True)
class Triage:
    """``raised`` are alarms, the most urgent first.

    ``needs_safety_net``: no alarm, but not a plain question either. ``open_from``: index of the first message that the
    visitor has not dealt with, by saying in a later one that help was called. ``findings`` are so now;
    ``sightings`` is all that was seen in the last message.
    """

    raised: tuple[Raised, ...] = ()
    needs_safety_net: bool = False
    was_answered: bool = False
    open_from: int = 0
    is_belgian: bool = False
    findings: frozenset[str] = frozenset()
    sightings: tuple[Sighting, ...] = ()

    @property
    def level(self) -> Level | None:
        return self.raised[0].level if self.raised else None

    @property
    def is_new(self) -> bool:
        """Was there anything in the last message that was no alarm before?"""
        return any(raised.is_new for raised in self.raised)


def triage(messages: Sequence[str], rules: Rulebook) -> Triage:
    """``messages`` are all the visitor's own, the last one last; at least one."""
    return judge([read(message, rules) for message in messages], rules)


def judge(readings: Sequence[Reading], rules: Rulebook) -> Triage:
    *_, last = readings
    active: dict[str, frozenset[Person]] = {}
    before: dict[str, Level] = {}
    open_before = was_answered = False
    open_from = 0
    for number, reading in enumerate(readings):
        before = {raised.flag.id: raised.level for raised in _raised(active, rules)}
        open_before = bool(before)
        was_answered = reading.is_answer and open_before
        if reading.is_answer:
            active, before = {}, {}
            open_from = number
        active = {finding: persons for finding, persons in active.items() if finding not in reading.denied}
        for finding, persons in reading.present().items():
            active[finding] = active.get(finding, frozenset()) | persons
    found = _raised(active, rules)
    alarms = [
        Raised(each.flag, each.level, each.combination, is_new=before.get(each.flag.id) != each.level)
        for each in found
        if each.level is not Level.DOUBT
    ]
    doubts = _raised(last.present(), rules) + _raised(last.imagined(), rules)
    return Triage(
        raised=tuple(sorted(alarms, key=lambda each: -each.level.rank)),
        needs_safety_net=not alarms and any(each.level is not Level.HUISARTS for each in doubts),
        was_answered=(was_answered or (open_before and bool(last.denied))) and not alarms,
        open_from=open_from,
        is_belgian=any(reading.is_belgian for reading in readings),
        findings=frozenset(active),
        sightings=last.sightings,
    )


def _raised(findings: Findings, rules: Rulebook) -> list[Raised]:
    return [raised for flag in rules.flags.values() if (raised := _raise(flag, findings)) is not None]


def _raise(flag: Flag, findings: Findings) -> Raised | None:
    """The most urgent combination of ``flag`` that is met by one person's findings."""
    if flag.unless & findings.keys():
        return None
    for combination in flag.combinations:
        if combination.findings <= findings.keys() and _is_one_person(combination, findings):
            is_up = bool(flag.one_level_up_with & findings.keys() - combination.findings)
            return Raised(flag, combination.level.one_up if is_up else combination.level, combination)
    return None


def _is_one_person(combination: Combination, findings: Findings) -> bool:
    """ "Mijn moeder had borstkanker, ik heb nu rugpijn" is about two."""
    for person in (Person.SELF, Person.OTHER):
        if all(findings[finding] & {person, Person.UNKNOWN} for finding in combination.findings):
            return True
    return False
