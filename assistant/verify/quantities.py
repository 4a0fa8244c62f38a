"""Numbers with their units, so that "anderhalf jaar" is "achttien maanden" and "per week" is not "per maand"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.language.tokens import Token, tokenise

_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+")
_NO_UNIT = ""
_YEAR = 525_600
# Size in the smallest unit of its kind: minutes, grams, centimetres, or times and parts as they are.
_SIZES: dict[str, dict[str, float]] = {
    "time": {
        "seconde seconden": 1 / 60,
        "minuut minuten min": 1,
        "kwartier kwartiertje": 15,
        "halfuur halfuurtje": 30,
        "uur uren uurtje": 60,
        "dag dagen dagelijks dagelijkse daags": 1_440,
        "week weken wekelijks wekelijkse": 10_080,
        "maand maanden maandelijks maandelijkse": 43_800,
        "kwartaal": 131_400,
        "jaar jaren jaarlijks jaarlijkse": 525_600,
    },
    "weight": {"mg milligram": 0.001, "gram gr": 1, "ons": 100, "pond": 500, "kilo kg kilogram": 1_000},
    "length": {"millimeter mm": 0.1, "centimeter cm": 1, "meter": 100, "kilometer km": 100_000},
    "volume": {"ml milliliter": 1, "liter": 1_000, "glas glazen": 200},
    "part": {"procent": 0.01},
    "times": {"keer maal": 1},
    "angle": {"graden graad": 1},
    "pill": {"tablet tabletten pil pillen": 1},
}
_UNITS = {
    name: (kind, size) for kind, sizes in _SIZES.items() for names, size in sizes.items() for name in names.split()
}
_NUMBERS = {
    "helft": 0.5,
    "kwart": 0.25,
    "derde": 1 / 3,
    "tweederde": 2 / 3,
    "driekwart": 0.75,
    "tiende": 0.1,
    "dubbel": 2,
    "dubbele": 2,
    "tweemaal": 2,
    "driemaal": 3,
    "viermaal": 4,
    "zeventien": 17,
    "negentien": 19,
    "vijfentwintig": 25,
    "honderd": 100,
    "tweehonderd": 200,
    "driehonderd": 300,
    "vierhonderd": 400,
    "vijfhonderd": 500,
    "zeshonderd": 600,
    "achthonderd": 800,
    "duizend": 1_000,
}
_PARTS = frozenset("helft kwart derde tweederde driekwart tiende".split())
_HALF = frozenset(("half", "halve"))
_TIMES = frozenset(("keer", "maal"))  # "een keer" is some time
_ONE = frozenset(("een", "eentje"))
_SAME = 0.03


@dataclass(frozen=True, slots=True)
class Quantity:
    """``value`` None is a unit without a number: "per week". ``at`` is the place of its word."""

    kind: str
    size: float
    value: float | None
    at: int

    def is_as(self, other: "Quantity") -> bool:
        if self.kind != other.kind:
            # "65" is "65 jaar": an age.
            years = {self.kind, other.kind} == {_NO_UNIT, "time"} and _YEAR in (self.size, other.size)
            return years and self.value is not None and self.value == other.value
        if self.value is None or other.value is None:
            return self.size == other.size and (self.value is None or self.value == 1)
        mine, theirs = self.value * self.size, other.value * other.size
        return abs(mine - theirs) <= _SAME * max(abs(mine), abs(theirs))


def quantities(text: str, tokens: Sequence[Token] | None = None) -> list[Quantity]:
    """In the order in which they stand; ``tokens`` are those of ``text``, when they are there already."""
    return list(_quantities(text, tokenise(text) if tokens is None else tokens))


def _quantities(text: str, tokens: Sequence[Token]) -> Iterator[Quantity]:
    taken: set[int] = set()
    for at in range(len(tokens)):
        if at not in taken:
            found, used = _one_in(text, tokens, at) or _counted(text, tokens, at)
            taken |= used
            if found:
                yield found
    for at, token in enumerate(tokens):
        if at not in taken and token.text in _UNITS and token.text not in _TIMES:
            kind, size = _UNITS[token.text]
            yield Quantity(kind, size, None, at)


def _one_in(text: str, tokens: Sequence[Token], at: int) -> tuple[Quantity | None, set[int]] | None:
    """ "Een op de vier"."""
    if tokens[at].text not in (*_ONE, "1") or [each.text for each in tokens[at + 1 : at + 3]] != ["op", "de"]:
        return None
    of = _value(text, tokens[at + 3]) if at + 3 < len(tokens) else None
    return (Quantity("part", 1.0, 1 / of, at), {at, at + 3}) if of else None


def _counted(text: str, tokens: Sequence[Token], at: int) -> tuple[Quantity | None, set[int]]:
    """ "Twaalf weken", "3 tot 4 keer", "72 procent", "65"."""
    token, value = tokens[at], _value(text, tokens[at])
    unit_at = next((at + step for step in (1, 2, 3) if _unit(tokens, at + step)), None)
    if unit_at is not None and not all(_joins(between) for between in tokens[at + 1 : unit_at]):
        unit_at = None
    is_article = token.text in _ONE | _HALF and (unit_at != at + 1 or tokens[at + 1].text in _TIMES)
    if value is None or is_article:
        return None, set()
    if unit_at is not None:
        return Quantity(*_UNITS[tokens[unit_at].text], value, at), {unit_at}
    if token.text in _PARTS:
        return Quantity("part", 1.0, value, at), set()
    if token.text.endswith("maal"):
        return Quantity("times", 1.0, value, at), set()
    is_percent = text[token.end : token.end + 2].strip().startswith("%")
    return (Quantity("part", 0.01, value, at) if is_percent else Quantity(_NO_UNIT, 1.0, value, at)), set()


def _value(text: str, token: Token) -> float | None:
    written = text[token.start : token.end]
    if _THOUSANDS.fullmatch(written):
        return float(written.replace(".", ""))
    return _NUMBERS.get(token.text, token.value)


def _unit(tokens: Sequence[Token], at: int) -> bool:
    return at < len(tokens) and tokens[at].text in _UNITS


def _joins(token: Token) -> bool:
    """ "twaalf lange weken", "3 tot 4 keer": the word between number and unit."""
    return token.value is not None or token.text in {"tot", "à", "a", "of", "volle", "lange", "hele"}
