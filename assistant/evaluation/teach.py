"""Teach the second look at messages, on the tuning half of what was written for it."""

from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from assistant.evaluation.gold import overlap
from assistant.evaluation.messages import AlarmMessage, alarm_messages, look_alikes, refusable_messages
from assistant.evaluation.questions import AnswerableQuestion, Half, Question, all_questions
from assistant.triage.rulebook import Level
from assistant.triage.second_opinion import GROUPS, Outcome, SecondOpinion, letter_groups, scaled
from ingest.embed import Embedder
from ingest.review_notes import NoteKind, ReviewNote, read_notes
from ingest.settings import PROJECT

# Of the messages without an alarm, at most this share may be taken for one when they were not taught.
MOST_FALSE = 0.02

_STRENGTH = 3.0
_FOLDS = 5
_SEED = 0


def teach(embedder: Embedder) -> SecondOpinion:
    """Weights for this model, with the lowest threshold that keeps to ``MOST_FALSE``. Takes a minute or two."""
    texts, outcomes = zip(*_examples(), strict=True)
    embeddings = np.array([embedder.query(text) for text in texts], dtype=np.float32)
    centre = embeddings.mean(axis=0)
    features = hstack([csr_matrix(scaled(embeddings, centre)), _letter_groups(texts)]).tocsr()
    truth = np.array([outcome.value for outcome in outcomes])
    model = LogisticRegression(C=_STRENGTH, max_iter=1_000)
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=_SEED)
    unseen = cross_val_predict(model, features, truth, cv=folds, method="predict_proba")
    model.fit(features, truth)
    known = tuple(map(Outcome, model.classes_))
    return SecondOpinion(
        model=embedder.name,
        outcomes=known,
        weights=model.coef_.astype(np.float32),
        intercepts=model.intercept_.astype(np.float32),
        centre=centre,
        alarm_from=_threshold(unseen[:, [each.is_urgent for each in known]].sum(axis=1), outcomes),
    )


def _letter_groups(texts: Sequence[str]) -> csr_matrix:
    """Shape (texts, GROUPS)."""
    found = [letter_groups(text) for text in texts]
    rows = np.repeat(np.arange(len(texts)), [len(places) for places, _ in found])
    weights = np.concatenate([np.full(len(places), weight) for places, weight in found])
    return csr_matrix((weights, (rows, np.concatenate([places for places, _ in found]))), shape=(len(texts), GROUPS))


def _examples() -> Iterator[tuple[str, Outcome]]:
    """Texts, and what each turned out to be. Those of doubt are left out: they are neither."""
    for message in alarm_messages(Half.TUNE):
        yield " ".join(message.messages), _outcome(message)
    for look_alike in look_alikes(Half.TUNE):
        if look_alike.expected is not Level.DOUBT:
            yield " ".join(look_alike.messages), Outcome.NONE
    for refusable in refusable_messages(Half.TUNE):
        yield " ".join(refusable.messages), Outcome.NONE
    for question in all_questions(Half.TUNE):
        if not _may_report_an_alarm(question):
            yield question.question, Outcome.NONE


def _may_report_an_alarm(question: Question) -> bool:
    """ "rugpijn en koorts, naar de dokter?": answered by a sentence that a reviewer noted as one about alarms."""
    gold = question.gold if isinstance(question, AnswerableQuestion) else ()
    noted = (sentence for note in _alarming_notes() for sentence in note.sentences)
    return any(overlap(quote, sentence) for sentence in noted for quote in gold)


@cache
def _alarming_notes() -> tuple[ReviewNote, ...]:
    kinds = {NoteKind.UNSAFE_AS_REASSURANCE, NoteKind.SEE_DOCTOR}
    return tuple(note for note in read_notes(PROJECT / "corpus").notes if note.kind in kinds)


def _outcome(message: AlarmMessage) -> Outcome:
    return Outcome(message.flag) if message.level is Level.CRISIS else Outcome(message.level.value)


def _threshold(certainties: NDArray[np.float64], outcomes: tuple[Outcome, ...]) -> float:
    calm = [certainty for certainty, outcome in zip(certainties, outcomes, strict=True) if outcome is Outcome.NONE]
    return round(float(np.quantile(calm, 1 - MOST_FALSE)), 4)
