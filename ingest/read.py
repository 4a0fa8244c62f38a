"""Corpus folder → articles. A file that cannot be read is refused on its own; the others are read."""

import hashlib
import html
import io
import logging
import os
import re
import unicodedata
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from xml.parsers.expat import ParserCreate
from zipfile import ZipFile

from ingest.article import Article
from ingest.errors import ArticleError
from ingest.markdown import (
    MAX_TITLE,
    FrontMatter,
    compose_article,
    looks_like_heading,
    parse_article,
    split_front_matter,
    tidy,
    title_from_name,
)

MAX_BYTES = 10_000_000
_MAX_UNPACKED_BYTES = 100_000_000

_NOT_ARTICLES = ("thumbs.db", "desktop.ini")
_SUPPORTED = ".md, .txt, .html, .docx of .pdf"

# C0 and C1 controls but tab and newline, and the replacement character: traces of a wrong encoding or a binary file.
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffd]")

_MARKDOWN_SPECIAL = re.compile(r"([!-/:-@\[-`{-~])")
_BULLET = re.compile(r"[•*\-–●▪◦‣·\uf0b7]\s+(?=\S)")
_NUMBER = re.compile(r"(\d{1,3}[.)])\s+(?=\S)")
_RULE = re.compile(r"[-–—=_*~#•.\s]{2,}|[-–—=_*~#•]")
_TAG = re.compile(r"tag\s*:\s*(\S.*)", re.IGNORECASE)
_PROSE_ENDS = (".", ":", ";", ",", "…")
_WRAPPED_AT = 60

_HTML_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_HTML_AROUND = (
    "head, title, script, style, template, noscript, nav, header:not(:has(h1)), footer, aside, "
    "form, button, dialog, [hidden]"
)
_WORD_STYLES = "p[style-name='Title'] => h1:fresh\np[style-name='caption'] => p:fresh > em"
_WORD_PROPERTIES = "docProps/core.xml"
_OLD_OR_ENCRYPTED_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DATE = re.compile(r"\d[/:]\d")
_PDF_TABLE_ROW = re.compile(r"^\|(.*)\|$", re.MULTILINE)
_PDF_LIGATURE = re.compile("[\ufb00-\ufb06]")
_PDF_LOST_LETTER = re.compile(r"\(cid:\d+\)")


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
    sources = {_shown(path).name: _digest(path) for path in files}
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
    return {_shown(path).name: _digest(path) for path in _candidates(folder)}


def read_article(path: Path, *, max_bytes: int = MAX_BYTES) -> Article:
    """Raises ``ArticleError``, and nothing else, for whatever is wrong with the file."""
    read = _READERS.get(path.suffix.lower())
    if read is None:
        shown = _shown(path)
        kind = f"een bestand van het soort '{shown.suffix}'" if shown.suffix else "een bestand zonder soort in de naam"
        raise ArticleError(shown, f"{kind} kan niet worden gelezen.", f"Sla het op als {_SUPPORTED}.")
    return read(_bytes_of(path, max_bytes), path)


def _candidates(folder: Path) -> list[Path]:
    try:
        return sorted(filter(_is_candidate, folder.iterdir()), key=lambda path: path.name)
    except OSError:
        return []


def _is_candidate(path: Path) -> bool:
    """Everything but subfolders, README and what an operating system or editor leaves behind."""
    name = path.name.lower()
    if name.startswith((".", "~$")) or name.endswith("~") or path.stem.lower() == "readme" or name in _NOT_ARTICLES:
        return False
    return path.suffix.lower() in _READERS or not os.path.isdir(path)


def _shown(path: Path) -> Path:
    """With "?" for bytes in the name that are no text, so that it can be printed and stored."""
    return path.with_name(path.name.encode("utf-8", "replace").decode())


def _digest(path: Path) -> str:
    try:
        if not S_ISREG(path.stat().st_mode):
            return ""
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


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
    if path != _shown(path):
        raise ArticleError(_shown(path), "de bestandsnaam is beschadigd.", "Geef het bestand een gewone naam.")
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


def _markdown(raw: bytes, path: Path) -> Article:
    return parse_article(_text(raw, path), path)


def _text(raw: bytes, path: Path) -> str:
    try:
        return _clean(raw.decode("utf-8-sig"), path)
    except UnicodeDecodeError as error:
        raise ArticleError(
            path,
            "hier staat een letter die niet als UTF-8 is opgeslagen.",
            "Open het bestand, kies 'Opslaan als' en sla het bestand op als UTF-8.",
            len((error.object[: error.start] + b"?").splitlines()),
        ) from error


def _clean(text: str, path: Path) -> str:
    text = re.sub(r"\r\n?", "\n", text)
    wrong = _NOT_TEXT.search(text)
    if wrong:
        raise ArticleError(
            path,
            "hier staat een teken dat geen tekst is.",
            "Open het bestand, haal het vreemde teken weg en sla het bestand op als UTF-8.",
            text.count("\n", 0, wrong.start()) + 1,
        )
    return text


@dataclass(slots=True)
class _TextBlock:
    """A paragraph, or a list item with its ``bullet``; ``apart`` when an empty line stands before it."""

    lines: list[str]
    bullet: str
    apart: bool

    @property
    def words(self) -> str:
        return " ".join(self.lines)

    @property
    def is_numbered(self) -> bool:
        return self.bullet not in ("", "-")

    @property
    def like_heading(self) -> bool:
        alone = self.apart and len(self.lines) == 1 and self.bullet != "-"
        return alone and looks_like_heading(self.words) and "://" not in self.words

    def goes_on(self, line: str) -> bool:
        """Whether ``line``, directly below, belongs to this block."""
        words = line.strip()
        bullet, rest = _bullet(words)
        if bullet:
            wrapped = len(self.lines[-1]) >= _WRAPPED_AT and not self.lines[-1].endswith(_PROSE_ENDS)
            return wrapped and not self.bullet and rest[0].islower()
        if self.bullet:
            return line[0].isspace() or words[0].islower()
        return True


def _plain_text(raw: bytes, path: Path) -> Article:
    about, body = split_front_matter(_text(raw, path), path)
    blocks = _text_blocks(body)
    if about is None and blocks:
        about = _title_and_tag(blocks, path)
    return compose_article(_as_markdown(blocks), path, about)


def _text_blocks(text: str) -> list[_TextBlock]:
    blocks: list[_TextBlock] = []
    apart = True
    for line in tidy(text).split("\n"):
        words = line.strip()
        if not words or _RULE.fullmatch(words):
            apart = True
        elif blocks and not apart and blocks[-1].goes_on(line):
            blocks[-1].lines.append(words)
        else:
            bullet, rest = _bullet(words)
            blocks.append(_TextBlock([rest], bullet, apart))
            apart = False
    return [part for block in blocks for part in _cut_at_line_ends(block)]


def _bullet(words: str) -> tuple[str, str]:
    number = _NUMBER.match(words)
    if number:
        return number[1], words[number.end() :]
    bullet = _BULLET.match(words)
    return ("-", words[bullet.end() :]) if bullet else ("", words)


def _cut_at_line_ends(block: _TextBlock) -> Iterator[_TextBlock]:
    """A new line that begins although its first word fitted on the line before is a new paragraph."""
    lines = block.lines
    width = max(map(len, lines))
    cuts = [
        number
        for number, (above, line) in enumerate(pairwise(lines), 1)
        if not block.bullet and not line[0].islower() and len(above) + 1 + len(line.split()[0]) <= width
    ]
    for start, end in pairwise([0, *cuts, len(lines)]):
        yield _TextBlock(lines[start:end], block.bullet, block.apart and start == 0)


def _title_and_tag(blocks: list[_TextBlock], path: Path) -> FrontMatter:
    """Takes the title, and a line ``Tag : Rugpijn`` above it, out of ``blocks``.

    A first line that reads as a sentence is the title and stays in the text as well; one that cannot be a title (a list
    item, half a sentence) only stays.
    """
    tag = _TAG.fullmatch(blocks[0].lines[0])
    if tag and (len(blocks) > 1 or len(blocks[0].lines) > 1):
        _drop_first_line(blocks)
    first = blocks[0]
    title = first.lines[0]
    half = len(first.lines) > 1 and first.lines[1][0].islower()
    if first.bullet or half or len(title) > MAX_TITLE:
        title = title_from_name(path)
    elif not title.endswith(_PROSE_ENDS):
        _drop_first_line(blocks)
    return FrontMatter(title=title, tag=tag[1] if tag else "")


def _drop_first_line(blocks: list[_TextBlock]) -> None:
    del blocks[0].lines[0]
    if not blocks[0].lines:
        del blocks[0]


def _as_markdown(blocks: Sequence[_TextBlock]) -> str:
    return "\n\n".join(
        _markdown_line(block, heading=_is_heading(blocks, position)) for position, block in enumerate(blocks)
    )


def _is_heading(blocks: Sequence[_TextBlock], position: int) -> bool:
    """Alone between empty lines, with text below: a second such line only if the article ends with it."""
    block, above, below = blocks[position], blocks[max(position - 1, 0) : position], blocks[position + 1 : position + 2]
    if not block.like_heading or not below or not below[0].apart:
        return False
    if block.is_numbered and any(other.is_numbered for other in [*above, *below]):
        return False
    return not below[0].like_heading or below[0].is_numbered or position + 2 == len(blocks)


def _markdown_line(block: _TextBlock, *, heading: bool) -> str:
    number = f"{block.bullet} " if block.is_numbered else ""
    if heading:
        return f"## {_escaped(number + block.words)}"
    return f"{number or '- ' if block.bullet else ''}{_escaped(block.words)}"


def _escaped(words: str) -> str:
    return _MARKDOWN_SPECIAL.sub(r"\\\1", words)


def _html(raw: bytes, path: Path) -> Article:
    page = _clean(_html_text(raw, path), path)
    title, markdown = _converted(lambda: _html_markdown(page), path)
    return compose_article(markdown, path, title=title)


def _html_text(raw: bytes, path: Path) -> str:
    """UTF-8, else what the page says of itself; browsers read Latin-1 as Windows-1252."""
    declared = _HTML_CHARSET.search(raw[:4096])
    encoding = declared[1].decode("ascii", "replace").lower() if declared else "utf-8"
    for name in ("utf-8-sig", {"iso-8859-1": "cp1252", "latin1": "cp1252"}.get(encoding, encoding)):
        try:
            return raw.decode(name)
        except (UnicodeError, LookupError):
            continue
    return _text(raw, path)


def _html_markdown(page: str) -> tuple[str, str]:
    """Title and Markdown of what a reader came for: menus, forms and figure captions are set apart."""
    from bs4 import BeautifulSoup
    from markitdown.converters import HtmlConverter

    soup = BeautifulSoup(page, "html.parser")
    title = soup.title.get_text() if soup.title else ""
    articles = soup("article")
    content = soup.find("main") or (articles[0] if len(articles) == 1 else soup.body or soup)
    for around in content.select(_HTML_AROUND):
        around.extract()
    for caption in content("figcaption"):
        for italics in caption(["em", "i"]):
            italics.unwrap()
        caption.name = "em"
        caption.wrap(soup.new_tag("p"))
    return title, HtmlConverter().convert_string(str(content), strict=True, escape_misc=True).markdown


def _word(raw: bytes, path: Path) -> Article:
    if raw.startswith(_OLD_OR_ENCRYPTED_OFFICE):
        raise ArticleError(
            path,
            "dit is een oud Word-bestand (.doc) of er staat een wachtwoord op.",
            "Haal het wachtwoord eraf en sla het in Word op als .docx.",
        )
    title, markdown = _converted(lambda: _word_markdown(raw, path), path)
    return compose_article(markdown, path, title=title)


def _word_markdown(raw: bytes, path: Path) -> tuple[str, str]:
    from markitdown import StreamInfo
    from markitdown.converters import DocxConverter

    with ZipFile(io.BytesIO(raw)) as archive:
        if sum(part.file_size for part in archive.infolist()) > _MAX_UNPACKED_BYTES:
            raise ArticleError(
                path,
                f"het bestand is uitgepakt groter dan {_MAX_UNPACKED_BYTES / 1e6:g} MB.",
                "Haal er afbeeldingen uit en sla het opnieuw op.",
            )
        for part in archive.namelist():
            if part.endswith(".xml"):
                ParserCreate().Parse(archive.read(part), True)  # markitdown would make something of broken XML
        properties = archive.read(_WORD_PROPERTIES).decode() if _WORD_PROPERTIES in archive.namelist() else ""
    title = re.search(r"<dc:title>([^<]*)</dc:title>", properties)
    markdown = DocxConverter().convert(  # type: ignore[no-untyped-call]
        io.BytesIO(raw), StreamInfo(extension=".docx"), strict=True, escape_misc=True, style_map=_WORD_STYLES
    )
    return html.unescape(title[1]) if title else "", markdown.markdown


def _pdf(raw: bytes, path: Path) -> Article:
    if b"%PDF-" not in raw[:1024]:
        raise ArticleError(path, "dit is geen PDF, al heet het wel zo.", f"Sla het artikel op als {_SUPPORTED}.")
    _, text = _converted(lambda: ("", _pdf_text(raw, path)), path)
    blocks = _text_blocks(text)
    if blocks and blocks[0].like_heading and not _DATE.search(blocks[0].words):
        return compose_article(f"# {_escaped(blocks[0].words)}\n\n{_as_markdown(blocks[1:])}", path)
    return compose_article(_as_markdown(blocks), path)


def _pdf_text(raw: bytes, path: Path) -> str:
    from markitdown import StreamInfo
    from markitdown.converters import PdfConverter
    from pdfminer.pdfdocument import PDFPasswordIncorrect

    logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it warns of every oddity in a PDF, in English
    try:
        text = PdfConverter().convert(io.BytesIO(raw), StreamInfo(extension=".pdf")).markdown
    except PDFPasswordIncorrect as error:
        raise ArticleError(
            path, "er staat een wachtwoord op.", "Sla het artikel op als PDF zonder wachtwoord."
        ) from error
    lost = len(_PDF_LOST_LETTER.findall(text))
    if not any(map(str.isalnum, _PDF_LOST_LETTER.sub("", text))) or lost > len(text.split()) / 10:
        raise ArticleError(
            path,
            "er staat geen leesbare tekst in; waarschijnlijk is het een scan of foto.",
            "Sla het artikel vanuit Word op als .docx, of typ de tekst over.",
        )
    return _tidy_pdf(text)


def _tidy_pdf(text: str) -> str:
    text = _PDF_LOST_LETTER.sub("", text).replace("\f", "\n\n")
    text = _PDF_LIGATURE.sub(lambda letters: unicodedata.normalize("NFKC", letters[0]), text)
    text = _PDF_TABLE_ROW.sub(lambda row: "" if set(row[1]) <= set("-|") else f"• {row[1].replace('|', ' | ')}", text)
    return _NOT_TEXT.sub(" ", text)


def _converted(convert: Callable[[], tuple[str, str]], path: Path) -> tuple[str, str]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return convert()
    except ArticleError:
        raise
    except Exception as error:  # the converters pass on whatever the libraries below them raise; none share a base
        raise ArticleError(
            path,
            "het bestand is beschadigd of heeft een opmaak die niet te lezen is.",
            "Open het zelf en sla het opnieuw op, het liefst als .docx of .md.",
        ) from error


_READERS: dict[str, Callable[[bytes, Path], Article]] = {
    ".md": _markdown,
    ".txt": _plain_text,
    ".html": _html,
    ".htm": _html,
    ".docx": _word,
    ".pdf": _pdf,
}
