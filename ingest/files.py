"""Files in a folder of the practice: which are meant to be read, how they are called, whether they have changed."""

import hashlib
from pathlib import Path
from stat import S_ISREG

_LEFT_BEHIND = ("thumbs.db", "desktop.ini")


def is_left_behind(path: Path) -> bool:
    """README, hidden files, and what an operating system or editor leaves behind: nobody means them to be read."""
    name = path.name.lower()
    return name.startswith((".", "~$")) or name.endswith("~") or path.stem.lower() == "readme" or name in _LEFT_BEHIND


def shown(path: Path) -> Path:
    """With "?" for bytes in the name that are no text, so that it can be printed and stored."""
    return path.with_name(path.name.encode("utf-8", "replace").decode())


def checksum(path: Path) -> str:
    """SHA-256 in hexadecimal; raises ``OSError``."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest(path: Path) -> str:
    """``checksum``; "" where the bytes cannot be read."""
    try:
        if not S_ISREG(path.stat().st_mode):
            return ""
        return checksum(path)
    except OSError:
        return ""
