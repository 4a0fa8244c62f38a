"""Plain text → Markdown: what a writer shows with empty lines, short lines and bullets.

Text that comes out of a PDF is read the same way.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from ingest.article import Article
from ingest.decode import decode
from ingest.front_matter import FrontMatter, split_front_matter
from ingest.markdown import compose_article
from ingest.wording import MAX_TITLE, looks_like_heading, tidy, title_from_name

_MARKDOWN_SPECIAL = re.compile(r"([!-/:-@\[-`{-~])")
_BULLET = re.compile(r"[•*\-–●▪◦‣·\uf0b7]\s+(?=\S)")
_NUMBER = re.compile(r"(\d{1,3}[.)])\s+(?=\S)")
_RULE = re.compile(r"[-–—=_*~#•.\s]{2,}|[-–—=_*~#•]")
_TAG = re.compile(r"tag\s*:\s*(\S.*)", re.IGNORECASE)
_PROSE_ENDS = (".", ":", ";", ",", "…")
_WRAPPED_AT = 60


def read_plain_text(raw: bytes, path: Path) -> Article:
    about, body = split_front_matter(decode(raw, path), path)
    blocks = text_blocks(body)
    if about is None and blocks:
        about = _title_and_tag(blocks, path)
    return compose_article(as_markdown(blocks), path, about)


@dataclass(slots=True)
class TextBlock:
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


def text_blocks(text: str) -> list[TextBlock]:
    blocks: list[TextBlock] = []
    apart = True
    for line in tidy(text).split("\n"):
        words = line.strip()
        if not words or _RULE.fullmatch(words):
            apart = True
        elif blocks and not apart and blocks[-1].goes_on(line):
            blocks[-1].lines.append(words)
        else:
            bullet, rest = _bullet(words)
            blocks.append(TextBlock([rest], bullet, apart))
            apart = False
    return [part for block in blocks for part in _cut_at_line_ends(block)]


def _bullet(words: str) -> tuple[str, str]:
    number = _NUMBER.match(words)
    if number:
        return number[1], words[number.end() :]
    bullet = _BULLET.match(words)
    return ("-", words[bullet.end() :]) if bullet else ("", words)


def _cut_at_line_ends(block: TextBlock) -> Iterator[TextBlock]:
    """A new line that begins although its first word fitted on the line before is a new paragraph."""
    lines = block.lines
    width = max(map(len, lines))
    cuts = [
        number
        for number, (above, line) in enumerate(pairwise(lines), 1)
        if not block.bullet and not line[0].islower() and len(above) + 1 + len(line.split()[0]) <= width
    ]
    for start, end in pairwise([0, *cuts, len(lines)]):
        yield TextBlock(lines[start:end], block.bullet, block.apart and start == 0)


def _title_and_tag(blocks: list[TextBlock], path: Path) -> FrontMatter:
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


def _drop_first_line(blocks: list[TextBlock]) -> None:
    del blocks[0].lines[0]
    if not blocks[0].lines:
        del blocks[0]


def as_markdown(blocks: Sequence[TextBlock]) -> str:
    return "\n\n".join(
        _markdown_line(block, heading=_is_heading(blocks, position)) for position, block in enumerate(blocks)
    )


def _is_heading(blocks: Sequence[TextBlock], position: int) -> bool:
    """Alone between empty lines, with text below: a second such line only if the article ends with it."""
    block, above, below = blocks[position], blocks[max(position - 1, 0) : position], blocks[position + 1 : position + 2]
    if not block.like_heading or not below or not below[0].apart:
        return False
    if block.is_numbered and any(other.is_numbered for other in [*above, *below]):
        return False
    return not below[0].like_heading or below[0].is_numbered or position + 2 == len(blocks)


def _markdown_line(block: TextBlock, *, heading: bool) -> str:
    number = f"{block.bullet} " if block.is_numbered else ""
    if heading:
        return f"## {escaped(number + block.words)}"
    return f"{number or '- ' if block.bullet else ''}{escaped(block.words)}"


def escaped(words: str) -> str:
    return _MARKDOWN_SPECIAL.sub(r"\\\1", words)
