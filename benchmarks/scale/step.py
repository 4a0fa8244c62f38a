"""``python -m benchmarks.scale.step``: one step in a process of its own, so that none measures what another left.

The task comes in as JSON; what was measured goes into the folder of results.
"""

import subprocess
import sys
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from benchmarks.scale.place import Place
from benchmarks.scale.served import Course
from ingest.settings import PROJECT

if TYPE_CHECKING:
    from benchmarks.scale.corpus import ScaleCorpus
    from benchmarks.scale.source import Source
    from ingest.embed import Embedder
    from ingest.index import Index


class Step(StrEnum):
    PREPARE = "prepare"
    LOAD = "load"
    SEARCH = "search"
    ANSWER = "answer"
    SERVE = "serve"
    AGREE = "agree"


class Task(BaseModel):
    """``text`` is the unpacked package, ``most`` how many of its paragraphs are used (0: all).

    ``sizes`` are those to prepare for; the other steps are of ``passages``.
    """

    model_config = ConfigDict(frozen=True)

    step: Step
    work: Path
    text: Path
    most: int = 0
    sizes: tuple[int, ...] = ()
    passages: int = 0
    place: Place | None = None
    processes: int = 1
    course: Course = Course()

    @property
    def results(self) -> Path:
        return self.work / "results"

    def truth(self, size: int) -> Path:
        return self.work / f"nearest-{size}-of-{self.most}.json"


def run(task: Task) -> None:
    """In a process of its own. Raises ``subprocess.CalledProcessError``."""
    command = [sys.executable, "-m", "benchmarks.scale.step"]
    subprocess.run(command, cwd=PROJECT, input=task.model_dump_json(), text=True, check=True)


class _Work:
    """What a step needs, made when it needs it."""

    def __init__(self, task: Task) -> None:
        self._task = task

    def do(self) -> None:
        {
            Step.PREPARE: self._prepare,
            Step.LOAD: self._load,
            Step.SEARCH: self._search,
            Step.ANSWER: self._answer,
            Step.SERVE: self._serve,
            Step.AGREE: self._agree,
        }[self._task.step]()

    def _prepare(self) -> None:
        """Texts, vectors and questions, and what an exact search finds."""
        from benchmarks.scale.queries import Queries, exact, fidelity

        task = self._task
        missing = [size for size in task.sizes if not task.truth(size).exists()]
        if not missing:
            return
        corpus = self._corpus(max(task.sizes))
        queries = Queries.of(corpus, self._embedder)
        queries.save(task.work)
        fidelity(corpus, self._embedder).save(task.results)
        for size in missing:
            exact(self._corpus(size).entries(), queries.vectors).save(task.truth(size))

    def _load(self) -> None:
        from benchmarks.scale.stores import load

        index = self._practice
        load(self._place, self._corpus(self._task.passages), index.manifest, index.notes).save(self._task.results)

    def _search(self) -> None:
        from benchmarks.scale.queries import Queries, Truth
        from benchmarks.scale.stores import search

        queries, truth = Queries.load(self._task.work), Truth.load(self._task.truth(self._task.passages))
        search(self._place, queries, truth, self._embedder, self._task.passages).save(self._task.results)

    def _answer(self) -> None:
        from benchmarks.scale.served import answer

        answer(self._place, self._task.passages, self._task.course).save(self._task.results)

    def _serve(self) -> None:
        from benchmarks.scale.served import serve

        task = self._task
        serve(self._place, task.passages, task.processes, task.course).save(task.results)

    def _agree(self) -> None:
        """The practice's own corpus and nothing else."""
        from benchmarks.scale.agreement import WAYS, agree
        from benchmarks.scale.stores import load

        index = self._practice
        load(self._place, self._corpus(len(index.passages)), index.manifest, index.notes)
        for way in WAYS:
            agree(self._place, way, self._embedder, self._task.course.questions).save(self._task.results)

    def _corpus(self, size: int) -> "ScaleCorpus":
        from benchmarks.scale.corpus import ScaleCorpus

        return ScaleCorpus(self._practice, self._source, size)

    @cached_property
    def _source(self) -> "Source":
        from benchmarks.scale.dutch_text import read_pages
        from benchmarks.scale.source import Source

        task = self._task
        return Source.read(read_pages(task.text), task.work / "vectors", lambda: self._embedder, task.most)

    @cached_property
    def _practice(self) -> "Index":
        from assistant.settings import Settings
        from ingest.stores import load_whole

        return load_whole(Settings.read(), self._embedder)

    @cached_property
    def _embedder(self) -> "Embedder":
        from assistant.settings import Settings
        from ingest.embed import SentenceTransformerEmbedder

        return SentenceTransformerEmbedder(Settings.read().embedding_model)

    @property
    def _place(self) -> Place:
        assert self._task.place is not None
        return self._task.place


if __name__ == "__main__":
    _Work(Task.model_validate_json(sys.stdin.read())).do()
