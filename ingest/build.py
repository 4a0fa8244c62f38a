"""Corpus folder → index on disk. Unchanged text is never embedded again."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import Protocol

import numpy as np

from ingest.article import Article
from ingest.chunk import ChunkSettings, chunk
from ingest.dedup import Merge, merge_duplicates
from ingest.embed import Embedder, Vectors
from ingest.errors import EmptyCorpusError, IndexUnusableError
from ingest.index import Content, Index, load_articles, load_index, save_index
from ingest.known_questions import digests, question_hashes, read_known_questions
from ingest.lexical import LexicalIndex
from ingest.manifest import Manifest, ModelCard, read_manifest
from ingest.note_places import check_places
from ingest.passage import Passage
from ingest.question_places import KnownQuestion, place_questions
from ingest.read import Corpus, read_corpus, source_hashes
from ingest.review_notes import notes_digest, read_notes
from ingest.rows import passage_words, sentence_rows, sentence_to_embed, sentence_words
from ingest.settings import IngestSettings
from ingest.versions import writing


class Progress(Protocol):
    """Hears how far ingest is; a progress bar, usually."""

    def step(self, name: str, total: int) -> None: ...

    def advance(self, done: int) -> None: ...


class NoProgress:
    def step(self, name: str, total: int) -> None:
        pass

    def advance(self, done: int) -> None:
        pass


@dataclass(frozen=True)
class IngestReport:
    """What an ingest did. Articles by slug; ``embedded`` and ``reused`` count texts; seconds per step."""

    manifest: Manifest
    created: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    kept_previous: tuple[str, ...] = ()
    merges: tuple[Merge, ...] = ()
    embedded: int = 0
    reused: int = 0
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def refused(self) -> tuple[str, ...]:
        return self.manifest.refused

    @property
    def questions_left_out(self) -> tuple[str, ...]:
        return self.manifest.questions_left_out

    @property
    def wrote_nothing(self) -> bool:
        return not self.seconds


def is_up_to_date(settings: IngestSettings) -> Manifest | None:
    """The manifest of an index that this corpus and these settings would build again; None when ingest has work.

    Reads files and checksums only, so that a second start need not wait for the model.
    """
    try:
        manifest, _ = read_manifest(settings.index_dir)
    except IndexUnusableError:
        return None
    same = (
        manifest.sources == source_hashes(settings.corpus_dir)
        and manifest.notes_hash == notes_digest(settings.corpus_dir)
        and manifest.question_sources == question_hashes(settings.corpus_dir)
        and manifest.chunk == _chunk_settings(settings)
        and manifest.max_article_bytes == settings.max_article_bytes
        and manifest.model.name == settings.embedding_model
    )
    return manifest if same else None


def build_index(
    settings: IngestSettings,
    make_embedder: Callable[[], Embedder],
    progress: Progress | None = None,
    *,
    rebuild: bool = False,
) -> IngestReport:
    """Bring the index up to date with the corpus.

    The model is made only when there is work. ``rebuild`` embeds everything anew. Raises ``EmptyCorpusError``,
    ``SidecarError``, ``EmbeddingModelError``, ``IngestBusyError`` or ``IndexNotSavedError``; the index that was there
    then stays.
    """
    manifest = None if rebuild else is_up_to_date(settings)
    if manifest is not None:
        return IngestReport(manifest, unchanged=tuple(manifest.articles), reused=manifest.counts.texts)
    with writing(settings.index_dir):
        return _Build(settings, make_embedder, progress or NoProgress()).run(rebuild=rebuild)


class _Build:
    """One run of ingest: each method is a step."""

    def __init__(self, settings: IngestSettings, make_embedder: Callable[[], Embedder], progress: Progress) -> None:
        self._settings = settings
        self._make_embedder = make_embedder
        self._progress = progress
        self._seconds: dict[str, float] = {}

    def run(self, *, rebuild: bool) -> IngestReport:
        with self._timed("artikelen lezen"):
            before = self._articles_before()
            corpus, articles = self._read(before)
            notes = read_notes(self._settings.corpus_dir)
            asked = read_known_questions(self._settings.corpus_dir)
        with self._timed("passages maken"):
            chunk_settings = _chunk_settings(self._settings)
            cut = [passage for article in articles.values() for passage in chunk(article, chunk_settings)]
            passages, merges = merge_duplicates(cut)
            if not passages:
                raise EmptyCorpusError(self._settings.corpus_dir, corpus.refused)
            check_places(notes, passages, articles)
            questions = place_questions(asked, passages, articles)
        with self._timed("taalmodel laden"):
            embedder = self._make_embedder()
            old = None if rebuild else self._index_of(embedder)
        with self._timed("vectoren maken"):
            texts = _Texts.of(passages, articles, questions.known)
            vectors = _Vectors(embedder, old, self._progress)
            vectors.embed(texts)
        with self._timed("woorden tellen"):
            lexical = texts.count(questions.known)
        with self._timed("opslaan"):
            manifest = save_index(
                self._settings.index_dir,
                Content(
                    articles=articles,
                    passages=tuple(passages),
                    passage_vectors=vectors.of(texts.passages),
                    sentence_vectors=vectors.of(texts.sentences),
                    questions=questions.known,
                    question_vectors=vectors.of(texts.questions),
                    lexical=lexical,
                    model=ModelCard.of(embedder),
                    chunk=chunk_settings,
                    max_article_bytes=self._settings.max_article_bytes,
                    sources=corpus.sources,
                    notes=notes,
                    question_sources=digests(asked),
                    questions_left_out=questions.left_out,
                    refused=tuple(str(error) for error in corpus.refused),
                    merged=len(merges),
                ),
            )
        read = {article.slug for article in corpus.articles}
        return IngestReport(
            manifest,
            created=tuple(slug for slug in articles if slug not in before),
            updated=tuple(slug for slug in articles if slug in before and articles[slug] != before[slug]),
            unchanged=tuple(slug for slug in articles if articles[slug] == before.get(slug)),
            removed=tuple(slug for slug in before if slug not in articles),
            kept_previous=tuple(slug for slug in articles if slug not in read),
            merges=tuple(merges),
            embedded=vectors.embedded,
            reused=vectors.reused,
            seconds=self._seconds,
        )

    def _index_of(self, embedder: Embedder) -> Index | None:
        """The index to reuse vectors of; None when there is none that this model made."""
        try:
            return load_index(self._settings.index_dir, embedder)
        except IndexUnusableError:
            return None

    def _articles_before(self) -> dict[str, Article]:
        """The articles in the index, whatever model made it; none when there is no sound index."""
        try:
            return load_articles(self._settings.index_dir)
        except IndexUnusableError:
            return {}

    def _read(self, before: dict[str, Article]) -> tuple[Corpus, dict[str, Article]]:
        """The corpus, and the articles to index: those read, and what stood in a file that has become unreadable."""
        corpus = read_corpus(
            self._settings.corpus_dir,
            max_bytes=self._settings.max_article_bytes,
            prefer={slug: article.source for slug, article in before.items()},
        )
        if not corpus.articles:
            raise EmptyCorpusError(self._settings.corpus_dir, corpus.refused)
        articles = {article.slug: article for article in corpus.articles}
        refused = {error.path.name for error in corpus.refused}
        kept = {slug: article for slug, article in before.items() if article.source in refused and slug not in articles}
        return corpus, articles | kept

    @contextmanager
    def _timed(self, step: str) -> Iterator[None]:
        self._progress.step(step, total=0)
        start = perf_counter()
        yield
        self._seconds[step] = perf_counter() - start


@dataclass(frozen=True, slots=True)
class _Text:
    """What is embedded; a question and a passage in the same words have different vectors."""

    wording: str
    is_question: bool = False


@dataclass(frozen=True)
class _Texts:
    """What is embedded and counted, in index order."""

    passages: list[_Text]
    sentences: list[_Text]
    questions: list[_Text]

    @classmethod
    def of(
        cls, passages: Sequence[Passage], articles: dict[str, Article], questions: Sequence[KnownQuestion]
    ) -> "_Texts":
        return cls(
            passages=[_Text(passage.text_to_embed) for passage in passages],
            sentences=[_Text(sentence_to_embed(row, passages, articles)) for row in sentence_rows(passages)],
            questions=[_Text(question.text, is_question=True) for question in questions],
        )

    @property
    def all(self) -> list[_Text]:
        return [*self.passages, *self.sentences, *self.questions]

    def count(self, questions: Sequence[KnownQuestion]) -> LexicalIndex:
        """The words of passages and sentences, and of the questions they answer."""
        passages, sentences = ([text.wording for text in texts] for texts in (self.passages, self.sentences))
        return LexicalIndex.build(passage_words(passages, questions), sentence_words(sentences, questions))


class _Vectors:
    """Vectors of all texts; those of an unchanged text come from the old index."""

    def __init__(self, embedder: Embedder, old: Index | None, progress: Progress) -> None:
        self._embedder = embedder
        self._progress = progress
        self._known: dict[_Text, Vectors] = {}
        self.embedded = 0
        self.reused = 0
        if old is not None:
            vectors = [*old.passage_store.vectors, *old.sentence_store.vectors, *old.question_store.vectors]
            texts = _Texts.of(old.passages, old.articles, old.questions)
            self._known = dict(zip(texts.all, vectors, strict=True))

    def embed(self, texts: _Texts) -> None:
        """Everything that is not known yet."""
        missing = [text for text in dict.fromkeys(texts.all) if text not in self._known]
        self.embedded = len(missing)
        self.reused = len(set(texts.all)) - len(missing)
        self._progress.step("vectoren maken", total=len(missing))
        questions = [text for text in missing if text.is_question]
        others = [text for text in missing if not text.is_question]
        for some, embed in ((others, self._embedder.passages), (questions, self._embedder.queries)):
            if some:
                vectors = embed([text.wording for text in some], self._progress.advance)
                self._known |= zip(some, vectors, strict=True)

    def of(self, texts: Sequence[_Text]) -> Vectors:
        """Shape (texts, dimension), row for row."""
        if not texts:
            return np.zeros((0, self._embedder.dimension), dtype=np.float32)
        return np.stack([self._known[text] for text in texts])


def _chunk_settings(settings: IngestSettings) -> ChunkSettings:
    return ChunkSettings(max_words=settings.max_passage_words)
