"""What an article is: readable text, and blocks that say which stretch of it is what."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class BlockKind(StrEnum):
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    CAPTION = "caption"


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, paragraph, list item or caption: ``Article.text[start:end]``.

    ``level`` is the heading's depth (2 for ``##``) or the item's nesting (1 for the outer list), else 0.
    The bullet before an item stands in the text, outside the block.
    """

    kind: BlockKind
    start: int
    end: int
    level: int = 0


@dataclass(frozen=True, slots=True)
class Article:
    """One article of the practice.

    ``text`` is the wording without markup; every offset in this project counts characters in it.
    """

    slug: str
    title: str
    text: str
    blocks: tuple[Block, ...]
    source: str
    tag: str = ""
    url: str | None = None
    published: date | None = None
    reviewed: date | None = None
    reviewer: str | None = None

    def wording(self, block: Block) -> str:
        return self.text[block.start : block.end]
