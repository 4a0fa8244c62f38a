"""A small corpus as a store is given it: entries, articles, notes and known questions, with a model that is none."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
from fakes import FakeEmbedder

from ingest.article import Article
from ingest.chunk import ChunkSettings
from ingest.manifest import SCHEMA_VERSION, Counts, Manifest, ModelCard
from ingest.passage import Passage
from ingest.review_notes import NoteKind, ReviewNote
from ingest.sentences import Sentence
from ingest.store import Asked, AskedQuestions, Entry, Store, Version

EMBEDDER = FakeEmbedder()
TEXTS = (
    "Rust helpt bij rugpijn. Wat helpt nog meer?",
    "Warmte ontspant de spieren van de nek.",
    "Een hernia drukt op een zenuw. Het been doet dan pijn.",
    "Ga bij krachtverlies naar de huisarts.",
    "Grote huizen hebben hoge trappen: \\ \"quotes\" en 'é' ☂.",
    "Slaap op een hard matras. Draai u op uw zij.",
)
NOTE = ReviewNote(kind=NoteKind.SEE_DOCTOR, sentences=(TEXTS[3],), flags=("krachtverlies",))


def article_of(row: int, text: str) -> Article:
    return Article(f"artikel-{row}", f"Titel {row}", text, (), f"{row}.md", tag="Rug" if row % 2 else "Nek")


def entry_of(row: int, text: str, *questions: str, embedder: FakeEmbedder = EMBEDDER) -> Entry:
    """The passage that is all of an article; its first sentence answers the questions."""
    article = article_of(row, text)
    pieces = [piece if piece.endswith("?") else f"{piece}." for piece in text.rstrip(".").split(". ")] if text else []
    sentences, start = [], 0
    for piece in pieces:
        start = text.find(piece.rstrip("."), start)
        sentences.append(Sentence(start, min(start + len(piece), len(text))))
        start += 1
    passage = Passage(article.slug, article.title, ("Kop",), 0, len(text), text, tuple(sentences))
    texts = [passage.wording(article, sentence) for sentence in sentences]
    return Entry(
        passage=passage,
        vector=embedder.query(passage.text_to_embed),
        sentence_vectors=np.array([embedder.query(each) for each in texts], dtype=np.float32).reshape(-1, 32),
        questions=questions,
        sentence_questions=tuple(questions if place == 0 else () for place in range(len(texts))) if questions else (),
        tag=article.tag,
        is_doctor_advice=text == TEXTS[3],
    )


def entries_of_texts(texts: Sequence[str] = TEXTS) -> list[Entry]:
    return [
        entry_of(row, text, *(["Moet ik stilliggen?", "rust?"] if text == TEXTS[0] else []))
        for row, text in enumerate(texts)
    ]


def questions_about(entries: Sequence[Entry], embedder: FakeEmbedder = EMBEDDER) -> AskedQuestions:
    asked = [Asked(text, entry.id, (0,)) for entry in entries for text in entry.questions]
    asked.append(Asked("Wat kost het?", "", ()))
    return AskedQuestions(tuple(asked), np.array([embedder.query(each.text) for each in asked], dtype=np.float32))


def manifest_of(entries: Sequence[Entry], embedder: FakeEmbedder = EMBEDDER) -> Manifest:
    slugs = [entry.passage.slug for entry in entries]
    return Manifest(
        schema_version=SCHEMA_VERSION,
        version="",
        created=datetime.now(UTC),
        model=ModelCard.of(embedder),
        chunk=ChunkSettings(max_words=80),
        max_article_bytes=10_000,
        corpus_hash="x",
        sources={slug: "0" for slug in slugs},
        notes_hash="",
        question_sources={},
        questions_left_out=(),
        articles={slug: f"{slug}.md" for slug in slugs},
        refused=(),
        counts=Counts(
            articles=len(slugs),
            passages=len(entries),
            sentences=sum(len(entry.sentence_vectors) for entry in entries),
            questions=3,
            merged=0,
            notes=1,
        ),
        files={},
    )


def publish(store: Store, entries: Sequence[Entry], embedder: FakeEmbedder = EMBEDDER) -> Manifest:
    with store.draft() as draft:
        assert draft.bulk_load(iter(entries)) == len(entries)
        articles = [article_of(row, entry.passage.text) for row, entry in enumerate(entries)]
        return draft.publish(manifest_of(entries, embedder), articles, (NOTE,), questions_about(entries, embedder))


def published(store: Store, texts: Sequence[str] = TEXTS) -> Version:
    publish(store, entries_of_texts(texts))
    return store.open(EMBEDDER)


def assert_same(found: Sequence[Entry], expected: Sequence[Entry]) -> None:
    """But for the rounding of 16-bit numbers."""
    assert [replace(each, **_NO_VECTORS) for each in found] == [replace(each, **_NO_VECTORS) for each in expected]
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one.vector, other.vector, atol=1e-3)
        np.testing.assert_allclose(one.sentence_vectors, other.sentence_vectors, atol=1e-3)


_NO_VECTORS = {"vector": None, "sentence_vectors": None}
