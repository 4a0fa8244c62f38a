"""A message → why it is not answered, if it is not."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant import texts
from assistant.language.files import Language
from assistant.refusals.reading import Read
from assistant.refusals.rulebook import REFUSALS, Reason, RefusalRules, Rule, load_rules

_ABOUT_MEDICINE = {Reason.DOSE, Reason.STOP_MEDICINE}


@dataclass(frozen=True, slots=True)
class Refusal:
    """``notice`` is what the visitor reads; ``rule`` and the visitor's ``words`` are for who mends the rules."""

    reason: Reason
    notice: str
    rule: str = ""
    words: str = ""


class Refusals:
    """Judges messages. Safe to call from several threads."""

    def __init__(self, rules: RefusalRules) -> None:
        self._rules = rules

    def judge(self, message: str, earlier: Sequence[str] = ()) -> Refusal | None:
        """``earlier`` are the visitor's messages before this one: "dus hoeveel?" is about what was said there."""
        read = Read(message, self._rules)
        before: list[Read] = []
        for rule in self._rules.rules:
            words = read.trigger(rule)
            if words is None or not _applies(rule, read):
                continue
            if rule.about_or_before and not read.has(rule.about_or_before):
                before = before or [Read(text, self._rules) for text in earlier]
                if not any(each.has(rule.about_or_before) for each in before):
                    continue
            return Refusal(rule.reason, texts.REFUSALS[rule.reason], rule.name, words)
        return None

    def is_about_medicine(self, message: str) -> bool:
        """Must the line that nobody should stop by themselves come along?"""
        if Read(message, self._rules).has(self._rules.medicine):
            return True
        refusal = self.judge(message)
        return refusal is not None and refusal.reason in _ABOUT_MEDICINE

    def is_on_subject(self, message: str) -> bool:
        """Is it a question for this practice, were it in the articles?"""
        return Read(message, self._rules).has(self._rules.subject)


def load_refusals(path: Path = REFUSALS, language: Language | None = None) -> Refusals:
    """Raises ``RulesError`` with file, line and reason."""
    return Refusals(load_rules(path, language))


def _applies(rule: Rule, read: Read) -> bool:
    return (not rule.about or read.has(rule.about)) and not read.has(rule.unless)
