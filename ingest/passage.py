"""A passage: what is retrieved and cited."""

import hashlib
from dataclasses import dataclass

from ingest.article import Article
from ingest.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Place:
    """A second place where the words of a passage stand."""

    slug: str
    title: str
    heading_path: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A section's paragraph(s), or a list with its lead-in: ``text == Article.text[start:end]``.

    ``sentences`` are what may be quoted, with offsets into the article. ``lead_in`` introduces the list: a line
    that ends in a colon, else the section's heading, which may stand outside ``start``–``end``; None in running text.
    ``also_in`` are the places of passages that were merged into this one.
    """

    slug: str
    title: str
    heading_path: tuple[str, ...]
    start: int
    end: int
    text: str
    sentences: tuple[Sentence, ...]
    lead_in: Sentence | None = None
    also_in: tuple[Place, ...] = ()

    @property
    def id(self) -> str:
        """The same as long as the passage's words, heading and article are; no two in an index are equal."""
        what = (self.slug, *self.heading_path, "list" if self.is_list else "prose", self.text)
        return hashlib.sha256("\n".join(what).encode()).hexdigest()[:12]

    @property
    def is_list(self) -> bool:
        return any(sentence.item is not None for sentence in self.sentences)

    @property
    def place(self) -> Place:
        return Place(self.slug, self.title, self.heading_path, self.start, self.end)

    @property
    def text_to_embed(self) -> str:
        """Title, heading path and passage: see docs/evaluation.md for what the headings add."""
        return "\n".join(part for part in (self.title, " › ".join(self.heading_path), self.text) if part)

    def wording(self, article: Article, sentence: Sentence) -> str:
        return article.text[sentence.start : sentence.end]
