"""A corpus of any size: the practice's own articles, then real Dutch paragraphs, then recombined ones.

Recombined is said of a paragraph in which one sentence was taken from another page: put in the place of one of its own,
or behind its only one. Its vector is the mean of the paragraph's and of that sentence's, weighed by their words, and of
length 1; the vectors of its sentences are the real ones. A larger corpus begins with the smaller one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from random import Random

import numpy as np

from benchmarks.scale.source import Piece, Source
from ingest.article import Article, Block, BlockKind
from ingest.embed import Vectors
from ingest.index import Index
from ingest.passage import Passage
from ingest.sentences import Sentence, word_count
from ingest.store import AskedQuestions, Entry
from ingest.whole import entries_of, questions_of

# As many paragraphs are kept out of every corpus, to ask with.
HELD_OUT = 100
_SEED = 80
_PER_ARTICLE = 8


@dataclass(frozen=True, slots=True)
class Composition:
    practice: int
    real: int
    recombined: int


@dataclass(frozen=True, slots=True)
class Written:
    """An article and its passages with all that they are found by."""

    article: Article
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece and the rows of its vectors, which may be made ones."""

    piece: Piece
    vector: Vectors
    sentence_vectors: Vectors


class ScaleCorpus:
    """``size`` passages; the same ones in every process."""

    def __init__(self, practice: Index, source: Source, size: int) -> None:
        self._practice = practice
        self.source = source
        self.size = size
        own = min(size, len(practice.passages))
        real = min(size - own, len(source.pieces) - HELD_OUT)
        self.composition = Composition(own, real, size - own - real)

    @property
    def questions(self) -> AskedQuestions:
        """Those known of the practice's articles."""
        return questions_of(self._practice.stored, self._practice.vectors.questions)

    def written(self) -> Iterator[Written]:
        """All of it, article by article."""
        yield from self._of_practice()
        yield from self._real()
        left = self.composition.recombined
        for written in self._recombined():
            if left <= 0:
                return
            entries = written.entries[:left]
            left -= len(entries)
            yield Written(written.article, entries)

    def entries(self) -> Iterator[Entry]:
        return islice(chain.from_iterable(written.entries for written in self.written()), self.size)

    def articles(self) -> Iterator[Article]:
        return (written.article for written in self.written())

    def held_out(self) -> list[str]:
        """What may be asked of it: the first sentence of each paragraph that stands in no corpus."""
        return [piece.sentences[0] for piece in self.source.pieces[-HELD_OUT:]]

    def recombined(self, most: int) -> list[Entry]:
        """The first of those, whether or not they are in it."""
        return list(islice(chain.from_iterable(written.entries for written in self._recombined()), most))

    def _of_practice(self) -> Iterator[Written]:
        entries = list(entries_of(self._practice.stored, self._practice.vectors))
        for slug, article in self._practice.articles.items():
            yield Written(article, tuple(entry for entry in entries if entry.passage.slug == slug))

    def _real(self) -> Iterator[Written]:
        by_title: dict[str, list[int]] = {}
        for row in range(self.composition.real):
            by_title.setdefault(self.source.pieces[row].title, []).append(row)
        for number, rows in enumerate(by_title.values()):
            yield _write(f"handleiding-{number}", [self._part(row) for row in rows])

    def _recombined(self) -> Iterator[Written]:
        """Without end. Each article is made of paragraphs of one page, and of sentences of others."""
        by_title: dict[str, list[int]] = {}
        for row in range(len(self.source.pieces) - HELD_OUT):
            by_title.setdefault(self.source.pieces[row].title, []).append(row)
        rows_beside = [rows for rows in by_title.values() for _ in rows]
        number = 0
        while True:
            chance = Random(f"{_SEED}-{number}")
            rows = chance.choices(chance.choice(rows_beside), k=_PER_ARTICLE)
            parts = {part.piece.text: part for part in (self._mixed(row, chance) for row in rows)}
            yield _write(f"hersteld-{number}", list(parts.values()))
            number += 1

    def _part(self, row: int) -> _Part:
        first, last = self.source.first_sentence[row : row + 2]
        return _Part(self.source.pieces[row], self.source.vectors[row], self.source.sentence_vectors[first:last])

    def _mixed(self, row: int, chance: Random) -> _Part:
        part, other = self._part(row), self._part(chance.randrange(len(self.source.pieces) - HELD_OUT))
        taken = chance.randrange(len(other.piece.sentences))
        place = chance.randrange(len(part.piece.sentences)) if len(part.piece.sentences) > 1 else 1
        sentences = [*part.piece.sentences]
        sentences[place : place + 1] = [other.piece.sentences[taken]]
        vectors = [*part.sentence_vectors]
        vectors[place : place + 1] = [other.sentence_vectors[taken]]
        piece = Piece(part.piece.title, part.piece.headings, tuple(sentences))
        share = word_count(other.piece.sentences[taken]) / word_count(piece.text_to_embed)
        mixed = (1 - share) * part.vector + share * other.sentence_vectors[taken]
        return _Part(piece, mixed / np.linalg.norm(mixed), np.stack(vectors))


def _write(slug: str, parts: Sequence[_Part]) -> Written:
    """Each paragraph below its own headings, in the order given."""
    blocks: list[Block] = []
    lines: list[str] = []
    places: list[tuple[int, tuple[Sentence, ...]]] = []
    cursor = 0
    above: tuple[str, ...] = ()
    for part in parts:
        if part.piece.headings != above:
            above = part.piece.headings
            for level, heading in enumerate(above, start=2):
                blocks.append(Block(BlockKind.HEADING, cursor, cursor + len(heading), level))
                lines.append(heading)
                cursor += len(heading) + 2
        places.append((cursor, tuple(_sentences(part.piece, cursor))))
        blocks.append(Block(BlockKind.PARAGRAPH, cursor, cursor + len(part.piece.text)))
        lines.append(part.piece.text)
        cursor += len(part.piece.text) + 2
    article = Article(slug, parts[0].piece.title, "\n\n".join(lines), tuple(blocks), f"{slug}.md")
    passages = [_passage(article, part.piece, *place) for part, place in zip(parts, places, strict=True)]
    entries = [
        Entry(passage, part.vector, part.sentence_vectors) for passage, part in zip(passages, parts, strict=True)
    ]
    return Written(article, tuple({entry.id: entry for entry in entries}.values()))


def _sentences(piece: Piece, cursor: int) -> Iterator[Sentence]:
    for sentence in piece.sentences:
        yield Sentence(cursor, cursor + len(sentence))
        cursor += len(sentence) + 1


def _passage(article: Article, piece: Piece, start: int, sentences: tuple[Sentence, ...]) -> Passage:
    return Passage(
        slug=article.slug,
        title=article.title,
        heading_path=piece.headings,
        start=start,
        end=start + len(piece.text),
        text=piece.text,
        sentences=sentences,
    )
