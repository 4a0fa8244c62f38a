"""What staff is writing: kept at every save, until it is published or thrown away."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

from filelock import FileLock, Timeout
from pydantic import TypeAdapter, ValidationError

from assistant.staff.library.errors import BusyError, DraftTooLongError, FolderUnusableError, NoSuchDraftError
from assistant.staff.library.files import remove, write_whole

_ID = re.compile(r"[0-9a-f]{12}")
_SUFFIX = ".json"
_LOCK_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Base:
    """The article that a draft began from: its file, and the SHA-256 that it had."""

    source: str
    checksum: str


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything as it was typed, so that nothing is lost that is no date, or no address, yet.

    ``slug`` is "" for a new article. ``questions`` are what visitors asked that it is written for. ``saved_at`` is in
    seconds since 1970, ``saved_by`` one browser; ``revision`` counts saves.
    """

    id: str = ""
    title: str = ""
    body: str = ""
    tag: str = ""
    url: str = ""
    published: str = ""
    reviewed: str = ""
    reviewer: str = ""
    slug: str = ""
    base: Base | None = None
    questions: tuple[str, ...] = ()
    saved_at: float = 0.0
    saved_by: str = ""
    revision: int = 0

    @property
    def is_new(self) -> bool:
        return self.base is None

    @property
    def words(self) -> tuple[str, ...]:
        """What staff can type."""
        return (self.title, self.body, self.tag, self.url, self.published, self.reviewed, self.reviewer)


@dataclass(frozen=True, slots=True)
class Saved:
    """``is_copy``: somebody else had saved it meanwhile, so this became a draft beside theirs."""

    draft: Draft
    is_copy: bool = False


_DRAFT = TypeAdapter(Draft)


class Drafts:
    """A file for each. Safe to use from several threads and processes. Raises ``LibraryError``."""

    def __init__(self, folder: Path, max_bytes: int, clock: Callable[[], float]) -> None:
        self._folder = folder
        self._max_bytes = max_bytes
        self._clock = clock

    def all(self) -> list[Draft]:
        """The last saved first; a damaged file is in ``damaged`` instead."""
        found = [draft for draft in map(self._read, self._paths()) if draft]
        return sorted(found, key=lambda draft: draft.saved_at, reverse=True)

    def damaged(self) -> list[Path]:
        return [path for path in self._paths() if self._read(path) is None]

    def get(self, draft_id: str) -> Draft:
        """Raises ``NoSuchDraftError``, also for what is no id: it comes from a browser."""
        draft = self._read(self._path(draft_id))
        if draft is None:
            raise NoSuchDraftError
        return draft

    def save(self, draft: Draft) -> Saved:
        """Keep it under its id, or under one of its own when it has none or somebody else saved that one since."""
        if len(json.dumps(draft.words, ensure_ascii=False).encode("utf-8", "replace")) > self._max_bytes:
            raise DraftTooLongError(self._max_bytes)
        with self._writing():
            stored = self._read(self._path(draft.id)) if draft.id else None
            is_copy = stored is not None and _is_others(stored, draft)
            revision = 1 if stored is None or is_copy else stored.revision + 1
            own_id = uuid4().hex[:12] if is_copy or not draft.id else draft.id
            kept = replace(draft, id=own_id, revision=revision, saved_at=self._clock())
            write_whole(self._path(own_id), _DRAFT.dump_json(_encodable(kept), indent=1))
            return Saved(kept, is_copy)

    def discard(self, draft_id: str, revision: int | None = None) -> None:
        """Throw it away; only if it is still the one that was saved so many times, where that is given."""
        path = self._path(draft_id)
        with self._writing():
            stored = self._read(path)
            if revision is None or stored is None or stored.revision == revision:
                remove(path)

    def about(self, slug: str) -> list[Draft]:
        return [draft for draft in self.all() if draft.slug == slug]

    def _path(self, draft_id: str) -> Path:
        if not _ID.fullmatch(draft_id):
            raise NoSuchDraftError
        return self._folder / f"{draft_id}{_SUFFIX}"

    def _paths(self) -> Sequence[Path]:
        try:
            return [path for path in sorted(self._folder.iterdir()) if path.suffix == _SUFFIX]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise FolderUnusableError(self._folder, error) from error

    def _read(self, path: Path) -> Draft | None:
        try:
            draft = _DRAFT.validate_json(path.read_bytes())
        except (OSError, ValidationError):
            return None
        return draft if draft.id == path.stem else None

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with FileLock(self._folder / "lock", timeout=_LOCK_SECONDS):
                yield
        except Timeout:
            raise BusyError from None
        except OSError as error:
            raise FolderUnusableError(self._folder, error) from error


def _is_others(stored: Draft, draft: Draft) -> bool:
    """Whether somebody else wrote something since."""
    since = stored.revision != draft.revision and stored.saved_by != draft.saved_by
    return since and stored.words != draft.words


def _encodable(draft: Draft) -> Draft:
    """Half a character, as a browser may send, becomes "?"."""
    names = ("title", "body", "tag", "url", "published", "reviewed", "reviewer")
    return replace(draft, **{name: getattr(draft, name).encode("utf-8", "replace").decode() for name in names})
