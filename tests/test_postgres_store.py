"""A corpus in a real PostgreSQL: what only a database can get wrong. What every store promises: test_store_contract."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from postgres_fixtures import EMBEDDER, Database, publish

from ingest.passage import Passage
from ingest.postgres import PostgresStore
from ingest.postgres.by_words import LOOKED_AT, looked_for
from ingest.sentences import Sentence
from ingest.store import Entry, TermStatistics, Where
from ingest.whole import IndexVersion

pytest_plugins = ("postgres_fixtures",)
pytestmark = pytest.mark.server

QUESTIONS = ("Wat helpt tegen pijn in de rug?", "hoe vaak masage bij stijve nek", "schouders schouders", "xyzzy", "")


def entry(text: str, *, slug: str = "rug", vector: np.ndarray | None = None, questions: tuple[str, ...] = ()) -> Entry:
    passage = Passage(slug, "Titel", (), 0, len(text), text, (Sentence(0, len(text)),))
    vector = EMBEDDER.query(text) if vector is None else vector
    return Entry(passage, vector, vector.reshape(1, -1), questions)


def is_same(left: Entry, right: Entry) -> bool:
    """Everything, to the last bit of the vectors."""
    vectors = all(np.array_equal(getattr(left, name), getattr(right, name)) for name in ("vector", "sentence_vectors"))
    blank = np.zeros(0, dtype=np.float32)
    return vectors and repr(replace(left, vector=blank, sentence_vectors=blank)) == repr(
        replace(right, vector=blank, sentence_vectors=blank)
    )


# --- the same as the files ---


def test_the_practices_corpus_is_found_as_it_is_in_memory(store: PostgresStore, corpus: IndexVersion) -> None:
    publish(store, corpus)
    version = store.open(EMBEDDER)
    for question in QUESTIONS:
        vector = EMBEDDER.query(question)
        for ours, theirs in (
            (version.search_dense(vector, 20), corpus.search_dense(vector, 20)),
            (version.search_lexical(question, 20), corpus.search_lexical(question, 20)),
        ):
            assert [found.similarity for found in ours] == pytest.approx(
                [found.similarity for found in theirs], abs=1e-3
            )
            known = {found.id: found.similarity for found in theirs[:-3]}
            assert known.keys() <= {found.id for found in ours}


def test_the_practices_corpus_comes_out_to_the_last_bit(store: PostgresStore, corpus: IndexVersion) -> None:
    publish(store, corpus)
    version = store.open(EMBEDDER)
    assert all(map(is_same, version.entries(), corpus.entries()))
    assert version.count() == corpus.count()
    assert dict(version.articles) == dict(corpus.articles)
    assert version.notes == corpus.notes
    assert version.doctor_advice == corpus.doctor_advice
    assert version.questions.asked == corpus.questions.asked
    assert np.array_equal(version.questions.vectors, corpus.questions.vectors)
    for part in ("stems", "groups", "sentence_groups"):
        terms = ["rug", "pijn", "_rug", "rug_", "nergens"]
        assert version.statistics(part, terms) == corpus.statistics(part, terms)


@pytest.mark.parametrize("kept", [1, 2_000], ids=["one by one", "whole"])
def test_articles_are_read_in_the_order_of_the_corpus(
    store: PostgresStore, corpus: IndexVersion, monkeypatch: pytest.MonkeyPatch, kept: int
) -> None:
    monkeypatch.setattr("ingest.postgres.articles._KEPT", kept)
    monkeypatch.setattr("ingest.postgres.articles._PAGE", 2)
    publish(store, corpus)
    articles = store.open(EMBEDDER).articles
    assert list(articles.items()) == list(corpus.articles.items())
    assert list(articles) == list(corpus.articles)
    some = [*corpus.articles][1::2]
    assert store.open(EMBEDDER).articles_of([*some, "nergens"]) == {slug: corpus.articles[slug] for slug in some}
    assert articles[some[0]] == corpus.articles[some[0]]
    assert articles.get("nergens") is None


def test_a_large_corpus_keeps_half_of_the_bits(database: Database, corpus: IndexVersion) -> None:
    store = PostgresStore(database.url, exact=3)
    publish(store, corpus)
    for place, (ours, theirs) in enumerate(zip(store.open(EMBEDDER).entries(), corpus.entries(), strict=True)):
        assert is_same(ours, theirs) == (place < 3)
        assert ours.sentence_vectors == pytest.approx(theirs.sentence_vectors, abs=1e-3)


# --- what goes in comes out ---

# Controls are refused when an article is read; half a surrogate pair is no text anywhere.
TEXT = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=200)
NAME = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=30)


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    text = draw(TEXT)
    cut = draw(st.integers(0, len(text)))
    sentences = (Sentence(0, cut), Sentence(cut, len(text), item=draw(st.none() | st.integers(0, 3))))
    passage = Passage(draw(NAME), draw(TEXT), tuple(draw(st.lists(TEXT, max_size=2))), 0, len(text), text, sentences)
    vectors = np.array(draw(st.lists(st.floats(-1, 1, width=32), min_size=12, max_size=12)), dtype=np.float32)
    vectors = vectors.reshape(3, 4)
    asked = tuple(draw(st.lists(TEXT, max_size=2)))
    return Entry(
        passage=passage,
        vector=vectors[0],
        sentence_vectors=vectors[1:],
        questions=asked,
        sentence_questions=(asked, ()) if asked else (),
        lead_in=draw(TEXT),
        tag=draw(NAME),
        is_doctor_advice=draw(st.booleans()),
    )


@given(given_entries=st.lists(entries(), min_size=1, max_size=4, unique_by=lambda each: each.id))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_whatever_goes_in_comes_out_equal(
    shared_database: Database, corpus: IndexVersion, given_entries: list[Entry]
) -> None:
    store = PostgresStore(shared_database.url)
    with store.draft() as draft:
        assert draft.bulk_load(given_entries) == len(given_entries) == draft.count()
        assert all(map(is_same, draft.get([each.id for each in given_entries]), given_entries))
    store.close()


@given(words=TEXT, slugs=st.frozensets(NAME, max_size=2), tags=st.frozensets(NAME, max_size=2))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_asked_is_only_looked_for(
    asked_version: PostgresStore, corpus: IndexVersion, words: str, slugs: frozenset[str], tags: frozenset[str]
) -> None:
    version = asked_version.open(EMBEDDER)
    where = Where(slugs, tags)
    for found in (version.search_lexical(words, 5), version.search_hybrid(EMBEDDER.query(words), words, 5, where)):
        assert len(found) <= 5
    assert version.get([words.replace("\0", "")]) == []
    assert len(list(version.entries())) == version.count() == corpus.count()


@pytest.fixture(scope="module")
def asked_version(shared_database: Database, corpus: IndexVersion) -> Iterator[PostgresStore]:
    store = PostgresStore(shared_database.url)
    publish(store, corpus)
    yield store
    store.close()


@pytest.mark.parametrize(
    "words",
    [
        "rug'; DROP SCHEMA rugpijn CASCADE; --",
        "'rug' | 'nek' & !x <-> y:*",
        "%s %(any)s {passages} \\ $1 $$",
        "\0\ud800rug",
        "rug " * 20_000,
        "x" * 100_000,
    ],
    ids=["statement", "operators", "placeholders", "no text", "many words", "one word"],
)
def test_a_question_that_looks_like_a_command_finds_what_its_words_find(
    asked_version: PostgresStore, words: str
) -> None:
    version = asked_version.open(EMBEDDER)
    version.search_lexical(words, 3)
    assert version.search_lexical("rug", 1)


# --- searching a large corpus ---


def test_an_approximate_index_finds_nearly_all_of_the_nearest(database: Database, corpus: IndexVersion) -> None:
    store = PostgresStore(database.url, hnsw_from=1)
    vectors = unit(np.random.default_rng(8).normal(size=(3_000, 384)))
    publish(store, corpus, *(entry(f"tekst {row}", vector=vector) for row, vector in enumerate(vectors)))
    version = store.open(EMBEDDER)
    ids = [each.id for each in version.entries()]
    hits = 0
    for vector in unit(np.random.default_rng(80).normal(size=(20, 384))):
        nearest = {ids[row] for row in np.argsort(-(vectors @ vector))[:10]}
        found = version.search_dense(vector, 10)
        assert [each.similarity for each in found] == sorted((each.similarity for each in found), reverse=True)
        hits += len(nearest & {each.id for each in found})
    assert hits >= 0.9 * 200
    with database.connect() as connection:
        (made,) = connection.execute("SELECT count(*) FROM pg_indexes WHERE indexdef LIKE '%hnsw%'").fetchone() or (0,)
    assert made == 1


@pytest.mark.parametrize("where", [Where(slugs=frozenset({"zeldzaam"})), Where(tags=frozenset({"zeldzaam"}))])
def test_a_narrow_filter_leaves_nothing_out(database: Database, corpus: IndexVersion, where: Where) -> None:
    store = PostgresStore(database.url, hnsw_from=1)
    vectors = unit(np.random.default_rng(8).normal(size=(2_000, 384)))
    some = [entry(f"tekst {row}", vector=vector) for row, vector in enumerate(vectors)]
    rare = [replace(entry(f"zeldzaam {row}", slug="zeldzaam", vector=vectors[row]), tag="zeldzaam") for row in range(5)]
    publish(store, corpus, *some, *rare)
    version = store.open(EMBEDDER)
    found = version.search_dense(-vectors[0], 5, where)
    assert {each.id for each in found} == {each.id for each in rare}
    assert {each.id for each in version.search_lexical("tekst zeldzaam", 5, where)} == {each.id for each in rare}


def test_common_words_are_only_looked_for_when_rare_ones_are_few() -> None:
    rare, common = "hernia", "pijn"
    assert looked_for(TermStatistics(10**6, 10**8, {rare: 10, common: 500_000})) == [rare]
    assert looked_for(TermStatistics(10**6, 10**8, {common: 500_000})) == [common]
    assert looked_for(TermStatistics(10**3, 10**5, {rare: 10, common: LOOKED_AT - 10})) == [rare, common]


def test_common_words_count_for_the_rank_though_they_are_not_looked_for(
    store: PostgresStore, corpus: IndexVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.postgres.by_words.LOOKED_AT", 2)
    both = entry("hernia en pijn")
    publish(store, corpus, entry("hernia en rust"), *(entry(f"pijn nummer {number}") for number in range(9)), both)
    assert store.open(EMBEDDER).search_lexical("pijn door hernia", 1)[0].id == both.id


def test_a_passage_with_more_words_than_postgresql_indexes_can_be_found(
    store: PostgresStore, corpus: IndexVersion
) -> None:
    huge = entry("hernia " * 1_000 + "x" * 5_000 + " " + " ".join(f"woord{number}" for number in range(150_000)))
    publish(store, corpus, huge, entry("iets anders"))
    assert [each.id for each in store.open(EMBEDDER).search_lexical("hernia", 2)] == [huge.id]


def unit(vectors: np.ndarray) -> np.ndarray:
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
