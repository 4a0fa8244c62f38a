"""Streets with a number, and places, as visitors type them: without capitals, without commas."""

import re
from collections.abc import Callable, Iterator

from assistant.records.personal import Personal, Span
from assistant.records.wordlists import Wordlists

_WORD = re.compile(r"[^\W\d_][\w'’.-]*")
_HOUSE = re.compile(
    r"(?<=\s)(?:nr\.? ?|nummer )?\d{1,4}(?!\d|[.,:]\d|%)(?:\s?[-/]?\s?(?:\d{1,3}|[a-z]|bis|hs)(?!\w))?", re.IGNORECASE
)
# "nek 3 weken" is no address, though a street may be called so.
_COUNTED = re.compile(
    r"\s?(?:x|keer|maal|uur|uren|min\w*|sec\w*|dag\w*|wee?k\w*|maand\w*|mnd\w*|jaar|jaren|jr|kilo|kg|km|cm|mm|m|meter"
    r"|gram|mg|ml|graden|euro|procent|stuks|pillen|tabletten)\b",
    re.IGNORECASE,
)
_STREET = re.compile(
    r"\w{2,}(?:straat|str|laan|plein|gracht|kade|singel|steeg|dreef|plantsoen|weg|dijk|hof|park|pad|markt)$"
)
_POSTCODE_BEHIND = re.compile(r",? ?[1-9]\d{3} ?[a-z]{2}\b", re.IGNORECASE)
_POSTCODE_BEFORE = re.compile(r"\b[1-9]\d{3}\s$")
_LIVES = re.compile(
    r"\b(?:woon(?:t|achtig)?|wonen|kom(?:t|en)?|afkomstig|verhuis(?:d|en)?|vestiging|filiaal)"
    r"(?: \w+){0,3}? (?:in|uit|te|naar|bij|van) $|\b(?:regio|omgeving|adres:?) $",
    re.IGNORECASE,
)
_CUE_CHARS = 60
_STREET_CHARS = 80
_MOST_STREET_WORDS = 5
_MOST_PLACE_WORDS = 4
_SHORTEST_ALONE = 4
_ARTICLES = ("de ", "het ", "'t ", "den ")


class Addresses:
    """``is_dutch`` tells of a word in lower case whether a dictionary has it."""

    def __init__(self, lists: Wordlists, is_dutch: Callable[[str], bool]) -> None:
        self._lists = lists
        self._is_dutch = is_dutch

    def spans(self, text: str) -> Iterator[Span]:
        yield from self._streets(text)
        yield from self._places(text)

    def _streets(self, text: str) -> Iterator[Span]:
        for house in _HOUSE.finditer(text):
            if _COUNTED.match(text, house.end()):
                continue
            start = self._street_before(text, house)
            if start is not None:
                yield Span(start, house.end(), Personal.ADDRESS)

    def _street_before(self, text: str, house: re.Match[str]) -> int | None:
        """Where the street begins whose number this is."""
        is_told = bool(_POSTCODE_BEHIND.match(text, house.end()))
        words = list(_WORD.finditer(text, max(0, house.start() - _STREET_CHARS), house.start()))
        for word in words[-_MOST_STREET_WORDS:]:
            if self._is_street(text[word.start() : house.start()].strip(), is_told):
                return word.start()
        return None

    def _is_street(self, said: str, is_told: bool) -> bool:
        """``is_told``: a postcode follows. Without one "de jaren 90" is no street, though there is one of that name."""
        name = said.casefold()
        if name not in self._lists.streets:
            return bool(_STREET.fullmatch(name)) and not self._is_dutch(name)
        if is_told or _STREET.search(name):
            return name not in self._lists.ordinary
        if " " in name:
            return said[0].isupper() or not name.startswith(_ARTICLES)
        return said[0].isupper() and not self._is_plain(name)

    def _places(self, text: str) -> Iterator[Span]:
        words = list(_WORD.finditer(text))
        for at, word in enumerate(words):
            before = text[max(0, word.start() - _CUE_CHARS) : word.start()]
            for last in reversed(words[at : at + _MOST_PLACE_WORDS]):
                if self._is_place(text[word.start() : last.end()].rstrip(".-'’").casefold(), before):
                    postcode = _POSTCODE_BEFORE.search(before)
                    yield Span(word.start() - len(postcode[0] if postcode else ""), last.end(), Personal.PLACE)
                    break

    def _is_place(self, name: str, before: str) -> bool:
        if name in self._lists.sure_places:
            return True
        if name not in self._lists.places or name in self._lists.ordinary or name.startswith(_ARTICLES):
            return False
        return bool(_LIVES.search(before)) or (len(name) >= _SHORTEST_ALONE and not self._is_plain(name))

    def _is_plain(self, name: str) -> bool:
        return name in self._lists.ordinary or self._is_dutch(name)
