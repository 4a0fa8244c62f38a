"""A small practice whose articles the console changes, with an index by a model that knows letters alone."""

from pathlib import Path
from typing import Any

from assistant_fakes import ALWAYS_SURE
from fakes import FakeEmbedder, write_article, write_notes, write_questions

from assistant.confidence import OWN
from assistant.settings import Settings
from assistant.staff.library.library import Library
from ingest.build import build_index
from ingest.index import Index
from ingest.stores import load_whole

NOON = 1_790_000_000.0  # 21 September 2026


class Practice:
    """Two articles, a note and some questions, all in ``folder``."""

    def __init__(self, folder: Path, *, is_new: bool = True, **changes: Any) -> None:
        self.folder = folder
        self.embedder = FakeEmbedder()
        self.now = NOON
        self.settings = Settings(
            _env_file=None,
            corpus_dir=folder / "corpus",
            index_dir=folder / "index",
            staff_dir=folder / "staff",
            second_opinion_file=folder / "none.npz",
            embedding_model="fake",
            **changes,
        )
        if is_new:
            self._begin(folder)

    def _begin(self, folder: Path) -> None:
        write_article(folder, "nek.md", "Pijn in de nek", "Rust helpt bij pijn in de nek.", "Beweeg de nek elke dag.")
        write_article(folder, "rug.md", "Pijn in de rug", "Warmte ontspant de spieren van de rug altijd.")
        write_notes(
            folder,
            {
                "kind": "promotional",
                "sentences": [
                    "Warmte ontspant de spieren van de rug altijd.",
                    "Beweeg de nek elke dag.",
                ],
            },
        )
        write_questions(
            folder,
            "nek.toml",
            {"answer": ["Rust helpt bij pijn in de nek."], "asked": ["Wat helpt voor mijn nek?"]},
            {"answer": ["Warmte ontspant de spieren van de rug altijd."], "asked": ["Wat doet warmte?"]},
        )
        self.ingest()
        self.settings.index_dir.mkdir(exist_ok=True)
        (self.settings.index_dir / OWN).write_text(ALWAYS_SURE.model_dump_json(), "utf-8")

    def ingest(self) -> None:
        build_index(self.settings, lambda: self.embedder)

    def library(self) -> Library:
        """Another one is as good as a restart."""
        return Library(self.settings, self.embedder, lambda: self.now)

    def index(self) -> Index:
        return load_whole(self.settings, self.embedder)

    @property
    def corpus(self) -> Path:
        return self.settings.corpus_dir

    def files(self) -> dict[str, bytes]:
        """Everything in the folder with the articles."""
        found = (path for path in self.corpus.rglob("*") if path.is_file())
        return {path.relative_to(self.corpus).as_posix(): path.read_bytes() for path in found}


def reopened(folder: Path) -> Practice:
    """The one in this folder, as another process has it."""
    return Practice(folder, is_new=False)
