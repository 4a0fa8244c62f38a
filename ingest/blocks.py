"""Markdown → blocks: which words are a heading, a paragraph, a list item or a caption.

A block has the words as a reader sees them; ``ingest.markdown`` lays them out as the article's text.
"""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.article import BlockKind
from ingest.errors import ArticleError
from ingest.wording import looks_like_heading, tidy

# markdown-it drops what is nested deeper without a word, so an article that comes this deep is refused.
_MAX_NESTING = 100

_BULLET_OF_WORD = re.compile(r"^([ \t]*)[•●▪][ \t]+", re.MULTILINE)
_HTML_BREAK = re.compile(r"<(?=/?(?:br|p|div|li|dt|dd|tr|td|th|h[1-6]|blockquote|section|article)\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class RawBlock:
    """``bullet`` is empty for what continues a list item, and outside lists."""

    kind: BlockKind
    level: int
    text: str
    bullet: str = ""

    @property
    def is_prose(self) -> bool:
        return self.kind in (BlockKind.PARAGRAPH, BlockKind.ITEM) and any(map(str.isalnum, self.text))


def read_blocks(body: str, path: Path) -> list[RawBlock]:
    """The blocks of ``body``, Markdown without front matter. Raises ``ArticleError`` when it is nested too deep."""
    reader = _BlockReader()
    return [block for token in _tokens(body, path) if (block := reader.block(token))]


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


@dataclass(slots=True)
class _BlockReader:
    """Knows in which list, heading or table row the next words stand."""

    depth: int = 0
    bullet: str = ""
    heading: Token | None = None
    row: list[str] | None = None

    def block(self, token: Token) -> RawBlock | None:
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

    def _words(self, token: Token) -> RawBlock | None:
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
            return RawBlock(BlockKind.ITEM, self.depth, text, bullet)
        return RawBlock(BlockKind.CAPTION if _is_caption(token) else BlockKind.PARAGRAPH, 0, text)

    def _image(self, token: Token) -> RawBlock | None:
        alt = " ".join(tidy(child.content).strip() for child in token.children or [] if child.type == "image").strip()
        return RawBlock(BlockKind.CAPTION, 0, alt) if alt and not self.depth and self.heading is None else None

    def _end_row(self) -> RawBlock | None:
        """A table row reads as a list item: the table stays one passage, each row can be quoted."""
        cells, self.row = [cell for cell in self.row or [] if cell], None
        return RawBlock(BlockKind.ITEM, max(self.depth, 1), " | ".join(cells), "•") if cells else None


def _heading_block(heading: Token, text: str) -> RawBlock:
    """A line ``---`` right under a paragraph is meant as a rule, though Markdown makes the paragraph a heading."""
    if heading.markup == "-" and not looks_like_heading(text):
        return RawBlock(BlockKind.PARAGRAPH, 0, text)
    return RawBlock(BlockKind.HEADING, int(heading.tag[1:]), text)


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
