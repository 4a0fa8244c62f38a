"""The texts of a corpus that are embedded, and the vectors of passages and sentences taken back from a bank."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ingest.article import Article
from ingest.embed import Vectors
from ingest.passage import Passage
from ingest.question_places import KnownQuestion
from ingest.rows import SentenceRow, sentence_to_embed
from ingest.store import Version
from ingest.texts import Bank, Text, batched

# Passages whose vectors are in memory at a time.
_AT_ONCE = 256


@dataclass(frozen=True)
class ToEmbed:
    """Everything in index order."""

    passages: Sequence[Passage]
    articles: Mapping[str, Article]
    questions: Sequence[KnownQuestion]

    def texts(self) -> Iterator[Text]:
        """Of all passages, then of all sentences, then of all questions."""
        yield from map(_text_of, self.passages)
        for passage in self.passages:
            yield from self._sentences(passage)
        yield from self.asked

    @property
    def asked(self) -> list[Text]:
        return [Text(question.text, is_question=True) for question in self.questions]

    def vectors(self, bank: Bank) -> Iterator[tuple[Vectors, Vectors]]:
        """For each passage its vector (dimension,) and those of its sentences (sentences, dimension)."""
        for some in batched(self.passages, _AT_ONCE):
            sentences = [self._sentences(passage) for passage in some]
            vectors = bank.vectors([*map(_text_of, some), *(text for each in sentences for text in each)])
            first = len(some)
            for row, each in enumerate(sentences):
                yield vectors[row], vectors[first : first + len(each)]
                first += len(each)

    def _sentences(self, passage: Passage) -> list[Text]:
        rows = (SentenceRow(0, sentence) for sentence in passage.sentences)
        return [Text(sentence_to_embed(row, (passage,), self.articles)) for row in rows]


def known_in(version: Version) -> Iterable[tuple[Text, Vectors]]:
    """The texts of a version with their vectors."""
    for entry in version.entries():
        yield _text_of(entry.passage), entry.vector
        yield from zip(map(Text, entry.sentence_texts), entry.sentence_vectors, strict=True)
    questions = version.questions
    for asked, vector in zip(questions.asked, questions.vectors, strict=True):
        yield Text(asked.text, is_question=True), vector


def _text_of(passage: Passage) -> Text:
    return Text(passage.text_to_embed)
