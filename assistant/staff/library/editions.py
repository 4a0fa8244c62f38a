"""What the articles were after each publication: the last of them is how they are, the others can be gone back to."""

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.staff.library.corpus import Blobs
from assistant.staff.library.errors import NoSuchEditionError
from assistant.staff.library.files import write_whole

# Besides the one that is current.
KEPT_BEFORE = 5

_SUFFIX = ".json"


class Cause(StrEnum):
    FOUND = "found"  # as it was when the console first published something
    BY_HAND = "by_hand"  # files were changed outside the console
    PUBLISHED = "published"
    REMOVED = "removed"
    WENT_BACK = "went_back"


class Edition(BaseModel):
    """``files`` are the checksums of all files by name; ``at`` is in seconds since 1970.

    ``title`` is that of the article it is about, or of the edition that was gone back to; ``questions`` are what
    visitors asked that the article was written for.
    """

    model_config = ConfigDict(frozen=True)

    number: int
    at: float
    cause: Cause
    files: dict[str, str]
    title: str = ""
    slug: str = ""
    questions: tuple[str, ...] = ()


class Editions:
    """A file for each. Everything raises ``OSError``."""

    def __init__(self, folder: Path) -> None:
        self.blobs = Blobs(folder / "blobs")
        self._folder = folder

    def all(self) -> list[Edition]:
        """Newest first; one that is damaged cannot be gone back to, so it is not there."""
        return sorted(self._read(), key=lambda edition: edition.number, reverse=True)

    def current(self) -> Edition | None:
        return next(iter(self.all()), None)

    def get(self, number: int) -> Edition:
        """Raises ``NoSuchEditionError``."""
        for edition in self.all():
            if edition.number == number:
                return edition
        raise NoSuchEditionError

    @property
    def next_number(self) -> int:
        """Also above that of a damaged one."""
        return max((int(path.stem) for path in self._paths()), default=0) + 1

    def add(self, edition: Edition) -> None:
        write_whole(self._folder / f"{edition.number:06}{_SUFFIX}", edition.model_dump_json(indent=1).encode())

    def forget_old(self) -> None:
        """Keep the current one and those before it, and no bytes that none of them has."""
        kept = self.all()[: KEPT_BEFORE + 1]
        if not kept:
            return
        for path in self._paths():
            if int(path.stem) < kept[-1].number:
                path.unlink(missing_ok=True)
        self.blobs.keep_only({checksum for edition in kept for checksum in edition.files.values()})

    def _read(self) -> Iterator[Edition]:
        for path in self._paths():
            try:
                edition = Edition.model_validate_json(path.read_bytes())
            except ValidationError:
                continue
            if edition.number == int(path.stem):
                yield edition

    def _paths(self) -> list[Path]:
        if not self._folder.is_dir():
            return []
        return [path for path in self._folder.iterdir() if path.suffix == _SUFFIX and path.stem.isdecimal()]
