"""Many workers take texts from one queue: nothing is lost, nothing is embedded for nothing, whoever dies."""

import random
import time
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from threading import Thread

import numpy as np
import psycopg
import pytest
from fakes import FakeEmbedder
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from postgres_fixtures import Database
from postgres_server import PASSWORD, PostgresServer
from queue_fakes import Forker, Order, embedded_in_vain, kill, wait_for

from ingest.manifest import ModelCard
from ingest.postgres.connect import Database as Connections
from ingest.postgres.queue import Asked, Queue, prepare
from ingest.postgres.worker import Hand, Worker
from ingest.texts import Text, embed

pytest_plugins = ("postgres_fixtures",)

EMBEDDER = FakeEmbedder()
TABLES = "rugpijn.texts_to_embed, rugpijn.text_vectors, rugpijn.models"
# A model that no other example has texts of.
FRESH = count(1)


def texts(most: int) -> list[Text]:
    return [Text(f"Zin nummer {number} over pijn in de rug.") for number in range(most)]


def queue_over(connection: psycopg.Connection, embedder: FakeEmbedder = EMBEDDER) -> Queue:
    prepare(connection)
    return Queue.of(connection, ModelCard.of(embedder))


def work(queue: Queue, embedder: FakeEmbedder | None = None) -> None:
    hand = Hand(embedder or FakeEmbedder())
    while hand.work(queue):
        pass


@pytest.fixture
def queue(database: Database) -> Iterator[Queue]:
    with database.connect() as connection:
        yield queue_over(connection)


@pytest.fixture
def other(database: Database, queue: Queue) -> Iterator[Queue]:
    """The same queue, for somebody else."""
    with database.connect() as connection:
        yield queue_over(connection)


def test_every_different_text_is_queued_once_in_the_order_given(queue: Queue) -> None:
    first, second, third = texts(3)
    question = Text(first.wording, is_question=True)
    assert queue.ask([first, second, first, question, third]) == Asked(made=0, missing=4)
    with queue.batch(10) as batch:
        assert batch.texts == [first, second, question, third]


def test_a_question_and_a_passage_in_the_same_words_are_embedded_as_what_they_are(queue: Queue) -> None:
    embedder = FakeEmbedder()
    asked, told = Text("Helpt rust?", is_question=True), Text("Helpt rust?")
    queue.ask([asked, told])
    work(queue, embedder)
    assert (embedder.asked, len(embedder.embedded)) == (["Helpt rust?"], 2)
    assert queue.vectors([asked, told]).shape == (2, 32)


def test_vectors_come_back_as_they_were_made_in_the_order_asked_for(queue: Queue) -> None:
    some = texts(30)
    queue.ask(some)
    work(queue)
    again = [*reversed(some), some[3]]
    assert np.array_equal(queue.vectors(again), np.stack(embed(EMBEDDER, again)))


def test_what_has_a_vector_is_not_queued_again(queue: Queue) -> None:
    queue.ask(texts(20))
    work(queue)
    assert queue.ask(texts(25)) == Asked(made=20, missing=5)
    embedder = FakeEmbedder()
    work(queue, embedder)
    assert embedder.embedded == [text.wording for text in texts(25)[20:]]


def test_anew_means_every_text_once_more(queue: Queue) -> None:
    queue.ask(texts(5))
    work(queue)
    assert queue.ask(texts(5), anew=True) == Asked(made=0, missing=5)


def test_two_workers_never_have_the_same_text_in_hand(queue: Queue, other: Queue) -> None:
    queue.ask(texts(10))
    with queue.batch(6) as mine, other.batch(6) as yours:
        assert (len(mine.texts), len(yours.texts)) == (6, 4)
        assert not set(mine.texts) & set(yours.texts)
    assert queue.waiting() == 10


def test_a_batch_whose_worker_fails_is_free_at_once(queue: Queue, other: Queue) -> None:
    queue.ask(texts(3))
    with pytest.raises(RuntimeError), queue.batch(3):
        raise RuntimeError("het geheugen is vol")
    with other.batch(3) as batch:
        assert len(batch.texts) == 3


def test_what_somebody_else_just_made_is_not_made_again(queue: Queue, other: Queue) -> None:
    """The text is asked for once more while a worker has it in hand: it is queued again when that worker is done."""
    queue.ask(texts(1))
    asking = Thread(target=lambda: other.ask(texts(1)))
    with queue.batch(1) as batch:
        asking.start()
        time.sleep(0.2)
        batch.keep(embed(EMBEDDER, batch.texts))
    asking.join()
    embedder = FakeEmbedder()
    work(queue, embedder)
    assert (embedder.embedded, queue.waiting()) == ([], 0)


def test_what_is_not_wanted_any_more_is_not_embedded(queue: Queue) -> None:
    queue.ask(texts(10))
    assert queue.ask(texts(4)) == Asked(made=0, missing=4)
    assert queue.waiting() == 4


def test_once_a_corpus_is_in_use_the_vectors_of_no_other_text_are_kept(queue: Queue) -> None:
    queue.ask(texts(10))
    work(queue)
    queue.ask(texts(4))
    assert queue.forget_others() == 6
    assert queue.ask(texts(10)) == Asked(made=4, missing=6)


def test_a_model_that_was_trained_anew_shares_nothing_with_its_former_self(database: Database, queue: Queue) -> None:
    queue.ask(texts(4))
    work(queue)
    queue.ask(texts(6))
    with database.connect() as connection:
        trained_anew = queue_over(connection, FakeEmbedder(weights=1))
        assert trained_anew.other_models() == ["fake"]
        assert trained_anew.ask(texts(4)) == Asked(made=0, missing=4)
    assert queue.waiting() == 0  # nobody wants those of the former self any more


def test_the_same_model_on_another_machine_is_the_same(queue: Queue, other: Queue) -> None:
    queue.ask(texts(3))
    assert other.waiting() == 3


def test_a_batch_grows_and_shrinks_to_some_seconds_of_work(queue: Queue) -> None:
    queue.ask(texts(300))
    hand = Hand(FakeEmbedder())
    work_of_a_moment = [hand.work(queue) for _ in range(4)]
    assert work_of_a_moment == [8, 16, 32, 64]
    slow = Hand(FakeEmbedder(seconds_per_text=0.1), size=24)
    assert slow.work(queue) == 24
    assert slow.size < 24


def test_a_worker_needs_no_right_to_make_tables_or_to_read_the_articles(
    postgres: PostgresServer, database: Database, queue: Queue
) -> None:
    """What docs/operating.md says to grant is enough."""
    queue.ask(texts(5))
    helper = f"helper_{database.name}"
    for statement in (
        f"CREATE ROLE {helper} LOGIN PASSWORD '{PASSWORD}'",
        f"GRANT USAGE ON SCHEMA rugpijn TO {helper}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON {TABLES} TO {helper}",
    ):
        postgres.execute(statement, database.name)
    try:
        address = postgres.url(database.name, helper)
        Worker(Connections(address), FakeEmbedder(), lambda _: None, until_empty=True).run()
        assert queue.ask(texts(5)) == Asked(made=5, missing=0)
    finally:
        postgres.execute(f"DROP OWNED BY {helper}", database.name)
        postgres.execute(f"DROP ROLE {helper}")


# What holds for every history


@given(data=st.data())
@hypothesis_settings(max_examples=40)
def test_whatever_is_asked_taken_dropped_and_made_no_text_is_lost_or_embedded_twice(
    shared_database: Database, data: st.DataObject
) -> None:
    embedder = FakeEmbedder(f"model {next(FRESH)}")
    with shared_database.connect() as mine, shared_database.connect() as yours:
        queue, other = queue_over(mine, embedder), queue_over(yours, embedder)
        made: set[str] = set()
        wanted: Sequence[Text] = []
        for step in data.draw(st.lists(st.sampled_from(["ask", "fail", "work", "forget"]), max_size=12)):
            if step == "ask":
                wanted = data.draw(st.lists(st.sampled_from(texts(12)), max_size=12))
                asked = queue.ask(wanted)
                assert asked.made == len({text for text in wanted if text.wording in made})
                assert asked.missing == len(set(wanted)) - asked.made
            elif step == "fail":
                with pytest.raises(RuntimeError), other.batch(data.draw(st.integers(1, 5))):
                    raise RuntimeError
            elif step == "work":
                before = len(embedder.embedded)
                Hand(embedder, size=data.draw(st.integers(1, 5))).work(queue)
                now = embedder.embedded[before:]
                assert not made & set(now) and set(now) <= {text.wording for text in wanted}
                made |= set(now)
            elif wanted:
                queue.forget_others()
                made &= {text.wording for text in wanted}
        if wanted:
            queue.ask(wanted)
            work(queue, embedder)
            assert np.array_equal(queue.vectors(wanted), np.stack(embed(EMBEDDER, wanted)))


# Real processes


@pytest.fixture
def forker() -> Iterator[Forker]:
    forker = Forker()
    yield forker
    forker.stop()


@pytest.mark.server
def test_workers_killed_at_random_lose_nothing_and_embed_nothing_twice(
    tmp_path: Path, database: Database, queue: Queue, forker: Forker
) -> None:
    wanted = texts(1_500)
    queue.ask(wanted)
    order = Order(tmp_path, database.url, seconds_per_text=0.004).worker
    chance = random.Random(8)
    at_work = [forker.start(order) for _ in range(4)]
    killed: set[int] = set()
    while queue.waiting():
        time.sleep(chance.uniform(0.05, 0.25))
        victim = chance.choice(at_work)
        if kill(victim):
            killed.add(victim)
        at_work[at_work.index(victim)] = forker.start(order)
    wait_for(at_work)
    assert len(killed) >= 5
    assert embedded_in_vain(tmp_path, killed) == []
    assert queue.ask(wanted) == Asked(made=1_500, missing=0)
    assert np.array_equal(queue.vectors(wanted), np.stack(embed(EMBEDDER, wanted)))


@pytest.mark.server
def test_a_killed_worker_holds_nothing_up(tmp_path: Path, database: Database, queue: Queue, forker: Forker) -> None:
    queue.ask(texts(8))
    victim = forker.start(Order(tmp_path, database.url, seconds_per_text=60).worker)
    while not (tmp_path / "embedded").exists():
        time.sleep(0.01)
    with queue.batch(8) as batch:
        assert batch.texts == []  # it has all of them in hand
    kill(victim)
    killed_at = time.monotonic()
    while not Hand(FakeEmbedder()).work(queue):
        assert time.monotonic() - killed_at < 5
        time.sleep(0.01)


def test_a_worker_waits_for_a_database_that_is_away_and_goes_on(postgres: PostgresServer, database: Database) -> None:
    with database.connect() as connection:
        queue_over(connection).ask(texts(200))
    heard: list[str] = []
    worker = Worker(Connections(database.url), FakeEmbedder(seconds_per_text=0.005), heard.append, until_empty=True)
    working = Thread(target=worker.run)
    working.start()
    while not worker.done:
        time.sleep(0.01)
    sever = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}'"
    postgres.execute(sever.format(database.name))
    working.join(30)
    assert not working.is_alive()
    assert "weggevallen" in heard[0]
    with database.connect() as connection:
        assert queue_over(connection).ask(texts(200)) == Asked(made=200, missing=0)


def test_a_worker_that_is_told_to_stop_first_finishes_what_it_has_in_hand(database: Database, queue: Queue) -> None:
    queue.ask(texts(200))
    worker = Worker(Connections(database.url), FakeEmbedder(seconds_per_text=0.02), lambda _: None)
    working = Thread(target=worker.run)
    working.start()
    time.sleep(0.3)
    worker.stop.set()
    working.join(10)
    assert not working.is_alive()
    assert queue.waiting() == 200 - worker.done
    assert worker.done > 0


def test_a_worker_says_what_it_does_and_that_work_waits_for_another_model(database: Database, queue: Queue) -> None:
    queue.ask(texts(3))
    heard: list[str] = []
    worker = Worker(Connections(database.url), FakeEmbedder("ander"), heard.append)
    working = Thread(target=worker.run)
    working.start()
    while not heard:
        time.sleep(0.01)
    worker.stop.set()
    working.join(10)
    assert heard == ["0 teksten verwerkt; wacht op werk. Er wachten teksten op een ander taalmodel: fake."]
