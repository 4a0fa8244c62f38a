"""Which words of the rules a visitor may have meant: "benuawd" → "benauwd", "mijnkruis" → "mijn kruis".

A word that is good Dutch is left alone, or "hard" would become "hart" and every "dorst" a "borst".
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

import simplemma
from rapidfuzz import process
from rapidfuzz.distance import OSA

from assistant.language.tokens import Token

_SHORTEST_SOUNDED = 3
_SHORTEST_MENDED = 5
_SHORTEST_SWAPPED = 5
_LONG = 8
_SHORTEST_PART = 2
_KEY_PART = 4
_REMEMBERED = 10_000
_SOUNDS = tuple(pair.split("=") for pair in "sch=sg ch=g ij=y ei=y ou=au dt=t ck=k ph=f x=ks z=s".split())
# "linkerooglid": which side, and then what.
_SIDE = re.compile(r"(?:linker|rechter)(?=\w{3})")
_DOUBLED = re.compile(r"(.)\1+")


class Spelling:
    """Knows the words of the rules and their ``beginnings`` ("benauw*"); ``function_words`` get stuck to them."""

    def __init__(
        self, vocabulary: Collection[str], beginnings: Collection[str], function_words: Collection[str]
    ) -> None:
        self._vocabulary = frozenset(vocabulary)
        self._beginnings: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
        for stem in sorted(beginnings):
            if len(stem) > _SHORTEST_MENDED:
                self._beginnings[stem[0]][len(stem)].append(stem)
        self._parts = self._vocabulary | frozenset(function_words)
        self._by_initial: dict[str, list[str]] = defaultdict(list)
        self._by_letters: dict[str, list[str]] = defaultdict(list)
        for word in sorted(self._vocabulary):
            if len(word) >= _SHORTEST_MENDED:
                self._by_initial[word[0]].append(word)
                self._by_letters["".join(sorted(word))].append(word)
        self._by_sound: dict[str, tuple[str, ...]] = defaultdict(tuple)
        for word in sorted(self._vocabulary):
            self._by_sound[_sound(word)] += (word,)
        self._slips = lru_cache(maxsize=_REMEMBERED)(self._find_slips)

    def split(self, tokens: Sequence[Token]) -> list[Token]:
        """With words that were typed without the space between them taken apart."""
        return [part for token in tokens for part in self._parts_of(token)]

    def meant(self, word: str) -> tuple[str, ...]:
        """The vocabulary's words that ``word`` is, or is a slip of; empty for other words."""
        if word in self._vocabulary:
            return (word,)
        if len(word) < _SHORTEST_SOUNDED or not word.isalpha():
            return ()
        # The dictionary has odd words that are no more than two letters swapped: "brost".
        if _is_dutch(word):
            return self._swaps(word)
        same_sound = self._by_sound.get(_sound(word), ())
        return same_sound or (self._slips(word) if len(word) >= _SHORTEST_MENDED else ())

    def _swaps(self, word: str) -> tuple[str, ...]:
        if len(word) < _SHORTEST_SWAPPED:
            return ()
        same_letters = self._by_letters.get("".join(sorted(word)), ())
        return tuple(other for other in same_letters if OSA.distance(word, other) == 1)

    def _find_slips(self, word: str) -> tuple[str, ...]:
        most = 1 if len(word) < _LONG else 2
        near = _within(word, self._by_initial[word[0]], most)
        least = min((distance for _, distance in near), default=0)
        found = [other for other, distance in near if distance == least]
        for length, stems in self._beginnings[word[0]].items():
            for beginning in dict.fromkeys(word[: length + change] for change in (-1, 0, 1)):
                found += [stem for stem, _ in _within(beginning, stems, 1)]
        return tuple(dict.fromkeys(found))

    def _parts_of(self, token: Token) -> Iterator[Token]:
        word = token.text
        side = _SIDE.match(word)
        if side and word not in self._vocabulary:
            middle = min(token.start + side.end(), token.end)
            yield replace(token, text=side[0], end=middle)
            yield from self._parts_of(replace(token, text=word[side.end() :], start=middle))
            return
        if token.value is not None or word in self._parts or not word.isalpha() or _is_dutch(word):
            yield token
            return
        cut = self._cut(word) if not self._slips(word) else None
        if cut is None:
            yield token
            return
        middle = min(token.start + cut, token.end)
        yield replace(token, text=word[:cut], end=middle)
        yield from self._parts_of(replace(token, text=word[cut:], start=middle))

    def _cut(self, word: str) -> int | None:
        """Where two words meet; the cut with the longest word of the rules on either side."""
        best: tuple[int, int] | None = None
        for cut in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1):
            left, right = word[:cut], word[cut:]
            key = max((len(part) for part in (left, right) if part in self._vocabulary), default=0)
            if key < _KEY_PART or (best is not None and key <= best[0]):
                continue
            if self._is_word(left) and (self._is_word(right) or self._cut(right) is not None):
                best = (key, cut)
        return best[1] if best else None

    def _is_word(self, word: str) -> bool:
        return word in self._parts or (len(word) > _SHORTEST_PART and _is_dutch(word))


def _sound(word: str) -> str:
    """The same for words that are written differently and said alike: "gezigt" and "gezicht", "blyft" and "blijft"."""
    word = _DOUBLED.sub(r"\1", word)
    for letters, sound in _SOUNDS:
        word = word.replace(letters, sound)
    return _DOUBLED.sub(r"\1", word)


def _within(word: str, others: Sequence[str], most: int) -> list[tuple[str, int]]:
    """``others`` at most ``most`` slips away from ``word``, with how many."""
    found = process.extract(word, others, scorer=OSA.distance, score_cutoff=most, limit=None)
    return [(other, distance) for other, distance, _ in found]


def _is_dutch(word: str) -> bool:
    return bool(simplemma.is_known(word, lang="nl"))
