"""A damaged file, put aside under another name so that a new one can begin; it goes the way of what is in it."""

import re
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock

_BESIDE = ("-wal", "-shm")
_LOCK_SECONDS = 5
_MOMENT = "%Y%m%dT%H%M%S%f"
_ASIDE = re.compile(r"\.damaged-(?P<moment>\d{8}T\d{12})(?:-wal|-shm)?")


def is_damage(error: Exception) -> bool:
    """Whether SQLite says that the file is no database, or a broken one; a full disk or a lock is no damage."""
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def inode_of(path: Path) -> int:
    """0 when there is no file."""
    try:
        return path.stat().st_ino
    except OSError:
        return 0


def set_aside(path: Path, inode: int, now: float) -> Path | None:
    """Rename the damaged file that has this ``inode``; None when it is gone: another process was first.

    ``now`` is in seconds since 1970. Raises ``OSError``.
    """
    with FileLock(f"{path}.lock", timeout=_LOCK_SECONDS):
        if inode_of(path) != inode:
            return None
        aside = path.with_name(f"{path.name}.damaged-{datetime.fromtimestamp(now, UTC):{_MOMENT}}")
        # The file last: who is killed halfway leaves one that is found damaged again, not a new one with an old log.
        for beside in _BESIDE:
            if (log := path.with_name(path.name + beside)).exists():
                log.rename(aside.with_name(aside.name + beside))
        return path.rename(aside)


def remove_set_aside(path: Path, before: float) -> int:
    """Delete what was set aside before that second since 1970, and say how many files that were. Raises ``OSError``."""
    old = [each for each, moment in all_set_aside(path) if moment < before]
    for each in old:
        each.unlink(missing_ok=True)
    return len(old)


def all_set_aside(path: Path) -> Iterator[tuple[Path, float]]:
    """With when that was."""
    for each in path.parent.iterdir():
        if each.name.startswith(path.name) and (said := _ASIDE.fullmatch(each.name.removeprefix(path.name))):
            yield each, datetime.strptime(said["moment"], _MOMENT).replace(tzinfo=UTC).timestamp()
