"""Corpus folder → index on disk: what changed is made anew, what did not is left alone."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fakes import FakeEmbedder, content, ingest, ingest_settings, write_article, write_questions
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.build import build_index, is_up_to_date
from ingest.embed import Embedder
from ingest.errors import EmbeddingModelError, EmptyCorpusError, IngestBusyError
from ingest.file_bank import FILE
from ingest.index import Index, load_index
from ingest.versions import version_in_use, writing

LONG = (
    "Pijn in de bovenrug is een klacht die veel mensen ooit krijgen, vaak na lang zitten in dezelfde houding, en die "
    "meestal vanzelf weer over is."
)


@pytest.fixture
def practice(tmp_path: Path) -> Path:
    """A folder with two articles, two questions and their index."""
    write_article(tmp_path, "nek.md", "Nekpijn", "Rust helpt bij nekpijn.", "## Thuis", "Warmte helpt thuis.")
    write_article(tmp_path, "rug.md", "Rugpijn", LONG)
    write_questions(
        tmp_path, "v.toml", {"answer": [LONG], "asked": ["Duurt het lang?"]}, {"answer": [], "asked": ["Prijs?"]}
    )
    ingest(tmp_path)
    return tmp_path


def load(folder: Path) -> Index:
    return load_index(folder / "index", FakeEmbedder())


def snapshot(index_dir: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in index_dir.rglob("*") if path.is_file()}


def no_model() -> Embedder:
    pytest.fail("the model was loaded for nothing")


class Log:
    """A progress bar that remembers."""

    def __init__(self) -> None:
        self.steps: list[tuple[str, int]] = []
        self.done = 0

    def step(self, name: str, total: int) -> None:
        self.steps.append((name, total))

    def advance(self, done: int) -> None:
        self.done += done


# What an ingest reports


def test_the_first_ingest_creates_every_article_and_counts_what_it_made(tmp_path: Path) -> None:
    write_article(tmp_path, "nek.md", "Nekpijn", "Rust helpt. Warmte ook.")
    embedder = FakeEmbedder()
    report = ingest(tmp_path, embedder)
    assert report.created == ("nekpijn",)
    assert report.updated == report.unchanged == report.removed == report.kept_previous == report.refused == ()
    assert (report.embedded, report.reused) == (3, 0)
    assert embedder.embedded == ["Nekpijn\nRust helpt. Warmte ook.", "Rust helpt.", "Warmte ook."]
    assert not report.wrote_nothing


def test_created_updated_unchanged_and_removed_articles_are_told_apart(practice: Path) -> None:
    write_article(practice, "arm.md", "Armpijn", "Strek de arm.")
    write_article(practice, "nek.md", "Nekpijn", "Rust helpt niet altijd.")
    write_article(practice, "voet.md", "Voetpijn", "Wissel van schoen.")
    ingest(practice)
    write_article(practice, "been.md", "Beenpijn", "Loop rustig.")
    write_article(practice, "nek.md", "Nekpijn", "Rust helpt.")
    (practice / "corpus" / "voet.md").unlink()
    report = ingest(practice)
    assert (report.created, report.updated) == (("beenpijn",), ("nekpijn",))
    assert (report.unchanged, report.removed) == (("armpijn", "rugpijn"), ("voetpijn",))
    assert list(load(practice).articles) == ["armpijn", "beenpijn", "nekpijn", "rugpijn"]


def test_merged_passages_are_reported_and_counted(practice: Path) -> None:
    write_article(practice, "rug2.md", "Nog eens rugpijn", LONG)
    report = ingest(practice)
    assert [(merge.kept.slug, merge.dropped.slug) for merge in report.merges] == [("rugpijn", "nog-eens-rugpijn")]
    assert report.manifest.counts.merged == 1
    assert report.embedded == 0


def test_every_step_is_announced_and_every_text_counted(tmp_path: Path) -> None:
    write_article(tmp_path, "nek.md", "Nekpijn", "Rust helpt. Warmte ook.")
    log = Log()
    report = build_index(ingest_settings(tmp_path), FakeEmbedder, log)
    assert ("vectoren maken", 3) in log.steps and log.done == 3
    assert [name for name, total in log.steps if not total] == list(report.seconds)
    assert all(seconds >= 0 for seconds in report.seconds.values())


# Nothing is done twice


def test_an_ingest_without_changes_writes_nothing_and_needs_no_model(practice: Path) -> None:
    before = snapshot(practice / "index")
    report = build_index(ingest_settings(practice), no_model)
    assert report.wrote_nothing
    assert report.unchanged == ("nekpijn", "rugpijn")
    assert report.embedded == 0
    assert snapshot(practice / "index") == before


def test_an_edited_paragraph_embeds_only_its_own_passage_and_sentences(practice: Path) -> None:
    write_article(practice, "nek.md", "Nekpijn", "Rust helpt bij nekpijn.", "## Thuis", "Warmte helpt. Kou ook.")
    embedder = FakeEmbedder()
    report = ingest(practice, embedder)
    assert embedder.embedded == ["Nekpijn\nThuis\nWarmte helpt. Kou ook.", "Warmte helpt.", "Kou ook."]
    assert (report.embedded, report.reused) == (3, 6)
    assert report.updated == ("nekpijn",)


def test_an_article_that_only_moved_in_its_file_is_not_embedded_again(practice: Path) -> None:
    path = practice / "corpus" / "nek.md"
    path.write_text(path.read_text().replace("\n\n", "\n\n\n") + "\n\n\n")
    assert ingest(practice).embedded == 0


def test_a_file_that_was_renamed_is_not_embedded_again(practice: Path) -> None:
    (practice / "corpus" / "nek.md").rename(practice / "corpus" / "hals.md")
    report = ingest(practice)
    assert report.embedded == 0
    assert load(practice).articles["nekpijn"].source == "hals.md"


def test_a_text_that_stands_in_two_places_is_embedded_once(tmp_path: Path) -> None:
    write_article(tmp_path, "nek.md", "Nekpijn", "## Wel", "- rust", "## Ook", "- warmte", "## Wel", "Rust helpt.")
    write_article(tmp_path, "rug.md", "Rugpijn", "## Wel", "Rust helpt.")
    embedder = FakeEmbedder()
    ingest(tmp_path, embedder)
    assert sorted(embedder.embedded) == sorted(set(embedder.embedded))


def test_rebuild_embeds_everything_anew_and_gives_the_same_index(practice: Path) -> None:
    before = content(load(practice))
    report = ingest(practice, rebuild=True)
    assert report.embedded == 8 and report.reused == 0
    assert report.unchanged == ("nekpijn", "rugpijn")
    assert content(load(practice)) == before


def test_ids_of_passages_stay_when_something_else_changes(practice: Path) -> None:
    before = {passage.text: passage.id for passage in load(practice).passages}
    write_article(practice, "nek.md", "Pijn in de nek", "Nieuw begin.", "## Thuis", "Warmte helpt thuis.")
    path = practice / "corpus" / "nek.md"
    path.write_text(path.read_text().replace("title:", "slug: nekpijn\ntitle:"))
    ingest(practice)
    after = {passage.text: passage.id for passage in load(practice).passages}
    assert after["Warmte helpt thuis."] == before["Warmte helpt thuis."]
    assert after[LONG] == before[LONG]


# Removed, broken and clashing articles


def test_a_removed_article_leaves_no_article_passage_or_vector_behind(practice: Path) -> None:
    (practice / "corpus" / "nek.md").unlink()
    report = ingest(practice)
    index = load(practice)
    assert report.removed == ("nekpijn",)
    assert list(index.articles) == ["rugpijn"]
    assert {passage.slug for passage in index.passages} == {"rugpijn"}
    assert len(index.passage_store) == len(index.passage_store.vectors) == 1
    assert len(index.sentence_store) == len(index.sentence_store.vectors) == 1
    assert len(index.question_store) == len(index.question_store.vectors) == 2
    assert not [document for document in index.passage_store.similarity_search("nek", k=9) if "nek" in str(document)]
    assert not [line for line in snapshot(version_in_use(practice / "index")[0]).values() if b"Nekpijn" in line]


def break_file(folder: Path, name: str) -> None:
    (folder / "corpus" / name).write_bytes(b"pati\xebnt")


def test_a_broken_new_version_keeps_the_previous_version_of_that_article_and_says_so(practice: Path) -> None:
    before = load(practice)
    break_file(practice, "nek.md")
    write_article(practice, "rug.md", "Rugpijn", "Bewegen helpt.")
    report = ingest(practice)
    after = load(practice)
    assert report.kept_previous == ("nekpijn",)
    assert report.updated == ("rugpijn",)
    assert [complaint[:6] for complaint in report.refused] == ["nek.md"]
    assert after.articles["nekpijn"] == before.articles["nekpijn"]
    assert {passage.text for passage in after.passages} > {"Rust helpt bij nekpijn.", "Warmte helpt thuis."}


@pytest.mark.parametrize("change", ["nothing", "more", "rebuild", "model", "weights", "chunks"])
def test_the_previous_version_of_a_broken_article_stays_whatever_happens_next(practice: Path, change: str) -> None:
    break_file(practice, "nek.md")
    ingest(practice)
    embedder = FakeEmbedder("groot" if change == "model" else "fake", weights=int(change == "weights"))
    if change in ("more", "weights"):
        write_article(practice, "arm.md", "Armpijn", "Strek de arm.")
    settings = {"model": {"embedding_model": "groot"}, "chunks": {"max_passage_words": 20}}.get(change, {})
    report = ingest(practice, embedder, rebuild=change == "rebuild", **settings)
    assert report.refused and report.wrote_nothing == (change == "nothing")
    assert "nekpijn" in load_index(practice / "index", embedder).articles


def test_a_mended_article_replaces_the_version_that_was_kept(practice: Path) -> None:
    break_file(practice, "nek.md")
    ingest(practice)
    write_article(practice, "nek.md", "Nekpijn", "Draai het hoofd.")
    report = ingest(practice)
    assert report.updated == ("nekpijn",) and report.kept_previous == report.refused == ()
    assert "Draai het hoofd." in {passage.text for passage in load(practice).passages}


def test_a_broken_article_that_is_thrown_away_goes(practice: Path) -> None:
    break_file(practice, "nek.md")
    ingest(practice)
    (practice / "corpus" / "nek.md").unlink()
    assert ingest(practice).removed == ("nekpijn",)


def test_of_two_articles_with_one_slug_the_indexed_one_stays(practice: Path) -> None:
    write_article(practice, "a-nek.md", "Nekpijn", "Een ander verhaal.")
    report = ingest(practice)
    assert report.unchanged == ("nekpijn", "rugpijn")
    assert len(report.refused) == 1 and "nek.md" in report.refused[0]
    assert load(practice).articles["nekpijn"].source == "nek.md"


def test_when_all_files_are_broken_the_old_index_stays_byte_for_byte(practice: Path) -> None:
    before = snapshot(practice / "index")
    break_file(practice, "nek.md")
    break_file(practice, "rug.md")
    with pytest.raises(EmptyCorpusError, match=r"De bestaande index blijft(.|\n)*- nek\.md(.|\n)*- rug\.md"):
        ingest(practice)
    with pytest.raises(EmptyCorpusError):
        ingest(practice, rebuild=True)
    assert snapshot(practice / "index") == before


@pytest.mark.parametrize("empty", ["no folder", "no files", "no sentences"])
def test_a_corpus_without_a_sentence_is_refused_and_the_old_index_stays(practice: Path, empty: str) -> None:
    before = snapshot(practice / "index")
    shutil.rmtree(practice / "corpus")
    if empty != "no folder":
        (practice / "corpus").mkdir()
    if empty == "no sentences":
        (practice / "corpus" / "a.md").write_text("# Titel\n\nCheck dit")
    with pytest.raises(EmptyCorpusError):
        ingest(practice)
    assert snapshot(practice / "index") == before


def test_an_article_without_a_word_that_can_be_counted_is_indexed_like_any_other(tmp_path: Path) -> None:
    write_article(tmp_path, "de.md", "De", "Het is er.", "你好。")
    assert ingest(tmp_path).manifest.counts.passages == 1
    assert load(tmp_path).lexical.stems.relevance("rug").tolist() == [0]


# Other settings, models and damage


def test_other_chunk_settings_cut_anew_and_reuse_what_stays_the_same(practice: Path) -> None:
    words = " ".join(["woord"] * 12)
    write_article(practice, "rug.md", "Rugpijn", f"Een {words}.", f"Twee {words}.")
    ingest(practice)
    report = ingest(practice, max_passage_words=20)
    assert report.manifest.counts.passages == 4 and report.manifest.chunk.max_words == 20
    assert (report.embedded, report.reused) == (2, 7)


def test_an_article_that_was_too_large_is_read_once_the_limit_is_raised(practice: Path) -> None:
    write_article(practice, "groot.md", "Groot", "Rust helpt. " * 100)
    assert "groter dan" in ingest(practice, max_article_bytes=1_000).refused[0]
    assert ingest(practice).created == ("groot",)


def test_another_model_embeds_everything_anew(practice: Path) -> None:
    settings = ingest_settings(practice, embedding_model="groot")
    report = build_index(settings, lambda: FakeEmbedder("groot", dimension=16))
    assert report.embedded == 8 and report.reused == 0
    assert report.unchanged == ("nekpijn", "rugpijn")
    assert load_index(settings.index_dir, FakeEmbedder("groot", dimension=16)).manifest.model.dimension == 16


def test_other_weights_under_the_same_name_never_mix_with_the_old_vectors(practice: Path) -> None:
    write_article(practice, "arm.md", "Armpijn", "Strek de arm.")
    anew = FakeEmbedder(weights=1)
    assert ingest(practice, anew).reused == 0
    index = load_index(practice / "index", anew)
    assert np.allclose(index.passage_store.vectors[0], anew.query(index.passages[0].text_to_embed), atol=1e-6)


def test_rebuild_mends_an_index_of_other_weights(practice: Path) -> None:
    anew = FakeEmbedder(weights=1)
    ingest(practice, anew, rebuild=True)
    assert load_index(practice / "index", anew).manifest.counts.articles == 2


DAMAGE: dict[str, Callable[[Path], object]] = {
    "no pointer": lambda index: (index / "current").unlink(),
    "pointer to nowhere": lambda index: (index / "current").write_text("weg"),
    "no manifest": lambda index: (version_in_use(index)[0] / "manifest.json").unlink(),
    "no vectors": lambda index: (version_in_use(index)[0] / "passages.faiss").unlink(),
    "other vectors": lambda index: (version_in_use(index)[0] / "passages.faiss").write_bytes(b"?"),
    "no version": lambda index: shutil.rmtree(version_in_use(index)[0]),
    "no words": lambda index: shutil.rmtree(version_in_use(index)[0] / "bm25"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_index_is_made_anew(practice: Path, damage: str) -> None:
    before = content(load(practice))
    DAMAGE[damage](practice / "index")
    report = ingest(practice)
    assert report.created == ("nekpijn", "rugpijn") and report.embedded == 8
    assert content(load(practice)) == before


def test_up_to_date_means_this_corpus_this_model_and_these_settings(practice: Path) -> None:
    assert is_up_to_date(ingest_settings(practice))
    assert not is_up_to_date(ingest_settings(practice, embedding_model="groot"))
    assert not is_up_to_date(ingest_settings(practice, max_passage_words=40))
    assert not is_up_to_date(ingest_settings(practice, max_article_bytes=5_000))
    assert not is_up_to_date(ingest_settings(practice, index_dir=practice / "elders"))
    write_article(practice, "arm.md", "Armpijn", "Strek de arm.")
    assert not is_up_to_date(ingest_settings(practice))


def test_of_two_ingests_at_once_the_second_is_refused_and_harms_nothing(practice: Path) -> None:
    write_article(practice, "arm.md", "Armpijn", "Strek de arm.")
    before = content(load(practice))
    with writing(practice / "index"), pytest.raises(IngestBusyError):
        build_index(ingest_settings(practice), no_model)
    assert content(load(practice)) == before
    assert ingest(practice).created == ("armpijn",)


class DyingEmbedder(FakeEmbedder):
    def passages(self, *_: object, **__: object) -> Any:
        raise KeyboardInterrupt


def test_an_ingest_that_dies_while_embedding_leaves_the_old_index_and_no_lock(practice: Path) -> None:
    before = snapshot(practice / "index")
    write_article(practice, "arm.md", "Armpijn", "Strek de arm.")
    with pytest.raises(KeyboardInterrupt):
        ingest(practice, DyingEmbedder())
    (practice / "index" / FILE).unlink()  # what was embedded already
    assert snapshot(practice / "index") == before
    ingest(practice)


def test_a_model_that_cannot_be_loaded_leaves_the_old_index(practice: Path) -> None:
    def broken() -> Embedder:
        raise EmbeddingModelError("fake", "kapot.")

    before = snapshot(practice / "index")
    with pytest.raises(EmbeddingModelError):
        build_index(ingest_settings(practice), broken, rebuild=True)
    assert snapshot(practice / "index") == before


# What holds for every history

NAME = st.sampled_from(["a.md", "b.md", "c.txt", "d.md"])
SENTENCE = st.sampled_from(["Rust helpt.", "Warmte helpt ook.", "Pijn gaat over. Echt waar.", "Kou helpt niet.", LONG])
BODY = st.lists(st.one_of(SENTENCE, st.sampled_from(["## Thuis", "- rust\n- warmte"])), max_size=4)
EDITS = st.lists(st.tuples(NAME, st.one_of(st.none(), BODY)), min_size=1, max_size=4)
ANSWER = st.lists(st.sampled_from(["Rust helpt.", "Kou helpt niet.", "Thuis", "Dit is een zin.", "Weg."]), max_size=2)
ASKED = st.lists(st.sampled_from(["Rust helpt.", "Wat helpt?", "wat kost het", "Rust"]), min_size=1, max_size=3)
QUESTIONS = st.lists(st.fixed_dictionaries({"answer": ANSWER, "asked": ASKED}), max_size=3)


@settings(max_examples=15)
@given(history=st.lists(st.tuples(EDITS, QUESTIONS), min_size=2, max_size=3))
def test_any_sequence_of_edits_ends_in_the_index_that_a_build_from_scratch_gives(
    tmp_path_factory: pytest.TempPathFactory,
    history: list[tuple[list[tuple[str, list[str] | None]], list[dict[str, Any]]]],
) -> None:
    folder = tmp_path_factory.mktemp("edits")
    write_article(folder, "altijd.md", "Altijd", "Deze blijft.")
    for edits, questions in history:
        write_questions(folder, "vragen.toml", *questions)
        for name, body in edits:
            if body is None:
                (folder / "corpus" / name).unlink(missing_ok=True)
            else:
                write_article(folder, name, f"Artikel {name}", "Dit is een zin.", *body)
        ingest(folder)
    ingest(folder, index_dir=folder / "scratch")
    assert content(load(folder)) == content(load_index(folder / "scratch", FakeEmbedder()))


def test_an_empty_corpus_is_refused_without_waiting_for_the_model(tmp_path: Path) -> None:
    with pytest.raises(EmptyCorpusError):
        build_index(ingest_settings(tmp_path), no_model)
