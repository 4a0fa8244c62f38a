"""Markdown with front matter → ``Article``."""

import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated

import frontmatter
import nh3
import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token
from pydantic import BaseModel, ConfigDict, Field, HttpUrl, ValidationError

from ingest.article import Article, Block, BlockKind
from ingest.errors import ArticleError

_FENCE = "---"


class FrontMatter(BaseModel):
    """The lines between ``---`` at the top of an article. Everything may be left out but ``title``."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    title: Annotated[str, Field(min_length=1, max_length=200)]
    slug: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=120)] | None = None
    tag: str = ""
    url: HttpUrl | None = None
    published: date | None = None
    reviewed: date | None = None
    reviewer: str | None = None


def slug_of(title: str) -> str:
    """``"Rugpijn, wat te doen?"`` → ``"rugpijn-wat-te-doen"``."""
    ascii_only = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:120]


def parse_article(markdown: str, path: Path) -> Article:
    """Read one article.

    Without front matter the first heading, else the file's name, is the title. Raises ``ArticleError`` naming the line
    when the front matter is broken, or when no readable text is left.
    """
    metadata, body = _split(markdown, path)
    tokens = MarkdownIt("commonmark").enable("table").parse(unicodedata.normalize("NFC", body))
    if not metadata:
        metadata = {"title": _first_heading(tokens) or _title_from_name(path)}
    about = _validated(metadata, markdown, path)
    writer = _Writer()
    for block in _blocks(tokens):
        writer.add(block)
    writer.drop_title(about.title)
    if not writer.text.strip():
        raise ArticleError(path, "er staat geen leesbare tekst in.", "Vul het artikel aan of verwijder het bestand.")
    slug = about.slug or slug_of(about.title)
    if not slug:
        raise ArticleError(path, "er is geen 'slug' te maken van de titel.", "Zet zelf een regel 'slug: mijn-artikel' bovenaan.")
    return Article(
        slug=slug,
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


def _split(markdown: str, path: Path) -> tuple[dict[str, object], str]:
    if not markdown.lstrip("\ufeff").startswith(_FENCE + "\n"):
        return {}, markdown
    if markdown.split("\n")[1:].count(_FENCE) == 0:
        raise ArticleError(path, "het blok bovenaan wordt niet afgesloten.", "Zet een regel '---' onder de laatste gegevens.", 1)
    try:
        metadata, body = frontmatter.parse(markdown.lstrip("\ufeff"))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 1
        raise ArticleError(
            path, "het blok bovenaan is niet leesbaar.", "Schrijf per regel 'naam: waarde'; zet een titel met : of ? tussen \"…\".", line
        ) from error
    return metadata, body


def _validated(metadata: dict[str, object], markdown: str, path: Path) -> FrontMatter:
    try:
        return FrontMatter.model_validate(metadata)
    except ValidationError as error:
        first = error.errors()[0]
        key = str(first["loc"][0])
        raise ArticleError(path, _complaint(key, str(first["type"])), _remedy(key), _line_of(key, markdown)) from error


def _complaint(key: str, problem: str) -> str:
    if problem == "extra_forbidden":
        return f"het gegeven '{key}' is onbekend."
    if problem == "missing":
        return f"het gegeven '{key}' ontbreekt in het blok bovenaan."
    return f"het gegeven '{key}' klopt niet."


def _remedy(key: str) -> str:
    remedies = {
        "title": "Zet er een regel bij: title: \"De titel van het artikel\".",
        "slug": "Gebruik alleen kleine letters, cijfers en streepjes, bijvoorbeeld: slug: pijn-in-de-nek.",
        "url": "Schrijf het hele adres, met https:// ervoor.",
        "published": "Schrijf een datum als 2026-01-31.",
        "reviewed": "Schrijf een datum als 2026-01-31.",
    }
    return remedies.get(key, f"Toegestaan zijn: {', '.join(FrontMatter.model_fields)}.")


def _line_of(key: str, markdown: str) -> int:
    lines = markdown.split("\n")
    return next((number for number, line in enumerate(lines, 1) if line.startswith(f"{key}:")), 1)


def _first_heading(tokens: Sequence[Token]) -> str:
    for opener, inline in zip(tokens, tokens[1:], strict=False):
        if opener.type == "heading_open":
            return _plain(inline)
    return ""


def _title_from_name(path: Path) -> str:
    return re.sub(r"[-_\s]+", " ", path.stem).strip().capitalize()


@dataclass(frozen=True, slots=True)
class _RawBlock:
    kind: BlockKind
    level: int
    text: str
    starts_item: bool = True


def _blocks(tokens: Sequence[Token]) -> Iterator[_RawBlock]:
    depth = 0
    fresh_item = False
    heading = 0
    for token in tokens:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            depth += 1
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            depth -= 1
        elif token.type == "list_item_open":
            fresh_item = True
        elif token.type == "heading_open":
            heading = int(token.tag[1:])
        elif token.type == "heading_close":
            heading = 0
        elif token.type in ("inline", "html_block", "fence", "code_block"):
            text = _plain(token)
            if not text:
                continue
            if heading:
                yield _RawBlock(BlockKind.HEADING, heading, text)
            elif depth:
                yield _RawBlock(BlockKind.ITEM, depth, text, fresh_item)
                fresh_item = False
            else:
                yield _RawBlock(BlockKind.CAPTION if _is_caption(token) else BlockKind.PARAGRAPH, 0, text)


def _is_caption(token: Token) -> bool:
    """A paragraph wholly in italics, or only an image, is a caption."""
    children = [child for child in token.children or [] if child.content or child.type != "text"]
    if not children:
        return False
    wholly_italic = children[0].type == "em_open" and children[-1].type == "em_close"
    return (wholly_italic and sum(child.type == "em_open" for child in children) == 1) or all(
        child.type == "image" for child in children
    )


def _plain(token: Token) -> str:
    """The words without markup; a line break inside a paragraph becomes a space."""
    if token.children is None:
        text = html.unescape(nh3.clean(token.content, tags=set())) if token.type == "html_block" else token.content
    else:
        text = "".join(_plain_inline(child) for child in token.children)
    lines = (line.strip() for line in text.splitlines())
    return " ".join(line for line in lines if line).strip()


def _plain_inline(token: Token) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return "\n"
    return token.content if token.type in ("text", "code_inline", "image", "text_special") else ""


@dataclass(slots=True)
class _Writer:
    """Lays blocks out as readable text and remembers where each one stands."""

    text: str = ""
    blocks: list[Block] = field(default_factory=list)

    def add(self, raw: _RawBlock) -> None:
        previous = self.blocks[-1] if self.blocks else None
        if raw.kind is BlockKind.ITEM and not raw.starts_item and previous and previous.kind is BlockKind.ITEM:
            self.text += " " + raw.text
            self.blocks[-1] = Block(previous.kind, previous.start, len(self.text), previous.level)
            return
        in_list = raw.kind is BlockKind.ITEM and previous is not None and previous.kind is BlockKind.ITEM
        separator = "" if previous is None else "\n" if in_list else "\n\n"
        bullet = "  " * (raw.level - 1) + "• " if raw.kind is BlockKind.ITEM else ""
        self.text += separator + bullet
        start = len(self.text)
        self.text += raw.text
        self.blocks.append(Block(raw.kind, start, len(self.text), raw.level))

    def drop_title(self, title: str) -> None:
        """A first heading that repeats the title is the title, not a section."""
        first = self.blocks[0] if self.blocks else None
        if first is None or first.kind is not BlockKind.HEADING or self.text[first.start : first.end] != title:
            return
        offset = self.blocks[1].start if len(self.blocks) > 1 else len(self.text)
        if len(self.blocks) > 1 and self.blocks[1].kind is BlockKind.ITEM:
            offset = self.text.rindex("\n", 0, offset) + 1
        self.text = self.text[offset:]
        self.blocks = [Block(block.kind, block.start - offset, block.end - offset, block.level) for block in self.blocks[1:]]
