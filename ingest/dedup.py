"""Merge passages that say the same in the same words; the one that stays remembers every place.

A merge never loses a word: all words of the passage that goes stand, in the same order, in the one that stays.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from sys import intern

from ingest.passage import Passage, Place

_WORD = re.compile(r"\w+")
_SHINGLE = 5
# A shingle in more places than this is boilerplate and says little about any pair.
_COMMON = 30
_NEAR = 0.95
# "Dat helpt meestal goed." says nothing without its heading; a passage this long says what it is about.
_CLEAR_BY_ITSELF = 12
# Words that turn a sentence round: a passage with one of these, or a number, more than another is not the same.
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


@dataclass(frozen=True, eq=False)
class _Candidate:
    """A passage as it is compared with others; itself a key in sets and mappings."""

    passage: Passage

    @cached_property
    def words(self) -> tuple[str, ...]:
        return _words(self.passage.text)

    @property
    def shingles(self) -> list[int]:
        """Hashes of them, made when they are needed: of a million passages they are most of what is in memory."""
        starts = range(max(1, len(self.words) - _SHINGLE + 1))
        return [hash(self.words[start : start + _SHINGLE]) for start in starts]

    @cached_property
    def cuts(self) -> frozenset[int]:
        """Before which words a sentence starts or ends."""
        edges = {edge for sentence in self.passage.sentences for edge in (sentence.start, sentence.end)}
        before = (len(_words(self.passage.text[: edge - self.passage.start])) for edge in edges)
        return frozenset({0, *before, len(self.words)})

    @property
    def subject(self) -> tuple[str, ...]:
        return self.passage.heading_path or (self.passage.title,)

    @property
    def leans_on_its_heading(self) -> bool:
        lead_in = self.passage.lead_in
        introduced_by_heading = self.passage.is_list and (lead_in is None or lead_in.start < self.passage.start)
        return introduced_by_heading or len(self.words) < _CLEAR_BY_ITSELF

    def may_stand_for(self, other: "_Candidate") -> bool:
        """Whether ``other`` would mean the same here, if its words stand here."""
        same_kind = self.passage.is_list == other.passage.is_list
        return same_kind and (self.subject == other.subject or not other.leans_on_its_heading)


@dataclass(slots=True)
class _Kept:
    """The passages that stay, found by their words; nearly every shingle has one, which needs no list."""

    by_shingle: dict[int, _Candidate] = field(default_factory=dict)
    others_by_shingle: dict[int, list[_Candidate]] = field(default_factory=lambda: defaultdict(list))
    by_words: dict[tuple[str, ...], list[_Candidate]] = field(default_factory=lambda: defaultdict(list))

    def add(self, candidate: _Candidate) -> None:
        self.by_words[candidate.words].append(candidate)
        for shingle in candidate.shingles:
            if self.by_shingle.setdefault(shingle, candidate) is not candidate:
                self.others_by_shingle[shingle].append(candidate)

    def twin_of(self, short: _Candidate) -> tuple[_Candidate, str] | None:
        """A passage that says all that ``short`` says, and the reason."""
        for long in self._alike(short):
            reason = _sameness(short, long) if long.may_stand_for(short) else ""
            if reason:
                return long, reason
        return None

    def _alike(self, short: _Candidate) -> Iterator[_Candidate]:
        yield from self.by_words.get(short.words, ())
        seen: set[_Candidate] = set()
        for shingle in short.shingles:
            for candidate in self._with(shingle):
                if candidate not in seen:
                    seen.add(candidate)
                    yield candidate

    def _with(self, shingle: int) -> list[_Candidate]:
        first = self.by_shingle.get(shingle)
        return [first, *self.others_by_shingle.get(shingle, ())][:_COMMON] if first else []


def merge_duplicates(passages: Sequence[Passage]) -> tuple[list[Passage], list[Merge]]:
    """The passages without near-duplicates, in their own order, and what was merged.

    The longer of two stays, the earlier of two equals. Merged are: equal words, whole sentences that stand in the other
    passage, and a passage that lacks at most 5 % of the other's words, no number or decisive word among them. A list or
    a few words that get their meaning from the heading are merged only under the same heading.
    """
    candidates = [_Candidate(passage) for passage in passages]
    kept = _Kept()
    also_in: dict[_Candidate, list[Place]] = {}
    merges: list[Merge] = []
    for candidate in sorted(candidates, key=lambda candidate: -len(candidate.words)):
        twin = kept.twin_of(candidate)
        if twin is None:
            kept.add(candidate)
            also_in[candidate] = []
        else:
            stays, reason = twin
            also_in[stays].append(candidate.passage.place)
            merges.append(Merge(stays.passage.place, candidate.passage.place, reason))
    remaining = [candidate for candidate in candidates if candidate in also_in]
    return [replace(each.passage, also_in=tuple(also_in[each])) for each in remaining], merges


def _words(text: str) -> tuple[str, ...]:
    return tuple(map(intern, _WORD.findall(text.casefold())))


def _sameness(short: _Candidate, long: _Candidate) -> str:
    if short.words == long.words:
        return "gelijk"
    if _contains(long, short.words):
        return "staat geheel in de langere"
    share = len(short.words) / len(long.words)
    if share >= _NEAR and _lacks_only_minor_words(short.words, long.words):
        return f"{share:.0%} gelijk"
    return ""


def _contains(long: _Candidate, words: tuple[str, ...]) -> bool:
    """As whole sentences: "rust helpt" does not stand in "geen rust helpt"."""
    last = len(long.words) - len(words)
    starts = (start for start in range(last + 1) if start in long.cuts and start + len(words) in long.cuts)
    return any(long.words[start : start + len(words)] == words for start in starts)


def _lacks_only_minor_words(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    rest = iter(long)
    if not all(word in rest for word in short):  # each word is looked for behind the one before
        return False
    lacking = set(Counter(long) - Counter(short))
    return not lacking & _DECISIVE and not any(char.isdigit() for word in lacking for char in word)
