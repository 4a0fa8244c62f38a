"""Where patterns stand in one message."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property

from assistant.language.numbers import Measure, measures
from assistant.language.patterns import Element, Pattern, Sequence
from assistant.language.spelling import Spelling
from assistant.language.tokens import Token, tokenise

Span = tuple[int, ...]
"""The tokens that a pattern took, ascending."""

_WINDOW = 7
_MOST_SPANS = 60


class Lexicon:
    """All words and word groups that patterns are made of, compiled once.

    ``fillers`` are words that may stand anywhere; ``barriers`` begin a sentence of their own ("maar"), unless they
    stand behind one of ``no_barrier_after`` ("het gaat maar niet over").
    """

    def __init__(
        self,
        groups: Mapping[str, tuple[Pattern, ...]],
        patterns: Collection[Pattern],
        fillers: frozenset[str],
        barriers: frozenset[str],
        no_barrier_after: frozenset[str] = frozenset(),
    ) -> None:
        self.groups = dict(groups)
        self.fillers = fillers
        self.barriers = barriers
        self.no_barrier_after = no_barrier_after
        elements = [element for group in groups.values() for pattern in group for element in pattern.all_elements]
        elements += [element for pattern in patterns for element in pattern.all_elements]
        words = {word for element in elements for word in element.words}
        self.beginnings = _by_key({stem for element in elements for stem in element.beginnings}, 0)
        self.endings = _by_key({stem for element in elements for stem in element.endings}, -3)
        self.spelling = Spelling(words, {stem for stems in self.beginnings.values() for stem in stems}, fillers)
        in_groups = [pattern for group in groups.values() for pattern in group]
        self.anchored = _Anchors(self.groups).by_key([*patterns, *in_groups])

    def wildcards(self, word: str) -> Iterable[str]:
        """Beginnings as "benauw*" and endings as "*pijn" that ``word`` has."""
        for stem in self.beginnings.get(word[:3], ()):
            if word.startswith(stem):
                yield stem + "*"
        for stem in self.endings.get(word[-3:], ()):
            if word.endswith(stem):
                yield "*" + stem


def _by_key(stems: set[str], start: int) -> dict[str, list[str]]:
    keyed: dict[str, list[str]] = defaultdict(list)
    for stem in sorted(stems):
        keyed[stem[start:][:3] if start else stem[:3]].append(stem)
    return keyed


class _Anchors:
    """For every pattern the element that fewest words can be: without one of those, it need not be looked for."""

    def __init__(self, groups: Mapping[str, tuple[Pattern, ...]]) -> None:
        self._groups = groups
        self._of_group: dict[str, frozenset[str]] = {}

    def by_key(self, patterns: Iterable[Pattern]) -> dict[str, frozenset[str]]:
        """Word, wildcard or quantity → the texts of the patterns that it makes possible."""
        found: dict[str, set[str]] = defaultdict(set)
        for pattern in patterns:
            for key in self._anchor(pattern):
                found[key].add(pattern.text)
        return {key: frozenset(texts) for key, texts in found.items()}

    def _anchor(self, pattern: Pattern) -> frozenset[str]:
        return self._rarest(pattern.elements)

    def _rarest(self, elements: Iterable[Element]) -> frozenset[str]:
        return min((self._keys(element) for element in elements), key=len)

    def _keys(self, element: Element) -> frozenset[str]:
        keys = {*element.words, *(stem + "*" for stem in element.beginnings), *("*" + stem for stem in element.endings)}
        keys.update(bound.quantity for bound in element.bounds)
        rows = (self._rarest(row.elements) for row in element.rows)
        return frozenset(keys).union(*(self._keys_of_group(name) for name in element.groups), *rows)

    def _keys_of_group(self, name: str) -> frozenset[str]:
        if name not in self._of_group:
            self._of_group[name] = frozenset().union(*map(self._anchor, self._groups[name]))
        return self._of_group[name]


class Message:
    """The tokens of a message, and the patterns of its lexicon found in it; every group is looked for once."""

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        self.text = text
        self.lexicon = lexicon
        self.tokens = list(_separated(lexicon.spelling.split(tokenise(text)), lexicon))
        self.masked: set[int] = set()
        self._group_spans: dict[str, list[Span]] = {}

    def mask(self, spans: Iterable[Span]) -> None:
        """Tokens that mean nothing here: figures of speech. To be called before anything else is looked for."""
        self.masked.update(position for span in spans for position in span)
        self._group_spans.clear()
        for cached in ("_positions", "_measures", "_possible"):
            self.__dict__.pop(cached, None)

    def find(self, pattern: Pattern) -> list[Span]:
        if pattern.text not in self._possible:
            return []
        found = self._sequence(pattern.sequences[0])
        for sequence in pattern.sequences[1:]:
            if not found:
                return []
            others = self._sequence(sequence)
            found = [tuple(sorted(a + b)) for a in found for b in others if self._are_near(a, b)][:_MOST_SPANS]
        return found

    def find_any(self, patterns: Iterable[Pattern]) -> list[Span]:
        return list(dict.fromkeys(span for pattern in patterns for span in self.find(pattern)))

    def words_between(self, left: int, right: int) -> int:
        """Words that are no fillers, between token ``left`` and token ``right``."""
        return max(0, self._content_before[right] - self._content_before[left + 1])

    def _sequence(self, sequence: Sequence) -> list[Span]:
        found: list[Span] = []
        for number, (element, gap) in enumerate(zip(sequence.elements, sequence.gaps, strict=True)):
            spans = self._element(element)
            if number:
                spans = [a + b for a in found for b in spans if self._follows(a[-1], b[0], gap)][:_MOST_SPANS]
            if not spans:
                return []
            found = spans
        return found

    def _element(self, element: Element) -> list[Span]:
        positions = {place for word in element.words for place in self._positions.get(word, ())}
        for stem in element.beginnings:
            positions.update(self._positions.get(stem + "*", ()))
        for stem in element.endings:
            positions.update(self._positions.get("*" + stem, ()))
        spans: list[Span] = [(position,) for position in sorted(positions)]
        for group in element.groups:
            spans += self._group(group)
        for row in element.rows:
            spans += self._sequence(row)
        for bound in element.bounds:
            spans += [m.span for m in self._measures if m.quantity is bound.quantity and bound.holds(m.value)]
        return spans

    def _group(self, name: str) -> list[Span]:
        if name not in self._group_spans:
            self._group_spans[name] = self.find_any(self.lexicon.groups[name])
        return self._group_spans[name]

    def _follows(self, left: int, right: int, gap: int) -> bool:
        if right <= left or self.tokens[left].clause != self.tokens[right].clause:
            return False
        return self.words_between(left, right) <= gap

    def _are_near(self, one: Span, other: Span) -> bool:
        if self.tokens[one[0]].stop != self.tokens[other[0]].stop or not set(one).isdisjoint(other):
            return False
        (_, end), (start, _) = sorted(((one[0], one[-1]), (other[0], other[-1])))
        return self.words_between(end, start) <= _WINDOW if end < start else True

    @cached_property
    def _positions(self) -> dict[str, list[int]]:
        positions: dict[str, list[int]] = defaultdict(list)
        for place, token in enumerate(self.tokens):
            if place in self.masked:
                continue
            meant = self.lexicon.spelling.meant(token.text)
            for name in {*meant, *(card for word in (token.text, *meant) for card in self.lexicon.wildcards(word))}:
                positions[name].append(place)
        return positions

    @cached_property
    def _possible(self) -> frozenset[str]:
        """Texts of the patterns that have at least their rarest word here."""
        keys = {*self._positions, *(measure.quantity.value for measure in self._measures)}
        return frozenset().union(*(self.lexicon.anchored.get(key, ()) for key in keys))

    @cached_property
    def _measures(self) -> list[Measure]:
        return [m for m in measures(self.tokens) if self.masked.isdisjoint(m.span)]

    @cached_property
    def _content_before(self) -> list[int]:
        counts = [0]
        for token in self.tokens:
            counts.append(counts[-1] + (token.text not in self.lexicon.fillers))
        return counts

    def quote(self, span: Span) -> str:
        """The visitor's own words from the first to the last token of ``span``."""
        return self.text[self.tokens[span[0]].start : self.tokens[span[-1]].end]

    def sentence_of(self, span: Span) -> range:
        """The tokens of the sentence that ``span`` begins in."""
        number = self._sentences[span[0]]
        return range(bisect_left(self._sentences, number), bisect_right(self._sentences, number))

    @cached_property
    def _sentences(self) -> list[int]:
        """Of each token the number of its sentence, ascending."""
        return [token.sentence for token in self.tokens]


def _separated(tokens: list[Token], lexicon: Lexicon) -> Iterator[Token]:
    """ "Maar" separates what was said before it from what comes after, as a full stop does."""
    extra = 0
    previous = ""
    for token in tokens:
        extra += token.text in lexicon.barriers and previous not in lexicon.no_barrier_after
        yield replace(token, clause=token.clause + extra, sentence=token.sentence + extra)
        previous = token.text
