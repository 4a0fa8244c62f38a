"""Assistants to measure: without some ingredients, or with another embedding model."""

import re
from collections.abc import Callable
from pathlib import Path

from assistant.evaluation.calibrate import Tracker, calibrate
from assistant.evaluation.teach import teach
from assistant.parts import assistant_over, open_index
from assistant.reply import Assistant
from assistant.settings import Settings
from assistant.triage.second_opinion import SecondOpinion
from ingest.build import build_index
from ingest.embed import Embedder
from ingest.errors import IndexUnusableError
from ingest.index import Index, load_index
from ingest.progress import NoProgress, Progress

Teaching = Callable[[Embedder], SecondOpinion]


def calibrated_anew(settings: Settings, tracked: Tracker = iter) -> Assistant:
    """With weights and thresholds that make the best of what ``settings.without`` leaves.

    Raises ``IngestError`` or ``AssistantError``.
    """
    index = open_index(settings)
    return assistant_over(settings, index, calibrate(index, settings.without, tracked))


def with_model(
    settings: Settings,
    folder: Path,
    embedder: Embedder,
    tracked: Tracker = iter,
    progress: Progress | None = None,
    teaching: Teaching = teach,
) -> Assistant:
    """With another model: an index of its own, calibrated, and its second look at messages taught. Takes minutes.

    All of it stays in ``folder``, so that a second time only what changed is embedded. Raises ``IngestError`` or
    ``AssistantError``.
    """
    own = settings.in_folder(
        folder / "index", embedding_model=embedder.name, second_opinion_file=folder / "second_opinion.npz"
    )
    folder.mkdir(parents=True, exist_ok=True)
    index = _own_index(own, embedder, progress or NoProgress())
    teaching(embedder).save(own.second_opinion_file)
    return assistant_over(own, index, calibrate(index, own.without, tracked))


def folder_of(model: str, parent: Path) -> Path:
    """Of a hub id or a local folder."""
    return parent / (re.sub(r"[^\w.-]+", "_", model).strip("_.") or "model")


def _own_index(settings: Settings, embedder: Embedder, progress: Progress) -> Index:
    build_index(settings, lambda: embedder, progress)
    try:
        return load_index(settings.index_dir, embedder)
    except IndexUnusableError:
        # Ingest goes by the model's name; under this one there was another model before.
        build_index(settings, lambda: embedder, progress, rebuild=True)
        return load_index(settings.index_dir, embedder)
