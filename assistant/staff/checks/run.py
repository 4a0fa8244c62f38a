"""A run: all test questions put to the assistant, and what came of each."""

import logging
from collections.abc import Callable, Iterator, Sequence
from copy import copy
from datetime import UTC, datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from assistant.answer import Answer, AnswerKind, Urgency
from assistant.errors import QuestionError
from assistant.reply import Assistant, Role, Turn
from assistant.staff import texts
from assistant.staff.checks.check import Check, tidy
from assistant.web.logs import where
from ingest.index import Index

_log = logging.getLogger(__name__)
# From the lightest to the most urgent.
_LEVELS = list(Urgency)

Progress = Callable[[int, int], None]


class FaultKind(StrEnum):
    """What is not as it must be."""

    KIND = "kind"
    ARTICLE = "article"
    WORDS = "words"
    URGENCY = "urgency"
    FAILED = "failed"


_SAID = {
    FaultKind.KIND: texts.FAULT_KIND,
    FaultKind.ARTICLE: texts.FAULT_ARTICLE,
    FaultKind.WORDS: texts.FAULT_WORDS,
    FaultKind.URGENCY: texts.FAULT_URGENCY,
    FaultKind.FAILED: texts.FAULT_FAILED,
}


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Fault(_Kept):
    """``wanted`` and ``got`` are as staff reads them."""

    kind: FaultKind
    wanted: str = ""
    got: str = ""

    @property
    def said(self) -> str:
        return _SAID[self.kind].format(wanted=self.wanted, got=self.got)


class Cited(_Kept):
    passage_id: str
    slug: str
    title: str
    quote: str


class Given(_Kept):
    """What the visitor gets: ``text`` is the whole reply as shown. ``kind`` is None when there was none."""

    kind: AnswerKind | None
    text: str
    urgency: Urgency | None = None
    cited: tuple[Cited, ...] = ()

    @property
    def slugs(self) -> tuple[str, ...]:
        """The articles cited, each once."""
        return tuple(dict.fromkeys(each.slug for each in self.cited))

    @property
    def kind_said(self) -> str:
        return texts.CHECK_KINDS[self.kind] if self.kind else texts.NO_REPLY


class Result(_Kept):
    """One test question of a run; without faults it passed."""

    check: Check
    given: Given
    faults: tuple[Fault, ...] = ()

    @property
    def passed(self) -> bool:
        return not self.faults


class Run(_Kept):
    """``index_version`` and ``model`` say what answered."""

    at: datetime
    index_version: str
    model: str
    results: tuple[Result, ...]

    @property
    def passed(self) -> int:
        return sum(result.passed for result in self.results)

    @property
    def failed(self) -> tuple[Result, ...]:
        return tuple(result for result in self.results if not result.passed)


def quietly(assistant: Assistant) -> Assistant:
    """The same without a language model: its words differ from one time to the next, what is answered does not."""
    silent = copy(assistant)
    silent.phraser = None
    return silent


def results_of(assistant: Assistant, checks: Sequence[Check]) -> Iterator[Result]:
    """One by one (a tenth of a second each), in their order; never raises because of a question."""
    silent, slugs = quietly(assistant), _slugs(assistant.index)
    for check in checks:
        yield judged(check, _asked(silent, check, slugs))


def run_of(assistant: Assistant, checks: Sequence[Check], progress: Progress = lambda done, all: None) -> Run:
    """``progress`` hears how many are done, and of how many."""
    results: list[Result] = []
    for result in results_of(assistant, checks):
        results.append(result)
        progress(len(results), len(checks))
    return finished(assistant, results)


def finished(assistant: Assistant, results: Sequence[Result]) -> Run:
    manifest = assistant.index.manifest
    return Run(at=datetime.now(UTC), index_version=manifest.version, model=manifest.model.name, results=tuple(results))


def given_by(answer: Answer, index: Index) -> Given:
    """What is kept of an answer."""
    return _given(answer, _slugs(index))


def judged(check: Check, given: Given) -> Result:
    return Result(check=check, given=given, faults=tuple(_faults(check, given)))


def _asked(assistant: Assistant, check: Check, slugs: dict[str, str]) -> Given:
    history = [Turn(Role.USER, message) for message in check.earlier]
    try:
        return _given(assistant.reply(check.question, history), slugs)
    except QuestionError as error:
        return Given(kind=None, text=str(error))
    except Exception as error:  # one question that fails must not hide what became of the others
        _log.error("a test question failed: %s", where(error))
        return Given(kind=None, text=texts.SOMETHING_WRONG)


def _given(answer: Answer, slugs: dict[str, str]) -> Given:
    cited = (
        Cited(passage_id=each.passage_id, slug=slugs.get(each.passage_id, ""), title=each.article, quote=each.quote)
        for each in answer.citations
    )
    return Given(kind=answer.kind, text=answer.text, urgency=answer.urgency, cited=tuple(cited))


def _slugs(index: Index) -> dict[str, str]:
    """By the id of a passage the article it stands in."""
    return {passage.id: passage.slug for passage in index.passages}


def _faults(check: Check, given: Given) -> Iterator[Fault]:
    if given.kind is None:
        yield Fault(kind=FaultKind.FAILED, got=given.text)
        return
    if not _is_of_kind(check, given):
        yield Fault(kind=FaultKind.KIND, wanted=texts.CHECK_KINDS[check.kind], got=given.kind_said)
        return
    if check.urgency and not _is_at_least(check.urgency, given.urgency):
        got = texts.CHECK_LEVELS[given.urgency] if given.urgency else texts.NO_ALARM
        yield Fault(kind=FaultKind.URGENCY, wanted=texts.CHECK_LEVELS[check.urgency], got=got)
    if check.article and check.article not in given.slugs:
        got = ", ".join(given.slugs) or texts.NO_ARTICLE
        yield Fault(kind=FaultKind.ARTICLE, wanted=check.article, got=got)
    quoted = " ".join(tidy(each.quote) for each in given.cited).casefold()
    for words in check.words:
        if words.casefold() not in quoted:
            yield Fault(kind=FaultKind.WORDS, wanted=words)


def _is_of_kind(check: Check, given: Given) -> bool:
    """An answer below an alarm is an alarm, too."""
    is_alarm = check.kind is AnswerKind.URGENT and given.urgency is not None
    return given.kind is check.kind or is_alarm


def _is_at_least(wanted: Urgency, got: Urgency | None) -> bool:
    return got is not None and _LEVELS.index(got) >= _LEVELS.index(wanted)
