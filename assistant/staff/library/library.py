"""Everything the console does with the articles, in one place."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Lock

from assistant.parts import open_index
from assistant.settings import Settings
from assistant.staff.library import preview, upload
from assistant.staff.library.corpus import Files
from assistant.staff.library.drafts import Base, Draft, Drafts, Saved
from assistant.staff.library.editions import KEPT_BEFORE, Edition
from assistant.staff.library.errors import ArticleChangedError, FolderUnusableError, LibraryError, NoSuchArticleError
from assistant.staff.library.notes import Choices
from assistant.staff.library.outcome import outcome_now
from assistant.staff.library.plan import Draught, Planning, going_back
from assistant.staff.library.preview import Compare, Preview, preview_of
from assistant.staff.library.publishing import Plan, Planner, Publication, Publisher, Recovery
from assistant.staff.library.shelf import Outlined, Shelf, outline, shelf_of
from assistant.staff.library.writing import draft_of
from ingest.article import Article
from ingest.embed import Embedder
from ingest.index import Index
from ingest.progress import Progress
from ingest.read import read_article
from ingest.stores import open_store

UNDECIDED = Choices()

# What is to be looked at, or done: a draft, the slug of an article to remove, the number of an edition, or nothing but
# what was changed by hand.
Subject = Draft | str | int | None


class Library:
    """Safe to use from several threads. Raises ``LibraryError`` and ``IngestError``, both of which staff can read."""

    def __init__(self, settings: Settings, embedder: Embedder, clock: Callable[[], float] = time.time) -> None:
        self._settings = settings
        self._embedder = embedder
        self._clock = clock
        self._publisher = Publisher(settings, settings.staff_dir, lambda: embedder, clock)
        self.drafts = Drafts(settings.staff_dir / "drafts", settings.max_article_bytes, clock)
        self._store = open_store(settings)
        self._index: tuple[str, Index] | None = None
        self._loading = Lock()

    # How it is.

    def shelf(self) -> Shelf:
        """The articles that are in the chat, and what in the folder is not."""
        today = date.fromtimestamp(self._clock())
        return shelf_of(self.index, self._files(), today, self._settings.staff_stale_months)

    def article(self, slug: str) -> Article:
        """As it is in the chat. Raises ``NoSuchArticleError``."""
        article = self.index.articles.get(slug)
        if article is None:
            raise NoSuchArticleError
        return article

    def outline(self, slug: str) -> tuple[Outlined, ...]:
        """Its passages in reading order."""
        return outline(self.index, slug)

    @property
    def index(self) -> Index:
        """The index in use, all of it; loaded again (a fraction of a second) when there is another.

        Raises ``IngestError`` or ``CorpusTooLargeError``.
        """
        with self._loading:
            in_use = self._store.version_in_use()
            if self._index is None or self._index[0] != in_use:
                self._index = in_use, open_index(self._settings, lambda: self._embedder, self._store)
            return self._index[1]

    # Writing.

    def begin(self, title: str = "", questions: tuple[str, ...] = (), by: str = "") -> Draft:
        """A new draft, kept at once."""
        return self.drafts.save(Draft(title=title, questions=questions, saved_by=by)).draft

    def edit(self, slug: str, by: str = "") -> Draft:
        """The draft of this article that was saved last, else a new one of the article as it is in the folder."""
        begun = self.drafts.about(slug)
        return begun[0] if begun else self.drafts.save(replace(self.in_folder(slug), saved_by=by)).draft

    def upload(self, chosen: Path, name: str, by: str = "") -> Draft:
        """Raises ``UploadError``."""
        draft = upload.draft_from(chosen, name, self._settings.max_article_bytes)
        return self.save(replace(draft, saved_by=by)).draft

    def save(self, draft: Draft) -> Saved:
        return self.drafts.save(draft)

    def on_top(self, draft: Draft) -> Draft:
        """The same words, meant to replace the article as it is now: whoever asks for this has looked at it."""
        return self.drafts.save(replace(draft, base=self.in_folder(draft.slug).base)).draft

    def as_new(self, draft: Draft) -> Draft:
        """The same words as an article of its own, for when the one it came from is gone."""
        return self.drafts.save(replace(draft, base=None, slug="")).draft

    def in_folder(self, slug: str) -> Draft:
        """What can be edited of an article, kept nowhere yet; it may have been changed by hand since it was indexed.

        Raises ``ArticleChangedError`` when there is none.
        """
        files = self._files()
        article = outcome_now(self._settings, self.index, files).articles.get(slug)
        if article is None or article.source not in files:
            raise ArticleChangedError(is_gone=True)
        path = self._settings.corpus_dir / article.source
        read = read_article(path, max_bytes=self._settings.max_article_bytes)
        base = Base(article.source, files[article.source])
        return draft_of(read, path.read_bytes(), base)

    # Looking, doing, and undoing.

    def preview(
        self,
        subject: Subject,
        choices: Choices = UNDECIDED,
        compare: Compare | None = None,
        progress: Progress | None = None,
    ) -> Preview:
        """What publishing it would do; nothing is changed."""
        try:
            index, files = self.index, self._files()
            draught = self._draught(subject, choices, index, files)
            return preview_of(draught, self._settings, index, self._embedder, compare, progress)
        except OSError as error:
            raise FolderUnusableError(self._settings.staff_dir, error) from error

    def publish(self, subject: Subject, choices: Choices = UNDECIDED, progress: Progress | None = None) -> Publication:
        """Put it in the chat; a draft is then done with. Raises ``PublishError``: then all is as it was."""
        publication = self._publisher.publish(self._planner(subject, choices), progress)
        if isinstance(subject, Draft) and subject.id:
            with suppress(LibraryError):  # it is published; a draft that stays is a smaller evil than an error
                self.drafts.discard(subject.id, subject.revision)
        return publication

    def editions(self) -> list[Edition]:
        """Newest first: the current one and those that can be gone back to."""
        return self._publisher.editions.all()[: KEPT_BEFORE + 1]

    def recover(self) -> Recovery | None:
        """At a start: finish or drop what was broken off, and clear away what it left behind."""
        preview.tidy_up(self._settings.staff_dir)
        return self._publisher.recover()

    def _planner(self, subject: Subject, choices: Choices) -> Planner:
        def plan(files: Files) -> Plan:
            return self._draught(subject, choices, self.index, files).checked

        return plan

    def _draught(self, subject: Subject, choices: Choices, index: Index, files: Files) -> Draught:
        planning = Planning(self._settings, index, files)
        if isinstance(subject, Draft):
            return planning.draft(subject, choices)
        if isinstance(subject, str):
            return planning.removal(subject, choices)
        if subject is None:
            return planning.by_hand(choices)
        editions = self._publisher.editions
        return planning.as_it_is(going_back(editions.get(subject), editions.blobs, files))

    def _files(self) -> dict[str, str]:
        try:
            return self._publisher.corpus.files()
        except OSError as error:
            raise FolderUnusableError(self._settings.corpus_dir, error) from error
