"""Bytes of a file → text: UTF-8 and nothing but text, else a refusal that names the line."""

import re
from pathlib import Path

from ingest.errors import ArticleError

# C0 and C1 controls but tab and newline, and the replacement character: traces of a wrong encoding or a binary file.
NOT_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffd]")


def decode(raw: bytes, path: Path) -> str:
    """UTF-8, with or without byte order mark; line ends become ``\\n``."""
    try:
        return only_text(raw.decode("utf-8-sig"), path)
    except UnicodeDecodeError as error:
        raise ArticleError(
            path,
            "hier staat een letter die niet als UTF-8 is opgeslagen.",
            "Open het bestand, kies 'Opslaan als' en sla het bestand op als UTF-8.",
            len((error.object[: error.start] + b"?").splitlines()),
        ) from error


def only_text(text: str, path: Path) -> str:
    """``text`` with ``\\n`` as line end; refused when a character in it is no text."""
    text = re.sub(r"\r\n?", "\n", text)
    wrong = NOT_TEXT.search(text)
    if wrong:
        raise ArticleError(
            path,
            "hier staat een teken dat geen tekst is.",
            "Open het bestand, haal het vreemde teken weg en sla het bestand op als UTF-8.",
            text.count("\n", 0, wrong.start()) + 1,
        )
    return text
