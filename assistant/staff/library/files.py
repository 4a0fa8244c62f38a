"""Files that are there whole or not at all, also after a power cut. Everything raises ``OSError``."""

import hashlib
import os
import shutil
from contextlib import suppress
from pathlib import Path


def digest_of(raw: bytes) -> str:
    """SHA-256 in hexadecimal, as ``ingest.files.checksum`` has it."""
    return hashlib.sha256(raw).hexdigest()


def write_whole(path: Path, raw: bytes) -> None:
    """Whoever reads ``path`` meanwhile has what stood there, or all of ``raw``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = _fresh(path)
    try:
        with fresh.open("wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileNotFoundError):
            shutil.copymode(path, fresh)
        fresh.replace(path)
    except BaseException:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise
    flush_folder(path.parent)


def remove(path: Path) -> None:
    """No such file is well, too."""
    path.unlink(missing_ok=True)
    if path.parent.is_dir():
        flush_folder(path.parent)


def tidy_up(path: Path) -> None:
    """Away with what a writer of ``path`` left behind when it was killed."""
    _fresh(path).unlink(missing_ok=True)


def flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _fresh(path: Path) -> Path:
    """In the same folder and always the same; short, and hidden from whoever reads the articles."""
    return path.with_name(f".{digest_of(os.fsencode(path.name))[:16]}.new")
