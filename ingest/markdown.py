"""Markdown with front matter → ``Article``."""

import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Annotated

import nh3
import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, HttpUrl, ValidationError, model_validator

from ingest.article import Article, Block, BlockKind
from ingest.errors import ArticleError

MAX_TITLE = 200
_FENCE = "---"

# markdown-it drops what is nested deeper without a word, so an article that comes this deep is refused.
_MAX_NESTING = 100

_MAX_HEADING_WORDS = 12
_CLOSES_A_SENTENCE = (".", ":", ";", ",", "…", "!")

# Soft hyphens, zero-width spaces and byte order marks: nobody sees or types them, and they hide a word from search.
_INVISIBLE = str.maketrans("", "", "\u00ad\u200b\u2060\ufeff")

_BULLET_OF_WORD = re.compile(r"^([ \t]*)[•●▪][ \t]+", re.MULTILINE)
_HTML_BREAK = re.compile(r"<(?=/?(?:br|p|div|li|dt|dd|tr|td|th|h[1-6]|blockquote|section|article)\b)", re.IGNORECASE)


def tidy(text: str) -> str:
    """One spelling for what looks the same: composed letters and nothing invisible. No-break spaces stay."""
    return unicodedata.normalize("NFC", text.translate(_INVISIBLE))


def looks_like_heading(line: str) -> bool:
    """Short and without the punctuation that closes a sentence; a question may be a heading."""
    short = len(line.split()) <= _MAX_HEADING_WORDS
    return short and not line.endswith(_CLOSES_A_SENTENCE) and any(map(str.isalpha, line))


def _on_one_line(text: str) -> str:
    return " ".join(tidy(text).split())


_Line = Annotated[str, AfterValidator(_on_one_line)]


class FrontMatter(BaseModel):
    """The lines between ``---`` at the top of an article. Everything may be left out, or left empty, but ``title``."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    title: Annotated[_Line, Field(min_length=1, max_length=MAX_TITLE)]
    slug: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=120)] | None = None
    tag: _Line = ""
    url: HttpUrl | None = None
    published: date | None = None
    reviewed: date | None = None
    reviewer: _Line | None = None

    @model_validator(mode="before")
    @classmethod
    def _empty_is_not_given(cls, data: object) -> object:
        return {key: value for key, value in data.items() if value != ""} if isinstance(data, dict) else data


def slug_of(title: str) -> str:
    """``"Rugpijn, wat te doen?"`` → ``"rugpijn-wat-te-doen"``."""
    ascii_only = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:120].rstrip("-")


def parse_article(markdown: str, path: Path) -> Article:
    """Read one article.

    Without front matter the first heading, else the file's name, is the title. Raises ``ArticleError`` naming the line
    when the front matter is broken, or when no readable text is left.
    """
    about, body = split_front_matter(markdown, path)
    return compose_article(body, path, about)


def compose_article(body: str, path: Path, about: FrontMatter | None = None, title: str = "") -> Article:
    """The article in ``body``, Markdown without front matter; ``title`` is for when no heading gives one."""
    tokens = _tokens(body, path)
    about = about or FrontMatter(title=_first_title(_first_heading(tokens), title, title_from_name(path)))
    blocks = _without_title(list(_blocks(tokens)), about.title)
    if not any(block.is_prose for block in blocks):
        raise ArticleError(
            path,
            "er staat geen leesbare tekst in, hooguit een titel, koppen of bijschriften.",
            "Vul het artikel aan of verwijder het bestand.",
        )
    writer = _Writer()
    for block in blocks:
        writer.add(block)
    return Article(
        slug=about.slug or _slug(about.title, path),
        title=about.title,
        text=writer.text,
        blocks=tuple(writer.blocks),
        source=path.name,
        tag=about.tag,
        url=str(about.url) if about.url else None,
        published=about.published,
        reviewed=about.reviewed,
        reviewer=about.reviewer,
    )


def split_front_matter(text: str, path: Path) -> tuple[FrontMatter | None, str]:
    """The front matter, None when there is none, and the text below it with ``\\n`` as line end."""
    lines = re.sub(r"\r\n?", "\n", text.removeprefix("\ufeff")).split("\n")
    opening = next((number for number, line in enumerate(lines) if line.strip()), 0)
    if lines[opening].rstrip() != _FENCE:
        return None, "\n".join(lines)
    closing = next((n for n in range(opening + 1, len(lines)) if lines[n].rstrip() == _FENCE), None)
    if closing is None:
        raise ArticleError(
            path,
            "het blok bovenaan wordt niet afgesloten.",
            "Zet een regel '---' onder de laatste gegevens, of haal de bovenste '---' weg.",
            opening + 1,
        )
    block = lines[opening + 1 : closing]
    return _front_matter(block, path, opening + 2), "\n".join(lines[closing + 1 :])


def _front_matter(block: Sequence[str], path: Path, first_line: int) -> FrontMatter | None:
    metadata = _metadata(block, path, first_line)
    if not metadata:
        return None
    try:
        return FrontMatter.model_validate(metadata)
    except ValidationError as error:
        first = error.errors()[0]
        key = str(first["loc"][0])
        line = next((n for n, text in enumerate(block, first_line) if text.startswith(f"{key}:")), first_line - 1)
        raise ArticleError(path, _complaint(key, str(first["type"])), _remedy(key), line) from error


def _metadata(block: Sequence[str], path: Path, first_line: int) -> dict[str, object]:
    """YAML with every value left as it is typed: a title ``2024`` or ``Nee`` stays text."""
    line = first_line
    try:
        metadata = yaml.load("\n".join(block), Loader=yaml.BaseLoader)  # makes strings, lists and mappings only
        if isinstance(metadata, dict | None):
            return metadata or {}
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line += mark.line if mark else 0
    raise ArticleError(
        path,
        "het blok bovenaan is niet leesbaar.",
        "Schrijf per regel 'naam: waarde'; zet een titel met : of ? tussen \"…\".",
        line,
    )


def _complaint(key: str, problem: str) -> str:
    if problem == "extra_forbidden":
        return f"het gegeven '{key}' is onbekend."
    if problem == "missing":
        return f"het gegeven '{key}' ontbreekt in het blok bovenaan."
    return f"het gegeven '{key}' klopt niet."


def _remedy(key: str) -> str:
    remedies = {
        "title": f'Schrijf een regel: title: "De titel van het artikel" (hoogstens {MAX_TITLE} tekens).',
        "slug": "Gebruik alleen kleine letters, cijfers en streepjes, bijvoorbeeld: slug: pijn-in-de-nek.",
        "tag": "Schrijf één onderwerp, bijvoorbeeld: tag: Rugpijn.",
        "url": "Schrijf het hele adres, met https:// ervoor.",
        "published": "Schrijf een datum als 2026-01-31.",
        "reviewed": "Schrijf een datum als 2026-01-31.",
        "reviewer": "Schrijf één naam, bijvoorbeeld: reviewer: A. de Vries.",
    }
    return remedies.get(key, f"Toegestaan zijn: {', '.join(FrontMatter.model_fields)}.")


def _slug(title: str, path: Path) -> str:
    slug = slug_of(title)
    if not slug:
        raise ArticleError(
            path,
            "er is geen 'slug' te maken van de titel.",
            "Geef het artikel een titel met gewone letters, of zet zelf 'slug: mijn-artikel' in het blok bovenaan.",
        )
    return slug


def _tokens(body: str, path: Path) -> list[Token]:
    parser = MarkdownIt("commonmark", {"maxNesting": _MAX_NESTING}).enable(["table", "strikethrough"])
    tokens = parser.parse(_BULLET_OF_WORD.sub(r"\1- ", body))
    if any(token.level >= _MAX_NESTING - 1 for token in tokens):
        raise ArticleError(
            path,
            "er staan te veel lijsten of citaten in elkaar.",
            "Maak de lijsten eenvoudiger, met hoogstens drie lagen.",
        )
    return tokens


def _first_heading(tokens: Sequence[Token]) -> str:
    headings = (_plain(b) for a, b in zip(tokens, tokens[1:], strict=False) if a.type == "heading_open")
    return next(filter(None, headings), "")


def _first_title(*candidates: str) -> str:
    return next(line for line in map(_on_one_line, candidates) if 0 < len(line) <= MAX_TITLE)


def title_from_name(path: Path) -> str:
    """``pijn-in-de-nek.pdf`` → ``Pijn in de nek``."""
    return re.sub(r"[-_\s]+", " ", path.stem).strip().capitalize()[:MAX_TITLE] or path.name


@dataclass(frozen=True, slots=True)
class _RawBlock:
    """``bullet`` is empty for what continues a list item, and outside lists."""

    kind: BlockKind
    level: int
    text: str
    bullet: str = ""

    @property
    def is_prose(self) -> bool:
        return self.kind in (BlockKind.PARAGRAPH, BlockKind.ITEM) and any(map(str.isalnum, self.text))


def _without_title(blocks: list[_RawBlock], title: str) -> list[_RawBlock]:
    """A first heading that repeats the title is the title, not a section."""
    repeated = blocks and blocks[0].kind is BlockKind.HEADING
    return blocks[1:] if repeated and _on_one_line(blocks[0].text).casefold() == title.casefold() else blocks


def _blocks(tokens: Sequence[Token]) -> Iterator[_RawBlock]:
    reader = _BlockReader()
    for token in tokens:
        block = reader.block(token)
        if block:
            yield block


@dataclass(slots=True)
class _BlockReader:
    """Knows in which list, heading or table row the next words stand."""

    depth: int = 0
    bullet: str = ""
    heading: Token | None = None
    row: list[str] | None = None

    def block(self, token: Token) -> _RawBlock | None:
        if token.type in ("inline", "html_block", "fence", "code_block"):
            return self._words(token)
        if token.type == "tr_close":
            return self._end_row()
        self._move(token)
        return None

    def _move(self, token: Token) -> None:
        if token.type.startswith(("bullet_list", "ordered_list")):
            self.depth += token.nesting
        elif token.type == "list_item_open":
            self.bullet = f"{token.info}{token.markup}" if token.info else "•"
        elif token.type.startswith("heading"):
            self.heading = token if token.nesting > 0 else None
        elif token.type == "tr_open":
            self.row = []

    def _words(self, token: Token) -> _RawBlock | None:
        text = _plain(token)
        if self.row is not None:
            self.row.append(text)
            return None
        if not text:
            return self._image(token)
        if self.heading is not None:
            return _heading_block(self.heading, text)
        if self.depth:
            bullet, self.bullet = self.bullet, ""
            return _RawBlock(BlockKind.ITEM, self.depth, text, bullet)
        return _RawBlock(BlockKind.CAPTION if _is_caption(token) else BlockKind.PARAGRAPH, 0, text)

    def _image(self, token: Token) -> _RawBlock | None:
        alt = " ".join(tidy(child.content).strip() for child in token.children or [] if child.type == "image").strip()
        return _RawBlock(BlockKind.CAPTION, 0, alt) if alt and not self.depth and self.heading is None else None

    def _end_row(self) -> _RawBlock | None:
        """A table row reads as a list item: the table stays one passage, each row can be quoted."""
        cells, self.row = [cell for cell in self.row or [] if cell], None
        return _RawBlock(BlockKind.ITEM, max(self.depth, 1), " | ".join(cells), "•") if cells else None


def _heading_block(heading: Token, text: str) -> _RawBlock:
    """A line ``---`` right under a paragraph is meant as a rule, though Markdown makes the paragraph a heading."""
    if heading.markup == "-" and not looks_like_heading(text):
        return _RawBlock(BlockKind.PARAGRAPH, 0, text)
    return _RawBlock(BlockKind.HEADING, int(heading.tag[1:]), text)


def _is_caption(token: Token) -> bool:
    """A paragraph wholly in italics, images aside."""
    without_words = ("image", "link_open", "link_close", "softbreak", "hardbreak", "html_inline")
    children = [
        child
        for child in token.children or []
        if child.type not in without_words and (child.content.strip() or child.type != "text")
    ]
    if not children or sum(child.type == "em_open" for child in children) != 1:
        return False
    return children[0].type == "em_open" and children[-1].type == "em_close"


def _plain(token: Token) -> str:
    """The words without markup, images and what is struck out; a line break inside a paragraph becomes a space."""
    if token.children is not None:
        text = "".join(_plain_inline(token.children))
    elif token.type == "html_block":
        text = html.unescape(nh3.clean(_HTML_BREAK.sub("\n<", token.content), tags=set()))
    else:
        text = token.content
    lines = (line.strip() for line in tidy(text).splitlines())
    return " ".join(line for line in lines if line)


def _plain_inline(children: Sequence[Token]) -> Iterator[str]:
    struck = 0
    for token in children:
        if token.type in ("s_open", "s_close"):
            struck += token.nesting
        elif struck:
            continue
        elif token.type in ("softbreak", "hardbreak") or _is_break(token):
            yield "\n"
        elif token.type in ("text", "code_inline", "text_special"):
            yield token.content


def _is_break(token: Token) -> bool:
    return token.type == "html_inline" and token.content.lower().startswith("<br")


@dataclass(slots=True)
class _Writer:
    """Lays blocks out as readable text and remembers where each one stands."""

    blocks: list[Block] = field(default_factory=list)
    _parts: list[str] = field(default_factory=list)
    _length: int = 0

    @property
    def text(self) -> str:
        return "".join(self._parts)

    def add(self, raw: _RawBlock) -> None:
        previous = self.blocks[-1] if self.blocks else None
        in_list = raw.kind is BlockKind.ITEM and previous is not None and previous.kind is BlockKind.ITEM
        if in_list and previous and not raw.bullet:
            self._write(" " + raw.text)
            self.blocks[-1] = replace(previous, end=self._length)
            return
        separator = "" if previous is None else "\n" if in_list else "\n\n"
        bullet = "  " * (raw.level - 1) + (raw.bullet or "•") + " " if raw.kind is BlockKind.ITEM else ""
        self._write(separator + bullet)
        start = self._length
        self._write(raw.text)
        self.blocks.append(Block(raw.kind, start, self._length, raw.level))

    def _write(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)
