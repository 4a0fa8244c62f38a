"""The index folder on disk: a folder per version, and a pointer to the one in use that is swapped in whole.

::

    index_dir/
      current                  "<version> <SHA-256 of its manifest>", replaced in one step
      lock                     held by the one process that writes
      20261122T220501-123456/  a version; its manifest has the checksum of every other file

A version is written whole and flushed before ``current`` names it, so a crash at any moment leaves the old one in use.
What lies in a version is the business of ``ingest.manifest`` and ``ingest.index``.
"""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from ingest.errors import IndexNotSavedError, IndexUnusableError, IngestBusyError
from ingest.files import checksum

MANIFEST = "manifest.json"
# The one in use, and two before it for readers that are just opening one.
KEPT_VERSIONS = 3

_POINTER = "current"
_VERSION = re.compile(r"[0-9]{8}T[0-9]{6}-[0-9]{6}")
_POINTED = re.compile(rf"({_VERSION.pattern}) ([0-9a-f]{{64}})\n")


def version_in_use(index_dir: Path) -> tuple[Path, str]:
    """The folder in use and the SHA-256 that its manifest must have; raises ``IndexUnusableError``."""
    try:
        pointed = _POINTED.fullmatch((index_dir / _POINTER).read_bytes().decode())
    except FileNotFoundError:
        raise IndexUnusableError(index_dir, "er is nog geen index gemaakt.") from None
    except (OSError, UnicodeDecodeError):
        raise IndexUnusableError(index_dir, f"het bestand '{_POINTER}' is onleesbaar.") from None
    if not pointed:
        raise IndexUnusableError(index_dir, f"het bestand '{_POINTER}' is beschadigd of van een ander programma.")
    folder = index_dir / pointed[1]
    if not folder.is_dir():
        raise IndexUnusableError(index_dir, f"het bestand '{_POINTER}' wijst naar een versie die er niet is.")
    return folder, pointed[2]


@contextmanager
def writing(index_dir: Path) -> Iterator[None]:
    """Only one process at a time may write; what a crash left behind is removed first.

    Raises ``IngestBusyError`` for the second process, ``IndexNotSavedError`` when the folder cannot be written.
    """
    lock = FileLock(index_dir / "lock")
    try:
        index_dir.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout:
        raise IngestBusyError(index_dir) from None
    except OSError as error:
        raise IndexNotSavedError(index_dir, error) from error
    try:
        _remove_all_but_the_last(index_dir)
        yield
    finally:
        lock.release()


@contextmanager
def new_version(index_dir: Path) -> Iterator[Path]:
    """A folder to write a version in, its manifest last; put in use when the block ends, removed when it fails.

    The caller holds ``writing``. Raises ``IndexNotSavedError`` for any ``OSError``; the old version then stays in use.
    """
    with saving(index_dir), unused_version(index_dir) as folder:
        yield folder
        put_in_use(folder)


@contextmanager
def unused_version(index_dir: Path) -> Iterator[Path]:
    """A folder to write a version in, removed when the block ends and it was not put in use.

    The caller holds ``writing``. Raises ``OSError``.
    """
    folder = index_dir / f"{datetime.now(UTC):%Y%m%dT%H%M%S-%f}"
    try:
        folder.mkdir()
        yield folder
    finally:
        if _name_in_use(index_dir) != folder.name:
            shutil.rmtree(folder, ignore_errors=True)


def put_in_use(folder: Path) -> None:
    """A version that is written whole. Raises ``OSError``; the old version then stays in use."""
    _flush(folder)
    _point_to(folder)
    with suppress(OSError):
        _flush_one(folder.parent)
    _remove_all_but_the_last(folder.parent)


@contextmanager
def saving(index_dir: Path) -> Iterator[None]:
    """Raises ``IndexNotSavedError`` for any ``OSError`` within."""
    try:
        yield
    except OSError as error:
        raise IndexNotSavedError(index_dir, error) from error


def _flush(folder: Path) -> None:
    """Force everything in ``folder`` to disk, so that a power cut after the swap cannot lose it."""
    for path in [*folder.rglob("*"), folder, folder.parent]:
        _flush_one(path)


def _flush_one(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _point_to(folder: Path) -> None:
    fresh = folder.parent / f"{_POINTER}.new"
    fresh.write_text(f"{folder.name} {checksum(folder / MANIFEST)}\n", "utf-8")
    _flush_one(fresh)
    fresh.replace(folder.parent / _POINTER)


def _name_in_use(index_dir: Path) -> str | None:
    """ "" before the first version; None when the pointer is damaged."""
    try:
        return version_in_use(index_dir)[0].name
    except IndexUnusableError:
        return None if os.path.lexists(index_dir / _POINTER) else ""


def _remove_all_but_the_last(index_dir: Path) -> None:
    """Keep the version in use and the few before it; a later one was never finished. Other folders are not ours.

    A damaged pointer says nothing of what is finished, so everything stays until a new version is in use.
    """
    in_use = _name_in_use(index_dir)
    if in_use is None:
        return
    versions = sorted(filter(_VERSION.fullmatch, os.listdir(index_dir)))
    before = [name for name in versions if name < in_use]
    for name in versions:
        if name != in_use and name not in before[1 - KEPT_VERSIONS :]:
            shutil.rmtree(index_dir / name, ignore_errors=True)
