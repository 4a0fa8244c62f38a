"""HTML pages, Word documents and PDFs → Markdown → ``Article``, through markitdown.

The libraries are imported when the first such file is read: a corpus of Markdown never waits for them.
"""

import html
import io
import logging
import re
import unicodedata
import warnings
from collections.abc import Callable
from pathlib import Path
from xml.parsers.expat import ParserCreate
from zipfile import ZipFile

from ingest.article import Article
from ingest.decode import NOT_TEXT, decode, only_text
from ingest.errors import SUPPORTED, ArticleError
from ingest.markdown import compose_article
from ingest.plain_text import as_markdown, escaped, text_blocks

_MAX_UNPACKED_BYTES = 100_000_000

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


def read_html(raw: bytes, path: Path) -> Article:
    page = only_text(_html_text(raw, path), path)
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
    return decode(raw, path)


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


def read_word(raw: bytes, path: Path) -> Article:
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


def read_pdf(raw: bytes, path: Path) -> Article:
    if b"%PDF-" not in raw[:1024]:
        raise ArticleError(path, "dit is geen PDF, al heet het wel zo.", f"Sla het artikel op als {SUPPORTED}.")
    _, text = _converted(lambda: ("", _pdf_text(raw, path)), path)
    blocks = text_blocks(text)
    if blocks and blocks[0].like_heading and not _DATE.search(blocks[0].words):
        return compose_article(f"# {escaped(blocks[0].words)}\n\n{as_markdown(blocks[1:])}", path)
    return compose_article(as_markdown(blocks), path)


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
    return NOT_TEXT.sub(" ", text)


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
