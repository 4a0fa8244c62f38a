"""A sentence taken apart: its words with what they come from, the clauses they stand in, and which of those deny."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import simplemma

from assistant.language.tokens import Token, fold, tokenise
from assistant.verify.lexicon import Lexicon
from assistant.verify.quantities import Quantity, quantities
from assistant.vocabulary.terms import Phrases
from ingest.lexical import stems

Span = tuple[int, int]

# Words of grammar: they say nothing by themselves.
_SMALL = frozenset(
    "de het een en of dat die dit deze er u uw je jij jouw jullie we wij ons onze ze zij hij hem haar hun ik mij me "
    "mijn men zich zelf om te van in op aan met voor bij naar uit tot over onder tussen door als dan dus want maar ook "
    "nog al wel zo toch juist wie wat waar welke hoe toen nu hier daar heel erg zeer zal zullen zou zouden wordt "
    "worden werd geworden is zijn was waren bent ben heeft hebt heb hebben had gaat gaan ga doet doen aangezien omdat "
    "doordat waardoor zodat daardoor hierdoor daarom terwijl hoewel alhoewel wanneer indien zowel evenals danwel ervan "
    "eraan erbij ermee ervoor erin erop hierbij daarbij waarbij daarmee hiermee waarmee daarvan hiervan waarvan "
    "iets mits tenzij sinds per via tijdens namelijk immers echter bovendien daarnaast verder vervolgens "
    "niet geen kan kunt kunnen kun mag mogen moet moeten".split()
)
# Where another statement begins.
_OPENERS = frozenset(
    "maar want omdat doordat waardoor zodat terwijl hoewel alhoewel als wanneer indien en dus die tenzij".split()
)
# What a verb may leave at the end of its clause: "neemt … af".
_PARTICLES = frozenset(
    "aan af bij door in los mee neer om onder op over samen terug tegen toe uit vast voor weg".split()
)
_SHORTEST_VERB = 3


@dataclass(frozen=True, slots=True)
class Word:
    """``keys`` are what it may be known by: itself, its stem, its lemma, and what it is with its particle."""

    text: str
    keys: frozenset[str]
    clause: int
    is_content: bool


class Reading:
    """One sentence, or a heading. Cheap to make; what is asked of it is found once."""

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        self.text = text
        self._lexicon = lexicon
        tokens = tokenise(text)
        self.words = list(_words(tokens))
        self.texts = [word.text for word in self.words]
        self.quantities: list[Quantity] = quantities(text, tokens)
        self.places: dict[str, list[int]] = {}
        for place, word in enumerate(self.words):
            for key in word.keys:
                self.places.setdefault(key, []).append(place)

    def spans(self, phrases: Phrases) -> list[Span]:
        return [(mention.start, mention.end) for mention in phrases.mentions(self.texts)]

    def says(self, name: str) -> list[Span]:
        """Where it says what stands in the list ``name``."""
        return self.spans(self._lexicon.lists[name])

    @cached_property
    def as_article(self) -> dict[str, list[Span]]:
        """By number of the entry in ``wording.toml`` whose ``article`` it says."""
        return _by_term(self._lexicon.article, self.texts)

    @cached_property
    def as_wording(self) -> dict[str, list[Span]]:
        """By number of the entry whose ``article`` or ``says`` it says."""
        return _by_term(self._lexicon.says, self.texts)

    @cached_property
    def negations(self) -> frozenset[int]:
        """The places of words that deny."""
        return frozenset(
            start for start, end in self.says("negation") if not self.harmless.intersection(range(start, end))
        )

    @cached_property
    def harmless(self) -> frozenset[int]:
        """The places of what looks like a denial and is none: "niet alleen"."""
        return frozenset(place for start, end in self.says("no_negation") for place in range(start, end))

    @cached_property
    def denied_clauses(self) -> frozenset[int]:
        """Those with an odd number of negations."""
        counted: dict[int, int] = {}
        for place in self.negations:
            clause = self.words[place].clause
            counted[clause] = counted.get(clause, 0) + 1
        return frozenset(clause for clause, count in counted.items() if count % 2)

    @cached_property
    def generic(self) -> frozenset[int]:
        return frozenset(place for start, end in self.says("generic") for place in range(start, end))

    @cached_property
    def often(self) -> frozenset[int]:
        """The steps, from never (0) to always, that it names."""
        return frozenset(step for step, phrases in enumerate(self._lexicon.often) if self.spans(phrases))

    @cached_property
    def sides(self) -> tuple[tuple[frozenset[int], frozenset[int]], ...]:
        """For each pair of opposites the places where it says the one, and the other."""
        return tuple(
            (
                frozenset(place for start, end in self.spans(one) for place in range(start, end)),
                frozenset(place for start, end in self.spans(other) for place in range(start, end)),
            )
            for one, other in self._lexicon.opposites
        )

    def is_denied(self, place: int) -> bool:
        return self.words[place].clause in self.denied_clauses


def _words(tokens: Sequence[Token]) -> Iterator[Word]:
    clause = 0
    clauses = []
    for at, token in enumerate(tokens):
        if at and (token.clause != tokens[at - 1].clause or token.text in _OPENERS):
            clause += 1
        clauses.append(clause)
    for at, token in enumerate(tokens):
        is_content = token.text not in _SMALL and (len(token.text) > 1 or token.value is not None)
        keys = set(_keys(token.text))
        if is_content and len(token.text) >= _SHORTEST_VERB:
            behind = (
                other.text for other, of in zip(tokens[at + 1 :], clauses[at + 1 :], strict=True) if of == clauses[at]
            )
            keys |= {particle + _lemma(token.text) for particle in behind if particle in _PARTICLES}
        yield Word(token.text, frozenset(keys), clauses[at], is_content)


@lru_cache(maxsize=20_000)
def _lemma(word: str) -> str:
    return fold(simplemma.lemmatize(word, "nl"))


@lru_cache(maxsize=20_000)
def _keys(word: str) -> frozenset[str]:
    return frozenset((word, _lemma(word), *stems(word)))


def _by_term(phrases: Phrases, texts: Sequence[str]) -> dict[str, list[Span]]:
    found: dict[str, list[Span]] = {}
    for mention in phrases.mentions(texts):
        found.setdefault(mention.term.words[0], []).append((mention.start, mention.end))
    return found
