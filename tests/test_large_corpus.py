"""The practice's own articles, answered from as if they were a million: the same answers."""

import pytest

from assistant.answer import Answer
from assistant.collection import Candidates
from assistant.confidence import load_calibration
from assistant.evaluation.answers import questions_of
from assistant.evaluation.questions import Half
from assistant.parts import assistant_of, build_assistant
from assistant.reply import Assistant
from assistant.settings import Settings
from ingest.files_store import FilesStore
from ingest.store import Version
from ingest.whole import entries_of
from ingest.whole import questions_of as known_questions_of

pytestmark = pytest.mark.model

ASKED = [question.question for question in questions_of(Half.TUNE, 30)]
# Of the questions so many may fare differently; of the 82 of the tuning half two did.
NOISE = 0.07


@pytest.fixture(scope="module")
def version(assistant: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Version:
    """Written and read as a large corpus is: sentence vectors of 16 bits, everything from disk."""
    index = assistant.index
    store = FilesStore(tmp_path_factory.mktemp("large"), small=0)
    with store.draft() as draft:
        draft.bulk_load(entries_of(index.stored, index.vectors))
        questions = known_questions_of(index.stored, index.vectors.questions)
        draft.publish(index.manifest, index.articles.values(), index.notes, questions)
    return store.open(index.embedder)


def large(assistant: Assistant, settings: Settings, version: Version, most: int) -> Assistant:
    collection = Candidates(version, assistant.collection.embedder, most)
    return assistant_of(settings, collection, load_calibration(settings.index_dir, version.manifest.model))


def told(answer: Answer) -> tuple[object, ...]:
    """All that a visitor reads of it."""
    said = tuple((sentence.text, sentence.shape) for sentence in answer.sentences)
    quoted = tuple((citation.quote, citation.url) for citation in answer.citations)
    return answer.kind, said, quoted, answer.notice, answer.remarks, answer.suggestions, answer.alarm


def test_when_all_passages_are_near_every_answer_is_the_same(
    assistant: Assistant, real_settings: Settings, version: Version
) -> None:
    other = large(assistant, real_settings, version, most=64)
    assert other.examples(20) == assistant.examples(20)
    for question in ASKED:
        assert told(other.reply(question)) == told(assistant.reply(question))
        confidences = [each.retrieve(question).confidence for each in (other, assistant)]
        assert confidences[0] == pytest.approx(confidences[1], abs=1e-3)


def test_from_a_third_of_the_passages_the_same_is_answered_and_from_the_same_passage(
    assistant: Assistant, real_settings: Settings, version: Version
) -> None:
    """Which further sentences go with it may differ: relevances are on the scale of what they are compared with."""
    other = large(assistant, real_settings, version, most=16)
    kinds = [(other.reply(question).kind, assistant.reply(question).kind) for question in ASKED]
    assert sum(one != another for one, another in kinds) <= NOISE * len(ASKED)
    best = [[each.retrieve(question).hits[0].passage.id for each in (other, assistant)] for question in ASKED]
    assert sum(one != another for one, another in best) <= NOISE * len(ASKED)


def test_the_chat_opens_as_a_large_corpus_by_the_setting(assistant: Assistant, real_settings: Settings) -> None:
    settings = real_settings.model_copy(update={"whole_passages": 0})
    opened = build_assistant(settings, lambda: assistant.collection.embedder)
    assert isinstance(opened.collection, Candidates)
    for question in ASKED[:8]:
        assert told(opened.reply(question)) == told(assistant.reply(question))
    slug = next(iter(assistant.collection.articles))
    assert opened.collection.articles[slug] == assistant.collection.articles[slug]
