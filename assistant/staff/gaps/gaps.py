"""Questions that got no answer, or none that helped: read, put together by topic, and asked again now."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from assistant.answer import AnswerKind
from assistant.records.reading import Conversation, OpenQuestion, Why
from assistant.reply import Assistant
from assistant.staff.checks.check import MOST_CHARS, Check, tidy
from assistant.staff.checks.run import Given, results_of
from ingest.embed import Embedder, Vectors
from ingest.manifest import ModelCard

# The newest ones say what is missing now.
MOST_QUESTIONS = 1_000
# Asked again on every new index, a tenth of a second each.
MOST_ASKED_AGAIN = 300
_AT_ONCE = 32
_KEPT = np.dtype("<f2")


class Questions(Protocol):
    """What is read of what is kept; ``assistant.records.reading.Reader`` is one."""

    def unanswered(self, most: int, kinds: Sequence[Why]) -> list[OpenQuestion]: ...

    def badly_rated(self, most: int) -> list[OpenQuestion]: ...

    def conversation(self, number: int) -> Conversation | None: ...

    def vectors(self, model: str, numbers: Sequence[int]) -> dict[int, bytes]: ...

    def put_vectors(self, model: str, vectors: Mapping[int, bytes]) -> None: ...


@dataclass(frozen=True, slots=True)
class Gap:
    """A question; ``now`` is what it gets today, None as long as it was not asked again.

    ``slugs`` are the articles that answer it now: none for an answer that is still the one that did not help.
    """

    asked: OpenQuestion
    now: Given | None = None
    slugs: tuple[str, ...] = ()

    @property
    def is_answered(self) -> bool:
        return bool(self.slugs)


@dataclass(frozen=True, slots=True)
class Group:
    """Questions about one thing, the most typical first."""

    gaps: tuple[Gap, ...]

    @property
    def name(self) -> str:
        return self.gaps[0].asked.question

    @property
    def number(self) -> int:
        """Of the question it is named after."""
        return self.gaps[0].asked.exchange_id

    @property
    def questions(self) -> tuple[str, ...]:
        return tuple(gap.asked.question for gap in self.gaps)

    @property
    def answered(self) -> tuple[Gap, ...]:
        return tuple(gap for gap in self.gaps if gap.is_answered)

    @property
    def is_looked_at(self) -> bool:
        return all(gap.now for gap in self.gaps)


@dataclass(frozen=True, slots=True)
class View:
    """How far it is: of ``questions`` so many were read (``embedded``), and of ``to_ask`` so many asked again."""

    questions: int
    embedded: int = 0
    groups: tuple[Group, ...] = ()
    to_ask: int = 0
    asked: int = 0

    @property
    def is_finished(self) -> bool:
        return self.embedded == self.questions and self.asked == self.to_ask

    @property
    def answered(self) -> int:
        """Of all questions asked again, how many are answered now."""
        return sum(len(group.answered) for group in self.groups)

    def group_of(self, number: int | None) -> Group | None:
        """The one that this question is in."""
        found = (group for group in self.groups if any(gap.asked.exchange_id == number for gap in group.gaps))
        return next(found, None)


class Gaps:
    """Safe to use from several threads. What is kept of a question goes when the question goes."""

    def __init__(self, questions: Questions, embedder: Embedder) -> None:
        self._questions = questions
        self._embedder = embedder
        self._model = _name_of(embedder)
        # By the version of the index, and the exchange.
        self._outcomes: dict[tuple[str, int], Gap] = {}

    def look(self, assistant: Assistant, with_others: bool = False) -> Iterator[View]:
        """What there is at once, then more and more of it; the last one is finished. Raises ``RecordsError``.

        ``with_others``: also what the chat is not about.
        """
        asked = self._read(with_others)
        self._forget_all_but(asked, assistant)
        vectors = self._kept(asked)
        yield View(len(asked), len(vectors), to_ask=len(asked))
        view = View(len(asked), len(vectors), self._grouped(assistant, asked, vectors), to_ask=len(asked))
        for known in self._embedded(asked, vectors):
            yield view
            view = replace(view, embedded=known)
        if sum(len(group.gaps) for group in view.groups) < view.embedded:
            view = replace(view, groups=self._grouped(assistant, asked, vectors))
        yield from self._asked_again(assistant, view)

    def _forget_all_but(self, asked: Sequence[OpenQuestion], assistant: Assistant) -> None:
        """Of what was deleted nothing stays behind; on another index everything is asked anew."""
        version, numbers = assistant.index.manifest.version, {each.exchange_id for each in asked}
        self._outcomes = {key: gap for key, gap in self._outcomes.items() if key[0] == version and key[1] in numbers}

    def _read(self, with_others: bool) -> list[OpenQuestion]:
        kinds = (Why.NOT_FOUND, Why.OUT_OF_SCOPE) if with_others else (Why.NOT_FOUND,)
        found = (*self._questions.badly_rated(MOST_QUESTIONS), *self._questions.unanswered(MOST_QUESTIONS, kinds))
        newest = sorted(found, key=lambda each: each.exchange_id, reverse=True)
        once: dict[str, OpenQuestion] = {}
        for each in newest:
            if 0 < len(tidy(each.question)) <= MOST_CHARS:
                once.setdefault(tidy(each.question).casefold(), each)
        return list(once.values())[:MOST_QUESTIONS]

    def _kept(self, asked: Sequence[OpenQuestion]) -> dict[int, Vectors]:
        raw = self._questions.vectors(self._model, [each.exchange_id for each in asked])
        size = self._embedder.dimension * _KEPT.itemsize
        return {
            number: np.frombuffer(vector, _KEPT).astype(np.float32)
            for number, vector in raw.items()
            if len(vector) == size
        }

    def _embedded(self, asked: Sequence[OpenQuestion], known: dict[int, Vectors]) -> Iterator[int]:
        """Puts what is missing in ``known``, and says how many there are; what was done is kept if nobody looks on."""
        missing = [each for each in asked if each.exchange_id not in known]
        for start in range(0, len(missing), _AT_ONCE):
            some = missing[start : start + _AT_ONCE]
            made = self._embedder.queries([tidy(each.question) for each in some]).astype(_KEPT)
            kept = {each.exchange_id: vector for each, vector in zip(some, made, strict=True)}
            self._questions.put_vectors(self._model, {number: vector.tobytes() for number, vector in kept.items()})
            new = {number: vector.astype(np.float32) for number, vector in kept.items()}
            known.update(new)
            yield len(known)

    def _grouped(
        self, assistant: Assistant, asked: Sequence[OpenQuestion], vectors: Mapping[int, Vectors]
    ) -> tuple[Group, ...]:
        from assistant.staff.gaps.grouping import topics

        known = [each for each in asked if each.exchange_id in vectors]
        if not known:
            return ()
        measured = assistant.index.metric.of(np.array([vectors[each.exchange_id] for each in known]))
        version = assistant.index.manifest.version
        gaps = [self._outcomes.get((version, each.exchange_id), Gap(each)) for each in known]
        return tuple(Group(tuple(gaps[row] for row in rows)) for rows in topics(measured))

    def _asked_again(self, assistant: Assistant, view: View) -> Iterator[View]:
        """The largest groups first, a view after each."""
        version = assistant.index.manifest.version
        wanted = _first_groups(view.groups)
        view = replace(view, to_ask=sum(len(group.gaps) for group in wanted))
        for place, group in enumerate(wanted):
            gaps = tuple(gap if gap.now else self._ask(assistant, gap) for gap in group.gaps)
            self._outcomes.update({(version, gap.asked.exchange_id): gap for gap in gaps})
            groups = (*view.groups[:place], Group(gaps), *view.groups[place + 1 :])
            view = replace(view, groups=groups, asked=view.asked + len(gaps))
            if not group.is_looked_at:
                yield view
        yield view

    def _ask(self, assistant: Assistant, gap: Gap) -> Gap:
        check = Check(question=gap.asked.question, kind=AnswerKind.ANSWERED)
        (result,) = results_of(assistant, [check])
        given = result.given
        if given.kind is not AnswerKind.ANSWERED or self._is_as_before(gap.asked, given):
            return Gap(gap.asked, given)
        return Gap(gap.asked, given, given.slugs)

    def _is_as_before(self, asked: OpenQuestion, given: Given) -> bool:
        """Whether it is still the answer that did not help: it cites nothing that was not cited then."""
        if asked.why is not Why.NOT_HELPFUL:
            return False
        before = self._questions.conversation(asked.exchange_id)
        cited = set(before.exchange.passage_ids) if before else set()
        return {each.passage_id for each in given.cited} <= cited


def _first_groups(groups: Sequence[Group]) -> list[Group]:
    """As many as may be asked again, and one whatever its size."""
    wanted: list[Group] = []
    for group in groups:
        if wanted and sum(len(each.gaps) for each in (*wanted, group)) > MOST_ASKED_AGAIN:
            break
        wanted.append(group)
    return wanted


def _name_of(embedder: Embedder) -> str:
    """Other weights under the same name are another model."""
    card = ModelCard.of(embedder)
    return f"{card.name}-{hashlib.sha256(repr(card.fingerprint).encode()).hexdigest()[:12]}"
