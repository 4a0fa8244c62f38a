"""What is embedded: a wording, known by a hash, and where the vectors of many of them come from."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Protocol, TypeVar

from ingest.embed import Embedder, Vectors

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Text:
    """A question and a passage in the same words have different vectors."""

    wording: str
    is_question: bool = False

    @property
    def hash(self) -> bytes:
        """SHA-256, 32 bytes."""
        kind = b"question" if self.is_question else b"passage"
        return hashlib.sha256(kind + b"\n" + self.wording.encode("utf-8", "surrogatepass")).digest()


# Gives the same texts every time, one after the other: there may be more of them than fit in memory.
Texts = Callable[[], Iterable[Text]]


class Bank(Protocol):
    """The vectors of one model, each made once. What is in it when a machine stops is still in it afterwards."""

    @property
    def embedded(self) -> int:
        """How many texts got a vector since ``fill``, whoever made it."""

    @property
    def reused(self) -> int:
        """How many had one before."""

    def fill(self, texts: Texts) -> None:
        """Until every one of these has a vector. Raises ``IngestError``."""

    def vectors(self, texts: Sequence[Text]) -> Vectors:
        """Of texts that ``fill`` was given; shape (texts, dimension), row for row."""

    def clear_up(self) -> None:
        """What was wanted is in use: forget whatever need not be known for the next time."""

    def close(self) -> None: ...


def embed(embedder: Embedder, texts: Sequence[Text], progress: Callable[[int], None] = lambda _: None) -> list[Vectors]:
    """The vector of each, whether it asks or tells."""
    found: dict[Text, Vectors] = {}
    for is_question, embed_all in ((False, embedder.passages), (True, embedder.queries)):
        some = [text for text in texts if text.is_question is is_question]
        if some:
            found |= zip(some, embed_all([text.wording for text in some], progress), strict=True)
    return [found[text] for text in texts]


def batched(items: Iterable[T], size: int) -> Iterator[list[T]]:
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
