"""What every store promises, whatever keeps the corpus."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeEmbedder
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_fakes import (
    EMBEDDER,
    NOTE,
    TEXTS,
    article_of,
    assert_same,
    entries_of_texts,
    entry_of,
    manifest_of,
    publish,
    published,
    questions_about,
)

from ingest.errors import IndexUnusableError, IngestBusyError
from ingest.files_store import FilesStore
from ingest.lexical import Bm25, stems
from ingest.postgres import PostgresStore
from ingest.store import Draft, Entry, Store, Where
from ingest.terms import PARTS, Counts

pytest_plugins = ("postgres_fixtures",)


def small_files(folder: Path, _: pytest.FixtureRequest) -> Store:
    """Read whole into memory."""
    return FilesStore(folder / "index")


def large_files(folder: Path, _: pytest.FixtureRequest) -> Store:
    """Read from disk as it is asked for."""
    return FilesStore(folder / "index", small=2)


def postgresql(_: Path, request: pytest.FixtureRequest) -> Store:
    """Compared with one by one."""
    return PostgresStore(request.getfixturevalue("database").url)


def postgresql_hnsw(_: Path, request: pytest.FixtureRequest) -> Store:
    """Searched as a large corpus is."""
    return PostgresStore(request.getfixturevalue("database").url, hnsw_from=1)


STORES: list[Callable[[Path, pytest.FixtureRequest], Store]] = [small_files, large_files]
SERVED = [postgresql, postgresql_hnsw]


@pytest.fixture(
    params=[*STORES, *(pytest.param(make, marks=pytest.mark.server) for make in SERVED)],
    ids=lambda make: make.__name__,
)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    made: Store = request.param(tmp_path, request)
    made.ensure_schema()
    yield made
    made.close()


# Versions


def test_before_the_first_version_there_is_none(store: Store) -> None:
    assert store.version_in_use() == ""
    for look in (store.manifest, store.articles, lambda: store.open(EMBEDDER)):
        with pytest.raises(IndexUnusableError, match="rugpijn ingest"):
            look()


def test_what_is_published_is_read_back(store: Store) -> None:
    entries = entries_of_texts()
    manifest = publish(store, entries)
    version = store.open(EMBEDDER)
    assert manifest == version.manifest == store.manifest()
    assert manifest.version == store.version_in_use() != ""
    assert version.count() == len(entries)
    assert_same(list(version.entries()), entries)
    articles = {article.slug: article for article in (article_of(row, text) for row, text in enumerate(TEXTS))}
    assert dict(version.articles) == dict(store.articles()) == articles
    assert list(version.articles) == list(articles)
    assert version.notes == (NOTE,)
    assert version.doctor_advice == (entries[3].id,)


def test_known_questions_are_read_back_with_their_vectors(store: Store) -> None:
    questions = published(store).questions
    expected = questions_about(entries_of_texts())
    assert questions.asked == expected.asked
    np.testing.assert_allclose(questions.vectors, expected.vectors, atol=1e-3)


def test_articles_are_found_together_by_slug(store: Store) -> None:
    version = published(store)
    assert version.articles_of(["artikel-4", "artikel-0", "weg"]) == {
        "artikel-4": article_of(4, TEXTS[4]),
        "artikel-0": article_of(0, TEXTS[0]),
    }
    assert "weg" not in version.articles and version.articles.get("weg") is None
    assert len(version.articles) == len(TEXTS)


def test_a_draft_that_is_not_published_leaves_nothing(store: Store) -> None:
    before = publish(store, entries_of_texts()).version
    with store.draft() as draft:
        draft.bulk_load(entries_of_texts(TEXTS[:4]))
    with pytest.raises(RuntimeError, match="halfway"), store.draft() as draft:
        draft.bulk_load(entries_of_texts(TEXTS[:4]))
        raise RuntimeError("halfway")
    assert store.version_in_use() == before
    assert store.open(EMBEDDER).count() == len(TEXTS)


def test_nobody_sees_a_draft(store: Store) -> None:
    before = publish(store, entries_of_texts())
    with store.draft() as draft:
        draft.bulk_load(entries_of_texts(TEXTS[:3]))
        assert store.version_in_use() == before.version
        assert store.open(EMBEDDER).count() == len(TEXTS)


def test_who_reads_a_version_goes_on_reading_it(store: Store) -> None:
    old = published(store)
    new = publish(store, entries_of_texts(TEXTS[:3]))
    assert old.count() == len(TEXTS) and old.manifest.version != new.version
    assert_same(list(old.entries()), entries_of_texts())
    assert old.search_lexical("matras", 3)
    assert store.version_in_use() == new.version
    assert store.open(EMBEDDER).count() == 3


def test_one_writes_at_a_time(store: Store) -> None:
    with store.draft(), pytest.raises(IngestBusyError), store.draft():
        pass
    assert publish(store, entries_of_texts()).version


def test_the_schema_can_be_made_by_several_at_once(store: Store) -> None:
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: store.ensure_schema(), range(8)))
    assert published(store).count() == len(TEXTS)


def test_a_healthy_store_can_be_written(store: Store) -> None:
    assert store.health().is_writable and store.health().lag_seconds == 0


@pytest.mark.parametrize(
    ("embedder", "reason"),
    [
        (FakeEmbedder("ander"), "hij is gemaakt met het taalmodel 'fake', niet met 'ander'"),
        (FakeEmbedder(weights=1), "het taalmodel 'fake' is veranderd sinds hij is gemaakt"),
    ],
)
def test_a_version_of_another_model_is_refused_in_the_same_words(
    store: Store, embedder: FakeEmbedder, reason: str
) -> None:
    publish(store, entries_of_texts())
    with pytest.raises(IndexUnusableError, match=reason):
        store.open(embedder)


# Drafts


def put_in_use(draft: Draft, entries: Sequence[Entry]) -> None:
    """``entries`` are those with the known questions."""
    articles = [article_of(*each) for each in enumerate(TEXTS)]
    draft.publish(manifest_of(entries), articles, (NOTE,), questions_about(entries))


def test_adding_a_known_id_replaces_that_entry(store: Store) -> None:
    entries = entries_of_texts()
    changed = entry_of(1, TEXTS[1], "Helpt een kruik?")
    assert changed.id == entries[1].id
    with store.draft() as draft:
        draft.bulk_load(entries)
        draft.add([changed])
        assert draft.count() == len(entries)
        assert_same(draft.get([changed.id]), [changed])
        put_in_use(draft, [*entries, changed])
    version = store.open(EMBEDDER)
    assert version.count() == len(entries)
    assert_same(version.get([changed.id]), [changed])
    assert [found.id for found in version.search_lexical("kruik", 5)] == [changed.id]


def test_what_is_deleted_is_found_no_more(store: Store) -> None:
    entries = entries_of_texts()
    with store.draft() as draft:
        draft.bulk_load(entries)
        assert draft.delete([entries[5].id, entries[0].id, "onbekend"]) == 2
        assert draft.get([entries[5].id]) == [] and draft.count() == len(entries) - 2
        put_in_use(draft, entries[1:5])
    version = store.open(EMBEDDER)
    assert version.get([entries[5].id]) == [] and version.search_lexical("matras", 5) == []
    assert_same(list(version.entries()), entries[1:5])
    assert entries[5].id not in [found.id for found in version.search_dense(entries[5].vector, 9)]


def test_entries_come_in_the_order_in_which_they_are_asked_for(store: Store) -> None:
    entries = entries_of_texts()
    ids = [entries[4].id, "onbekend", entries[0].id]
    with store.draft() as draft:
        draft.bulk_load(entries)
        assert_same(draft.get(ids), [entries[4], entries[0]])
    assert_same(published(store).get(ids), [entries[4], entries[0]])


@given(steps=st.lists(st.tuples(st.sampled_from(["add", "delete"]), st.integers(0, 5)), max_size=12))
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_draft_holds_what_was_added_and_not_deleted_since(store: Store, steps: list[tuple[str, int]]) -> None:
    entries, expected = entries_of_texts(), dict[str, Entry]()
    with store.draft() as draft:
        for step, row in steps:
            if step == "add":
                draft.add([entries[row]])
                expected[entries[row].id] = entries[row]
            else:
                assert draft.delete([entries[row].id]) == (expected.pop(entries[row].id, None) is not None)
        assert draft.count() == len(expected)
        assert_same(draft.get(list(expected)), list(expected.values()))


# Searching


def test_the_nearest_passage_comes_first_with_its_cosine(store: Store) -> None:
    version, entries = published(store), entries_of_texts()
    for entry in entries:
        found = version.search_dense(entry.vector, 4)
        assert found[0].id == entry.id and len(found) == 4
        cosines = {other.id: float(other.vector @ entry.vector) for other in entries}
        for each in found:
            assert each.similarity == pytest.approx(cosines[each.id], abs=2e-3)
        assert [each.similarity for each in found] == sorted((each.similarity for each in found), reverse=True)


@pytest.mark.parametrize(("k", "found"), [(0, 0), (1, 1), (4, 4), (99, len(TEXTS))])
def test_at_most_k_are_found(store: Store, k: int, found: int) -> None:
    version = published(store)
    assert len(version.search_dense(EMBEDDER.query("rug"), k)) == found
    assert len(version.search_lexical("titel kop", k)) == found
    assert len(version.search_hybrid(EMBEDDER.query("rug"), "rugpijn", k)) == found


def test_words_are_found_by_their_stem(store: Store) -> None:
    version, entries = published(store), entries_of_texts()
    assert [found.id for found in version.search_lexical("huis", 5)] == [entries[4].id]
    found = version.search_lexical("zenuwen of matrassen", 5)
    assert {each.id for each in found} == {entries[2].id, entries[5].id}


def test_the_words_of_a_known_question_find_the_passage_that_answers_it(store: Store) -> None:
    version, entries = published(store), entries_of_texts()
    assert [found.id for found in version.search_lexical("stilliggen", 5)] == [entries[0].id]


@pytest.mark.parametrize("text", ["", "de het een", "xyzzy", "&|!():* '\\ %", "☂"])
def test_what_no_passage_says_finds_nothing(store: Store, text: str) -> None:
    assert published(store, TEXTS[:4]).search_lexical(text, 5) == []


def test_lexical_similarity_is_bm25(store: Store) -> None:
    version, entries = published(store), entries_of_texts()
    question = "pijn in het been, hernia, titel"
    expected = Bm25.build([entry.words for entry in entries], stems).relevance(question)
    relevance = {entry.id: float(value) for entry, value in zip(entries, expected, strict=True)}
    found = version.search_lexical(question, 9)
    assert {each.id: each.similarity for each in found} == pytest.approx(relevance, rel=1e-3)


def test_hybrid_finds_what_either_finds_and_puts_first_what_both_do(store: Store) -> None:
    version, entries = published(store), entries_of_texts()
    found = version.search_hybrid(entries[2].vector, "hernia zenuw", 6)
    assert found[0].id == entries[2].id
    assert [each.similarity for each in found] == sorted((each.similarity for each in found), reverse=True)
    assert {each.id for each in found} == {entry.id for entry in entries}
    only_meaning = version.search_hybrid(entries[2].vector, "xyzzy", 2)
    assert [each.id for each in only_meaning] == [each.id for each in version.search_dense(entries[2].vector, 2)]


@pytest.mark.parametrize(
    ("where", "rows"),
    [
        (Where(slugs=frozenset({"artikel-1", "artikel-5"})), {1, 5}),
        (Where(tags=frozenset({"Nek"})), {0, 2, 4}),
        (Where(slugs=frozenset({"artikel-1", "artikel-2"}), tags=frozenset({"Nek"})), {2}),
        (Where(slugs=frozenset({"weg"})), set()),
        (Where(tags=frozenset({"weg"})), set()),
    ],
)
def test_only_what_is_asked_for_is_found(store: Store, where: Where, rows: set[int]) -> None:
    version, entries = published(store), entries_of_texts()
    wanted, vector = {entries[row].id for row in rows}, EMBEDDER.query("rug")
    assert {found.id for found in version.search_dense(vector, 9, where)} == wanted
    assert {found.id for found in version.search_lexical("titel", 9, where)} == wanted
    assert {found.id for found in version.search_hybrid(vector, "titel", 9, where)} == wanted


def test_statistics_are_those_of_all_passages_and_sentences(store: Store) -> None:
    version, counts = published(store), Counts()
    for entry in entries_of_texts():
        counts.add(entry)
    for part in PARTS:
        terms = [*list(counts.parts[part].in_texts)[:9], "xyzzy"]
        assert version.statistics(part, terms) == counts.parts[part].of(terms)
        assert version.statistics(part, []).texts == counts.parts[part].texts


def test_words_come_with_those_in_most_passages_first(store: Store) -> None:
    version = published(store)
    assert version.words(3) == ["kop", "titel", "0"]
    assert {"huizen", "hernia", "matras", "e"} <= set(version.words(1_000))
    assert "stilliggen" not in version.words(1_000)


def test_a_version_can_be_shared_between_threads(store: Store) -> None:
    version, entries = published(store), entries_of_texts()

    def ask(row: int) -> list[str]:
        entry = entries[row % len(entries)]
        (same,) = version.get([entry.id])
        found = version.search_hybrid(entry.vector, entry.passage.text, 3)
        return [same.id, version.articles[entry.passage.slug].slug, *(each.id for each in found)]

    alone = [ask(row) for row in range(12)]
    with ThreadPoolExecutor(6) as threads:
        assert list(threads.map(ask, range(12))) == alone


# Beside the versions


def test_what_is_put_beside_the_versions_stays_when_a_version_is_published(store: Store) -> None:
    assert store.beside("calibration.json") is None
    assert "calibration.json" in store.put_beside("calibration.json", b"een")
    publish(store, entries_of_texts())
    assert store.beside("calibration.json") == b"een"
    store.put_beside("calibration.json", b'{"twee": 2}\n')
    assert store.beside("calibration.json") == b'{"twee": 2}\n' and store.beside("verification.json") is None
