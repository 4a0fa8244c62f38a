"""A console to work with: over a fake model in no time, or over the real one; in a browser, too.

Each gets a practice of its own: a copy of the articles and of the index, and a folder for what staff keeps. ::

    pytest_plugins = ("browser_fixtures", "staff_fixtures")

    def test_…(desk: Desk)                               the fast one
    def test_…(desk: Desk, console_url: str)             … as it is served, without a password
    def test_…(real_desk: Desk, real_console_url: str)   with the real model (mark it ``model``)
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from assistant_fakes import ALWAYS_SURE
from browser_fixtures import serving
from fakes import FakeEmbedder

from assistant.confidence import OWN, Calibration
from assistant.parts import build_assistant
from assistant.reply import Assistant
from assistant.settings import Settings
from assistant.staff.desk import Desk
from assistant.triage.second_opinion import GROUPS, Outcome, SecondOpinion
from assistant.web.live import LiveAssistant
from assistant.web.metrics import Metrics
from ingest.build import build_index
from ingest.embed import Embedder
from ingest.manifest import ModelCard
from ingest.settings import PROJECT, IngestSettings
from ingest.stores import open_store

FAKE = FakeEmbedder(dimension=384)


def practice(folder: Path, index_dir: Path, **changes: Any) -> Settings:
    """The settings of a practice whose every file is in ``folder``, with copies of our articles and of an index."""
    shutil.copytree(PROJECT / "corpus", folder / "corpus", ignore=shutil.ignore_patterns("test_questions.toml"))
    shutil.copytree(index_dir, folder / "index")
    places = {
        "corpus_dir": folder / "corpus",
        "index_dir": folder / "index",
        "staff_dir": folder / "staff",
        "test_questions_file": folder / "corpus" / "test_questions.toml",
        "records_file": folder / "records.sqlite3",
        "pause_file": folder / "paused",
        "second_opinion_file": folder / "second_opinion.npz",
    }
    return Settings(_env_file=None, **(places | changes))


def open_desk(settings: Settings, embedder: Embedder) -> Desk:
    version = open_store(settings).version_in_use
    live = LiveAssistant(version, lambda: build_assistant(settings, lambda: embedder), Metrics())
    return Desk(settings, live, embedder)


def fake_desk(folder: Path, fake_index: Path, calibration: Calibration = ALWAYS_SURE, **changes: Any) -> Desk:
    """Over a copy of ``fake_index``; ``calibration`` says how sure the assistant is of its answers."""
    settings = practice(folder, fake_index, **({"embedding_model": FAKE.name} | changes))
    fitting = calibration.model_copy(update={"model": ModelCard.of(FAKE)})
    (settings.index_dir / OWN).write_text(fitting.model_dump_json(), "utf-8")
    _calm(FAKE).save(settings.second_opinion_file)
    return open_desk(settings, FAKE)


def _calm(embedder: Embedder) -> SecondOpinion:
    """A second look that suspects nothing."""
    outcomes = (Outcome.NONE, Outcome.SPOED)
    weights = np.zeros((len(outcomes), embedder.dimension + GROUPS), dtype=np.float32)
    intercepts, centre = np.array([9, -9], np.float32), np.zeros(embedder.dimension, np.float32)
    return SecondOpinion(embedder.name, outcomes, weights, intercepts, centre, alarm_from=0.99)


@pytest.fixture(scope="session")
def fake_index(nobodys_settings: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an index of the practice's own articles, made with a model that knows letters but no meaning."""
    folder = tmp_path_factory.mktemp("fake-practice") / "index"
    settings = IngestSettings(corpus_dir=PROJECT / "corpus", index_dir=folder, embedding_model=FAKE.name)
    build_index(settings, lambda: FAKE)
    return folder


@pytest.fixture
def desk(tmp_path: Path, fake_index: Path) -> Desk:
    """The practice's own articles, and an assistant that is always sure of what it finds."""
    return fake_desk(tmp_path, fake_index)


@pytest.fixture
def real_desk(tmp_path: Path, real_settings: Settings, assistant: Assistant) -> Desk:
    return open_desk(practice(tmp_path, real_settings.index_dir), assistant.index.embedder)


@contextmanager
def console_of(desk: Desk) -> Iterator[str]:
    """The address of its console. One at a time: Gradio's temporary folder is of the whole process."""
    from assistant.staff.site import build_site

    temp = desk.settings.staff_dir / "tmp"
    temp.mkdir(parents=True, exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "GRADIO_TEMP_DIR", str(temp))
        with serving(build_site(desk, temp)) as url:
            yield url


@pytest.fixture
def console_url(desk: Desk) -> Iterator[str]:
    with console_of(desk) as url:
        yield url


@pytest.fixture
def real_console_url(real_desk: Desk) -> Iterator[str]:
    with console_of(real_desk) as url:
        yield url
