"""Changing the articles: one at a time, and all of it or nothing. The order of things is in ``journal.py``."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from filelock import FileLock, Timeout

from assistant.staff.library.corpus import Corpus, Files, keep, lay_out
from assistant.staff.library.editions import Cause, Edition, Editions
from assistant.staff.library.errors import (
    BusyError,
    ChangedMeanwhileError,
    FailedError,
    FolderUnusableError,
    LastArticleError,
    LibraryError,
    NothingChangedError,
)
from assistant.staff.library.journal import Intent, Journal, changes_between
from ingest.build import IngestReport, build_index
from ingest.embed import Embedder
from ingest.errors import IndexUnusableError, IngestError
from ingest.manifest import Manifest
from ingest.progress import NoProgress, Progress
from ingest.read import source_hashes
from ingest.settings import IngestSettings
from ingest.stores import open_store


@dataclass(frozen=True, slots=True)
class Plan:
    """``changes`` are new bytes by file name, None for a file that goes; the rest is as in ``Edition``."""

    cause: Cause
    changes: Mapping[str, bytes | None]
    title: str = ""
    slug: str = ""
    questions: tuple[str, ...] = ()


# Looks at the files as they are, while nobody else publishes. Raises ``LibraryError``.
Planner = Callable[[Files], Plan]


@dataclass(frozen=True, slots=True)
class Publication:
    """What was done: the edition it left behind, and what ingest says of it."""

    edition: Edition
    report: IngestReport


class Recovery(Enum):
    """What became of a publication that was broken off."""

    FINISHED = auto()
    DROPPED = auto()


class Publisher:
    """Safe to use from several threads and processes: the second is told that it is busy."""

    def __init__(
        self, settings: IngestSettings, folder: Path, embedder: Callable[[], Embedder], clock: Callable[[], float]
    ) -> None:
        """``folder`` is for editions and what is under way."""
        self.editions = Editions(folder / "editions")
        self.corpus = Corpus(settings.corpus_dir)
        self._settings = settings
        self._store = open_store(settings)
        self._folder = folder
        self._embedder = embedder
        self._clock = clock
        self._journal = Journal(folder / "publication.json")
        self._copy = folder / "publication"

    def publish(self, planner: Planner, progress: Progress | None = None) -> Publication:
        """Raises ``LibraryError``; then the articles and the index are as they were."""
        with self._turn():
            self._recover()
            now = keep(self.corpus, self.editions.blobs)
            plan = planner(now)
            self._note_what_was_there(now)
            intent = self._intent(plan, now)
            self._journal.write(intent)
            try:
                report = self._carry_out(intent, progress or NoProgress())
            except BaseException as error:
                self._give_up(intent)
                if isinstance(error, LibraryError | OSError) or not isinstance(error, Exception):
                    raise
                raise FailedError(_reason(error)) from error
            self._finish(intent)
            return Publication(intent.edition, report)

    def recover(self) -> Recovery | None:
        """Finish or drop what was broken off; None when there is nothing, or when it is still under way elsewhere.

        Raises ``LibraryError``.
        """
        try:
            with self._turn():
                return self._recover()
        except BusyError:
            return None

    @contextmanager
    def _turn(self) -> Iterator[None]:
        lock = FileLock(self._folder / "publishing.lock")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            lock.acquire(timeout=0)
            yield
        except Timeout:
            raise BusyError from None
        except OSError as error:
            raise FolderUnusableError(Path(error.filename or self._folder), error) from error
        finally:
            lock.release()

    def _note_what_was_there(self, now: Files) -> None:
        """What was changed by hand is an edition like any other, or going back would lose it."""
        latest = self.editions.current()
        if latest is None or latest.files != now:
            cause = Cause.BY_HAND if latest else Cause.FOUND
            self.editions.add(Edition(number=self.editions.next_number, at=self._clock(), cause=cause, files=dict(now)))

    def _intent(self, plan: Plan, now: Files) -> Intent:
        put = {name: self.editions.blobs.put(raw) for name, raw in plan.changes.items() if raw is not None}
        files = {name: checksum for name, checksum in now.items() if name not in plan.changes} | put
        changes = changes_between(now, files)
        if not changes and plan.cause is not Cause.BY_HAND:
            raise NothingChangedError
        edition = Edition(
            number=self.editions.next_number,
            at=self._clock(),
            cause=plan.cause,
            files=files,
            title=plan.title,
            slug=plan.slug,
            questions=plan.questions,
        )
        return Intent(edition=edition, changes=changes)

    def _carry_out(self, intent: Intent, progress: Progress) -> IngestReport:
        self._remove_copy()
        lay_out(intent.edition.files, self.editions.blobs, self._copy)
        if not source_hashes(self._copy):
            raise LastArticleError
        report = build_index(self._settings.model_copy(update={"corpus_dir": self._copy}), self._embedder, progress)
        for name, change in intent.changes.items():
            if self.corpus.digest(name) != change.before:
                raise ChangedMeanwhileError(name)
        self._place(intent)
        return report

    def _place(self, intent: Intent) -> None:
        """Put the files in their places, but for what somebody changed by hand after this was broken off."""
        self._journal.write(intent.model_copy(update={"is_placing": True}))
        for name, change in intent.changes.items():
            if self.corpus.digest(name) == change.before:
                self.corpus.put(name, self.editions.blobs.get(change.after) if change.after else None)
        self.corpus.tidy_up(intent.changes)

    def _finish(self, intent: Intent) -> None:
        if intent.changes:
            self.editions.add(intent.edition)
        self._journal.clear()
        # What is left over is removed the next time.
        with suppress(OSError):
            self._remove_copy()
            self.editions.forget_old()

    def _give_up(self, intent: Intent) -> None:
        """Put back what was changed. When even that cannot be, the journal stays for the next start."""
        with suppress(OSError, IngestError, LibraryError):
            for name, change in intent.changes.items():
                if self.corpus.digest(name) == change.after:
                    self.corpus.put(name, self.editions.blobs.get(change.before) if change.before else None)
            self.corpus.tidy_up(intent.changes)
            if intent.changes and intent.is_indexed(self._manifest()):
                build_index(self._settings, self._embedder)
            self._journal.clear()
            self._remove_copy()

    def _recover(self) -> Recovery | None:
        intent = self._journal.read()
        if intent is None:
            self._journal.clear()
            self._remove_copy()
            return None
        is_indexed = intent.is_indexed(self._manifest())
        if not intent.changes or not (intent.is_placing or is_indexed):
            self._journal.clear()
            self._remove_copy()
            return Recovery.DROPPED
        self._place(intent)
        if not is_indexed:  # somebody made another index before this was finished
            with suppress(IngestError):
                build_index(self._settings, self._embedder)
        self._finish(intent)
        return Recovery.FINISHED

    def _manifest(self) -> Manifest | None:
        try:
            return self._store.manifest()
        except IndexUnusableError:
            return None

    def _remove_copy(self) -> None:
        with suppress(FileNotFoundError):
            shutil.rmtree(self._copy)


def _reason(error: Exception) -> str:
    """On one line; what a library says of itself is not for staff."""
    return " ".join(str(error).split()) if isinstance(error, IngestError) else type(error).__name__
