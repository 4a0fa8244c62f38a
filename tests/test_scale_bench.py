"""The scale benchmark: its text is what the page says it is, and its arithmetic is right."""

from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeEmbedder, ingest_settings, write_article

from benchmarks.scale.corpus import HELD_OUT, ScaleCorpus
from benchmarks.scale.dutch_text import NoDutchTextError, Page, Paragraph, read_pages
from benchmarks.scale.page import scaling_page
from benchmarks.scale.place import Place
from benchmarks.scale.plan import PASSAGES, QUESTIONS_A_SECOND, Basis, Machine, Plan
from benchmarks.scale.plots import plots
from benchmarks.scale.queries import DEPTH, Queries, exact
from benchmarks.scale.results import FILES, POSTGRES, Answering, Embedding, Loading, Searching, Timing
from benchmarks.scale.source import Source
from benchmarks.scale.stores import load, search
from ingest.build import build_index
from ingest.stores import load_whole

WORDS = "het document bevat een tabel met rijen kolommen en cellen die u kunt opmaken afdrukken of verbergen".split()
ABOUT = {"measured_on": "2026-11-25", "other_cores": 0.1}


def pages(count: int = 40) -> list[Page]:
    return [
        Page(f"page-{page}", f"Pagina {page}", tuple(paragraph(page * 10 + number) for number in range(5)))
        for page in range(count)
    ]


def paragraph(number: int) -> Paragraph:
    chance = np.random.default_rng(number)
    first, second = (" ".join(chance.choice(WORDS, 12)).capitalize() for _ in range(2))
    return Paragraph(("Werken met tabellen",), f"{first} {number}." if number % 2 else f"{first} {number}. {second}.")


@pytest.fixture(scope="module")
def embedder() -> FakeEmbedder:
    return FakeEmbedder()


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory, embedder: FakeEmbedder) -> Source:
    return Source.read(pages(), tmp_path_factory.mktemp("vectors"), lambda: embedder)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory, embedder: FakeEmbedder, source: Source) -> ScaleCorpus:
    folder = tmp_path_factory.mktemp("practice")
    write_article(folder, "rug.md", "Rugpijn", "Bewegen helpt bij rugpijn. Rust houdt de klachten juist in stand.")
    settings = ingest_settings(folder)
    build_index(settings, lambda: embedder)
    return ScaleCorpus(load_whole(settings, embedder), source, 500)


# --- text ---


def test_text_has_each_paragraph_once_below_its_headings(tmp_path: Path) -> None:
    folder = tmp_path / "usr/share/libreoffice/help/nl/text"
    folder.mkdir(parents=True)
    sentence = "Met deze opdracht voegt u een tabel met rijen en kolommen in het document in."
    body = f"<h1>Tabellen</h1><h2>Invoegen</h2><p>{sentence}</p><p>Kort.</p><h2>Wissen</h2><p>{sentence}</p>"
    (folder / "a.html").write_text(f"<title>Tabellen</title><div id=DisplayArea>{body}</div>", "utf-8")
    (folder / "b.html").write_text(f"<title>Nog eens</title><div id=DisplayArea><p>{sentence}</p></div>", "utf-8")
    (page,) = read_pages(tmp_path)
    assert (page.title, page.paragraphs) == ("Tabellen", (Paragraph(("Invoegen",), sentence),))


def test_folder_without_the_text_says_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(NoDutchTextError, match="apt-get download libreoffice-help-nl"):
        read_pages(tmp_path)


def test_nothing_is_embedded_twice_when_it_was_broken_off(tmp_path: Path) -> None:
    first, second = FakeEmbedder(), FakeEmbedder()
    some = Source.read(pages(10), tmp_path, lambda: first, most=30)
    # Rows were written, but the line that says so was not.
    with (tmp_path / "passages.f16").open("ab") as rows:
        rows.write(bytes(100))
    whole = Source.read(pages(10), tmp_path, lambda: second)
    assert not {*first.embedded} & {*second.embedded}
    assert np.array_equal(whole.vectors[:30], some.vectors)
    expected = FakeEmbedder().passages([piece.text_to_embed for piece in whole.pieces])
    assert np.allclose(whole.vectors, expected, atol=1e-3)


# --- corpus ---


def test_corpus_has_as_many_passages_as_asked_each_with_an_id_of_its_own(corpus: ScaleCorpus) -> None:
    ids = [entry.id for entry in corpus.entries()]
    assert len(ids) == len({*ids}) == corpus.size
    assert corpus.composition.practice + corpus.composition.real + corpus.composition.recombined == corpus.size
    assert corpus.composition.real == 200 - HELD_OUT


def test_every_passage_stands_in_its_article_word_for_word(corpus: ScaleCorpus) -> None:
    articles = {article.slug: article for article in corpus.articles()}
    for entry in corpus.entries():
        passage, article = entry.passage, articles[entry.passage.slug]
        assert article.text[passage.start : passage.end] == passage.text
        assert len(entry.sentence_vectors) == len(passage.sentences)
        assert all(passage.wording(article, sentence) in passage.text for sentence in passage.sentences)
        assert np.linalg.norm(entry.vector) == pytest.approx(1, abs=1e-3)


def test_larger_corpus_begins_with_the_smaller_one(corpus: ScaleCorpus, source: Source) -> None:
    larger = ScaleCorpus(corpus._practice, source, 800)
    assert [entry.id for entry in islice(larger.entries(), 500)] == [entry.id for entry in corpus.entries()]


def test_recombined_passage_is_nearest_to_what_it_was_made_of(corpus: ScaleCorpus, embedder: FakeEmbedder) -> None:
    entries = corpus.recombined(100)
    embedded = embedder.passages([entry.passage.text_to_embed for entry in entries])
    made = np.stack([entry.vector for entry in entries])
    own, others = np.sum(made * embedded, axis=1).mean(), (made @ embedded.T).mean()
    assert own > others


def test_what_is_kept_out_stands_in_no_passage(corpus: ScaleCorpus) -> None:
    texts = {entry.passage.text for entry in corpus.entries()}
    assert not texts & {piece.text for piece in corpus.source.pieces[-HELD_OUT:]}


def test_exact_search_finds_the_nearest(corpus: ScaleCorpus, embedder: FakeEmbedder) -> None:
    queries = embedder.queries(corpus.held_out()[:7])
    truth = exact(corpus.entries(), queries)
    entries = list(corpus.entries())
    similarities = queries @ np.stack([entry.vector for entry in entries]).T
    expected = [[entries[row].id for row in np.argsort(-row_, kind="stable")[:DEPTH]] for row_ in similarities]
    assert [list(ids) for ids in truth.nearest] == expected
    assert truth.recall(expected) == 1
    assert truth.recall([ids[:5] for ids in expected]) == pytest.approx(0.5)


# --- page ---


def loading(store: str, passages: int) -> Loading:
    times = {"add_seconds": 30, "publish_seconds": 30, "cpu_seconds": 60, "peak_megabytes": 700}
    return Loading(store=store, passages=passages, disk_bytes=passages * 5_000, **ABOUT, **times)


def searching(store: str, passages: int) -> Searching:
    timing = {"clients": 1, "searches": 9, "p50": 1.25, "p95": 9.5, "per_second": 9, "cpu_ms": 1, "database_cpu_ms": 2}
    timings = tuple(Timing(kind=kind, **timing) for kind in ("dense", "lexical", "hybrid"))
    return Searching(
        store=store, passages=passages, timings=timings, recall=0.987, open_seconds=1, candidate_bytes=2e5, **ABOUT
    )


def answering(store: str, passages: int, database_cpu_ms: float = 20) -> Answering:
    return Answering(
        store=store,
        passages=passages,
        questions=450,
        p50=60,
        p95=111,
        gold=0.8,
        refused=0.95,
        ready_seconds=12,
        own_megabytes=800,
        resident_megabytes=900,
        database_megabytes=500,
        cpu_ms=75,
        database_cpu_ms=database_cpu_ms,
        **ABOUT,
    )


def test_page_names_what_was_not_measured_and_shows_what_was(tmp_path: Path) -> None:
    for result in (loading(FILES, 100), searching(FILES, 100), answering(FILES, 100)):
        result.save(tmp_path)
    page = scaling_page(tmp_path)
    assert "PostgreSQL at 100, PostgreSQL at 10,000" in page
    assert "| files (FAISS) | 100 | 1 | 1.2 / 9.5 | 1.2 / 9.5 | 1.2 / 9.5 | – | 0.987 |" in page
    assert "| files (FAISS) | 100 | 60 | 111 | 80.0% |" in page
    assert "{" not in page


def test_pictures_are_the_same_for_the_same_figures(tmp_path: Path) -> None:
    answering(FILES, 100).save(tmp_path)
    assert plots(tmp_path) == plots(tmp_path)
    assert all(svg.lstrip().startswith("<?xml") for svg in plots(tmp_path).values())


def test_plan_has_cores_for_every_question_and_room_for_every_passage(tmp_path: Path) -> None:
    text = {"pages": 2_220, "paragraphs": 18_396, "used": 12_000}
    likeness = {"cosine": 0.97, "cosine_p5": 0.95, "others": 0.83}
    embedding = Embedding(store="model", passages=200, per_cpu_second=20, **text, **likeness, **ABOUT)
    sizes = (10_000, 100_000)
    answered = [answering(POSTGRES, sizes[0], 20), answering(POSTGRES, sizes[1], 40)]
    measured = [loading(POSTGRES, size) for size in sizes], [searching(POSTGRES, size) for size in sizes]
    basis = Basis.of(*measured, answered, [embedding])
    assert basis is not None
    assert basis.growth == pytest.approx(np.log10(2))
    machine = Machine(cores=10, memory_bytes=100e9)
    plan = Plan.of(basis, machine)
    assert plan.passages_a_shard * basis.bytes_a_passage <= machine.memory_bytes
    assert plan.passages_a_shard * plan.shards >= PASSAGES - plan.shards
    assert plan.database_machines * machine.cores >= plan.database_cores
    assert plan.processes >= QUESTIONS_A_SECOND * 75 / 1000
    for result in (*measured[0], *measured[1], *answered, embedding):
        result.save(tmp_path)
    assert "Database CPU for words" in scaling_page(tmp_path)


# --- stores ---


def test_store_of_files_is_filled_and_searched(tmp_path: Path, corpus: ScaleCorpus, embedder: FakeEmbedder) -> None:
    place = Place(FILES, str(tmp_path / "index"))
    practice = corpus._practice
    filled = load(place, corpus, practice.manifest, practice.notes)
    assert (filled.passages, filled.disk_bytes > 0) == (500, True)
    queries = Queries(tuple(corpus.held_out()), embedder.queries(corpus.held_out()))
    searched = search(place, queries, exact(corpus.entries(), queries.vectors), embedder, corpus.size)
    assert searched.recall == pytest.approx(1, abs=0.01)
    assert {(each.kind, each.clients) for each in searched.timings} >= {("hybrid", 1), ("hybrid", 8)}
