"""``<language>.toml`` → the terms that a question mentions."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from assistant.language.files import RuleFile
from assistant.language.tokens import tokenise, words

FOLDER = Path(__file__).parent
DUTCH = "nl"
ARABIC = "ar"

_MOST_WORDS = 3
_ANY_ENDING = "*"
# "والظهر", "للظهر", "بالظهر": and, for, in the back. What looks like "in" may be a letter of the word: "كتف".
_ARABIC_PREFIX = re.compile(r"[وف]?(?:[بلك]?ال|لل|[بلك])|[وف]")
_ARABIC_THE = "ال"
_LONGEST_PREFIX = 4
_SHORTEST_REST = 3


class Topic(StrEnum):
    """What a question can be about."""

    BODY = "body"
    COMPLAINT = "complaint"
    TREATMENT = "treatment"
    MEDICINE = "medicine"
    CAUSE = "cause"


@dataclass(frozen=True, slots=True)
class Term:
    """``words`` as the articles use them, the most telling first."""

    words: tuple[str, ...]
    topic: Topic | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """``term`` stands in the words ``start`` to ``end`` of a question."""

    term: Term
    start: int
    end: int


class Phrases:
    """The terms of one language, by what is said; its ``small_words`` (folded) are what it is known by."""

    def __init__(self, language: str, said: Iterable[tuple[str, Term]], small_words: Iterable[str] = ()) -> None:
        self._language = language
        self.small_words = frozenset(words(tokenise(" ".join(small_words))))
        self._by_word: dict[str, list[tuple[tuple[str, ...], Term]]] = {}
        self._by_beginning: dict[str, list[tuple[tuple[str, ...], Term]]] = {}
        for phrase, term in said:
            first, *others = (self._key(word) for word in _words_of(phrase))
            if first.endswith(_ANY_ENDING):
                self._by_beginning.setdefault(first.removesuffix(_ANY_ENDING), []).append((tuple(others), term))
            else:
                self._by_word.setdefault(first, []).append((tuple(others), term))

    @property
    def words(self) -> frozenset[str]:
        """All words that are said, but those with any ending."""
        others = (word for phrases in self._phrases() for following, _ in phrases for word in following)
        return frozenset(word for word in (*self._by_word, *others) if not word.endswith(_ANY_ENDING))

    @property
    def beginnings(self) -> frozenset[str]:
        """Of the words with any ending that open what is said."""
        return frozenset(self._by_beginning)

    def mentions(self, words: Sequence[str]) -> list[Mention]:
        """In the order in which they are said; ``words`` are folded."""
        said = [self._forms(word) for word in words]
        found = (
            Mention(term, start, start + 1 + len(following))
            for start, forms in enumerate(said)
            for form in forms
            for following, term in self._opened_by(form)
            if _follow(said[start + 1 : start + 1 + len(following)], following)
        )
        return list(dict.fromkeys(found))

    def _opened_by(self, word: str) -> Iterator[tuple[tuple[str, ...], Term]]:
        yield from self._by_word.get(word, ())
        for length in range(1, len(word) + 1):
            yield from self._by_beginning.get(word[:length], ())

    def _phrases(self) -> Iterator[list[tuple[tuple[str, ...], Term]]]:
        yield from self._by_word.values()
        yield from self._by_beginning.values()

    def _key(self, word: str) -> str:
        has_rest = len(word) >= len(_ARABIC_THE) + _SHORTEST_REST
        return word.removeprefix(_ARABIC_THE) if self._language == ARABIC and has_rest else word

    def _forms(self, word: str) -> list[str]:
        """The word, and what it may be without the small words that Arabic writes onto it."""
        if self._language != ARABIC:
            return [word]
        lengths = range(1, min(_LONGEST_PREFIX, len(word) - _SHORTEST_REST) + 1)
        rests = (word[length:] for length in lengths if _ARABIC_PREFIX.fullmatch(word[:length]))
        return list(dict.fromkeys(self._key(each) for each in (word, *rests)))


class Vocabulary:
    """The phrases of every language."""

    def __init__(self, by_language: Mapping[str, Phrases]) -> None:
        self._by_language = dict(by_language)

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(self._by_language)

    def phrases(self, language: str) -> Phrases:
        """Empty for a language that has no file."""
        return self._by_language.get(language) or Phrases(language, ())


def load_vocabulary(folder: Path = FOLDER) -> Vocabulary:
    """Raises ``RulesError`` with file, line and reason."""
    return Vocabulary({path.stem: _phrases(path.stem, RuleFile(path)) for path in sorted(folder.glob("*.toml"))})


def _phrases(language: str, file: RuleFile) -> Phrases:
    file.check_keys(file.data, ("small_words", "term"))
    return Phrases(language, _said(file), file.lines(file.data, "small_words"))


def _said(file: RuleFile) -> Iterator[tuple[str, Term]]:
    for number, table in enumerate(file.tables("term"), 1):
        near = ("[[term]]",) * number
        named = file.lines(table, "word", *near)
        file.check_keys(table, ("word", "topic", "says"), *near)
        term = Term(tuple(named), _topic(file, table, *near))
        phrases = file.lines(table, "says", *near)
        if not 1 <= len(named) <= _MOST_WORDS or not all(word.strip() for word in named):
            raise file.error(f"achter 'word' horen een tot {_MOST_WORDS} woorden.", *near)
        if not phrases:
            raise file.error("achter 'says' staat niets.", *near)
        for phrase in phrases:
            if not phrase.strip() or not all(_is_word(word) for word in phrase.split()):
                raise file.error(f"in '{phrase}' staat iets wat geen woord is.", *near, f'"{phrase}"')
            yield phrase, term


def _topic(file: RuleFile, table: Mapping[str, Any], *near: str) -> Topic | None:
    given = file.text(table, "topic", *near, optional=True)
    if given and given not in list(Topic):
        raise file.error(f"'{given}' is geen onderwerp; kies uit: {', '.join(Topic)}.", *near, "topic", given)
    return Topic(given) if given else None


def _is_word(said: str) -> bool:
    """Whether it is a word, or words with a hyphen between, with "*" behind it only."""
    return _ANY_ENDING not in said.removesuffix(_ANY_ENDING) and bool(tokenise(said))


def _words_of(phrase: str) -> Iterator[str]:
    """Cut and folded as a question is; "*" stays behind the word that it ends."""
    for said in phrase.split():
        *others, last = words(tokenise(said))
        yield from others
        yield last + (_ANY_ENDING if said.endswith(_ANY_ENDING) else "")


def _follow(said: Sequence[Sequence[str]], wanted: Sequence[str]) -> bool:
    """Whether these words, each in any of its forms, are what is ``wanted``."""
    return len(said) == len(wanted) and all(
        any(_is(form, want) for form in forms) for forms, want in zip(said, wanted, strict=True)
    )


def _is(word: str, wanted: str) -> bool:
    return word.startswith(wanted[:-1]) if wanted.endswith(_ANY_ENDING) else word == wanted
