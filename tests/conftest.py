"""What all tests share: nobody's own settings, and the indexes that take long to make, made once."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
from fakes import FakeEmbedder

from assistant.settings import Settings
from ingest.build import build_index
from ingest.index import Index, load_index
from ingest.settings import PROJECT, IngestSettings

if TYPE_CHECKING:
    from assistant.reply import Assistant

# A busy machine is no reason to fail.
hypothesis.settings.register_profile("ours", deadline=None)
hypothesis.settings.load_profile("ours")


@pytest.fixture(scope="session", autouse=True)
def nobodys_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Neither the developer's environment nor the project's ``.env`` reaches a test, and none writes in ``var/``."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.upper().startswith("RUGPIJN_")]:
            patch.delenv(name)
        patch.setenv("RUGPIJN_RECORDS_FILE", str(tmp_path_factory.mktemp("records") / "records.sqlite3"))
        for settings in (IngestSettings, Settings):
            patch.setitem(settings.model_config, "env_file", None)
        yield


@pytest.fixture(scope="session")
def corpus_index(nobodys_settings: None, tmp_path_factory: pytest.TempPathFactory) -> Index:
    """The practice's own articles, indexed with a fake model that knows letters but no meaning."""
    embedder = FakeEmbedder(dimension=384)
    settings = IngestSettings(
        corpus_dir=PROJECT / "corpus", index_dir=tmp_path_factory.mktemp("fake") / "index", embedding_model="fake"
    )
    build_index(settings, lambda: embedder)
    return load_index(settings.index_dir, embedder)


@pytest.fixture(scope="session")
def real_settings(nobodys_settings: None, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The settings of a practice that changed nothing but the folder its index is in."""
    folder: Path = tmp_path_factory.mktemp("real")
    return Settings(index_dir=folder / "index")


@pytest.fixture(scope="session")
def assistant(real_settings: Settings) -> "Assistant":
    """The real assistant: the practice's articles, ingested with the real model (half a minute)."""
    from assistant.parts import build_assistant
    from ingest.embed import SentenceTransformerEmbedder

    build_index(real_settings, lambda: SentenceTransformerEmbedder(real_settings.embedding_model))
    return build_assistant(real_settings)
