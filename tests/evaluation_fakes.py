"""Triages made to order, and a handful of messages with the rules that find some of them."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from assistant.evaluation.messages import AlarmMessage, Conversation, LookAlike, Turn
from assistant.triage.judge import Raised, Triage
from assistant.triage.rulebook import Combination, Flag, Level

RULES = """
[[finding]]
id = "borstpijn"
name = "Pijn op de borst"
phrases = ["druk op borst"]

[[finding]]
id = "koorts"
name = "Koorts"
phrases = ["koorts"]

[[finding]]
id = "steek"
name = "Een steek"
phrases = ["steek"]

[[flag]]
id = "hart"
name = "Hart"
source = "voorbeeld"
112 = ["borstpijn"]

[[flag]]
id = "infectie"
name = "Infectie"
source = "voorbeeld"
spoed = ["koorts"]
twijfel = ["steek"]

[answered]
phrases = ["huisarts gebeld"]
"""


def found(level: Level | None) -> Triage:
    """``Level.DOUBT`` is the safety-net line without an alarm."""
    if level in (None, Level.DOUBT):
        return Triage(needs_safety_net=level is Level.DOUBT)
    combination = Combination(level, frozenset({"pijn"}))
    flag = Flag("vlag", "Vlag", "voorbeeld", "", (combination,), frozenset(), frozenset())
    return Triage(raised=(Raised(flag, level, combination),))


def judge_by_words(**levels: Level) -> Callable[[Sequence[str]], Triage]:
    """The most urgent level of a word that stands in any of the messages."""

    def judge(messages: Sequence[str]) -> Triage:
        said = " ".join(messages).lower()
        heard = [level for word, level in levels.items() if word in said]
        return found(max(heard, default=None, key=lambda level: level.rank))

    return judge


def alarm(*messages: str, level: Level = Level.SPOED, identifier: str = "t1", style: str = "plain") -> AlarmMessage:
    return AlarmMessage.model_validate(
        {"id": identifier, "messages": messages, "flag": "infectie", "level": level, "style": style}
    )


def look_alike(*messages: str, kind: str = "ordinary", identifier: str = "l1") -> LookAlike:
    return LookAlike.model_validate({"id": identifier, "messages": messages, "kind": kind})


def conversation(*turns: tuple[str, Level | None]) -> Conversation:
    return Conversation(id="c1", turns=tuple(Turn(text=text, level=level) for text, level in turns))


def write_lines(path: Path, *lines: dict[str, object]) -> None:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
