"""Markdown with front matter → ``Article``: its title, its slug, and its blocks laid out as readable text."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ingest.article import Article, Block, BlockKind
from ingest.blocks import RawBlock, read_blocks
from ingest.errors import ArticleError
from ingest.front_matter import FrontMatter, split_front_matter
from ingest.wording import MAX_TITLE, on_one_line, slug_of, title_from_name


def parse_article(markdown: str, path: Path) -> Article:
    """Read one article.

    Without front matter the first heading, else the file's name, is the title. Raises ``ArticleError`` naming the line
    when the front matter is broken, or when no readable text is left.
    """
    about, body = split_front_matter(markdown, path)
    return compose_article(body, path, about)


def compose_article(body: str, path: Path, about: FrontMatter | None = None, title: str = "") -> Article:
    """The article in ``body``, Markdown without front matter; ``title`` is for when no heading gives one."""
    blocks = read_blocks(body, path)
    about = about or FrontMatter(title=_title(blocks, title, path))
    blocks = _without_title(blocks, about.title)
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


def _title(blocks: Sequence[RawBlock], title: str, path: Path) -> str:
    """The first heading, else ``title``, else the file's name; a line too long for a title is none."""
    heading = next((block.text for block in blocks if block.kind is BlockKind.HEADING), "")
    lines = map(on_one_line, (heading, title, title_from_name(path)))
    return next(line for line in lines if 0 < len(line) <= MAX_TITLE)


def _without_title(blocks: list[RawBlock], title: str) -> list[RawBlock]:
    """A first heading that repeats the title is the title, not a section."""
    repeated = blocks and blocks[0].kind is BlockKind.HEADING
    return blocks[1:] if repeated and on_one_line(blocks[0].text).casefold() == title.casefold() else blocks


def _slug(title: str, path: Path) -> str:
    slug = slug_of(title)
    if not slug:
        raise ArticleError(
            path,
            "er is geen 'slug' te maken van de titel.",
            "Geef het artikel een titel met gewone letters, of zet zelf 'slug: mijn-artikel' in het blok bovenaan.",
        )
    return slug


@dataclass(slots=True)
class _Writer:
    """Lays blocks out as readable text and remembers where each one stands."""

    blocks: list[Block] = field(default_factory=list)
    _parts: list[str] = field(default_factory=list)
    _length: int = 0

    @property
    def text(self) -> str:
        return "".join(self._parts)

    def add(self, raw: RawBlock) -> None:
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
