"""Cut an article into passages along its own structure."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby

from pydantic import BaseModel, ConfigDict

from ingest.article import Article, Block, BlockKind
from ingest.passage import Passage
from ingest.sentences import Sentence, sentences_in, word_count


class ChunkSettings(BaseModel):
    """Paragraphs of one section are joined while the passage stays within ``max_words``; lists are never cut."""

    model_config = ConfigDict(frozen=True)

    max_words: int = 80


@dataclass(slots=True)
class _Section:
    """The blocks under one heading, in order."""

    heading: Block | None
    path: tuple[str, ...]
    blocks: list[Block] = field(default_factory=list)


def chunk(article: Article, settings: ChunkSettings) -> list[Passage]:
    """All passages of ``article`` in reading order. Captions belong to none."""
    return [passage for section in _sections(article) for passage in _passages(article, section, settings)]


def _sections(article: Article) -> Iterator[_Section]:
    section = _Section(heading=None, path=())
    open_headings: list[Block] = []
    for block in article.blocks:
        if block.kind is not BlockKind.HEADING:
            section.blocks.append(block)
            continue
        yield section
        open_headings = [heading for heading in open_headings if heading.level < block.level] + [block]
        section = _Section(block, tuple(article.wording(heading) for heading in open_headings))
    yield section


def _passages(article: Article, section: _Section, settings: ChunkSettings) -> Iterator[Passage]:
    runs = [(kind, list(blocks)) for kind, blocks in groupby(section.blocks, key=lambda block: block.kind)]
    lead_in: Sentence | None = None
    for position, (kind, blocks) in enumerate(runs):
        if kind is BlockKind.PARAGRAPH:
            before_list = position + 1 < len(runs) and runs[position + 1][0] is BlockKind.ITEM
            lead_in = _lead_in(article, blocks[-1]) if before_list else None
            yield from _paragraph_passages(article, section, blocks, lead_in, settings)
        elif kind is BlockKind.ITEM:
            yield _list_passage(article, section, blocks, lead_in)
            lead_in = None


def _lead_in(article: Article, paragraph: Block) -> Sentence | None:
    """The paragraph's last sentence, when its colon says that it introduces what follows."""
    last = list(sentences_in(article.text, paragraph.start, paragraph.end))[-1:]
    return last[0] if last and article.text[: last[0].end].endswith(":") else None


def _paragraph_passages(
    article: Article, section: _Section, paragraphs: list[Block], lead_in: Sentence | None, settings: ChunkSettings
) -> Iterator[Passage]:
    stretches: list[tuple[int, int]] = []
    for block in paragraphs:
        end = len(article.text[: lead_in.start].rstrip()) if lead_in and block is paragraphs[-1] else block.end
        if end <= block.start:
            continue
        joined = (stretches[-1][0], end) if stretches else None
        if joined and word_count(article.text[slice(*joined)]) <= settings.max_words:
            stretches[-1] = joined
        else:
            stretches.append((block.start, end))
    for start, end in stretches:
        sentences = tuple(
            sentence
            for block in paragraphs
            if block.start >= start and block.start < end
            for sentence in sentences_in(article.text, block.start, min(block.end, end))
        )
        if sentences:
            yield _passage(article, section, start, end, sentences)


def _list_passage(article: Article, section: _Section, items: list[Block], lead_in: Sentence | None) -> Passage:
    sentences = tuple(
        sentence
        for number, item in enumerate(items)
        for sentence in sentences_in(article.text, item.start, item.end, number)
    )
    start = lead_in.start if lead_in else items[0].start
    if lead_in is None and section.heading is not None:
        lead_in = Sentence(section.heading.start, section.heading.end)
    return _passage(article, section, start, items[-1].end, sentences, lead_in)


def _passage(  # noqa: PLR0913 - one constructor for both shapes of passage
    article: Article,
    section: _Section,
    start: int,
    end: int,
    sentences: tuple[Sentence, ...],
    lead_in: Sentence | None = None,
) -> Passage:
    return Passage(
        slug=article.slug,
        title=article.title,
        heading_path=section.path,
        start=start,
        end=end,
        text=article.text[start:end],
        sentences=sentences,
        lead_in=lead_in,
    )
