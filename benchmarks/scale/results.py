"""What was measured, kept in a folder: a file for each step of each size; a page is made of what there is."""

from collections.abc import Iterator
from pathlib import Path
from typing import Self, TypeVar

from pydantic import BaseModel, ConfigDict

FILES, POSTGRES = "files", "postgresql"
STORES = (FILES, POSTGRES)


class Result(BaseModel):
    """``other_cores`` is what everything else on the machine took, on average."""

    model_config = ConfigDict(frozen=True)

    store: str
    passages: int
    measured_on: str
    other_cores: float

    @classmethod
    def step(cls) -> str:
        return cls.__name__.lower()

    @property
    def name(self) -> str:
        return f"{self.step()}-{self.store}-{self.passages}"

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{self.name}.json").write_text(self.model_dump_json(indent=1), "utf-8")

    @classmethod
    def all(cls, folder: Path) -> Iterator[Self]:
        for path in sorted(folder.glob(f"{cls.step()}-*.json")):
            yield cls.model_validate_json(path.read_bytes())


R = TypeVar("R", bound=Result)


class Loading(Result):
    """``add_seconds`` until everything was handed over, ``publish_seconds`` from there until it was in use.

    ``cpu_seconds`` are of the writing process and the database together.
    """

    add_seconds: float
    publish_seconds: float
    cpu_seconds: float
    peak_megabytes: float
    disk_bytes: int

    @property
    def seconds(self) -> float:
        return self.add_seconds + self.publish_seconds


class Timing(BaseModel):
    """Milliseconds a search; ``cpu_ms`` is what one took of this process, ``database_cpu_ms`` of the database."""

    model_config = ConfigDict(frozen=True)

    kind: str
    clients: int
    searches: int
    p50: float
    p95: float
    per_second: float
    cpu_ms: float
    database_cpu_ms: float


class Searching(Result):
    """``recall`` is recall@10 of the dense search, 0 to 1. Opening counts no loading of the model.

    ``candidate_bytes`` are those of the texts and of the 16-bit vectors of what one answer reads.
    """

    timings: tuple[Timing, ...]
    recall: float
    open_seconds: float
    candidate_bytes: float

    def timing(self, kind: str, clients: int) -> Timing | None:
        return next((each for each in self.timings if (each.kind, each.clients) == (kind, clients)), None)


class Answering(Result):
    """Replies of a served process over HTTP, one visitor. Milliseconds; shares are 0 to 1.

    ``own_megabytes`` is what would be free again without the process, ``resident_megabytes`` with the pages of files
    that it has looked at.
    """

    questions: int
    p50: float
    p95: float
    gold: float
    refused: float
    ready_seconds: float
    own_megabytes: float
    resident_megabytes: float
    database_megabytes: float
    cpu_ms: float
    database_cpu_ms: float


class Serving(Result):
    """Several served processes, and visitors who ask on as soon as they are answered. Milliseconds to the first words;
    CPU milliseconds an answer."""

    processes: int
    visitors: int
    answers_per_second: float
    p50: float
    p95: float
    errors: int
    server_cpu_ms: float
    database_cpu_ms: float

    @property
    def name(self) -> str:
        return f"{super().name}-{self.processes}"


class Agreement(Result):
    """The question harness: how many of ``questions`` come out otherwise than in the accepted run.

    ``changed`` counts those with another rank, outcome or confidence. ``way`` is "whole" when the corpus was read into
    memory, "candidates" when 64 passages a question were.
    """

    way: str
    questions: int
    lost: int
    gained: int
    changed: int

    @property
    def name(self) -> str:
        return f"{super().name}-{self.way}"


class Graph(Result):
    """Dense searches for ten passages by one graph (``neighbours``, and the ``construction`` width) at one ``width``.

    ``practice`` and ``rest`` are the recalls of either half of the queries; ``cosine_lost`` is how much less similar
    what was found is than what is nearest, on average. Milliseconds.
    """

    neighbours: int
    construction: int
    build_seconds: float
    width: int
    recall: float
    practice: float
    rest: float
    cosine_lost: float
    p50: float
    p95: float

    @property
    def name(self) -> str:
        return f"{super().name}-{self.neighbours:03}-{self.construction:03}-{self.width:04}"


class Embedding(Result):
    """Recombined passages embedded after all, by one process: how near (cosine) their made vectors are to those.

    ``others`` is the mean cosine between two of these passages, for comparison. ``paragraphs`` are those of
    the text, ``used`` those of them that a corpus is made of.
    """

    pages: int
    paragraphs: int
    used: int
    per_cpu_second: float
    cosine: float
    cosine_p5: float
    others: float
