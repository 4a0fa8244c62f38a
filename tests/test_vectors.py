"""``FaissStore`` is an ordinary LangChain vector store."""

import asyncio
import warnings
from pathlib import Path

import faiss
import numpy as np
import pytest
from fakes import FakeEmbedder
from langchain_core.documents import Document

from ingest.embed import LangChainEmbeddings
from ingest.vectors import FaissStore, write_vectors

TEXTS = ["Rust helpt bij rugpijn.", "Warmte ontspant de spieren.", "Een hernia drukt op een zenuw."]
EMBEDDINGS = LangChainEmbeddings(FakeEmbedder())


@pytest.fixture
def store() -> FaissStore:
    return FaissStore.from_texts(TEXTS, EMBEDDINGS, [{"number": number} for number in range(3)], ids=["a", "b", "c"])


def rows(store: FaissStore) -> int:
    return len(store.vectors)


def ids(documents: list[Document]) -> list[str | None]:
    return [document.id for document in documents]


def test_the_document_with_the_words_of_the_question_comes_first(store: FaissStore) -> None:
    for text, id_ in zip(TEXTS, "abc", strict=True):
        first, *_ = store.similarity_search(text.removesuffix("."), k=2)
        assert (first.id, first.page_content) == (id_, text)


def test_similarities_are_cosines_and_come_from_high_to_low(store: FaissStore) -> None:
    found = store.similarity_search_with_score(TEXTS[0], k=3)
    similarities = [similarity for _, similarity in found]
    assert similarities == sorted(similarities, reverse=True)
    assert similarities[0] == pytest.approx(1)
    expected = store.vectors @ EMBEDDINGS.embedder.query(TEXTS[0])
    assert {document.metadata["number"]: round(similarity, 5) for document, similarity in found} == {
        number: round(float(value), 5) for number, value in enumerate(expected)
    }


def test_similarities_of_all_documents_come_in_row_order(store: FaissStore) -> None:
    query = EMBEDDINGS.embedder.query("zenuw")
    assert store.similarities(query) == pytest.approx(store.vectors @ query, abs=1e-6)


@pytest.mark.parametrize(("k", "found"), [(0, 0), (2, 2), (9, 3)])
def test_at_most_k_documents_are_found(store: FaissStore, k: int, found: int) -> None:
    assert len(store.similarity_search("rug", k=k)) == found


def test_an_empty_store_finds_nothing() -> None:
    store = FaissStore(EMBEDDINGS)
    assert store.similarity_search("rug") == store.max_marginal_relevance_search("rug") == []
    assert store.delete() is True and store.delete(["x"]) is True
    assert store.add_texts([]) == [] and rows(store) == len(store) == 0


def test_get_by_ids_gives_the_documents_that_exist(store: FaissStore) -> None:
    assert ids(store.get_by_ids(["c", "x", "a"])) == ["a", "c"]


def test_a_deleted_document_leaves_no_vector(store: FaissStore) -> None:
    store.delete(["b", "unknown"])
    assert len(store) == rows(store) == 2
    assert store.get_by_ids(["b"]) == []
    assert set(ids(store.similarity_search(TEXTS[1], k=3))) == {"a", "c"}
    assert store.vectors == pytest.approx(np.array(EMBEDDINGS.embed_documents([TEXTS[0], TEXTS[2]])), abs=1e-6)


def test_delete_without_ids_forgets_everything(store: FaissStore) -> None:
    store.delete()
    assert len(store) == rows(store) == 0
    assert store.similarity_search("rug") == []


def test_added_texts_get_ids_and_can_be_found(store: FaissStore) -> None:
    (given,) = store.add_texts(["Massage maakt los."])
    assert store.similarity_search("massage", k=1)[0].id == given
    assert len(store) == rows(store) == 4


def test_adding_a_known_id_replaces_that_document(store: FaissStore) -> None:
    store.add_texts(["Slaap goed.", "Slaap beter."], ids=["b", "b"])
    assert [document.page_content for document in store.get_by_ids(["b"])] == ["Slaap beter."]
    assert len(store) == rows(store) == 3


def test_documents_with_and_without_id_can_be_added_together() -> None:
    store = FaissStore(EMBEDDINGS)
    given = store.add_documents([Document(page_content="Rust.", id="r"), Document(page_content="Warmte.")])
    assert given[0] == "r" and given[1]
    assert ids(store.get_by_ids(given)) == given


@pytest.mark.parametrize("wrong", [{"ids": ["x"]}, {"metadatas": [{}]}])
def test_lists_that_do_not_fit_are_refused_and_change_nothing(store: FaissStore, wrong: dict[str, list[str]]) -> None:
    with pytest.raises(ValueError):
        store.add_texts(["een", "twee"], **wrong)
    assert len(store) == rows(store) == 3


@pytest.mark.parametrize("search_type", ["similarity", "mmr", "similarity_score_threshold"])
def test_it_is_a_retriever_of_every_kind(store: FaissStore, search_type: str) -> None:
    search = {"k": 2, "score_threshold": 0.9} if search_type == "similarity_score_threshold" else {"k": 2}
    retriever = store.as_retriever(search_type=search_type, search_kwargs=search)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = retriever.invoke(TEXTS[2])
    assert found[0].page_content == TEXTS[2]
    assert len(found) == (1 if "score_threshold" in search else 2)
    assert asyncio.run(retriever.ainvoke(TEXTS[2])) == found


def test_the_marginally_relevant_are_not_twice_the_same() -> None:
    store = FaissStore.from_texts(["Rust helpt.", "Rust helpt.", "Warmte ontspant."], EMBEDDINGS)
    found = store.max_marginal_relevance_search("rust helpt", k=2, lambda_mult=0.3)
    assert [document.page_content for document in found] == ["Rust helpt.", "Warmte ontspant."]


# On disk


def documents(number: int) -> list[Document]:
    return [Document(page_content=text, id=text) for text in TEXTS[:number]]


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    write_vectors(tmp_path / "v.faiss", np.array(EMBEDDINGS.embed_documents(TEXTS), dtype=np.float32))
    return tmp_path / "v.faiss"


def test_loaded_vectors_belong_to_the_documents_row_for_row(saved: Path) -> None:
    store = FaissStore.load(saved, documents(3), EMBEDDINGS)
    assert store.similarity_search(TEXTS[1], k=1)[0].id == TEXTS[1]
    assert store.embeddings is EMBEDDINGS
    store.delete([TEXTS[0]])
    store.add_texts(["Massage."])
    assert len(store) == rows(store) == 3


@pytest.mark.parametrize("number", [0, 2])
def test_a_file_for_another_number_of_documents_is_refused(saved: Path, number: int) -> None:
    with pytest.raises(ValueError, match=f"3 vectoren voor {number} teksten"):
        FaissStore.load(saved, documents(number), EMBEDDINGS)


@pytest.mark.parametrize("content", [b"", b"{}", b"IxFI" * 20])
def test_a_file_that_is_no_faiss_index_is_refused(saved: Path, content: bytes) -> None:
    saved.write_bytes(content)
    with pytest.raises(ValueError, match="geen FAISS-bestand"):
        FaissStore.load(saved, documents(3), EMBEDDINGS)


def test_a_file_cut_off_anywhere_is_refused(saved: Path) -> None:
    whole = saved.read_bytes()
    for end in range(len(whole)):
        saved.write_bytes(whole[:end])
        with pytest.raises(ValueError):
            FaissStore.load(saved, documents(3), EMBEDDINGS)


def test_an_index_in_which_lower_is_nearer_is_refused(saved: Path) -> None:
    faiss.write_index(faiss.IndexFlatL2(32), str(saved))
    with pytest.raises(ValueError, match="ander soort"):
        FaissStore.load(saved, [], EMBEDDINGS)


def test_a_file_that_is_not_there_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        FaissStore.load(tmp_path / "weg.faiss", [], EMBEDDINGS)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_noticed_also_for_a_small_file() -> None:
    with pytest.raises(OSError, match="No space left"):
        write_vectors(Path("/dev/full"), np.eye(2, dtype=np.float32))
