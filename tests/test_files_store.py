"""A large version in files: read from disk as it is asked for, refused when a byte of it has changed."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from fakes import content, ingest, write_article, write_questions
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

from ingest.errors import IndexNotSavedError, IndexUnusableError
from ingest.files_store import FilesStore
from ingest.files_store.large import LargeVersion
from ingest.index import load_index
from ingest.store import Store
from ingest.versions import version_in_use
from ingest.whole import IndexVersion, entries_of, questions_of


def small_store(folder: Path) -> Store:
    return FilesStore(folder / "index")


def large_store(folder: Path) -> Store:
    return FilesStore(folder / "index", small=2)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that no test may change."""
    folder = tmp_path_factory.mktemp("made")
    publish(large_store(folder), entries_of_texts())
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "copy"))


def files_in(folder: Path) -> list[Path]:
    version, _ = version_in_use(folder / "index")
    return sorted(path for path in version.rglob("*") if path.is_file())


# What is written


def test_a_small_corpus_is_written_as_ingest_writes_it(tmp_path: Path) -> None:
    """Byte for byte, but for the order in which bm25s numbers its words."""
    write_article(
        tmp_path, "rug.md", "Rugpijn", "Rust helpt. Bewegen ook.", "## Thuis", "Dit helpt ook:\n\n- warmte\n- slaap"
    )
    write_questions(tmp_path, "vragen.toml", {"answer": ["Rust helpt."], "asked": ["Moet ik liggen?"]})
    ingest(tmp_path)
    index = load_index(tmp_path / "index", EMBEDDER)
    copy = FilesStore(tmp_path / "copy")
    with copy.draft() as draft:
        draft.bulk_load(entries_of(index.stored, index.vectors))
        questions = questions_of(index.stored, index.vectors.questions)
        draft.publish(index.manifest, index.articles.values(), index.notes, questions)
    version = copy.open(EMBEDDER)
    assert isinstance(version, IndexVersion) and content(version.index) == content(index)
    one, other = (version_in_use(tmp_path / name)[0] for name in ("index", "copy"))
    for path in (path for path in one.iterdir() if path.suffix in (".jsonl", ".faiss")):
        assert path.read_bytes() == (other / path.name).read_bytes()


@pytest.mark.parametrize(("number", "kind"), [(2, IndexVersion), (3, LargeVersion)])
def test_the_number_of_passages_decides_how_a_version_is_kept(tmp_path: Path, number: int, kind: type) -> None:
    store = large_store(tmp_path)
    publish(store, entries_of_texts(TEXTS[:number]))
    assert isinstance(store.open(EMBEDDER), kind)


def test_nothing_is_left_of_what_a_large_draft_was_made_with(folder: Path) -> None:
    names = {path.name for path in files_in(folder)}
    assert "passages.f32" not in names and "manifest.json" in names
    assert sorted(path.name for path in (folder / "index").iterdir()) == sorted(
        [version_in_use(folder / "index")[0].name, "current", "lock"]
    )


def test_what_was_replaced_or_deleted_is_not_on_disk(tmp_path: Path) -> None:
    entries = entries_of_texts()
    store = large_store(tmp_path)
    with store.draft() as draft:
        draft.bulk_load([*entries, entry_of(9, "Dit gaat weer weg.")])
        draft.add([entry_of(1, TEXTS[1])])
        draft.delete([entry_of(9, "Dit gaat weer weg.").id])
        articles = [article_of(*each) for each in enumerate(TEXTS)]
        draft.publish(manifest_of(entries), articles, (NOTE,), questions_about(entries))
    assert not [path for path in files_in(tmp_path) if b"Dit gaat weer weg" in path.read_bytes()]
    assert_same(list(store.open(EMBEDDER).entries()), entries)


@pytest.mark.parametrize("make", [small_store, large_store])
def test_a_full_disk_leaves_the_version_in_use(
    tmp_path: Path, make: Callable[[Path], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    store = make(tmp_path)
    before = publish(store, entries_of_texts()).version

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(IndexNotSavedError, match="No space left"):
        publish(store, entries_of_texts(TEXTS[:3]))
    assert store.version_in_use() == before and len(list((tmp_path / "index").iterdir())) == 3


# What is read


def test_one_changed_byte_anywhere_is_noticed(folder: Path) -> None:
    for path in files_in(folder):
        whole = path.read_bytes()
        if not whole:
            continue
        place = len(whole) // 2
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(IndexUnusableError, match="rugpijn ingest"):
            large_store(folder).open(EMBEDDER)
        path.write_bytes(whole)
    assert large_store(folder).open(EMBEDDER).count() == len(TEXTS)


def test_a_missing_file_is_noticed(folder: Path) -> None:
    for path in files_in(folder):
        whole = path.read_bytes()
        path.unlink()
        with pytest.raises(IndexUnusableError, match="rugpijn ingest"):
            large_store(folder).open(EMBEDDER)
        path.write_bytes(whole)


def test_it_is_read_from_disk_as_it_is_asked_for(folder: Path) -> None:
    version = large_store(folder).open(EMBEDDER)
    assert isinstance(version, LargeVersion)
    for numbers in (version._sentences, version.questions.vectors, version._ids, version._stems._bm25.scores["data"]):
        assert isinstance(numbers, np.memmap) or isinstance(numbers.base, np.memmap)


def test_a_version_without_sentences_or_words_can_be_kept(tmp_path: Path) -> None:
    store = FilesStore(tmp_path, small=0)
    publish(store, [entry_of(0, "")])
    version = store.open(EMBEDDER)
    assert version.count() == 1 and next(version.entries()).sentence_vectors.shape == (0, 32)
    assert version.search_lexical("rug", 3) == []


@pytest.mark.parametrize("make", [small_store, large_store])
def test_who_is_killed_while_writing_leaves_the_version_in_use(tmp_path: Path, make: Callable[[Path], Store]) -> None:
    store = make(tmp_path)
    before = published(store).manifest.version
    for _ in range(3):
        writing = subprocess.Popen(
            [sys.executable, "-c", _WRITES_FOR_EVER, str(tmp_path / "index")],
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        )
        assert writing.stdout is not None and writing.stdout.readline()
        time.sleep(0.05)
        writing.send_signal(signal.SIGKILL)
        writing.wait()
        assert store.version_in_use() == before and store.open(EMBEDDER).count() == len(TEXTS)
    after = publish(store, entries_of_texts(TEXTS[:3]))
    versions = [path for path in (tmp_path / "index").iterdir() if path.is_dir()]
    assert sorted(path.name for path in versions) == [before, after.version]


_WRITES_FOR_EVER = """
import sys
from pathlib import Path
from store_fakes import entry_of
from ingest.files_store import FilesStore
with FilesStore(Path(sys.argv[1]), small=2).draft() as draft:
    for row in range(10**9):
        draft.add([entry_of(row, f"Tekst {row} is nog niet klaar.")])
        if row == 9:
            print("bezig", flush=True)
"""


def test_the_file_with_the_places_names_articles_and_subjects(folder: Path) -> None:
    version, _ = version_in_use(folder / "index")
    named = json.loads((version / "places.json").read_text())
    assert named == {"slugs": [f"artikel-{row}" for row in range(len(TEXTS))], "tags": ["Nek", "Rug"]}
