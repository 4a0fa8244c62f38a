"""One ingest for both stores: the same index, whoever embeds it and whoever dies meanwhile."""

import random
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import psutil
import pytest
from fakes import FakeEmbedder, content, ingest_settings, write_article, write_questions
from postgres_fixtures import Database
from pydantic import SecretStr
from queue_fakes import Forker, Order, embedded_in_vain, is_running, kill, wait_for

from ingest.build import IngestReport, build_index
from ingest.embed import Embedder
from ingest.errors import IndexUnusableError, IngestBusyError, WorkersElsewhereError
from ingest.file_bank import FILE
from ingest.settings import IngestSettings
from ingest.stores import load_whole, open_store

pytest_plugins = ("postgres_fixtures",)

# Then it may come to an end.
MOST_KILLED = 8
PLACES = ("nek", "rug", "arm", "been", "voet", "hand", "knie", "heup", "elleboog", "pols", "enkel", "schouder")


def write_corpus(folder: Path, articles: int = 12, sentences: int = 8, said: str = "Rust helpt bij pijn") -> None:
    for number in range(articles):
        place = f"{PLACES[number % len(PLACES)]} {number}"
        rows = range(sentences)
        paragraphs = (
            f"{said} in de {place}, staat in stuk {row} hier. Zin {row} gaat over de {place}." for row in rows
        )
        write_article(folder, f"{number:03}.md", f"Pijn in de {place}", *paragraphs)


@pytest.fixture(params=["files", "database"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> IngestSettings:
    """Of a practice that has two articles and some questions, for either store."""
    write_article(tmp_path, "nek.md", "Nekpijn", "Rust helpt bij nekpijn.", "## Thuis", "Warmte helpt thuis.")
    write_article(tmp_path, "rug.md", "Rugpijn", "Loop elke dag een stuk. Til met een rechte rug.")
    write_questions(
        tmp_path,
        "v.toml",
        {"answer": ["Loop elke dag een stuk."], "asked": ["Mag ik lopen?"]},
        {"answer": [], "asked": ["?"]},
    )
    if request.param == "files":
        return ingest_settings(tmp_path)
    database: Database = request.getfixturevalue("database")
    return in_database(tmp_path, database)


def in_database(folder: Path, database: Database, **changes: Any) -> IngestSettings:
    return ingest_settings(folder, store=SecretStr(database.url), **changes)


def ingest(settings: IngestSettings, embedder: FakeEmbedder | None = None, **how: Any) -> IngestReport:
    return build_index(settings, lambda: embedder or FakeEmbedder(), **how)


def found(settings: IngestSettings) -> dict[str, Any]:
    return content(load_whole(settings, FakeEmbedder()))


def no_model() -> Embedder:
    pytest.fail("the model was loaded for nothing")


# The same on both stores


def test_an_index_in_a_database_is_the_one_that_files_give(tmp_path: Path, database: Database) -> None:
    write_corpus(tmp_path)
    write_questions(tmp_path, "v.toml", {"answer": ["Zin 1 gaat over de nek 0."], "asked": ["En dan?"]})
    for settings in (ingest_settings(tmp_path), in_database(tmp_path, database)):
        ingest(settings)
    assert found(ingest_settings(tmp_path)) == found(in_database(tmp_path, database))


def test_an_ingest_without_changes_embeds_nothing_and_needs_no_model(settings: IngestSettings) -> None:
    ingest(settings)
    before = open_store(settings).version_in_use()
    report = build_index(settings, no_model)
    assert report.wrote_nothing
    assert open_store(settings).version_in_use() == before


def test_an_edit_embeds_only_what_is_new(settings: IngestSettings, tmp_path: Path) -> None:
    ingest(settings)
    write_article(tmp_path, "nek.md", "Nekpijn", "Rust helpt bij nekpijn.", "## Thuis", "Warmte helpt. Kou ook.")
    embedder = FakeEmbedder()
    report = ingest(settings, embedder)
    assert embedder.embedded == ["Nekpijn\nThuis\nWarmte helpt. Kou ook.", "Warmte helpt.", "Kou ook."]
    assert (report.embedded, report.updated) == (3, ("nekpijn",))
    assert found(settings)["articles"]["nekpijn"].text.endswith("Kou ook.")


def test_a_rebuild_embeds_everything_and_gives_the_same_index(settings: IngestSettings) -> None:
    first = ingest(settings)
    before = found(settings)
    again = ingest(settings, rebuild=True)
    assert (again.embedded, again.reused) == (first.embedded, 0)
    assert found(settings) == before


def test_other_weights_under_the_same_name_never_mix_with_the_old_vectors(
    settings: IngestSettings, tmp_path: Path
) -> None:
    ingest(settings)
    write_article(tmp_path, "arm.md", "Armpijn", "Strek de arm.")
    other = FakeEmbedder(weights=1)
    assert ingest(settings, other).reused == 0
    assert load_whole(settings, other).manifest.counts.articles == 3
    with pytest.raises(IndexUnusableError, match="veranderd sinds"):
        found(settings)


def test_a_removed_article_leaves_no_vector_behind_to_be_used_again(settings: IngestSettings, tmp_path: Path) -> None:
    ingest(settings)
    (tmp_path / "corpus" / "rug.md").unlink()
    ingest(settings)
    write_article(tmp_path, "rug.md", "Rugpijn", "Loop elke dag een stuk. Til met een rechte rug.")
    assert ingest(settings).embedded == 4  # with the question that it answers


def test_of_two_ingests_at_once_the_second_is_refused(settings: IngestSettings) -> None:
    with open_store(settings).draft(), pytest.raises(IngestBusyError):
        ingest(settings)
    assert ingest(settings).created == ("nekpijn", "rugpijn")


def test_a_crash_while_embedding_leaves_the_old_index_and_what_was_embedded(
    settings: IngestSettings, tmp_path: Path
) -> None:
    ingest(settings)
    before = found(settings)
    write_corpus(tmp_path, articles=12)
    dying = DyingEmbedder(after=50)
    with pytest.raises(KeyboardInterrupt):
        ingest(settings, dying)
    assert found(settings) == before
    again = FakeEmbedder()
    report = ingest(settings, again)
    assert len(dying.embedded) >= 50
    assert not set(again.embedded) & set(dying.embedded)
    assert report.manifest.counts.articles == 14


class DyingEmbedder(FakeEmbedder):
    """Dies when it was given so many texts."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self._after = after

    def passages(self, *given: Any, **how: Any) -> Any:
        if len(self.embedded) >= self._after:
            raise KeyboardInterrupt
        return super().passages(*given, **how)


def test_vectors_of_another_version_can_be_used_again(settings: IngestSettings, tmp_path: Path) -> None:
    """As a look at an article before it is published does: in files, of whatever store is in use."""
    ingest(settings)
    elsewhere = ingest_settings(tmp_path, index_dir=tmp_path / "elsewhere")
    report = ingest(elsewhere, like=open_store(settings).open(FakeEmbedder()))
    assert report.embedded == 0
    assert found(elsewhere) == found(settings)


# More processes


@pytest.mark.server
def test_processes_beside_this_one_give_the_same_index(settings: IngestSettings, tmp_path: Path) -> None:
    write_corpus(tmp_path)
    here = ingest_settings(tmp_path, index_dir=tmp_path / "here")
    ingest(here)
    report = build_index(settings, partial(FakeEmbedder), workers=2)
    assert report.embedded > 200
    assert found(settings) == found(here)


def test_workers_on_other_machines_are_no_way_to_fill_a_folder(tmp_path: Path) -> None:
    write_corpus(tmp_path, articles=1)
    with pytest.raises(WorkersElsewhereError, match="RUGPIJN_STORE"):
        ingest(ingest_settings(tmp_path), workers=0)


@pytest.fixture
def forker() -> Iterator[Forker]:
    forker = Forker()
    yield forker
    forker.stop()


@pytest.mark.server
def test_an_ingest_can_leave_the_work_to_workers_elsewhere(tmp_path: Path, database: Database, forker: Forker) -> None:
    write_corpus(tmp_path)
    order = Order(tmp_path, database.url)
    front = forker.start(order.ingest(workers=0))
    while not (tmp_path / "embedded").exists():
        workers = [forker.start(order.worker)]
        wait_for(workers)
    wait_for([front])
    embedders = {int(line.split()[0]) for line in (tmp_path / "embedded").read_text().splitlines()}
    assert front not in embedders
    assert found(in_database(tmp_path, database))["manifest"]["counts"]["articles"] == 12


@pytest.mark.server
@pytest.mark.parametrize("store", ["files", "database"])
def test_an_ingest_killed_again_and_again_publishes_nothing_by_halves_and_embeds_nothing_twice(
    tmp_path: Path, store: str, forker: Forker, request: pytest.FixtureRequest
) -> None:
    address = request.getfixturevalue("database").url if store == "database" else ""
    settings = ingest_settings(tmp_path, store=SecretStr(address or "faiss"))
    write_corpus(tmp_path, articles=2)
    ingest(settings)
    before = found(settings)
    write_corpus(tmp_path, articles=20)
    here = ingest_settings(tmp_path, index_dir=tmp_path / "here")
    ingest(here)
    after = found(here)
    # Three embed at a time where there is a database.
    order = Order(tmp_path, address, seconds_per_text=0.012 if address else 0.004)
    chance = random.Random(8)
    killed: set[int] = set()
    front, workers = forker.start(order.ingest()), [forker.start(order.worker) for _ in range(2) if address]
    while found(settings) != after:
        assert found(settings) in (before, after)
        time.sleep(chance.uniform(0.2, 0.6))
        victim = chance.choice([front, front, *workers])
        if len(killed) < MOST_KILLED and kill(victim):
            killed.add(victim)
        workers = [each if is_running(each) else forker.start(order.worker) for each in workers]
        front = front if is_running(front) else forker.start(order.ingest())
    wait_for([front, *workers])
    assert len(killed) >= 3
    assert embedded_in_vain(tmp_path, killed) == []
    if not address:
        assert not (tmp_path / "index" / FILE).exists()


@pytest.mark.server
def test_an_ingest_whose_own_workers_are_all_killed_does_the_rest_itself(
    tmp_path: Path, settings: IngestSettings, forker: Forker
) -> None:
    write_corpus(tmp_path)
    order = Order(tmp_path, settings.store_address, seconds_per_text=0.02)
    front = forker.start(order.ingest(workers=2))
    while not (tmp_path / "embedded").exists():
        time.sleep(0.05)
    workers = {child.pid for child in psutil.Process(front).children() if is_at_work(child)}
    killed = {worker for worker in workers if kill(worker)}
    wait_for([front])
    assert killed
    assert embedded_in_vain(tmp_path, killed) == []
    embedders = {int(line.split()[0]) for line in (tmp_path / "embedded").read_text().splitlines()}
    assert front in embedders
    assert found(settings)["manifest"]["counts"]["articles"] == 14


def is_at_work(process: psutil.Process) -> bool:
    """Not the process in which Python keeps count of shared resources."""
    return "resource_tracker" not in " ".join(process.cmdline())


@pytest.mark.server
def test_the_workers_of_an_ingest_that_is_killed_stop_too(
    tmp_path: Path, settings: IngestSettings, forker: Forker
) -> None:
    write_corpus(tmp_path)
    front = forker.start(Order(tmp_path, settings.store_address, seconds_per_text=0.05).ingest(workers=2))
    while not (tmp_path / "embedded").exists():
        time.sleep(0.05)
    workers = [child.pid for child in psutil.Process(front).children()]
    kill(front)
    wait_for(workers)
    with pytest.raises(IndexUnusableError):
        found(settings)
