"""The blocks of an article as Markdown that is read as the same blocks: a Word file becomes text to edit."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from ingest.article import Article, Block, BlockKind
from ingest.errors import ArticleError
from ingest.front_matter import FrontMatter
from ingest.markdown import compose_article
from ingest.plain_text import escaped

# What Markdown would take for a mark of its own: anywhere, and only where a line opens.
_MARK = re.compile(r"[\\`*_\[<]|&(?=#?\w+;)|~(?=~)")
_OPENING = re.compile(r"(?:#{1,6}(?=\s|$)|[-+](?=[\s-]|$)|=(?=[\s=]|$)|>)")
_NUMBER = re.compile(r"(\d{1,9})([.)])(?=\s|$)")
_CLOSING_HASH = re.compile(r"(?<!\\)#(?=#*$)")


def markdown_of(article: Article) -> str:
    """With as few marks as it takes to be read as the same text and blocks; else with every one of them escaped."""
    for mark, between_items in ((_marked, "\n"), (_marked, "\n\n"), (escaped, "\n\n")):
        markdown = "".join(_Writer(article, mark, between_items).parts())
        if _reads_as(markdown, article):
            break
    return markdown


def _marked(words: str) -> str:
    words = _MARK.sub(r"\\\g<0>", words)
    words = _NUMBER.sub(r"\1\\\2", words, count=1) if _NUMBER.match(words) else words
    return f"\\{words}" if _OPENING.match(words) else words


class _Writer:
    """Remembers where the words of each open list item begin, for what stands in a list inside it."""

    def __init__(self, article: Article, mark: Callable[[str], str], between_items: str) -> None:
        self._article = article
        self._mark = mark
        self._between_items = between_items
        self._indents: list[int] = []

    def parts(self) -> Iterator[str]:
        previous: BlockKind | None = None
        for block in self._article.blocks:
            in_list = previous is block.kind is BlockKind.ITEM
            if previous is not None:
                yield self._between_items if in_list else "\n\n"
            if not in_list:
                self._indents = []
            yield self._line(block)
            previous = block.kind

    def _line(self, block: Block) -> str:
        words = self._mark(self._article.wording(block))
        if block.kind is BlockKind.HEADING:
            return "#" * block.level + " " + _CLOSING_HASH.sub("\\\\#", words)
        if block.kind is BlockKind.CAPTION:
            return f"*{words}*"
        return self._opening(block) + words if block.kind is BlockKind.ITEM else words

    def _opening(self, block: Block) -> str:
        del self._indents[block.level - 1 :]
        indent = self._indents[-1] if self._indents else 0
        bullet = self._article.text[: block.start].rsplit("\n", 1)[-1].strip()
        opening = f"{' ' * indent}{'-' if bullet == '•' else bullet} "
        self._indents.append(len(opening))
        return opening


def _reads_as(markdown: str, article: Article) -> bool:
    about = FrontMatter(title=article.title, slug=article.slug)
    try:
        read = compose_article(markdown, Path(article.source), about)
    except ArticleError:
        return False
    return (read.text, read.blocks) == (article.text, article.blocks)
