"""Corpus folder → a version in a store. Unchanged text is never embedded again."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from time import perf_counter

import numpy as np

from ingest.article import Article
from ingest.banks import check_workers, forget_leftovers, open_bank
from ingest.dedup import Merge
from ingest.embed import Embedder, Vectors
from ingest.errors import IndexUnusableError, IngestError
from ingest.known_questions import question_hashes
from ingest.manifest import Manifest, ModelCard
from ingest.material import Cut, Material, chunk_settings
from ingest.processes import Hands
from ingest.progress import EMBEDDING, NoProgress, Progress
from ingest.read import source_hashes
from ingest.review_notes import notes_digest
from ingest.settings import IngestSettings
from ingest.store import Draft, Store, Version
from ingest.stores import open_store
from ingest.texts import Bank, Text
from ingest.to_embed import ToEmbed, known_in
from ingest.whole import entries_with, questions_of


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


def is_up_to_date(settings: IngestSettings, store: Store | None = None) -> Manifest | None:
    """The manifest of an index that this corpus and these settings would build again; None when ingest has work.

    Reads files, checksums and a manifest only, so that a second start need not wait for the model.
    """
    try:
        manifest = (store or open_store(settings)).manifest()
    except IndexUnusableError:
        return None
    same = (
        manifest.sources == source_hashes(settings.corpus_dir)
        and manifest.notes_hash == notes_digest(settings.corpus_dir)
        and manifest.question_sources == question_hashes(settings.corpus_dir)
        and manifest.chunk == chunk_settings(settings)
        and manifest.max_article_bytes == settings.max_article_bytes
        and manifest.model.name == settings.embedding_model
    )
    return manifest if same else None


def build_index(  # noqa: PLR0913 - how it is done
    settings: IngestSettings,
    make_embedder: Callable[[], Embedder],
    progress: Progress | None = None,
    *,
    rebuild: bool = False,
    workers: int | None = None,
    like: Version | None = None,
) -> IngestReport:
    """Bring the index up to date with the corpus.

    The model is made only when there is work. ``rebuild`` embeds everything anew. ``workers`` is the number of
    processes on this machine that embed, each with a model of ``make_embedder`` (a function of a module, or a partial
    of one): None for this process itself, 0 for workers on other machines only. ``like`` is a version to go by instead
    of the index that was there: its vectors are used again, and what it has otherwise is what changed. Raises
    ``EmptyCorpusError``, ``SidecarError``, ``EmbeddingModelError``, ``IngestBusyError`` or another ``IngestError``; the
    index that was there then stays.
    """
    check_workers(settings, workers)
    with closing(open_store(settings)) as store:
        manifest = None if rebuild else is_up_to_date(settings, store)
        if manifest is not None:
            forget_leftovers(settings)
            return IngestReport(manifest, unchanged=tuple(manifest.articles), reused=manifest.counts.texts)
        store.ensure_schema()
        with store.draft() as draft:
            how = _How(make_embedder, rebuild=rebuild, workers=workers, like=like)
            return _Build(settings, store, how, progress or NoProgress()).run(draft)


@dataclass(frozen=True)
class _How:
    """As ``build_index`` was told."""

    make_embedder: Callable[[], Embedder]
    rebuild: bool
    workers: int | None
    like: Version | None

    def hands(self) -> Hands:
        return Hands(self.make_embedder(), self.make_embedder, self.workers or 0, elsewhere=self.workers == 0)


class _Build:
    """One run of ingest: each method is a step."""

    def __init__(self, settings: IngestSettings, store: Store, how: _How, progress: Progress) -> None:
        self._settings = settings
        self._store = store
        self._how = how
        self._progress = progress
        self._seconds: dict[str, float] = {}

    def run(self, draft: Draft) -> IngestReport:
        with self._timed("artikelen lezen"):
            before = self._articles_before()
            material = Material.read(self._settings, before)
        with self._timed("passages maken"):
            cut = material.cut()
        with self._timed("taalmodel laden"):
            hands = self._how.hands()
        with closing(self._bank(hands)) as bank:
            with self._timed(EMBEDDING):
                to_embed = ToEmbed(cut.stored.passages, material.articles, cut.stored.questions)
                bank.fill(to_embed.texts)
            with self._timed("opslaan"):
                manifest = _publish(draft, cut, to_embed, bank, hands.embedder)
            # It is in use; what is left over is cleared up by the next ingest.
            with suppress(IngestError, OSError):
                bank.clear_up()
            return self._report(manifest, before, cut, bank)

    def _articles_before(self) -> dict[str, Article]:
        """The articles in the index, whatever model made it; none when there is no sound index."""
        if self._how.like:
            return dict(self._how.like.articles.items())
        try:
            return dict(self._store.articles().items())
        except IndexUnusableError:
            return {}

    def _bank(self, hands: Hands) -> Bank:
        known = None if self._how.rebuild else lambda: self._known(hands.embedder)
        return open_bank(self._settings, hands, self._progress, known)

    def _known(self, embedder: Embedder) -> Iterable[tuple[Text, Vectors]]:
        """What the index to reuse vectors of has; nothing when there is none that this model made."""
        if self._how.like:
            yield from known_in(self._how.like)
            return
        with suppress(IndexUnusableError), closing(self._store.open(embedder)) as version:
            yield from known_in(version)

    def _report(self, manifest: Manifest, before: Mapping[str, Article], cut: Cut, bank: Bank) -> IngestReport:
        articles = cut.material.articles
        read = {article.slug for article in cut.material.corpus.articles}
        return IngestReport(
            manifest,
            created=tuple(slug for slug in articles if slug not in before),
            updated=tuple(slug for slug in articles if slug in before and articles[slug] != before[slug]),
            unchanged=tuple(slug for slug in articles if articles[slug] == before.get(slug)),
            removed=tuple(slug for slug in before if slug not in articles),
            kept_previous=tuple(slug for slug in articles if slug not in read),
            merges=cut.merges,
            embedded=bank.embedded,
            reused=bank.reused,
            seconds=self._seconds,
        )

    @contextmanager
    def _timed(self, step: str) -> Iterator[None]:
        self._progress.step(step, total=0)
        start = perf_counter()
        yield
        self._seconds[step] = perf_counter() - start


def _publish(draft: Draft, cut: Cut, to_embed: ToEmbed, bank: Bank, embedder: Embedder) -> Manifest:
    asked = to_embed.asked
    vectors = bank.vectors(asked) if asked else np.zeros((0, embedder.dimension), dtype=np.float32)
    draft.bulk_load(entries_with(cut.stored, to_embed.vectors(bank)))
    return draft.publish(
        cut.manifest(ModelCard.of(embedder)),
        cut.stored.articles.values(),
        cut.stored.notes,
        questions_of(cut.stored, vectors),
    )
