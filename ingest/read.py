"""Corpus folder → articles. A file that cannot be read is refused on its own; the others are read."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from ingest.article import Article
from ingest.convert import read_html, read_pdf, read_word
from ingest.decode import decode
from ingest.errors import SUPPORTED, ArticleError
from ingest.files import digest, is_left_behind, shown
from ingest.known_questions import FOLDER, SUFFIX
from ingest.markdown import parse_article
from ingest.plain_text import read_plain_text
from ingest.review_notes import is_notes_file

MAX_BYTES = 10_000_000
# The staff console keeps the practice's test questions beside the articles; nothing of them goes in the index.
_TEST_QUESTIONS = "test_questions"


@dataclass(frozen=True, slots=True)
class Corpus:
    """What stands in the corpus folder.

    ``sources`` has the SHA-256 of every file, refused ones too; "" where the bytes cannot be read.
    """

    articles: tuple[Article, ...]
    refused: tuple[ArticleError, ...]
    sources: dict[str, str]


def read_corpus(folder: Path, *, max_bytes: int = MAX_BYTES, prefer: Mapping[str, str] = {}) -> Corpus:
    """Every article directly in ``folder``, by file name; an absent folder is an empty one.

    ``prefer`` maps a slug to the file it came from before: when two files claim the slug, that one keeps it, else the
    first.
    """
    files = _candidates(folder)
    # Hashed before they are read: a file that changes in between is seen as changed next time.
    sources = {shown(path).name: digest(path) for path in files}
    articles: list[Article] = []
    refused: list[ArticleError] = []
    for path in files:
        try:
            articles.append(read_article(path, max_bytes=max_bytes))
        except ArticleError as error:
            refused.append(error)
    owners = _owners(articles, {error.path.name for error in refused}, prefer)
    refused += [_clash(folder, article, owners) for article in articles if owners[article.slug] != article.source]
    return Corpus(
        articles=tuple(article for article in articles if owners[article.slug] == article.source),
        refused=tuple(sorted(refused, key=lambda error: error.path.name)),
        sources=sources,
    )


def source_hashes(folder: Path) -> dict[str, str]:
    """``Corpus.sources`` without reading articles: has anything in ``folder`` changed?"""
    return {shown(path).name: digest(path) for path in _candidates(folder)}


def read_article(path: Path, *, max_bytes: int = MAX_BYTES) -> Article:
    """Raises ``ArticleError``, and nothing else, for whatever is wrong with the file."""
    read = _READERS.get(path.suffix.lower())
    if read is None:
        name = shown(path)
        kind = f"een bestand van het soort '{name.suffix}'" if name.suffix else "een bestand zonder soort in de naam"
        mend = f"Zet vragen bij de artikelen in de map '{FOLDER}'." if name.suffix.lower() == SUFFIX else ""
        raise ArticleError(name, f"{kind} kan niet worden gelezen.", mend or f"Sla het op als {SUPPORTED}.")
    return read(_bytes_of(path, max_bytes), path)


def _candidates(folder: Path) -> list[Path]:
    try:
        return sorted(filter(_is_candidate, folder.iterdir()), key=lambda path: path.name)
    except OSError:
        return []


def _is_candidate(path: Path) -> bool:
    """Everything but subfolders, review notes, test questions and what nobody means to be read."""
    if is_notes_file(path) or is_left_behind(path) or path.name.lower().startswith(_TEST_QUESTIONS):
        return False
    return path.suffix.lower() in _READERS or not os.path.isdir(path)


def _owners(articles: Sequence[Article], refused: set[str], prefer: Mapping[str, str]) -> dict[str, str]:
    """Slug → the file that may use it. A refused file keeps its claim: its earlier version stays in the index."""
    claims = {(article.slug, article.source) for article in articles}
    owners = {article.slug: article.source for article in reversed(articles)}
    kept = {slug: source for slug, source in prefer.items() if source in refused or (slug, source) in claims}
    return owners | kept


def _clash(folder: Path, article: Article, owners: Mapping[str, str]) -> ArticleError:
    return ArticleError(
        folder / article.source,
        f"het artikel heeft dezelfde 'slug' ({article.slug}) als {owners[article.slug]}.",
        "Geef een van beide een andere titel of 'slug', of verwijder het dubbele bestand.",
    )


def _bytes_of(path: Path, max_bytes: int) -> bytes:
    if path != shown(path):
        raise ArticleError(shown(path), "de bestandsnaam is beschadigd.", "Geef het bestand een gewone naam.")
    try:
        _check_file(path, max_bytes)
        raw = path.read_bytes()
    except FileNotFoundError as error:
        raise ArticleError(
            path, "het bestand waar dit naar verwijst is er niet (meer).", "Zet het artikel zelf in de map."
        ) from error
    except PermissionError as error:
        raise ArticleError(
            path, "het bestand mag niet worden gelezen.", "Geef de gebruiker van dit programma leesrechten."
        ) from error
    except OSError as error:
        raise ArticleError(
            path, "het bestand kan niet worden geopend.", "Kijk of u het zelf kunt openen en zet het opnieuw in de map."
        ) from error
    if not raw.strip():
        raise ArticleError(path, "het bestand is leeg.", "Vul het artikel aan of verwijder het bestand.")
    return raw


def _check_file(path: Path, max_bytes: int) -> None:
    status = path.stat()
    if not S_ISREG(status.st_mode):
        what = "dit is een map" if S_ISDIR(status.st_mode) else "dit is geen gewoon bestand"
        raise ArticleError(path, f"{what}, geen artikel.", "Geef het een andere naam of haal het uit de map.")
    if status.st_size > max_bytes:
        raise ArticleError(
            path,
            f"het bestand is groter dan {max_bytes / 1e6:g} MB.",
            "Haal er afbeeldingen uit of verdeel het over meer artikelen.",
        )


def _read_markdown(raw: bytes, path: Path) -> Article:
    return parse_article(decode(raw, path), path)


_READERS: dict[str, Callable[[bytes, Path], Article]] = {
    ".md": _read_markdown,
    ".txt": read_plain_text,
    ".html": read_html,
    ".htm": read_html,
    ".docx": read_word,
    ".pdf": read_pdf,
}
