"""A question, made ready to be searched with: spelled as the articles do, with the words the articles have for it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache

from assistant.ingredients import Ingredient
from assistant.language.spelling import Spelling
from assistant.language.tokens import fold, tokenise, words
from assistant.languages import Languages
from assistant.vocabulary import DUTCH, Term, Topic, Vocabulary
from ingest.lexical import content_words

_SHORTEST_WORD = 3
_REMEMBERED = 16
_MOST_NAMES = 3
_MOST_WORDS_TO_NAME = 14


@dataclass(frozen=True, slots=True)
class Query:
    """``spelled`` is ``question`` with slips mended; ``terms`` are what it mentions, in order."""

    question: str
    language: str = DUTCH
    spelled: str = ""
    terms: tuple[Term, ...] = ()

    @property
    def text_to_embed(self) -> str:
        """The question, and behind it what the articles call the first things it mentions: see docs/evaluation.md.

        A long question says enough by itself, and takes longest to embed.
        """
        names = list(dict.fromkeys(term.words[0] for term in self.terms))[:_MOST_NAMES]
        is_long = len(self.question.split()) > _MOST_WORDS_TO_NAME
        return self.question if is_long or not names else f"{self.question} ({', '.join(names)})"

    @property
    def text_to_match(self) -> str:
        """Every word that the articles may have."""
        added = dict.fromkeys(word for term in self.terms for word in term.words)
        return " ".join((self.question, self.spelled, *added))

    @property
    def topics(self) -> frozenset[Topic]:
        return frozenset(term.topic for term in self.terms if term.topic)


class QueryReader:
    """Reads questions. ``article_words`` (folded) are the words of the articles. Safe to call from several threads."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        article_words: Collection[str],
        without: Collection[Ingredient] = (),
    ) -> None:
        dutch = vocabulary.phrases(DUTCH)
        self._without = frozenset(without)
        self._vocabulary = vocabulary
        self._known = frozenset(article_words) | dutch.words
        self._spelling = Spelling(self._known, {stem for stem in dutch.beginnings if stem.isalpha()}, ())
        self._languages = Languages(vocabulary, self._known)

        self._remembered = lru_cache(maxsize=_REMEMBERED)(self._read)

    def read(self, question: str) -> Query:
        """The last few are remembered: conversation, search and the note on languages look at the same question."""
        return self._remembered(question)

    def _read(self, question: str) -> Query:
        language = DUTCH if Ingredient.LANGUAGES in self._without else self._languages.of(question)
        said = words(tokenise(question))
        mend = language == DUTCH and Ingredient.SPELLING not in self._without
        spelled = [self._mended(word) for word in said] if mend else said
        return Query(question, language, " ".join(spelled) if spelled != said else "", self._terms(language, spelled))

    def _terms(self, language: str, said: list[str]) -> tuple[Term, ...]:
        if Ingredient.VOCABULARY in self._without:
            return ()
        languages = dict.fromkeys((DUTCH, language))
        mentions = [mention for each in languages for mention in self._vocabulary.phrases(each).mentions(said)]
        return tuple(dict.fromkeys(mention.term for mention in mentions))

    def _mended(self, word: str) -> str:
        if not content_words(word):
            return word
        meant = self._spelling.meant(word)
        return meant[0] if meant and word not in meant else word


def words_of(texts: Iterable[str]) -> frozenset[str]:
    """The content words of ``texts``, folded."""
    found = (fold(word) for text in texts for word in content_words(text))
    return frozenset(word for word in found if len(word) >= _SHORTEST_WORD and word.isalpha())
