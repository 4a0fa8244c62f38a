"""Merge passages that say the same in the same words; the one that stays remembers every place."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rapidfuzz.distance import Levenshtein

from ingest.passage import Passage, Place

_WORD = re.compile(r"\w+")
_SHINGLE = 5
# A shingle in more places than this is boilerplate and says little about any pair.
_COMMON = 30
_NEAR = 0.95
# Words that turn a sentence round: passages that differ in one of these, or in a number, are not the same.
_DECISIVE = frozenset(
    "niet geen nooit zonder wel altijd nauwelijks zelden meer minder hoger lager hoge lage links rechts linker rechter "
    "voor na tijdens boven onder voorkomt veroorzaakt".split()
)


@dataclass(frozen=True, slots=True)
class Merge:
    """``dropped`` was merged into ``kept`` because of ``reason`` (Dutch, for the report)."""

    kept: Place
    dropped: Place
    reason: str


def merge_duplicates(passages: Sequence[Passage]) -> tuple[list[Passage], list[Merge]]:
    """The passages without near-duplicates, in their own order, and what was merged.

    The longer of two stays, the earlier of two equals. Merged are: equal words, words wholly contained in the other
    passage, and at least 95 % equal words when no number or decisive word differs.
    """
    words = [tuple(_WORD.findall(passage.text.casefold())) for passage in passages]
    by_length = sorted(range(len(passages)), key=lambda row: -len(words[row]))
    also_in: dict[int, list[Place]] = {}
    shingles: dict[tuple[str, ...], list[int]] = defaultdict(list)
    merges: list[Merge] = []
    for row in by_length:
        kept, reason = _twin(row, passages, words, shingles)
        if kept is None:
            also_in[row] = []
            for shingle in _shingles(words[row]):
                shingles[shingle].append(row)
        else:
            also_in[kept].append(passages[row].place)
            merges.append(Merge(passages[kept].place, passages[row].place, reason))
    return [replace(passages[row], also_in=tuple(also_in[row])) for row in sorted(also_in)], merges


def _twin(
    row: int,
    passages: Sequence[Passage],
    words: Sequence[tuple[str, ...]],
    shingles: dict[tuple[str, ...], list[int]],
) -> tuple[int | None, str]:
    seen: set[int] = set()
    for shingle in _shingles(words[row]):
        for candidate in shingles.get(shingle, [])[:_COMMON]:
            if candidate in seen or passages[candidate].is_list != passages[row].is_list:
                continue
            seen.add(candidate)
            reason = _sameness(words[row], words[candidate])
            if reason:
                return candidate, reason
    return None, ""


def _shingles(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for start in range(max(1, len(words) - _SHINGLE + 1)):
        yield words[start : start + _SHINGLE]


def _sameness(short: tuple[str, ...], long: tuple[str, ...]) -> str:
    if short == long:
        return "gelijk"
    if f" {' '.join(short)} " in f" {' '.join(long)} ":
        return "staat geheel in de langere"
    similarity = Levenshtein.normalized_similarity(short, long)
    if similarity >= _NEAR and not _differ_decisively(short, long):
        return f"{similarity:.0%} gelijk"
    return ""


def _differ_decisively(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    differing = set(short) ^ set(long)
    return bool(differing & _DECISIVE) or any(char.isdigit() for word in differing for char in word)
