"""``refusals.toml`` as objects: what is not answered, what is a matter of medicines, and what is on the subject."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from assistant.language.cues import Cues
from assistant.language.files import Language, RuleFile
from assistant.language.matching import Lexicon
from assistant.language.patterns import Pattern

REFUSALS = Path(__file__).parent.parent / "refusals.toml"
_PATTERN_KEYS = (
    "phrases", "other_languages", "at_start", "before_quote", "except", "about", "about_or_before", "unless"
)  # fmt: skip
_FLAGS = ("must_be_so", "must_be_asked")
_TRIGGERS = ("phrases", "other_languages", "at_start", "before_quote", "signs")


class Reason(StrEnum):
    """Why a message is not answered; of several the first counts, for that is what the visitor must read."""

    DOSE = "dose"
    STOP_MEDICINE = "stop_medicine"
    INSTRUCTIONS = "instructions"
    ROLE_PLAY = "role_play"
    DIAGNOSIS = "diagnosis"
    PROGNOSIS = "prognosis"
    PRACTICAL = "practical"
    OTHER_BODY = "other_body"
    OFF_TOPIC = "off_topic"

    @property
    def rank(self) -> int:
        return list(Reason).index(self)


@dataclass(frozen=True, slots=True)
class Rule:
    """One ``[[rule]]``; the comments in the file say what each list does. ``signs`` are in lower case."""

    reason: Reason
    name: str
    phrases: tuple[Pattern, ...]
    at_start: tuple[Pattern, ...]
    before_quote: tuple[Pattern, ...]
    signs: tuple[str, ...]
    exceptions: tuple[Pattern, ...]
    about: tuple[Pattern, ...]
    about_or_before: tuple[Pattern, ...]
    unless: tuple[Pattern, ...]
    must_be_so: bool
    must_be_asked: bool

    @property
    def patterns(self) -> tuple[Pattern, ...]:
        triggers = (*self.phrases, *self.at_start, *self.before_quote)
        return (*triggers, *self.exceptions, *self.about, *self.about_or_before, *self.unless)


@dataclass(frozen=True)
class RefusalRules:
    """All rules, compiled; ``rules`` are in the order of their reasons."""

    lexicon: Lexicon
    cues: Cues
    rules: tuple[Rule, ...]
    openers: frozenset[str]
    medicine: tuple[Pattern, ...]
    subject: tuple[Pattern, ...]


def load_rules(path: Path = REFUSALS, language: Language | None = None) -> RefusalRules:
    """Raises ``RulesError`` with file, line and reason."""
    file, language = RuleFile(path), language or Language()
    file.check_keys(file.data, ("words", "start", "medicine", "subject", "rule"))
    rules = sorted(_rules(file), key=_rank)
    medicine, subject = _phrases(file, "medicine"), _phrases(file, "subject")
    patterns = [*medicine, *subject, *(pattern for rule in rules for pattern in rule.patterns)]
    return RefusalRules(
        lexicon=language.lexicon(file, file.groups("words"), patterns),
        cues=language.cues,
        rules=tuple(rules),
        openers=_openers(file),
        medicine=medicine,
        subject=subject,
    )


def _rules(file: RuleFile) -> list[Rule]:
    rules: dict[str, Rule] = {}
    for number, table in enumerate(file.tables("rule"), 1):
        name = table.get("name")
        if not isinstance(name, str) or not name.strip():
            raise file.error(f"'name' ontbreekt in de {number}e [[rule]], of is geen tekst.", "[[rule]]")
        if name in rules:
            raise file.error(f"de naam '{name}' komt twee keer voor.", name)
        rules[name] = _rule(file, table, name)
    return list(rules.values())


def _rule(file: RuleFile, table: Mapping[str, Any], name: str) -> Rule:
    file.check_keys(table, ("reason", "name", "signs", *_FLAGS, *_PATTERN_KEYS), name)
    reason = file.text(table, "reason", name)
    if reason not in list(Reason):
        raise file.error(f"'{reason}' is geen bekende reden; kies uit: {', '.join(Reason)}.", f'"{reason}"')
    if not any(table.get(key) for key in _TRIGGERS):
        raise file.error(f"bij '{name}' staat geen enkele zin; vul een van deze: {', '.join(_TRIGGERS)}.", name)
    patterns = {key: file.patterns(table, key, name) for key in _PATTERN_KEYS}
    return Rule(
        reason=Reason(reason),
        name=name,
        phrases=patterns["phrases"] + patterns["other_languages"],
        at_start=patterns["at_start"],
        before_quote=patterns["before_quote"],
        signs=_signs(file, table, name),
        exceptions=patterns["except"],
        about=patterns["about"],
        about_or_before=patterns["about_or_before"],
        unless=patterns["unless"],
        must_be_so=file.flag(table, "must_be_so", name),
        must_be_asked=file.flag(table, "must_be_asked", name),
    )


def _signs(file: RuleFile, table: Mapping[str, Any], name: str) -> tuple[str, ...]:
    signs = file.lines(table, "signs", name)
    if not all(sign.strip() for sign in signs):
        raise file.error("een leeg teken onder 'signs' zou in elk bericht staan.", name, "signs")
    return tuple(sign.casefold() for sign in signs)


def _phrases(file: RuleFile, key: str) -> tuple[Pattern, ...]:
    patterns = file.phrases(key)
    if not patterns:
        raise file.error(f"onder [{key}] staat geen enkele zin.", f"[{key}]")
    return patterns


def _openers(file: RuleFile) -> frozenset[str]:
    here = "[start]"
    table = file.data.get("start", {})
    file.check_keys(table, ("words",), here)
    return frozenset(word for line in file.lines(table, "words", here) for word in line.split())


def _rank(rule: Rule) -> int:
    return rule.reason.rank
