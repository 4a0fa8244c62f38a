"""How the words of an article are written: one spelling for what looks the same; headings, titles and slugs."""

import re
import unicodedata
from pathlib import Path

MAX_TITLE = 200

_MAX_HEADING_WORDS = 12
_CLOSES_A_SENTENCE = (".", ":", ";", ",", "…", "!")

# Soft hyphens, zero-width spaces and byte order marks: nobody sees or types them, and they hide a word from search.
_INVISIBLE = str.maketrans("", "", "\u00ad\u200b\u2060\ufeff")


def tidy(text: str) -> str:
    """One spelling for what looks the same: composed letters and nothing invisible. No-break spaces stay."""
    return unicodedata.normalize("NFC", text.translate(_INVISIBLE))


def on_one_line(text: str) -> str:
    return " ".join(tidy(text).split())


def looks_like_heading(line: str) -> bool:
    """Short and without the punctuation that closes a sentence; a question may be a heading."""
    short = len(line.split()) <= _MAX_HEADING_WORDS
    return short and not line.endswith(_CLOSES_A_SENTENCE) and any(map(str.isalpha, line))


def title_from_name(path: Path) -> str:
    """``pijn-in-de-nek.pdf`` → ``Pijn in de nek``."""
    return re.sub(r"[-_\s]+", " ", path.stem).strip().capitalize()[:MAX_TITLE] or path.name


def slug_of(title: str) -> str:
    """``"Rugpijn, wat te doen?"`` → ``"rugpijn-wat-te-doen"``."""
    ascii_only = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:120].rstrip("-")
