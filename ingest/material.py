"""What an index is made of: a corpus as it was read, and cut into passages; everything but the vectors."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from ingest.article import Article
from ingest.chunk import ChunkSettings, chunk
from ingest.dedup import Merge, merge_duplicates
from ingest.errors import EmptyCorpusError
from ingest.index import Stored
from ingest.known_questions import QuestionsFile, digests, read_known_questions
from ingest.manifest import SCHEMA_VERSION, Counts, Manifest, ModelCard, corpus_hash
from ingest.note_places import check_places
from ingest.question_places import PlacedQuestions, place_questions
from ingest.read import Corpus, read_corpus
from ingest.review_notes import NotesFile, read_notes
from ingest.settings import IngestSettings


@dataclass(frozen=True)
class Material:
    """``articles`` are those read, and what stood in a file that has become unreadable."""

    settings: IngestSettings
    corpus: Corpus
    articles: Mapping[str, Article]
    notes: NotesFile
    asked: tuple[QuestionsFile, ...]

    @classmethod
    def read(cls, settings: IngestSettings, before: Mapping[str, Article]) -> "Material":
        """``before`` are the articles in the index. Raises ``EmptyCorpusError`` or ``SidecarError``."""
        corpus = read_corpus(
            settings.corpus_dir,
            max_bytes=settings.max_article_bytes,
            prefer={slug: article.source for slug, article in before.items()},
        )
        if not corpus.articles:
            raise EmptyCorpusError(settings.corpus_dir, corpus.refused)
        articles = {article.slug: article for article in corpus.articles}
        refused = {error.path.name for error in corpus.refused}
        kept = {slug: article for slug, article in before.items() if article.source in refused and slug not in articles}
        notes, asked = read_notes(settings.corpus_dir), read_known_questions(settings.corpus_dir)
        return cls(settings, corpus, articles | kept, notes, asked)

    def cut(self) -> "Cut":
        """Raises ``EmptyCorpusError`` or ``ReviewNotesError``."""
        cutting = chunk_settings(self.settings)
        cut = [passage for article in self.articles.values() for passage in chunk(article, cutting)]
        passages, merges = merge_duplicates(cut)
        if not passages:
            raise EmptyCorpusError(self.settings.corpus_dir, self.corpus.refused)
        check_places(self.notes, passages, self.articles)
        questions = place_questions(self.asked, passages, self.articles)
        stored = Stored(self.articles, tuple(passages), questions.known, self.notes.notes)
        return Cut(self, stored, tuple(merges), questions)


@dataclass(frozen=True)
class Cut:
    material: Material
    stored: Stored
    merges: tuple[Merge, ...]
    questions: PlacedQuestions

    def manifest(self, model: ModelCard) -> Manifest:
        """What a store adds to it is not in it yet: the name of the version, and files."""
        material = self.material
        sources = material.corpus.sources
        return Manifest(
            schema_version=SCHEMA_VERSION,
            version="",
            created=datetime.now(UTC),
            model=model,
            chunk=chunk_settings(material.settings),
            max_article_bytes=material.settings.max_article_bytes,
            corpus_hash=corpus_hash(sources),
            sources=sources,
            notes_hash=material.notes.file.digest,
            question_sources=digests(material.asked),
            questions_left_out=self.questions.left_out,
            articles={article.slug: article.source for article in material.articles.values()},
            refused=tuple(str(error) for error in material.corpus.refused),
            counts=self._counts,
            files={},
        )

    @property
    def _counts(self) -> Counts:
        return Counts(
            articles=len(self.stored.articles),
            passages=len(self.stored.passages),
            sentences=sum(len(passage.sentences) for passage in self.stored.passages),
            questions=len(self.stored.questions),
            merged=len(self.merges),
            notes=len(self.stored.notes),
        )


def chunk_settings(settings: IngestSettings) -> ChunkSettings:
    return ChunkSettings(max_words=settings.max_passage_words)
