"""The same alarm, typed or said otherwise: slips of the keyboard, small talk around it, words that make little of it.

Which letter, space or phrase follows from the id of the message, so a variant is the same in every run.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from random import Random

from pydantic import BaseModel, ConfigDict, model_validator

from assistant.evaluation.json_lines import read_json_lines
from assistant.evaluation.messages import FOLDER, AlarmMessage
from assistant.evaluation.questions import Half, half_of

_SLOT = "{message}"
# Parts the messages of a visitor while one change is made to all of them; nobody types it.
_PARTING = "\0"
_WORD = re.compile(r"[^\W\d_]{4,}")
_SPACE = re.compile(r"(?<=[^\W\d_]) (?=[^\W\d_])")
_KEY_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEIGHBOURS = {
    key: row[max(place - 1, 0) : place] + row[place + 1 : place + 2]
    for row in _KEY_ROWS
    for place, key in enumerate(row)
}


class VariantKind(StrEnum):
    ONE_TYPO = "one_typo"
    TWO_TYPOS = "two_typos"
    ONE_SPACE_LESS = "one_space_less"
    TWO_SPACES_LESS = "two_spaces_less"
    UPPER_CASE = "upper_case"
    LOWER_CASE = "lower_case"
    NO_PUNCTUATION = "no_punctuation"
    SMALL_TALK_BEFORE = "small_talk_before"
    SMALL_TALK_AFTER = "small_talk_after"
    SMALL_TALK_NEXT = "small_talk_next"
    MINIMISING_BEFORE = "minimising_before"
    MINIMISING_AFTER = "minimising_after"


class Addition(BaseModel):
    """Words around a message, which stands at "{message}"; without it they are a message of their own, after it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: VariantKind
    text: str

    @model_validator(mode="after")
    def _has_its_slot(self) -> "Addition":
        if self.text.count(_SLOT) != (self.kind is not VariantKind.SMALL_TALK_NEXT):
            raise ValueError(f"'{_SLOT}' hoort er één keer in, en bij '{VariantKind.SMALL_TALK_NEXT}' niet")
        return self

    def around(self, messages: Sequence[str]) -> tuple[str, ...]:
        *earlier, last = messages
        if self.kind is VariantKind.SMALL_TALK_NEXT:
            return (*messages, self.text)
        return (*earlier, self.text.replace(_SLOT, last))


@dataclass(frozen=True, slots=True)
class Variant:
    """``original`` said otherwise in ``messages``."""

    original: AlarmMessage
    kind: VariantKind
    messages: tuple[str, ...]


def additions(half: Half | None = None, folder: Path = FOLDER) -> list[Addition]:
    """Each half has phrases of its own, lest rules are fitted to the very words that they are measured with."""
    phrases = (phrase for path in sorted(folder.glob("additions*.jsonl")) for phrase in read_json_lines(path, Addition))
    return [phrase for phrase in phrases if half is None or half_of(phrase.text) is half]


def variants(original: AlarmMessage, phrases: Sequence[Addition]) -> Iterator[Variant]:
    """One of each kind; none of a kind that changes nothing here, as lower case does in a message without capitals."""
    for kind in VariantKind:
        messages = _messages(original, kind, phrases)
        if messages != original.messages:
            yield Variant(original, kind, messages)


def _messages(original: AlarmMessage, kind: VariantKind, phrases: Sequence[Addition]) -> tuple[str, ...]:
    random = Random(f"{original.id} {kind}")
    change = _CHANGES.get(kind)
    if change:
        return tuple(change(_PARTING.join(original.messages), random).split(_PARTING))
    of_kind = [phrase for phrase in phrases if phrase.kind is kind]
    return random.choice(of_kind).around(original.messages) if of_kind else original.messages


# --- typing ---


def _with_typos(text: str, random: Random, count: int) -> str:
    words = list(_WORD.finditer(text))
    for word in sorted(random.sample(words, min(count, len(words))), key=lambda word: -word.start()):
        text = text[: word.start()] + _slipped(word[0], random) + text[word.end() :]
    return text


def _slipped(word: str, random: Random) -> str:
    """``word`` with one slip, wherever in it and whichever of the four is possible there."""
    slips = [slip(word, place) for slip in (_swap, _drop, _double, *_NEIGHBOUR_SLIPS) for place in range(len(word))]
    return random.choice([slip for slip in slips if slip != word])


def _swap(word: str, place: int) -> str:
    return word[:place] + word[place + 1 : place + 2] + word[place] + word[place + 2 :]


def _drop(word: str, place: int) -> str:
    return word[:place] + word[place + 1 :]


def _double(word: str, place: int) -> str:
    return word[: place + 1] + word[place:]


def _neighbour(side: int) -> Callable[[str, int], str]:
    def slip(word: str, place: int) -> str:
        keys = _NEIGHBOURS.get(word[place].lower(), "")
        key = keys[side : side + 1] or word[place]
        return word[:place] + (key.upper() if word[place].isupper() else key) + word[place + 1 :]

    return slip


_NEIGHBOUR_SLIPS = (_neighbour(0), _neighbour(1))


def _without_spaces(text: str, random: Random, count: int) -> str:
    spaces = [match.start() for match in _SPACE.finditer(text)]
    for place in sorted(random.sample(spaces, min(count, len(spaces))), reverse=True):
        text = text[:place] + text[place + 1 :]
    return text


def _without_punctuation(text: str, _: Random) -> str:
    """Marks inside a word or number stay: "m'n", "39,6"."""
    kept = "".join(char if _is_kept(text, place) else " " for place, char in enumerate(text))
    return _PARTING.join(" ".join(message.split()) for message in kept.split(_PARTING))


def _is_kept(text: str, place: int) -> bool:
    if not unicodedata.category(text[place]).startswith("P"):
        return True
    before, after = text[max(place - 1, 0) : place], text[place + 1 : place + 2]
    if text[place] in "'’-":
        return before.isalnum() and after.isalnum()
    return before.isdigit() and after.isdigit()


_CHANGES: dict[VariantKind, Callable[[str, Random], str]] = {
    VariantKind.ONE_TYPO: lambda text, random: _with_typos(text, random, 1),
    VariantKind.TWO_TYPOS: lambda text, random: _with_typos(text, random, 2),
    VariantKind.ONE_SPACE_LESS: lambda text, random: _without_spaces(text, random, 1),
    VariantKind.TWO_SPACES_LESS: lambda text, random: _without_spaces(text, random, 2),
    VariantKind.UPPER_CASE: lambda text, _: text.upper(),
    VariantKind.LOWER_CASE: lambda text, _: text.lower(),
    VariantKind.NO_PUNCTUATION: _without_punctuation,
}
