"""Patterns a non-programmer can read, and where they stand in a message.

============================  ========================================================================
``pijn op borst``             these words after each other; small words ("mijn", "een beetje") may stand between
``pijn … borst``              at most three other words between, in the same clause
``doof & kruis``              both in one sentence, in any order, at most seven other words between
``doof|gevoelloos``           one of these
``weg|niet_meer``             the same, where one of them is more than a word
``benauw*``, ``*pijn``        begins, or ends, like this
``<kruis>``                   one of the phrases of the word group "kruis"
``{leeftijd>=65}``            a number: leeftijd (jaar), duur (dagen), graden, aantal; with >=, <= or <
============================  ========================================================================
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from assistant.language.numbers import Quantity
from assistant.language.tokens import fold

GAP = "…"
_GAP_WORDS = 3
_AND = "&"
_ROW = "_"
_GROUP = re.compile(r"<([a-z_0-9]+)>")
_MEASURE = re.compile(r"\{([a-z]+)(>=|<=|<)(\d+(?:\.\d+)?)\}")
_SHORTEST_STEM = 3


class PatternError(ValueError):
    """``str(error)`` says in Dutch what is wrong with a pattern."""


@dataclass(frozen=True, slots=True)
class Bound:
    """A number that is wanted: ``value operator limit``."""

    quantity: Quantity
    operator: str
    limit: float

    def holds(self, value: float) -> bool:
        if self.operator == ">=":
            return value >= self.limit
        return value <= self.limit if self.operator == "<=" else value < self.limit


@dataclass(frozen=True, slots=True)
class Element:
    """One place in a phrase: any of these words, beginnings, endings, groups, numbers and words in a row."""

    words: frozenset[str] = frozenset()
    beginnings: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    bounds: tuple[Bound, ...] = ()
    rows: tuple["Sequence", ...] = ()


@dataclass(frozen=True, slots=True)
class Sequence:
    """Elements in order; ``gaps[n]`` is how many words may stand before element ``n``, small ones not counted."""

    elements: tuple[Element, ...]
    gaps: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """Sequences that all stand in one sentence. ``text`` is how it was written."""

    text: str
    sequences: tuple[Sequence, ...]

    @property
    def elements(self) -> Iterator[Element]:
        """Those that must all be there."""
        return (element for sequence in self.sequences for element in sequence.elements)

    @property
    def all_elements(self) -> Iterator[Element]:
        """Those, and the ones inside their rows."""
        for element in self.elements:
            yield element
            yield from (inner for row in element.rows for inner in row.elements)


def parse_pattern(text: str) -> Pattern:
    """Raises ``PatternError``."""
    sequences = tuple(_sequence(part) for part in text.split(_AND))
    return Pattern(text, sequences)


def groups_in_order(groups: Mapping[str, tuple[Pattern, ...]]) -> list[str]:
    """Names of the groups, each after the ones it is made of.

    Raises ``PatternError`` for an unknown or circular one.
    """
    ordered: list[str] = []
    open_: list[str] = []

    def visit(name: str) -> None:
        if name in ordered:
            return
        if name not in groups:
            raise PatternError(f"de woordgroep <{name}> bestaat niet")
        if name in open_:
            raise PatternError(f"de woordgroep <{name}> verwijst naar zichzelf")
        open_.append(name)
        for pattern in groups[name]:
            for element in pattern.all_elements:
                for inner in element.groups:
                    visit(inner)
        open_.pop()
        ordered.append(name)

    for name in groups:
        visit(name)
    return ordered


def _sequence(text: str) -> Sequence:
    elements: list[Element] = []
    gaps: list[int] = []
    gap = 0
    for piece in text.split():
        if piece == GAP:
            gap = _GAP_WORDS
            continue
        elements.append(_element(piece))
        gaps.append(gap)
        gap = 0
    if not elements or gap:
        raise PatternError(f"in '{text.strip()}' ontbreekt een woord")
    return Sequence(tuple(elements), tuple(gaps))


def _element(piece: str) -> Element:
    words, beginnings, endings, groups, bounds, rows = set(), [], [], [], [], []
    for choice in piece.split("|"):
        group, measure = _GROUP.fullmatch(choice), _MEASURE.fullmatch(choice)
        if group:
            groups.append(group[1])
        elif measure:
            bounds.append(_bound(*measure.groups()))
        elif _ROW in choice:
            rows.append(_sequence(choice.replace(_ROW, " ")))
        elif choice.endswith("*"):
            beginnings.append(_stem(choice[:-1], piece))
        elif choice.startswith("*"):
            endings.append(_stem(choice[1:], piece))
        else:
            words.add(_word(choice, piece))
    return Element(frozenset(words), tuple(beginnings), tuple(endings), tuple(groups), tuple(bounds), tuple(rows))


def _bound(quantity: str, operator: str, limit: str) -> Bound:
    try:
        return Bound(Quantity(quantity), operator, float(limit))
    except ValueError:
        known = ", ".join(Quantity)
        raise PatternError(f"'{quantity}' is geen soort getal; kies uit: {known}") from None


def _word(word: str, piece: str) -> str:
    folded = fold(word)
    if not folded or not word.replace("'", "").replace("’", "").isalnum():
        raise PatternError(f"'{piece}' is niet te lezen")
    return folded


def _stem(stem: str, piece: str) -> str:
    if len(stem) < _SHORTEST_STEM:
        raise PatternError(f"voor of achter het sterretje in '{piece}' staan minstens {_SHORTEST_STEM} letters")
    return _word(stem, piece)
