import shutil
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from fakes import FakeEmbedder
from starlette.testclient import TestClient
from web_fakes import ANSWER, ARTICLE, FakeAssistant, FakeLibrary, reception

from assistant import texts
from assistant.answer import Answer, Part, Sentence, Triaged, parts_of
from assistant.reply import Assistant, Turn
from assistant.settings import Settings
from assistant.web.live import LiveAssistant
from assistant.web.metrics import Metrics
from assistant.web.server import create_app
from assistant.web.site import build_site
from ingest.build import build_index
from ingest.errors import IndexUnusableError, StoreUnavailableError
from ingest.files_store import FilesStore
from ingest.settings import IngestSettings
from ingest.versions import version_in_use

QUESTION = {"question": "Wat helpt?"}
STREAMS = 20


def says(text: str) -> Answer:
    return Answer(ANSWER.kind, (Sentence(text, (1,)),), ANSWER.citations)


@dataclass
class Indexes:
    """A folder of real indexes of one small corpus, with an assistant over each that says what it was told to say."""

    settings: IngestSettings
    tell: str = "eerste"
    error: Exception | None = None
    made: list[FakeAssistant] = field(default_factory=list)
    assistant: Callable[[Answer], FakeAssistant] = FakeAssistant
    metrics: Metrics = field(default_factory=Metrics)

    def ingest(self, article: str) -> None:
        (self.settings.corpus_dir / "rug.md").write_text(f"---\ntitle: Rug\nslug: rug\n---\n\n{article}\n", "utf-8")
        build_index(self.settings, FakeEmbedder)

    def build(self) -> FakeAssistant:
        version_in_use(self.settings.index_dir)
        if self.error:
            raise self.error
        self.made.append(self.assistant(says(self.tell)))
        return self.made[-1]

    def live(self) -> LiveAssistant:
        return LiveAssistant(FilesStore(self.settings.index_dir).version_in_use, self.build, self.metrics)

    def counted(self, name: str) -> float:
        exposition, _ = self.metrics.exposition()
        lines = dict(line.rsplit(" ", 1) for line in exposition.decode().splitlines() if not line.startswith("#"))
        return float(lines[f"rugpijn_index_{name}_total"])


@pytest.fixture
def indexes(tmp_path: Path) -> Indexes:
    (tmp_path / "corpus").mkdir()
    settings = IngestSettings(corpus_dir=tmp_path / "corpus", index_dir=tmp_path / "index", embedding_model="fake")
    made = Indexes(settings)
    made.ingest("Warmte helpt.")
    return made


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.message for record in caplog.records if record.name == "assistant.web.live"]


def reply(assistant: LiveAssistant) -> str:
    *_, answer = assistant.stream("Wat helpt?")
    assert isinstance(answer, Answer)
    return answer.sentences[0].text


def test_as_long_as_the_index_is_the_same_nothing_is_loaded_again(indexes: Indexes) -> None:
    live = indexes.live()
    live.look()
    indexes.ingest("Warmte helpt.")
    live.look()
    assert len(indexes.made) == 1
    assert reply(live) == "eerste"
    assert indexes.counted("swaps") == 0


def test_a_new_index_is_taken_into_use_once(indexes: Indexes, caplog: pytest.LogCaptureFixture) -> None:
    live = indexes.live()
    indexes.tell = "tweede"
    indexes.ingest("Beweging helpt.")
    assert reply(live) == "eerste"
    with caplog.at_level("INFO", "assistant"):
        live.look()
        live.look()
    assert reply(live) == "tweede"
    assert len(indexes.made) == 2
    assert (indexes.counted("swaps"), indexes.counted("failures")) == (1, 0)
    assert told(caplog) == [texts.INDEX_TAKEN]


def test_everything_that_is_shown_comes_from_the_new_index(indexes: Indexes) -> None:
    live = indexes.live()
    with TestClient(build_site(reception(live))) as client:
        assert client.get("/bron/nek-en-rug").status_code == 200
        indexes.ingest("Beweging helpt.")
        indexes.assistant = lambda answer: FakeAssistant(answer, collection=FakeLibrary({"nieuw": ARTICLE}))
        live.look()
        assert client.get("/bron/nek-en-rug").status_code == 404
        assert client.get("/bron/nieuw").status_code == 200
    assert live.examples(1) == (texts.API_EXAMPLE,)


def damage_pointer(folder: Path) -> None:
    (folder / "current").write_text("weg\n")


def remove_pointer(folder: Path) -> None:
    (folder / "current").unlink()


@pytest.mark.parametrize("damage", [damage_pointer, remove_pointer])
def test_with_a_damaged_pointer_the_old_one_stays_and_that_is_told_once(
    indexes: Indexes, caplog: pytest.LogCaptureFixture, damage: Callable[[Path], None]
) -> None:
    live = indexes.live()
    damage(indexes.settings.index_dir)
    for _ in range(3):
        live.look()
    assert reply(live) == "eerste"
    assert indexes.counted("failures") == 1
    (line,) = told(caplog)
    assert line.startswith(texts.INDEX_NOT_TAKEN.partition("{")[0]) and "rugpijn ingest" in line


@pytest.mark.parametrize(
    ("error", "named"),
    [
        (
            IndexUnusableError(Path("index"), "het bestand 'passages.faiss' is beschadigd of veranderd."),
            "passages.faiss",
        ),
        (MemoryError("mijn geheime klacht"), "MemoryError"),
    ],
)
def test_one_that_cannot_be_loaded_is_told_once_and_the_next_is_tried_again(
    indexes: Indexes, caplog: pytest.LogCaptureFixture, error: Exception, named: str
) -> None:
    live = indexes.live()
    indexes.error = error
    indexes.ingest("Beweging helpt.")
    for _ in range(3):
        live.look()
    assert reply(live) == "eerste"
    assert (indexes.counted("swaps"), indexes.counted("failures")) == (0, 1)
    (line,) = told(caplog)
    assert named in line and "geheime" not in line
    indexes.error, indexes.tell = None, "derde"
    indexes.ingest("Rust helpt.")
    live.look()
    assert reply(live) == "derde"
    assert (indexes.counted("swaps"), indexes.counted("failures")) == (1, 1)


def test_while_nobody_can_tell_which_is_in_use_the_old_one_stays_and_that_is_told_once(
    indexes: Indexes, caplog: pytest.LogCaptureFixture
) -> None:
    answers = iter(["20260101", StoreUnavailableError("db", "op dat adres luistert geen database."), "20260102"])

    def version() -> str:
        answer = next(answers, "20260102")
        if isinstance(answer, Exception):
            raise answer
        return answer

    live = LiveAssistant(version, indexes.build, indexes.metrics)
    indexes.tell = "tweede"
    live.look()
    assert (reply(live), indexes.counted("failures")) == ("eerste", 0)
    assert "luistert geen database" in "".join(told(caplog))
    live.look()
    assert (reply(live), indexes.counted("swaps")) == ("tweede", 1)


def test_a_replica_that_is_behind_takes_nobody_back_to_the_old_version(indexes: Indexes) -> None:
    told = {"version": "20260102", "now": 0.0}
    live = LiveAssistant(
        lambda: str(told["version"]), indexes.build, indexes.metrics, doubt_seconds=60, clock=lambda: float(told["now"])
    )
    indexes.tell = "oud"
    for moment, version in ((1.0, "20260101"), (50.0, "20260101"), (55.0, "20260102"), (100.0, "20260101")):
        told.update(now=moment, version=version)
        live.look()
        assert reply(live) == "eerste"
    told["now"] = 160.0  # what was published last is lost: this is what there is
    live.look()
    assert reply(live) == "oud"


def test_one_that_came_while_the_first_was_loading_is_noticed(indexes: Indexes) -> None:
    build = indexes.build

    def build_slowly() -> FakeAssistant:
        made = build()
        indexes.ingest("Beweging helpt.")
        return made

    live = LiveAssistant(FilesStore(indexes.settings.index_dir).version_in_use, build_slowly, indexes.metrics)
    indexes.tell = "tweede"
    live.look()
    assert reply(live) == "tweede"


def test_the_watch_looks_by_itself_and_ends_when_told(indexes: Indexes) -> None:
    live, over = indexes.live(), threading.Event()
    before = threading.active_count()
    live.watch(0.01, until=over)
    indexes.tell = "tweede"
    indexes.ingest("Beweging helpt.")
    deadline = time.monotonic() + 5
    while reply(live) != "tweede":
        assert time.monotonic() < deadline
        time.sleep(0.01)
    over.set()
    while threading.active_count() > before:
        assert time.monotonic() < deadline
        time.sleep(0.01)


@dataclass
class Halfway(FakeAssistant):
    """Says its first part, and the rest when ``go_on`` is set."""

    begun: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    go_on: threading.Event = field(default_factory=threading.Event)

    def stream(self, question: str, history: Sequence[Turn] = ()) -> Iterator[Part]:
        yield Triaged(None)
        self.begun.release()
        assert self.go_on.wait(10)
        yield from parts_of(self.answer)


def test_twenty_open_streams_end_on_the_index_they_began_with_and_the_next_begins_on_the_new(indexes: Indexes) -> None:
    indexes.assistant = Halfway
    live = indexes.live()
    old = indexes.made[0]
    assert isinstance(old, Halfway)
    site = build_site(reception(live, concurrent_replies=STREAMS + 1, open_replies=STREAMS + 1))
    with TestClient(site) as client, ThreadPoolExecutor(STREAMS) as visitors:
        streams = [visitors.submit(client.post, "/api/ask/stream", json=QUESTION) for _ in range(STREAMS)]
        for _ in streams:
            assert old.begun.acquire(timeout=10)
        indexes.assistant, indexes.tell = FakeAssistant, "tweede"
        indexes.ingest("Beweging helpt.")
        live.look()
        assert client.post("/api/ask", json=QUESTION).json()["sentences"][0]["text"] == "tweede"
        assert not any(stream.done() for stream in streams)
        old.go_on.set()
        ended = [stream.result(10).text for stream in streams]
    assert all("event: done" in text and "eerste" in text and "tweede" not in text for text in ended)


@pytest.mark.model
def test_articles_that_are_ingested_anew_are_answered_from_without_loading_the_model_again(
    assistant: Assistant, real_settings: Settings, tmp_path: Path
) -> None:
    from assistant.parts import build_assistant

    asked = "Wat is de Zevenaarse rugrol?"
    settings = _with_article(real_settings, tmp_path, "De Zevenaarse rugrol is een oefening voor de lage rug.")
    metrics = Metrics()
    build = partial(build_assistant, settings, lambda: assistant.index.embedder)
    live = LiveAssistant(FilesStore(settings.index_dir).version_in_use, build, metrics)
    with TestClient(create_app(live, settings, metrics)) as client:

        def ask() -> dict[str, Any]:
            answer: dict[str, Any] = client.post("/api/ask", json={"question": asked}).json()
            return answer

        assert "Zevenaarse" not in str(ask()["sentences"])
        build_index(settings, lambda: assistant.index.embedder)
        live.look()
        answer = ask()
        assert "Zevenaarse rugrol is een oefening" in str(answer["sentences"])
        assert "De rugrol" in client.get(answer["citations"][0]["url"]).text

        damage_vectors(settings.index_dir)
        live.look()
        assert ask()["sentences"] == answer["sentences"]
        assert "rugpijn_index_failures_total 1.0" in metrics.exposition()[0].decode()


def _with_article(real: Settings, folder: Path, text: str) -> Settings:
    """The practice's index, and its articles with one more that is not in it yet."""
    shutil.copytree(real.index_dir, folder / "index")
    shutil.copytree(real.corpus_dir, folder / "corpus")
    (folder / "corpus" / "rugrol.md").write_text(f"---\ntitle: De rugrol\nslug: rugrol\n---\n\n{text}\n", "utf-8")
    return real.model_copy(update={"index_dir": folder / "index", "corpus_dir": folder / "corpus"})


def damage_vectors(index_dir: Path) -> None:
    """A new version, its vectors cut off."""
    folder, checksum = version_in_use(index_dir)
    broken = index_dir / "29991231T235959-000000"
    shutil.copytree(folder, broken)
    (broken / "passages.faiss").write_bytes((folder / "passages.faiss").read_bytes()[:-100])
    (index_dir / "current").write_text(f"{broken.name} {checksum}\n")
