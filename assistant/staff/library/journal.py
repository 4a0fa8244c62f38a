"""What a publication is about to do, written down first, so that the next start can finish or drop it.

::

    1. the bytes of every file, as it is and as it is to be, are kept          (``Blobs``)
    2. the journal says which files are to change, from what into what
    3. an index is made of a copy of the files as they are to be; it is put in use in one step
    4. the journal says that the files are being put in their places
    5. each is, in one step
    6. the edition is added, and the journal removed

Killed before the index of 3 is in use, everything is as it was. From then on the next start does what is left of 4 to
6, which may be done twice. The articles are never anything but the old ones, or the new ones with an index of them.
"""

from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.staff.library.corpus import Files, indexed_digest
from assistant.staff.library.editions import Edition
from assistant.staff.library.files import remove, tidy_up, write_whole
from ingest.manifest import Manifest


class Change(BaseModel):
    """Checksums of one file; "" where there is none."""

    model_config = ConfigDict(frozen=True)

    before: str
    after: str


class Intent(BaseModel):
    """``edition`` is how everything is to be; ``changes`` are by file name."""

    model_config = ConfigDict(frozen=True)

    edition: Edition
    changes: dict[str, Change]
    is_placing: bool = False

    def is_indexed(self, manifest: Manifest | None) -> bool:
        """Whether that index was made of the files as they are to be."""
        if manifest is None:
            return False
        return all(indexed_digest(manifest, name) == change.after for name, change in self.changes.items())


def changes_between(now: Files, then: Files) -> dict[str, Change]:
    return {
        name: Change(before=now.get(name, ""), after=then.get(name, ""))
        for name in sorted({*now, *then})
        if now.get(name) != then.get(name)
    }


@dataclass(frozen=True, slots=True)
class Journal:
    """Everything raises ``OSError``."""

    path: Path

    def read(self) -> Intent | None:
        """None when nothing is under way; written whole or not at all, so a damaged one was never ours."""
        try:
            return Intent.model_validate_json(self.path.read_bytes())
        except (FileNotFoundError, ValidationError):
            return None

    def write(self, intent: Intent) -> None:
        write_whole(self.path, intent.model_dump_json(indent=1).encode())

    def clear(self) -> None:
        tidy_up(self.path)
        remove(self.path)
