"""Where a corpus is kept to be searched: one narrow seam, for files with FAISS and for PostgreSQL with pgvector.

A corpus is published in versions. A draft is written beside what is in use and put in use whole, or not at all; whoever
has a version open goes on reading it until it opens the next one.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

from ingest.article import Article
from ingest.embed import Embedder, Vectors
from ingest.manifest import Manifest
from ingest.passage import Passage
from ingest.review_notes import ReviewNote


@dataclass(frozen=True, slots=True)
class Entry:
    """A passage with all that it is found by.

    ``vector`` has shape (dimension,), ``sentence_vectors`` (sentences, dimension), row for row with
    ``passage.sentences``; all of length 1. ``questions`` are known questions that it answers: their words count as its
    own. ``sentence_questions`` are those of each sentence, () where none has any. ``lead_in`` is the wording of the
    passage's lead-in ("" without one) and ``tag`` the subject of its article. ``is_doctor_advice``: a reviewer noted
    that it says when to see a doctor, so that it is at hand whatever is asked.
    """

    passage: Passage
    vector: Vectors
    sentence_vectors: Vectors
    questions: tuple[str, ...] = ()
    sentence_questions: tuple[tuple[str, ...], ...] = ()
    lead_in: str = ""
    tag: str = ""
    is_doctor_advice: bool = False

    @property
    def id(self) -> str:
        return self.passage.id

    @property
    def sentence_texts(self) -> list[str]:
        """What each sentence is embedded as: itself; a list item below the lead-in that says what it is an item of."""
        start = self.passage.start
        wordings = (self.passage.text[each.start - start : each.end - start] for each in self.passage.sentences)
        return [f"{self.lead_in}\n{wording}" if self.lead_in else wording for wording in wordings]

    @property
    def words(self) -> str:
        """What it is found by word for word: its text, and the questions it answers below it."""
        return "\n".join((self.passage.text_to_embed, *self.questions))

    @property
    def sentence_words(self) -> list[str]:
        """As ``words``, for each sentence."""
        asked = self.sentence_questions or ((),) * len(self.passage.sentences)
        return ["\n".join((text, *some)) for text, some in zip(self.sentence_texts, asked, strict=True)]


@dataclass(frozen=True, slots=True)
class Asked:
    """A known question: the passage that answers it, by id ("" when no article does), and its sentences there.

    ``sentences`` are positions in ``passage.sentences``, from 0.
    """

    text: str
    passage_id: str
    sentences: tuple[int, ...]


@dataclass(frozen=True)
class AskedQuestions:
    """All known questions of a version, ``vectors`` row for row; they are kept in memory, at 1.5 kB each."""

    asked: tuple[Asked, ...]
    vectors: Vectors


@dataclass(frozen=True, slots=True)
class Found:
    """``similarity`` is the cosine (−1 to 1) for a dense search, BM25 (≥ 0) for a lexical one, and the fused relevance
    for a hybrid one; higher is better, and comparable only within one search."""

    id: str
    similarity: float


@dataclass(frozen=True, slots=True)
class Where:
    """Which passages may be found: those of these articles, and on these subjects; everything by default."""

    slugs: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()

    def allows(self, slug: str, tag: str) -> bool:
        return (not self.slugs or slug in self.slugs) and (not self.tags or tag in self.tags)


EVERYWHERE = Where()


@dataclass(frozen=True, slots=True)
class TermStatistics:
    """What BM25 must know of a whole corpus to weigh a few of its texts: numbers of texts, and of terms in them.

    ``in_texts`` says in how many texts each of the terms asked for stands.
    """

    texts: int
    terms: int
    in_texts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Health:
    """``lag_seconds``: how far what is read may be behind what was written, 0 for a primary or files."""

    is_writable: bool
    lag_seconds: float = 0.0


class Draft(Protocol):
    """A version being written; nobody reads it yet. Everything raises ``IngestError``."""

    def add(self, entries: Iterable[Entry]) -> None:
        """A few; an entry with an id that is known replaces that one."""

    def bulk_load(self, entries: Iterable[Entry]) -> int:
        """Any number, streamed; returns how many there were. Ids must be new."""

    def delete(self, ids: Iterable[str]) -> int:
        """Returns how many there were."""

    def get(self, ids: Sequence[str]) -> list[Entry]: ...

    def count(self) -> int: ...

    def publish(
        self,
        manifest: Manifest,
        articles: Iterable[Article],
        notes: Sequence[ReviewNote],
        questions: AskedQuestions,
    ) -> Manifest:
        """Put it in use, whole and at once. Returns the manifest with ``version`` and ``files`` filled in."""


class Version(Protocol):
    """A version that is in use, open for reading. Immutable, and safe to share between threads."""

    @property
    def manifest(self) -> Manifest: ...

    @property
    def articles(self) -> Mapping[str, Article]:
        """By slug; read when asked for, where they are many."""

    def articles_of(self, slugs: Collection[str]) -> dict[str, Article]:
        """Those that are there, at once."""

    @property
    def notes(self) -> tuple[ReviewNote, ...]: ...

    @property
    def questions(self) -> AskedQuestions: ...

    def count(self) -> int:
        """Of passages."""

    def get(self, ids: Sequence[str]) -> list[Entry]:
        """Those that are there, in the order asked for."""

    def entries(self) -> Iterator[Entry]:
        """All, one by one, in the order in which they were loaded."""

    @property
    def doctor_advice(self) -> tuple[str, ...]:
        """The ids of those that are."""

    def words(self, most: int) -> list[str]:
        """The content words of the passages (see ``ingest.lexical``): those in most passages first, then by name."""

    def search_dense(self, vector: Vectors, k: int, where: Where = EVERYWHERE) -> list[Found]:
        """The nearest passages, nearest first."""

    def search_lexical(self, text: str, k: int, where: Where = EVERYWHERE) -> list[Found]:
        """The passages that share the most telling word stems, best first; none when no stem is known."""

    def search_hybrid(self, vector: Vectors, text: str, k: int, where: Where = EVERYWHERE) -> list[Found]:
        """Both, fused as the assistant's own ranking does: see ``ingest.fusion``."""

    def statistics(self, part: str, terms: Sequence[str]) -> TermStatistics:
        """``part`` is one of ``ingest.terms.PARTS``."""

    def close(self) -> None: ...


class Store(Protocol):
    """Everything raises ``IndexUnusableError`` or another ``IngestError``, with what to do about it."""

    def ensure_schema(self) -> None:
        """Make what is not there yet; several processes may do so at once."""

    def version_in_use(self) -> str:
        """Its name; cheap, for it is asked every few seconds. "" before the first one."""

    def manifest(self) -> Manifest:
        """Of the version in use, whatever model made it."""

    def articles(self) -> Mapping[str, Article]:
        """Those of the version in use, whatever model made it."""

    def open(self, embedder: Embedder) -> Version:
        """The version in use; refused when another model than ``embedder`` made it."""

    def draft(self) -> AbstractContextManager[Draft]:
        """One writer at a time, or ``IngestBusyError``. What is not published when the block ends is gone."""

    def health(self) -> Health: ...

    def beside(self, name: str) -> bytes | None:
        """What was last put beside the versions under this name ("calibration.json"); None when nothing was."""

    def put_beside(self, name: str, content: bytes) -> str:
        """Replaces what was there. Returns where it is, to be shown."""

    def close(self) -> None: ...
