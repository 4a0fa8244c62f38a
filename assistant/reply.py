"""One way from a message to an answer, for every channel: alarm first, then what is refused, then the articles."""

import logging
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice
from time import perf_counter

from assistant import texts
from assistant.answer import (
    Alarm,
    Answer,
    AnswerKind,
    Engine,
    LanguageNote,
    Part,
    Phrasing,
    Remark,
    Said,
    Timings,
    Triaged,
    parts_of,
)
from assistant.collection import Collection
from assistant.confidence import Risk
from assistant.courtesy import is_courtesy
from assistant.examples import questions_in_headings
from assistant.extract import ExtractiveComposer
from assistant.phrasing.phraser import FAILED, Phrased, Phraser
from assistant.question import clean_question, legible
from assistant.refusals import Reason, Refusal, Refusals
from assistant.remarks import Situation, asks_what_is_claimed
from assistant.retrieve import HybridRetriever, Retrieval
from assistant.suggest import Suggestions, own_questions
from assistant.trace import Trace
from assistant.triage.alarm import Helplines, alarm
from assistant.triage.assess import Assessor
from assistant.triage.judge import Triage
from ingest.errors import IngestError
from ingest.index import Index

_log = logging.getLogger(__name__)

# A visitor in need may write at length; what is longer than an answered question may be is still read for alarms.
_MOST_CHARS_FOR_TRIAGE = 4_000
_MOST_CHARS_OF_CONVERSATION = 30_000
_MOST_CANDIDATES = 60
# Of a large corpus not every article is opened for what its headings ask.
_MOST_ARTICLES = 500
_SUBJECT_ELSEWHERE = {Reason.OTHER_BODY, Reason.OFF_TOPIC}


class Role(StrEnum):
    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier message of the conversation."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class Guards:
    """What stands between a message and the articles: who needs help first, and what is not for this assistant."""

    assessor: Assessor
    refusals: Refusals
    helplines: Helplines = Helplines()


class Assistant:
    """Answers questions from the articles. Safe to call from several threads."""

    def __init__(
        self,
        guards: Guards,
        retriever: HybridRetriever,
        composer: ExtractiveComposer,
        max_question_chars: int = 1_000,
        phraser: Phraser | None = None,
    ) -> None:
        """``phraser`` lets a language model put answers in words; None: they are made of quotes."""
        self.guards = guards
        self.retriever = retriever
        self.composer = composer
        self.phraser: Phraser | None = None
        self.max_question_chars = max_question_chars
        embedder = retriever.collection.embedder
        self.suggestions = Suggestions((), embedder)
        self.suggestions = Suggestions(tuple(self._answered_questions()), embedder)
        self.phraser = phraser  # not before: whether a question is answered does not depend on it

    @property
    def collection(self) -> Collection:
        """What it answers from."""
        return self.retriever.collection

    @property
    def index(self) -> Index:
        """All of the collection in memory, for who works on all of it. Raises ``CorpusTooLargeError``."""
        return self.collection.whole()

    def reply(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """The last of ``stream``. Raises ``QuestionError``; everything else is an ``Answer``."""
        return next(part for part in self.stream(question, history) if isinstance(part, Answer))

    def stream(self, question: str, history: Sequence[Turn] = (), trace: Trace | None = None) -> Iterator[Part]:
        """The reply in parts, each as soon as it stands; whoever stops reading stops the work.

        ``trace`` is told what is decided on the way. Raises ``QuestionError`` before the first part, for a question
        that cannot be taken. A message with an alarm gets the alarm, even when it could not be taken as a question.
        """
        noted, clock = trace or Trace(), _Clock()
        said = [turn.content for turn in history if turn.role is Role.USER]
        try:
            found = self.guards.assessor.assess(_for_triage([*said, question]))
            banner = alarm(found, self.guards.helplines)
            noted.found = found
        except Exception:
            _log.exception("triage failed")
            yield Triaged(None)
            yield clock.stamp(Answer(AnswerKind.URGENT, notice=texts.TRIAGE_FAILED), "triage")
            return
        clock.lap("triage")
        if banner is not None and banner.urgency.forbids_advice:
            yield Triaged(banner)
            note = self._alarm_note(question, banner)
            yield clock.stamp(Answer(AnswerKind.URGENT, alarm=banner, language_note=note))
            return
        asked = noted.asked = clean_question(question, self.max_question_chars)
        yield Triaged(banner)
        earlier = [content for content in said if len(content) <= self.max_question_chars]
        draft = self._draft(asked, earlier, found, clock, noted)
        phrased = noted.phrased = None if draft.material is None else (yield from self._phrase(draft.material))
        if trace is not None and phrased is not None:
            trace.quoted = self._complete(asked, draft.answer, found, banner)
        answer = clock.stamp(self._complete(asked, _with(draft.answer, phrased), found, banner), "compose")
        if phrased is None or not phrased.is_shown:
            yield from parts_of(answer)
        else:
            yield answer

    def retrieve(self, asked: str, earlier: Sequence[str] = ()) -> Retrieval:
        """What is searched with, and what is found; ``earlier`` are the visitor's messages before this one."""
        return self.retriever.retrieve(self.retriever.searcher.stand_alone(asked, earlier))

    def examples(self, count: int) -> tuple[str, ...]:
        """At most ``count`` questions that get an answer, spread over the articles."""
        return self.suggestions.questions[:count]

    def _draft(self, asked: str, earlier: Sequence[str], found: Triage, clock: "_Clock", trace: Trace) -> "_Draft":
        alone = trace.alone = self.retriever.searcher.stand_alone(asked, earlier)
        refusal = trace.refusal = self._refusal(asked, alone, earlier)
        clock.lap("triage")
        if is_courtesy(asked):
            return _Draft(Answer(AnswerKind.OUT_OF_SCOPE, notice=texts.COURTESY))
        if refusal is not None:
            kind = AnswerKind.NOT_FOUND if refusal.reason is Reason.PRACTICAL else AnswerKind.OUT_OF_SCOPE
            return _Draft(Answer(kind, notice=refusal.notice, suggestions=self.suggestions.near(asked)))
        try:
            retrieval = trace.retrieval = self.retriever.retrieve(alone)
        except IngestError as error:
            _log.error("%s", error)
            # Who told of an alarm is sent to a doctor, whatever has become of the articles.
            return _Draft(Answer(AnswerKind.URGENT if found.raised else AnswerKind.NOT_FOUND, notice=texts.STORE_LOST))
        clock.lap("retrieve")
        answer = replace(self._from_articles(retrieval, found, trace), stand_alone_question=retrieval.question)
        is_open = self.phraser is not None and may_be_phrased(answer) and not found.raised
        return _Draft(answer, _Material(retrieval, _situation(found)) if is_open else None)

    def _phrase(self, material: "_Material") -> Generator[Said, None, Phrased]:
        """Whatever goes wrong in it, there is an answer already."""
        assert self.phraser is not None
        try:
            return (yield from self.phraser.phrase(material.retrieval, material.situation))
        except Exception:
            _log.exception("phrasing failed")
            return Phrased(Phrasing(FAILED))

    def _complete(self, asked: str, answer: Answer, found: Triage, banner: Alarm | None) -> Answer:
        """With all that goes with an answer, whoever put it in words."""
        if found.was_answered and answer.kind is not AnswerKind.ANSWERED:
            answer = Answer(AnswerKind.URGENT, notice=texts.ALARM_ANSWERED)
        return replace(
            answer,
            alarm=banner,
            language_note=self._alarm_note(asked, banner) if banner else self._language_note(asked, answer),
            remarks=(*answer.remarks, *self._on_medicine(asked, answer)),
            safety_net="" if answer.notice == texts.ALARM_ANSWERED else _safety_net(found),
        )

    def _refusal(self, asked: str, alone: str, earlier: Sequence[str]) -> Refusal | None:
        """ "En met een zieke lever?" is about another part of the body, unless it leans on a question on the back."""
        refusal = self.guards.refusals.judge(asked, earlier)
        if refusal is not None and refusal.reason in _SUBJECT_ELSEWHERE and alone != asked:
            return self.guards.refusals.judge(alone, earlier)
        return refusal

    def _from_articles(self, retrieval: Retrieval, found: Triage, trace: Trace) -> Answer:
        asked = retrieval.question
        situation = _situation(found)
        composed = trace.composition = self.composer.compose(retrieval, situation)
        is_risky = bool(found.raised) or self.guards.refusals.is_about_medicine(asked)
        risk = trace.risk = Risk.RAISED if is_risky else Risk.ORDINARY
        is_claim = asks_what_is_claimed(asked) and composed.is_all_claims
        is_sure = trace.is_sure = retrieval.is_confident(risk) or is_claim
        if is_sure and composed.sentences:
            return Answer(AnswerKind.ANSWERED, composed.sentences, composed.citations, remarks=composed.remarks)
        if found.raised:
            advice = trace.advice = self.composer.advise(retrieval, situation)
            notice = "" if advice.sentences else texts.NOT_FOUND
            return Answer(AnswerKind.URGENT, advice.sentences, advice.citations, notice)
        suggestions = self.suggestions.near(asked)
        if is_sure and self.composer.compose(retrieval).sentences:
            return Answer(AnswerKind.NOT_FOUND, notice=texts.WITHHELD, suggestions=suggestions)
        if self.guards.refusals.is_on_subject(asked):
            return Answer(AnswerKind.NOT_FOUND, notice=texts.NOT_FOUND, suggestions=suggestions)
        return Answer(AnswerKind.OUT_OF_SCOPE, notice=texts.OUT_OF_SCOPE, suggestions=suggestions)

    def _alarm_note(self, message: str, banner: Alarm) -> LanguageNote | None:
        """What to do now; an alarm goes out whatever is wrong with this line."""
        try:
            return self._note(message, texts.ALARM_NOTES[banner.urgency])
        except Exception:
            _log.exception("the language of an alarm is not known")
            return None

    def _language_note(self, asked: str, answer: Answer) -> LanguageNote | None:
        """What the Dutch below it is."""
        if answer.notice == texts.COURTESY:
            return None
        is_answered = answer.kind is AnswerKind.ANSWERED
        return self._note(asked, texts.LANGUAGE_NOTES if is_answered else texts.LANGUAGE_NOTES_WITHOUT_ANSWER)

    def _note(self, message: str, notes: Mapping[str, str]) -> LanguageNote | None:
        language = self.retriever.searcher.read(_for_triage([message])[-1]).language
        return LanguageNote(language, notes[language]) if language in notes else None

    def _on_medicine(self, asked: str, answer: Answer) -> Iterator[Remark]:
        said = " ".join((answer.notice, *(remark.text for remark in answer.remarks)))
        if texts.MEDICINE not in said and self.guards.refusals.is_about_medicine(asked):
            yield Remark(texts.MEDICINE, "", ())

    def _answered_questions(self) -> Iterator[str]:
        articles = (article for _, article in islice(self.collection.articles.items(), _MOST_ARTICLES))
        candidates = islice((*questions_in_headings(articles), *own_questions()), _MOST_CANDIDATES)
        short = (question for question in candidates if len(question) <= self.max_question_chars)
        return (question for question in short if self.reply(question).kind is AnswerKind.ANSWERED)


@dataclass(frozen=True, slots=True)
class _Material:
    """What a phrased answer is made from."""

    retrieval: Retrieval
    situation: Situation


@dataclass(frozen=True, slots=True)
class _Draft:
    """An answer of quotes, without what goes with it; ``material`` when a language model may put it in words."""

    answer: Answer
    material: _Material | None = None


class _Clock:
    """Times the steps of one reply, in milliseconds."""

    def __init__(self, now: Callable[[], float] = perf_counter) -> None:
        self._now = now
        self._start = self._last = now()
        self._steps: dict[str, float] = {}

    def lap(self, step: str) -> None:
        before, self._last = self._last, self._now()
        self._steps[step] = self._steps.get(step, 0.0) + _milliseconds(before, self._last)

    def stamp(self, answer: Answer, step: str = "") -> Answer:
        if step:
            self.lap(step)
        return replace(answer, timings=Timings(**self._steps, total=_milliseconds(self._start, self._now())))


def _for_triage(messages: Sequence[str]) -> list[str]:
    """The last messages, back to as much as can be read in time; no visitor has typed more."""
    read: list[str] = []
    left = _MOST_CHARS_OF_CONVERSATION
    for message in reversed(messages):
        if left <= 0:
            break
        read.insert(0, legible(message[:_MOST_CHARS_FOR_TRIAGE]))
        left -= len(read[0])
    return read


def may_be_phrased(answer: Answer) -> bool:
    """What the practice claims of itself is only given in its own words."""
    return answer.kind is AnswerKind.ANSWERED and not any(sentence.attribution for sentence in answer.sentences)


def _with(answer: Answer, phrased: Phrased | None) -> Answer:
    if phrased is None or phrased.composition is None:
        return answer if phrased is None else replace(answer, phrasing=phrased.phrasing)
    made = phrased.composition
    return replace(
        answer,
        sentences=made.sentences,
        citations=made.citations,
        remarks=made.remarks,
        engine=Engine.LLM,
        phrasing=phrased.phrasing,
    )


def _situation(found: Triage) -> Situation:
    return Situation(found.findings, frozenset(raised.flag.id for raised in found.raised))


def _safety_net(found: Triage) -> str:
    if found.was_answered:
        return texts.ALARM_ANSWERED
    return texts.SAFETY_NET if found.needs_safety_net else ""


def _milliseconds(start: float, end: float) -> float:
    return round((end - start) * 1000, 3)
