"""An article as a page shows it: lines and nested lists, with the cited stretch picked out.

Picking out changes no word: a line's stretches, put together again, are the line.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from ingest.article import Article, Block, BlockKind

_NUMBER = re.compile(r"(\d{1,9})[.)]", re.ASCII)
_TOP_HEADING = 2
_LOWEST_HEADING = 6


@dataclass(frozen=True, slots=True)
class Span:
    """``Article.text[start:end]``."""

    start: int
    end: int

    def overlaps(self, block: Block) -> bool:
        return block.start < self.end and self.start < block.end


@dataclass(frozen=True, slots=True)
class Stretch:
    """``opens`` and ``closes``: where the whole quote begins and ends, which may be several lines apart."""

    text: str
    cited: bool = False
    opens: bool = False
    closes: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A heading, paragraph or caption. ``tag`` is its HTML element."""

    tag: str
    is_caption: bool
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """``number`` is None for a bullet."""

    number: int | None
    stretches: tuple[Stretch, ...]
    lists: tuple["ItemList", ...]


@dataclass(frozen=True, slots=True)
class ItemList:
    is_numbered: bool
    items: tuple[Item, ...]


def view(article: Article, cited: Span | None = None) -> tuple[Line | ItemList, ...]:
    """The article from top to bottom; ``cited`` may begin and end anywhere, also in mid-word or between blocks."""
    return tuple(_Viewer(article, cited).elements())


class _Viewer:
    def __init__(self, article: Article, cited: Span | None) -> None:
        self.article = article
        self.cited = cited
        self.marked = [block for block in article.blocks if cited and cited.overlaps(block)]

    def elements(self) -> Iterator[Line | ItemList]:
        for is_list, blocks in groupby(self.article.blocks, lambda block: block.kind is BlockKind.ITEM):
            if is_list:
                yield from self._lists(list(blocks))
            else:
                yield from map(self._line, blocks)

    def _line(self, block: Block) -> Line:
        is_heading = block.kind is BlockKind.HEADING
        tag = f"h{min(max(block.level, _TOP_HEADING), _LOWEST_HEADING)}" if is_heading else "p"
        return Line(tag, block.kind is BlockKind.CAPTION, self._stretches(block))

    def _lists(self, blocks: Sequence[Block]) -> Iterator[ItemList]:
        """Bullets and numbers that follow each other are separate lists."""
        items = list(self._items(blocks))
        for is_numbered, group in groupby(items, lambda item: item.number is not None):
            yield ItemList(is_numbered, tuple(group))

    def _items(self, blocks: Sequence[Block]) -> Iterator[Item]:
        """The first block sets the depth; what is deeper belongs to the item above it."""
        tops = [n for n, block in enumerate(blocks) if block.level <= blocks[0].level]
        for top, following in zip(tops, [*tops[1:], len(blocks)], strict=True):
            block, inner = blocks[top], blocks[top + 1 : following]
            yield Item(self._number(block), self._stretches(block), tuple(self._lists(inner)) if inner else ())

    def _number(self, block: Block) -> int | None:
        line_start = self.article.text.rfind("\n", 0, block.start) + 1
        match = _NUMBER.fullmatch(self.article.text[line_start : block.start].strip())
        return int(match[1]) if match else None

    def _stretches(self, block: Block) -> tuple[Stretch, ...]:
        text = self.article.text
        if self.cited is None or block not in self.marked:
            return (Stretch(text[block.start : block.end]),)
        left, right = max(block.start, self.cited.start), min(block.end, self.cited.end)
        opens, closes = block == self.marked[0], block == self.marked[-1]
        quote = Stretch(text[left:right], cited=True, opens=opens, closes=closes)
        parts = (Stretch(text[block.start : left]), quote, Stretch(text[right : block.end]))
        return tuple(part for part in parts if part.text)
