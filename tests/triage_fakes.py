"""Small rulebooks, and what the language layer makes of a message with a handful of words in its rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.answer import Alarm
from assistant.language.context import Context, Person, Status
from assistant.language.files import Language
from assistant.language.matching import Lexicon, Message, Span
from assistant.language.patterns import Pattern, parse_pattern
from assistant.triage.alarm import Helplines, alarm
from assistant.triage.judge import Raised, Triage
from assistant.triage.rulebook import Combination, Flag, Level, Rulebook, load_rulebook
from assistant.triage.second_opinion import GROUPS, Outcome, SecondOpinion, letter_groups
from ingest.embed import Vectors

FILLERS = frozenset({"mijn", "een", "de", "op", "heel"})
BARRIERS = frozenset({"maar"})

RULES = """
[words]
rug = ["rug", "rugpijn", "onderrug"]

[[finding]]
id = "rugpijn"
name = "pijn in de rug"
phrases = ["<rug>"]

[[finding]]
id = "koorts"
name = "koorts"
phrases = ["koorts", "{graden>=38}"]
except = ["koorts van hond"]
denied_by = ["temperatuur is normaal"]

[[finding]]
id = "borstpijn"
name = "pijn op de borst"
phrases = ["pijn op borst"]

[[finding]]
id = "zweten"
name = "zweten"
phrases = ["zweet"]

[[finding]]
id = "kanker"
name = "kanker, nu of vroeger"
phrases = ["kanker"]
history = true

[[finding]]
id = "gevallen"
name = "gevallen"
phrases = ["gevallen", "viel"]

[[finding]]
id = "bloedverdunner"
name = "gebruikt een bloedverdunner"
phrases = ["bloedverdunner*"]

[[finding]]
id = "griep"
name = "griep"
phrases = ["griep"]

[[finding]]
id = "moe"
name = "moe"
phrases = ["moe"]

[[flag]]
id = "hart"
name = "Mogelijk het hart"
source = "voorbeeld"
reviewed_by = ""
112 = ["borstpijn + zweten"]
spoed = ["borstpijn"]

[[flag]]
id = "infectie"
name = "Mogelijk een ontsteking"
source = "voorbeeld"
reviewed_by = ""
unless = ["griep"]
spoed = ["koorts + rugpijn"]
twijfel = ["koorts"]

[[flag]]
id = "val"
name = "Een val"
source = "voorbeeld"
reviewed_by = "dr. De Wit"
one_level_up_with = ["bloedverdunner"]
huisarts = ["gevallen"]

[[flag]]
id = "kanker"
name = "Kanker gehad"
source = "voorbeeld"
reviewed_by = ""
huisarts = ["kanker + rugpijn"]

[[flag]]
id = "twijfel"
name = "Geen alarm"
source = "voorbeeld"
reviewed_by = ""
twijfel = ["moe"]

[answered]
phrases = ["heb … huisarts gebeld"]

[belgium]
phrases = ["gent"]
"""


def write_rules(folder: Path, rules: str = RULES) -> Path:
    path = folder / "regels.toml"
    path.write_text(rules, "utf-8")
    return path


def rulebook(folder: Path, rules: str = RULES) -> Rulebook:
    """``rules`` with the real small words and cues."""
    return load_rulebook(write_rules(folder, rules))


def groups_of(**groups: Sequence[str]) -> dict[str, tuple[Pattern, ...]]:
    return {name: tuple(map(parse_pattern, phrases)) for name, phrases in groups.items()}


def lexicon_of(patterns: Sequence[Pattern], groups: Mapping[str, tuple[Pattern, ...]] | None = None) -> Lexicon:
    return Lexicon(groups or {}, patterns, FILLERS, BARRIERS, frozenset({"gaat"}))


def places(pattern: str, text: str, **groups: Sequence[str]) -> list[str]:
    """The stretches of ``text`` where ``pattern`` stands."""
    parsed = parse_pattern(pattern)
    message = Message(text, lexicon_of([parsed], groups_of(**groups)))
    return [message.quote(span) for span in message.find(parsed)]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found, whether it is so, the words that decided, and of whom it is said."""

    words: str
    status: Status
    cue: str
    person: Person


class Reader:
    """Finds ``phrases`` in messages and judges each, with the real small words and cues."""

    def __init__(self, *phrases: str) -> None:
        language = Language()
        self._cues = language.cues
        self._patterns = list(map(parse_pattern, phrases))
        self._lexicon = language.lexicon(language.file, {}, self._patterns)

    def verdicts(self, text: str) -> list[Verdict]:
        """In the order in which they stand in ``text``."""
        message = Message(text, self._lexicon)
        context = Context(message, self._cues)
        return [_verdict(message, context, span) for span in sorted(message.find_any(self._patterns))]


def _verdict(message: Message, context: Context, span: Span) -> Verdict:
    judged = context.judge(span)
    cue = message.quote(judged.cue) if judged.cue else ""
    return Verdict(message.quote(span), judged.status, cue, context.person(span))


def raised(flag: str, level: Level, *, is_new: bool = True) -> Raised:
    combination = Combination(level, frozenset({"pijn"}))
    return Raised(
        Flag(flag, flag.title(), "voorbeeld", "", (combination,), frozenset(), frozenset()),
        level,
        combination,
        is_new=is_new,
    )


def banner(*flags: Raised, helplines: Helplines | None = None, is_belgian: bool = False) -> Alarm:
    """What is shown when ``flags``, the most urgent first, were raised."""
    found = alarm(Triage(raised=flags, is_belgian=is_belgian), helplines or Helplines())
    assert found is not None
    return found


def opinion(
    outcome: Outcome = Outcome.EMERGENCY, *, alarm_from: float = 0.5, model: str = "fake", **words: Outcome
) -> SecondOpinion:
    """Sees ``outcome`` in the first number of an embedding of two, nothing in the second, and more in ``words``."""
    outcomes = (Outcome.NONE, *dict.fromkeys((outcome, *words.values())))
    weights = np.zeros((len(outcomes), 2 + GROUPS), dtype=np.float32)
    weights[0, 1] = weights[1, 0] = 10
    for word, meant in words.items():
        places, weight = letter_groups(word)
        weights[outcomes.index(meant), 2 + places] = 60 / (weight * len(places))
    nothing = np.zeros(len(outcomes), dtype=np.float32)
    return SecondOpinion(model, outcomes, weights, nothing, np.zeros(2, dtype=np.float32), alarm_from)


class WordEmbedder:
    """``[1, 0]`` for a text with ``word`` in it, else ``[0, 1]``; remembers what it was asked."""

    def __init__(self, word: str) -> None:
        self._word = word
        self.asked: list[str] = []

    def __call__(self, text: str) -> Vectors:
        self.asked.append(text)
        return np.array([1, 0] if self._word in text else [0, 1], dtype=np.float32)
