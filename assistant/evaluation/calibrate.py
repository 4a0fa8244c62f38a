"""Learn weights, confidence and thresholds on the tuning half of the development questions."""

from collections.abc import Callable, Iterable, Sequence
from collections.abc import Collection as Names
from contextlib import suppress

import numpy as np
from pydantic import BaseModel

from assistant.collection import Collection, Whole
from assistant.confidence import OWN, Calibration, Risk, SignalNumbers
from assistant.errors import CorpusTooLargeError
from assistant.evaluation.claims import claims
from assistant.evaluation.gold import gold_passages, gold_sentences
from assistant.evaluation.learn import Ranked, cut_that_refuses, learn_confidence, learn_weights
from assistant.evaluation.questions import AnswerableQuestion, Half, Question, all_questions
from assistant.evaluation.teach import teach
from assistant.evaluation.verify_learning import learn_verification
from assistant.ingredients import Ingredient
from assistant.parts import open_collection
from assistant.ranking import PassageWeights, SentenceWeights
from assistant.refusals import Refusals, load_refusals
from assistant.retrieve import Retrieval, Searcher
from assistant.settings import Settings
from assistant.verify import verifier
from assistant.vocabulary import load_vocabulary
from ingest.index import Index
from ingest.manifest import ModelCard
from ingest.stores import open_store

# Of the questions that no article answers, so many are to be refused, by rules and confidence together.
REFUSED = {Risk.ORDINARY: 0.96, Risk.RAISED: 0.965}

Tracker = Callable[[Sequence[Question]], Iterable[Question]]


def calibrate_and_save(settings: Settings) -> tuple[str, ...]:
    """Calibrate for the configured model and index: confidence, the second look at messages, the check of sentences.

    Returns the files written. Raises ``IngestError``.
    """
    store = open_store(settings)
    collection = open_collection(settings, store=store)
    settings.second_opinion_file.parent.mkdir(parents=True, exist_ok=True)
    teach(collection.embedder).save(settings.second_opinion_file)
    learned: dict[str, BaseModel] = {OWN: calibrate_on(collection, settings.without)}
    with suppress(CorpusTooLargeError):  # the packaged check of sentences does for any corpus of this model
        learned[verifier.OWN] = learn_verification(collection.whole(), claims(Half.TUNE))
    calibration, *others = (
        store.put_beside(name, f"{each.model_dump_json(indent=1)}\n".encode()) for name, each in learned.items()
    )
    return calibration, str(settings.second_opinion_file), *others


def calibrate(index: Index, without: Names[Ingredient] = (), tracked: Tracker = iter) -> Calibration:
    """For the model and the corpus of ``index``; ``tracked`` hears how far it is."""
    return calibrate_on(Whole(index), without, tracked)


def calibrate_on(collection: Collection, without: Names[Ingredient] = (), tracked: Tracker = iter) -> Calibration:
    """As ``calibrate``; of a large corpus what a search finds is ranked, as it is for a visitor."""
    blank = _blank(collection.manifest.model)
    searcher = Searcher(collection, load_vocabulary(), blank, without)
    questions = all_questions(Half.TUNE)
    found = [searcher.search(question.question) for question in tracked(questions)]
    answerable = [
        (each, question.gold)
        for each, question in zip(found, questions, strict=True)
        if isinstance(question, AnswerableQuestion)
    ]
    passages = PassageWeights(
        **learn_weights([Ranked(each.passage_signals, gold_passages(each.index, gold)) for each, gold in answerable])
    )
    sentences = SentenceWeights(
        **learn_weights(
            [
                Ranked(_below(each, passages.without(without)), gold_sentences(each.index, gold))
                for each, gold in answerable
            ],
            free=("question_mark",),
        )
    )
    return _with_confidence(
        blank.model_copy(update={"passages": passages, "sentences": sentences}), questions, found, load_refusals()
    )


def _below(found: Retrieval, passages: PassageWeights) -> dict[str, np.ndarray[tuple[int], np.dtype[np.float32]]]:
    """The signals of sentences, once the passages above them are ranked."""
    relevance = passages.relevance(found.passage_signals)
    return found.sentence_signals | {"passage": relevance[found.index.passage_of_sentence]}


def _with_confidence(
    calibration: Calibration, questions: Sequence[Question], found: Sequence[Retrieval], refusals: Refusals
) -> Calibration:
    given = np.array([list(each.signals.model_dump().values()) for each in found], dtype=float)
    usual = np.where(np.isnan(given).all(axis=0), 0.0, np.nanmean(np.nan_to_num(given), axis=0))
    features = np.where(np.isnan(given), usual, given)
    is_answerable = np.array([isinstance(question, AnswerableQuestion) for question in questions])
    is_refused = np.array([refusals.judge(question.question) is not None for question in questions])
    fitted = learn_confidence(features, is_answerable)
    thresholds = {
        risk: cut_that_refuses(share, fitted.confidences[~is_answerable], is_refused[~is_answerable])
        for risk, share in REFUSED.items()
    }
    names = list(SignalNumbers.model_fields)
    return calibration.model_copy(
        update={
            "weights": SignalNumbers(**dict(zip(names, fitted.weights, strict=True))),
            "usual": SignalNumbers(**dict(zip(names, np.round(usual, 4).tolist(), strict=True))),
            "intercept": fitted.intercept,
            "thresholds": thresholds,
        }
    )


def _blank(model: ModelCard) -> Calibration:
    """Nothing learned yet."""
    nothing = SignalNumbers(answered=0, unanswered=0, near=0, sentence=0, words=0)
    return Calibration(
        model=model,
        passages=PassageWeights(passage=1, sentence=1, questions=1, stems=1, letter_groups=1),
        sentences=SentenceWeights(sentence=1, questions=1, letter_groups=1, passage=1, question_mark=0),
        weights=nothing,
        usual=nothing,
        intercept=0,
        thresholds=dict.fromkeys(Risk, 0.0),
    )
