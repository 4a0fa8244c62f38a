"""``red_flags.toml`` as objects: what can be found in a message, and what of it is an alarm."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from assistant.answer import Urgency
from assistant.language.cues import Cues
from assistant.language.files import Language, RuleFile
from assistant.language.matching import Lexicon
from assistant.language.patterns import Pattern

RED_FLAGS = Path(__file__).parent.parent / "red_flags.toml"
_ID = re.compile(r"[a-z][a-z0-9_]*")
_FINDING_KEYS = ("id", "name", "phrases", "other_languages", "except", "denied_by", "history")
_FLAG_KEYS = ("id", "name", "source", "reviewed_by", "one_level_up_with", "unless")


class Level(StrEnum):
    """As in the rules; ``twijfel`` is no alarm, but asks for a line that says when to call."""

    DOUBT = "twijfel"
    HUISARTS = "huisarts"
    SPOED = "spoed"
    CRISIS = "crisis"
    EMERGENCY = "112"

    @property
    def rank(self) -> int:
        return list(Level).index(self)

    @property
    def urgency(self) -> Urgency | None:
        return None if self is Level.DOUBT else Urgency(self.value)

    @property
    def forbids_advice(self) -> bool:
        return self.urgency is not None and self.urgency.forbids_advice

    @property
    def one_up(self) -> "Level":
        ladder = (Level.DOUBT, Level.HUISARTS, Level.SPOED, Level.EMERGENCY)
        return ladder[min(ladder.index(self) + 1, len(ladder) - 1)] if self in ladder else self


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a visitor can say of a body. ``counts_when_past``: it matters however long ago ("kanker gehad")."""

    id: str
    name: str
    phrases: tuple[Pattern, ...]
    exceptions: tuple[Pattern, ...]
    denials: tuple[Pattern, ...]
    counts_when_past: bool = False

    @property
    def patterns(self) -> tuple[Pattern, ...]:
        return (*self.phrases, *self.exceptions, *self.denials)


@dataclass(frozen=True, slots=True)
class Combination:
    """Findings that together reach a level."""

    level: Level
    findings: frozenset[str]

    def __str__(self) -> str:
        return " + ".join(sorted(self.findings))


@dataclass(frozen=True, slots=True)
class Flag:
    """One red flag. ``reviewed_by`` is empty until a doctor has signed for it."""

    id: str
    name: str
    source: str
    reviewed_by: str
    combinations: tuple[Combination, ...]
    one_level_up_with: frozenset[str]
    unless: frozenset[str]


@dataclass(frozen=True)
class Rulebook:
    """All rules, compiled."""

    lexicon: Lexicon
    cues: Cues
    idioms: tuple[Pattern, ...]
    findings: dict[str, Finding]
    flags: dict[str, Flag]
    answered: tuple[Pattern, ...]
    belgian: tuple[Pattern, ...]

    @property
    def is_signed(self) -> bool:
        """Has a doctor signed for every flag?"""
        return all(flag.reviewed_by for flag in self.flags.values())


def load_rulebook(path: Path = RED_FLAGS, language: Language | None = None) -> Rulebook:
    """Raises ``RulesError`` with file, line and reason."""
    return _Loader(RuleFile(path), language or Language()).load()


class _Loader:
    def __init__(self, file: RuleFile, language: Language) -> None:
        self._file = file
        self._language = language

    def load(self) -> Rulebook:
        data = self._file.data
        self._file.check_keys(data, ("words", "finding", "flag", "answered", "belgium"))
        findings = self._by_id("finding", self._finding)
        flags = self._by_id("flag", lambda table: self._flag(table, findings))
        answered, belgian = self._file.phrases("answered"), self._file.phrases("belgium")
        patterns = [pattern for finding in findings.values() for pattern in finding.patterns]
        lexicon = self._language.lexicon(self._file, self._file.groups("words"), [*patterns, *answered, *belgian])
        return Rulebook(lexicon, self._language.cues, self._language.idioms, findings, flags, answered, belgian)

    def _by_id(self, kind: str, read: Any) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for table in self._file.tables(kind):
            identifier = self._file.text(table, "id", f"[[{kind}]]")
            if not _ID.fullmatch(identifier):
                reason = f"de id '{identifier}' mag alleen kleine letters, cijfers en _ hebben."
                raise self._file.error(reason, f'"{identifier}"')
            if identifier in found:
                raise self._file.error(f"de id '{identifier}' komt twee keer voor.", *[f'id = "{identifier}"'] * 2)
            found[identifier] = read(table)
        return found

    def _finding(self, table: Mapping[str, Any]) -> Finding:
        here = f'id = "{table["id"]}"'
        self._file.check_keys(table, _FINDING_KEYS, here)
        phrases = self._file.patterns(table, "phrases", here) + self._file.patterns(table, "other_languages", here)
        if not phrases:
            raise self._file.error(f"bij '{table['id']}' staat geen enkele zin onder 'phrases'.", here)
        return Finding(
            id=table["id"],
            name=self._file.text(table, "name", here),
            phrases=phrases,
            exceptions=self._file.patterns(table, "except", here),
            denials=self._file.patterns(table, "denied_by", here),
            counts_when_past=self._file.flag(table, "history", here),
        )

    def _flag(self, table: Mapping[str, Any], findings: Mapping[str, Finding]) -> Flag:
        here = f'id = "{table["id"]}"'
        self._file.check_keys(table, (*_FLAG_KEYS, *Level), here)
        combinations = tuple(
            Combination(level, self._ids(line, findings, here, line))
            for level in reversed(Level)
            for line in self._file.lines(table, level.value, here)
        )
        if not combinations:
            raise self._file.error(f"'{table['id']}' heeft geen enkel niveau: {', '.join(Level)}.", here)
        return Flag(
            id=table["id"],
            name=self._file.text(table, "name", here),
            source=self._file.text(table, "source", here),
            reviewed_by=self._file.text(table, "reviewed_by", here, optional=True),
            combinations=combinations,
            one_level_up_with=self._listed(table, "one_level_up_with", findings, here),
            unless=self._listed(table, "unless", findings, here),
        )

    def _listed(self, table: Mapping[str, Any], key: str, findings: Mapping[str, Finding], here: str) -> frozenset[str]:
        lines = self._file.lines(table, key, here)
        together = next((line for line in lines if "+" in line), None)
        if together is not None:
            raise self._file.error(f"onder '{key}' staat elke bevinding apart, dus niet '{together}'.", here, together)
        return frozenset(identifier for line in lines for identifier in self._ids(line, findings, here, key))

    def _ids(self, line: str, findings: Mapping[str, Finding], *near: str) -> frozenset[str]:
        identifiers = [part.strip() for part in line.split("+")]
        for identifier in identifiers:
            if identifier not in findings:
                raise self._file.error(f"de bevinding '{identifier}' bestaat niet.", *near)
        return frozenset(identifiers)
