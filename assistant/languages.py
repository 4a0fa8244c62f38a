"""Which language a question is in. Dutch unless the words clearly say otherwise."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import simplemma

from assistant.language.tokens import tokenise
from assistant.vocabulary import ARABIC, DUTCH, Vocabulary

# People who write Dutch use English names for things: "deep tissue", "foam roller". Names alone say nothing.
_LENDS_NAMES = "en"
_FEWEST_NAMES = 2
_ARABIC_LETTER = re.compile(r"[\u0620-\u064a]")
_LATIN_LETTER = re.compile(r"[a-z]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Heard:
    """Which of the words said, by place, are of one language: its small words, and those that its vocabulary knows."""

    language: str
    small: frozenset[int]
    names: frozenset[int]

    @property
    def words(self) -> int:
        return len(self.small | self.names)


class Languages:
    """Knows the languages that have a vocabulary. ``dutch_words`` (folded) say nothing: "massage", "stress", "rug"."""

    def __init__(self, vocabulary: Vocabulary, dutch_words: Collection[str]) -> None:
        self._vocabulary = vocabulary
        self._dutch_words = vocabulary.phrases(DUTCH).small_words | frozenset(dutch_words)
        self._others = tuple(language for language in vocabulary.languages if language not in (DUTCH, ARABIC))

    def of(self, question: str) -> str:
        """ISO 639-1."""
        if ARABIC in self._vocabulary.languages and _is_arabic(question):
            return ARABIC
        said = [token.text for token in tokenise(question)]
        heard = [self._heard(language, said) for language in self._others]
        likeliest = max(heard, key=lambda each: (each.words, len(each.small)), default=None)
        dutch = sum(word in self._dutch_words for word in said)
        if likeliest is None or likeliest.words <= dutch or not self._tells(likeliest, said):
            return DUTCH
        return likeliest.language

    def _heard(self, language: str, said: Sequence[str]) -> _Heard:
        phrases = self._vocabulary.phrases(language)
        small = frozenset(place for place, word in enumerate(said) if word in phrases.small_words)
        mentions = phrases.mentions(said)
        return _Heard(language, small, frozenset(place for each in mentions for place in range(each.start, each.end)))

    def _tells(self, heard: _Heard, said: Sequence[str]) -> bool:
        """Whether a word among these is not Dutch as well."""
        if any(said[place] not in self._dutch_words for place in heard.small):
            return True
        foreign = [place for place in heard.names if not simplemma.is_known(said[place], lang=DUTCH)]
        return heard.language != _LENDS_NAMES and len(foreign) >= _FEWEST_NAMES


def _is_arabic(question: str) -> bool:
    return len(_ARABIC_LETTER.findall(question)) > len(_LATIN_LETTER.findall(question))
