"""The articles as they are in the chat now: how each was cut, what was noted, and which questions it answers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto

from assistant.staff.library.corpus import Files
from ingest.article import Article
from ingest.index import Index
from ingest.known_questions import FOLDER
from ingest.passage import Passage
from ingest.review_notes import NOTES_FILE, ReviewNote


class OnDisk(Enum):
    """What became of the file since the index was made, outside the console."""

    SAME = auto()
    CHANGED = auto()
    GONE = auto()


@dataclass(frozen=True, slots=True)
class Noted:
    """``sentence`` may also be the line or heading above a list."""

    sentence: str
    note: ReviewNote


@dataclass(frozen=True, slots=True)
class Outlined:
    """A passage where it stands in this article: ``Article.text[start:end]``.

    ``questions`` are those that it answers. ``owner`` is the article that it is cited from, when the same words stand
    there, else "".
    """

    heading: str
    start: int
    end: int
    text: str
    notes: tuple[Noted, ...]
    questions: tuple[str, ...]
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Shelved:
    """An article of the index."""

    article: Article
    passages: int
    on_disk: OnDisk
    is_stale: bool


@dataclass(frozen=True, slots=True)
class Shelf:
    """``added`` are files that are in no index yet, ``refused`` what was wrong with files when it was made (Dutch)."""

    articles: tuple[Shelved, ...]
    added: tuple[str, ...]
    refused: tuple[str, ...]
    beside_changed: bool

    @property
    def is_changed_by_hand(self) -> bool:
        """Whether something in the folder is not in the chat yet."""
        return bool(self.added) or self.beside_changed or any(each.on_disk is not OnDisk.SAME for each in self.articles)


def shelf_of(index: Index, files: Files, today: date, stale_months: int) -> Shelf:
    """By file name, as ingest reads them."""
    manifest = index.manifest
    counts: dict[str, int] = {}
    for passage in index.passages:
        for slug in _slugs(passage):
            counts[slug] = counts.get(slug, 0) + 1
    articles = sorted(index.articles.values(), key=lambda article: article.source)
    return Shelf(
        articles=tuple(
            Shelved(
                article,
                counts.get(article.slug, 0),
                _on_disk(article, files, manifest.sources),
                is_stale(article.reviewed, today, stale_months),
            )
            for article in articles
        ),
        added=tuple(sorted(name for name in files if "/" not in name and name not in _known(index))),
        refused=manifest.refused,
        beside_changed=_beside(files) != _beside_indexed(index),
    )


def outline(index: Index, slug: str) -> tuple[Outlined, ...]:
    """The passages of one article in reading order."""
    return tuple(sorted(_outlined(index, slug), key=lambda each: each.start))


def is_stale(reviewed: date | None, today: date, months: int) -> bool:
    """Nobody looked at it for so many months, or ever."""
    if reviewed is None:
        return True
    passed = (today.year - reviewed.year) * 12 + today.month - reviewed.month - (today.day < reviewed.day)
    return passed >= months


def _outlined(index: Index, slug: str) -> Iterator[Outlined]:
    first = 0
    for row, passage in enumerate(index.passages):
        rows = range(first, first + len(passage.sentences))
        first += len(passage.sentences)
        for place in (passage.place, *passage.also_in):
            if place.slug == slug:
                yield Outlined(
                    heading=" › ".join(place.heading_path),
                    start=place.start,
                    end=place.end,
                    text=index.articles[slug].text[place.start : place.end],
                    notes=tuple(_notes(index, row, rows)),
                    questions=tuple(question.text for question in index.questions if question.passage == row),
                    owner=passage.title if passage.slug != slug else "",
                )


def _notes(index: Index, passage_row: int, sentence_rows: Sequence[int]) -> Iterator[Noted]:
    passage = index.passages[passage_row]
    if passage.lead_in:
        lead_in = passage.wording(index.articles[passage.slug], passage.lead_in)
        yield from (Noted(lead_in, note) for note in index.notes_of_lead_in(passage_row))
    for row in sentence_rows:
        wording = index.wording(index.sentence_rows[row])
        yield from (Noted(wording, note) for note in index.notes_of_sentence(row))


def _slugs(passage: Passage) -> set[str]:
    return {passage.slug, *(place.slug for place in passage.also_in)}


def _on_disk(article: Article, files: Files, sources: Files) -> OnDisk:
    if article.source not in files:
        return OnDisk.GONE
    return OnDisk.SAME if files[article.source] == sources.get(article.source) else OnDisk.CHANGED


def _known(index: Index) -> set[str]:
    return {*index.manifest.sources, *_beside_indexed(index)}


def _beside(files: Files) -> dict[str, str]:
    """Questions and notes."""
    return {name: digest for name, digest in files.items() if "/" in name or name == NOTES_FILE}


def _beside_indexed(index: Index) -> dict[str, str]:
    manifest = index.manifest
    notes = {NOTES_FILE: manifest.notes_hash} if manifest.notes_hash else {}
    return {f"{FOLDER}/{name}": digest for name, digest in manifest.question_sources.items()} | notes
