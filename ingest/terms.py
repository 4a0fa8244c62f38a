"""The terms of passages and sentences, and what BM25 must know of all of them to weigh a few."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

from ingest.lexical import content_words, letter_groups, stems
from ingest.store import Entry, TermStatistics

Texts = Sequence[list[str]]


def _of_passage(terms_of: Callable[[str], list[str]], entry: Entry) -> Texts:
    return [terms_of(entry.words)]


def _of_sentences(terms_of: Callable[[str], list[str]], entry: Entry) -> Texts:
    return [terms_of(words) for words in entry.sentence_words]


# For each part the terms of an entry's texts: of one passage, or of each of its sentences.
PARTS: dict[str, Callable[[Entry], Texts]] = {
    "stems": partial(_of_passage, stems),
    "groups": partial(_of_passage, letter_groups),
    "sentence_groups": partial(_of_sentences, letter_groups),
}


@dataclass
class TermCounts:
    """Of one part: numbers of texts and of terms in them, and in how many texts each term stands."""

    texts: int = 0
    terms: int = 0
    in_texts: dict[str, int] = field(default_factory=dict)

    def add(self, texts: Iterable[list[str]]) -> None:
        for terms in texts:
            self.texts += 1
            self.terms += len(terms)
            for term in set(terms):
                self.in_texts[term] = self.in_texts.get(term, 0) + 1

    def of(self, terms: Iterable[str]) -> TermStatistics:
        return TermStatistics(
            self.texts, self.terms, {term: self.in_texts[term] for term in terms if term in self.in_texts}
        )


class Counts:
    """``parts`` by name, and ``words``: in how many passages each content word stands, questions not counted."""

    def __init__(self) -> None:
        self.parts = {part: TermCounts() for part in PARTS}
        self.words: Counter[str] = Counter()

    def add(self, entry: Entry) -> dict[str, Texts]:
        """Returns the terms of ``entry``, by part."""
        terms = {part: terms_of(entry) for part, terms_of in PARTS.items()}
        for part, texts in terms.items():
            self.parts[part].add(texts)
        self.words.update(set(content_words(entry.passage.text_to_embed)))
        return terms

    def most_common_words(self, most: int) -> list[str]:
        """Those in most passages first, in alphabetical order where they are equal."""
        return sorted(self.words, key=lambda word: (-self.words[word], word))[:most]
