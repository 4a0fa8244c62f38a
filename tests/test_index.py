"""An index is sound or it is refused, with the command that mends it."""

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fakes import FakeEmbedder, ingest, write_article, write_notes, write_questions
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.errors import IndexNotSavedError, IndexUnusableError, IngestBusyError
from ingest.index import Index, load_articles, load_index
from ingest.manifest import read_manifest
from ingest.question_places import UNANSWERED
from ingest.rows import sentence_to_embed
from ingest.versions import KEPT_VERSIONS, new_version, version_in_use, writing

LIST = "Dit helpt ook:\n\n- warmte\n- slaap"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index folder that no test may change."""
    folder = tmp_path_factory.mktemp("made")
    write_article(folder, "nek.md", "Nekpijn", "Rust helpt. Wat nog meer?", "## Thuis", LIST)
    write_article(folder, "rug.md", "Rugpijn", "Bewegen helpt het meest.")
    write_notes(folder, {"kind": "promotional", "sentences": ["Rust helpt.", "warmte", "Dit helpt ook:"]})
    write_questions(
        folder,
        "vragen.toml",
        {"answer": ["Rust helpt."], "asked": ["Moet ik liggen?", "rust"]},
        {"answer": ["Dit helpt ook:"], "asked": ["Wat helpt nog meer?"]},
        {"answer": [], "asked": ["Wat kost het?"]},
    )
    ingest(folder)
    return folder / "index"


@pytest.fixture
def index_dir(made: Path, tmp_path: Path) -> Path:
    """An index folder to damage."""
    return Path(shutil.copytree(made, tmp_path / "index"))


def version(index_dir: Path) -> Path:
    return version_in_use(index_dir)[0]


def assert_unusable(index_dir: Path, embedder: FakeEmbedder | None = None) -> str:
    """Refused with the command that mends it, and mended by it; the reason is returned."""
    with pytest.raises(IndexUnusableError) as caught:
        load_index(index_dir, embedder or FakeEmbedder())
    assert str(index_dir) in str(caught.value)
    assert "rugpijn ingest" in str(caught.value)
    return caught.value.reason


def repoint(index_dir: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change the manifest as another version of this program could have written it."""
    path = version(index_dir) / "manifest.json"
    manifest = json.loads(path.read_text())
    change(manifest)
    path.write_text(json.dumps(manifest))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    (index_dir / "current").write_text(f"{path.parent.name} {digest}\n")


# What is loaded


@pytest.fixture(scope="module")
def index(made: Path) -> Index:
    return load_index(made, FakeEmbedder())


def test_what_was_saved_is_loaded(index: Index) -> None:
    assert list(index.articles) == ["nekpijn", "rugpijn"]
    assert [passage.text for passage in index.passages] == [
        "Rust helpt. Wat nog meer?",
        "Dit helpt ook:\n\n• warmte\n• slaap",
        "Bewegen helpt het meest.",
    ]
    counts = index.manifest.counts
    assert (counts.articles, counts.passages, counts.sentences, counts.questions, counts.texts) == (2, 3, 5, 4, 12)
    assert index.manifest.articles == {"nekpijn": "nek.md", "rugpijn": "rug.md"}


def test_articles_can_be_loaded_without_a_model(index: Index, made: Path) -> None:
    assert load_articles(made) == index.articles


def test_rows_of_vectors_passages_sentences_and_questions_belong_together(index: Index) -> None:
    fake = FakeEmbedder()
    for passage, vector in zip(index.passages, index.passage_store.vectors, strict=True):
        assert np.allclose(vector, fake.query(passage.text_to_embed), atol=1e-6)
    for row, vector in zip(index.sentence_rows, index.sentence_store.vectors, strict=True):
        expected = fake.query(sentence_to_embed(row, index.passages, index.articles))
        assert np.allclose(vector, expected, atol=1e-6)
    for question, vector in zip(index.questions, index.question_store.vectors, strict=True):
        assert np.allclose(vector, fake.query(question.text), atol=1e-6)
    assert index.passage_of_sentence.tolist() == [0, 0, 1, 1, 2]
    assert index.passage_of_question.tolist() == [0, 0, 1, UNANSWERED]
    assert [question.sentences for question in index.questions] == [(0,), (0,), (2, 3), ()]
    assert index.ends_in_question_mark.tolist() == [0, 1, 0, 0, 0]
    assert index.lexical.stems.relevance("bewegen").argmax() == 2
    assert index.lexical.sentence_groups.relevance("slaap").argmax() == 3


def test_a_list_item_is_embedded_with_the_line_that_introduces_it(index: Index) -> None:
    row = index.sentence_rows[2]
    assert index.wording(row) == "warmte"
    assert sentence_to_embed(row, index.passages, index.articles) == "Dit helpt ook:\nwarmte"


def test_its_documents_are_found_by_passage_and_by_sentence(index: Index) -> None:
    (passage,) = index.passage_store.get_by_ids([index.passages[1].id])
    assert passage.metadata == {
        "slug": "nekpijn",
        "title": "Nekpijn",
        "section": "Thuis",
        "start": index.passages[1].start,
        "end": index.passages[1].end,
    }
    (sentence,) = index.sentence_store.get_by_ids([f"{index.passages[2].id}:0"])
    assert sentence.page_content == "Bewegen helpt het meest."


def test_notes_are_loaded_with_the_rows_of_the_sentences_and_lead_ins_they_are_about(index: Index) -> None:
    (note,) = index.notes
    assert [bool(index.notes_of_sentence(row)) for row in range(5)] == [True, False, True, False, False]
    assert [index.notes_of_lead_in(row) for row in range(3)] == [(), (note,), ()]
    assert index.manifest.counts.notes == 1


# Missing and damaged


def test_a_folder_without_an_index_says_that_there_is_none_yet(tmp_path: Path) -> None:
    assert "nog geen index" in assert_unusable(tmp_path)
    assert "nog geen index" in assert_unusable(tmp_path / "weg")


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "index").write_text("?")
    assert_unusable(tmp_path / "index")


FILES = [
    *("current", "manifest.json", "articles.jsonl", "passages.jsonl", "review_notes.jsonl", "questions.jsonl"),
    *("passages.faiss", "sentences.faiss", "questions.faiss", "bm25/stems/vocab.index.json"),
    *("bm25/groups/data.csc.index.npy", "bm25/sentence_groups/params.index.json"),
]


def path_of(index_dir: Path, name: str) -> Path:
    return index_dir / name if name == "current" else version(index_dir) / name


def test_every_kind_of_file_is_damaged_below(made: Path) -> None:
    found = {path.name for path in version(made).rglob("*") if path.is_file()}
    assert found - {Path(name).name for name in FILES} == {"indices.csc.index.npy", "indptr.csc.index.npy"}


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_refused(index_dir: Path, name: str) -> None:
    path_of(index_dir, name).unlink()
    reason = assert_unusable(index_dir)
    assert "nog geen index" in reason if name == "current" else f"'{name}' ontbreekt" in reason


@given(name=st.sampled_from(FILES), data=st.data())
def test_a_file_cut_off_at_any_byte_is_refused(made: Path, name: str, data: st.DataObject) -> None:
    whole = path_of(made, name).read_bytes()
    damage(made, name, whole[: data.draw(st.integers(0, len(whole) - 1), "length")])


@given(name=st.sampled_from(FILES), data=st.data())
def test_a_file_with_one_flipped_bit_anywhere_is_refused(made: Path, name: str, data: st.DataObject) -> None:
    content = bytearray(path_of(made, name).read_bytes())
    content[data.draw(st.integers(0, len(content) - 1), "byte")] ^= 1 << data.draw(st.integers(0, 7), "bit")
    damage(made, name, bytes(content))


@given(name=st.sampled_from(FILES), content=st.binary(max_size=100))
def test_a_file_with_anything_else_in_it_is_refused(made: Path, name: str, content: bytes) -> None:
    damage(made, name, content)


def damage(made: Path, name: str, content: bytes) -> None:
    path = path_of(made, name)
    sound = path.read_bytes()
    try:
        path.write_bytes(content)
        assert_unusable(made)
        with pytest.raises(IndexUnusableError):
            load_articles(made)
    finally:
        path.write_bytes(sound)


@pytest.mark.parametrize("name", FILES)
def test_a_folder_in_the_place_of_a_file_is_refused(index_dir: Path, name: str) -> None:
    path = path_of(index_dir, name)
    path.unlink()
    path.mkdir()
    assert_unusable(index_dir)


ZEROS = "0" * 64


@pytest.mark.parametrize(
    "pointed",
    [
        *("", "\n", "..", ".", "/etc", "../buiten", "index", "\0", "x" * 5000, "é", "20990101T000000-000000\n"),
        *(f"{name} {ZEROS}\n" for name in ("20990101T000000-000000", "../buiten", "..", "/tmp", "lock", "x" * 300)),
    ],
)
def test_a_pointer_to_nowhere_or_outside_the_folder_is_refused(index_dir: Path, pointed: str) -> None:
    shutil.copytree(version(index_dir), index_dir.parent / "buiten")
    (index_dir / "current").write_text(pointed)
    assert "'current'" in assert_unusable(index_dir)


def test_a_pointer_with_the_right_checksum_to_a_version_outside_is_refused(index_dir: Path) -> None:
    outside, digest = version_in_use(index_dir)
    shutil.move(outside, index_dir.parent / outside.name)
    for name in (f"../{outside.name}", str(index_dir.parent / outside.name)):
        (index_dir / "current").write_text(f"{name} {digest}\n")
        assert_unusable(index_dir)


def test_a_half_written_version_is_refused_when_it_is_pointed_to(index_dir: Path) -> None:
    half = index_dir / "20990101T000000-000000"
    half.mkdir()
    shutil.copy(version(index_dir) / "articles.jsonl", half)
    (index_dir / "current").write_text(f"{half.name} {ZEROS}\n")
    assert "'manifest.json' ontbreekt" in assert_unusable(index_dir)


# Made by something else


def test_another_schema_is_refused(index_dir: Path) -> None:
    repoint(index_dir, lambda manifest: manifest.update(schema_version=99, counts="iets heel anders"))
    assert "opbouw 99" in assert_unusable(index_dir)


def test_a_manifest_without_what_this_program_needs_is_refused(index_dir: Path) -> None:
    repoint(index_dir, lambda manifest: manifest.pop("files"))
    assert "ander programma" in assert_unusable(index_dir)


def test_a_manifest_that_is_no_mapping_or_nested_too_deep_is_refused(index_dir: Path) -> None:
    for content in (b"[]", b"null", b"[" * 100_000, b'{"schema_version": {}}', b"\xff"):
        path = version(index_dir) / "manifest.json"
        path.write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        (index_dir / "current").write_text(f"{path.parent.name} {digest}\n")
        assert "manifest.json" in assert_unusable(index_dir)


@pytest.mark.parametrize(
    ("name", "instead"),
    [
        *(("articles.jsonl", ""), ("passages.jsonl", ""), ("passages.jsonl", "{}\n"), ("questions.jsonl", "{}\n")),
        *(("passages.faiss", "sentences.faiss"), ("sentences.faiss", "questions.faiss"), ("questions.jsonl", "")),
    ],
)
def test_files_that_do_not_belong_together_are_refused(index_dir: Path, name: str, instead: str) -> None:
    folder = version(index_dir)
    (folder / name).write_bytes((folder / instead).read_bytes() if instead.endswith(".faiss") else instead.encode())
    digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    repoint(index_dir, lambda manifest: manifest["files"].update({name: digest}))
    assert "past niet bij elkaar" in assert_unusable(index_dir)


ROWS = {0: {0, 1}, 1: {2, 3}, 2: {4}, UNANSWERED: set()}


@settings(max_examples=50)
@given(passage=st.integers(-3, 4), rows=st.lists(st.integers(-1, 6), unique=True, max_size=3))
def test_a_question_is_refused_that_is_answered_by_what_is_not_there(
    made: Path, tmp_path_factory: pytest.TempPathFactory, passage: int, rows: list[int]
) -> None:
    index_dir = Path(shutil.copytree(made, tmp_path_factory.mktemp("rows") / "index"))
    path = version(index_dir) / "questions.jsonl"
    first, *others = path.read_text().splitlines(keepends=True)
    path.write_text("".join((json.dumps(json.loads(first) | {"passage": passage, "sentences": rows}) + "\n", *others)))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    repoint(index_dir, lambda manifest: manifest["files"].update({path.name: digest}))
    if passage in ROWS and set(rows) <= ROWS[passage] and (rows or passage == UNANSWERED):
        assert load_index(index_dir, FakeEmbedder()).questions[0].sentences == tuple(rows)
    else:
        assert "past niet bij elkaar" in assert_unusable(index_dir)


def test_an_index_of_another_model_is_refused_naming_both(index_dir: Path) -> None:
    reason = assert_unusable(index_dir, FakeEmbedder("groot"))
    assert "'fake'" in reason and "'groot'" in reason
    assert "taalmodel" in assert_unusable(index_dir, FakeEmbedder(dimension=16))


def test_a_model_of_the_same_name_with_other_weights_is_refused_with_the_command_that_embeds_anew(made: Path) -> None:
    with pytest.raises(IndexUnusableError, match="is veranderd sinds .* rugpijn ingest --rebuild$"):
        load_index(made, FakeEmbedder(weights=1))


# Versions on disk


def test_the_second_to_write_is_told_to_wait_and_the_lock_goes_with_the_first(tmp_path: Path) -> None:
    with writing(tmp_path / "index"):
        with pytest.raises(IngestBusyError, match="Wacht tot dat klaar is"), writing(tmp_path / "index"):
            pytest.fail("two writers")
    with writing(tmp_path / "index"):
        pass


def write_version(index_dir: Path) -> Path:
    with writing(index_dir), new_version(index_dir) as folder:
        (folder / "manifest.json").write_text("{}")
    return folder


def folders(index_dir: Path) -> list[Path]:
    return sorted(path for path in index_dir.iterdir() if path.is_dir())


def test_a_few_versions_are_kept_for_readers_and_older_ones_go(tmp_path: Path) -> None:
    written = [write_version(tmp_path) for _ in range(KEPT_VERSIONS + 2)]
    assert folders(tmp_path) == written[-KEPT_VERSIONS:]
    assert version(tmp_path) == written[-1]


def test_folders_that_are_no_version_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "foto's").mkdir()
    (tmp_path / "20261122").mkdir()
    for _ in range(KEPT_VERSIONS + 1):
        write_version(tmp_path)
    assert (tmp_path / "foto's").is_dir() and (tmp_path / "20261122").is_dir()


def test_what_a_crash_left_behind_goes_before_anything_is_written(tmp_path: Path) -> None:
    in_use = write_version(tmp_path)
    (tmp_path / "20990101T000000-000000").mkdir()
    with writing(tmp_path):
        assert folders(tmp_path) == [in_use]


def test_a_version_that_fails_half_way_is_removed_and_the_old_one_stays(tmp_path: Path) -> None:
    in_use = write_version(tmp_path)
    with pytest.raises(ZeroDivisionError), writing(tmp_path), new_version(tmp_path) as folder:
        (folder / "half").write_text("half")
        raise ZeroDivisionError
    assert folders(tmp_path) == [in_use]
    assert version(tmp_path) == in_use


def test_a_full_disk_is_an_error_that_staff_can_read_and_the_old_version_stays(tmp_path: Path) -> None:
    in_use = write_version(tmp_path)
    with pytest.raises(IndexNotSavedError, match="No space left on device. De bestaande index blijft"):
        with writing(tmp_path), new_version(tmp_path):
            raise OSError(28, "No space left on device")
    assert folders(tmp_path) == [in_use]


def test_a_folder_that_cannot_be_made_is_an_error_that_staff_can_read(tmp_path: Path) -> None:
    (tmp_path / "bestand").write_text("")
    with pytest.raises(IndexNotSavedError, match="schrijfrechten"), writing(tmp_path / "bestand" / "index"):
        pass


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_write_permission_is_an_error_that_staff_can_read(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(IndexNotSavedError, match="schrijfrechten"), writing(tmp_path):
        pass


def test_while_the_pointer_is_damaged_no_version_is_thrown_away(tmp_path: Path) -> None:
    in_use = write_version(tmp_path)
    (tmp_path / "current").write_text("?")
    with writing(tmp_path):
        assert folders(tmp_path) == [in_use]


def test_a_manifest_can_be_read_without_a_model(made: Path) -> None:
    manifest, folder = read_manifest(made)
    assert manifest.version == folder.name
    assert manifest.model.name == "fake"
