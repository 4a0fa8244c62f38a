"""Test questions made to order, and an assistant for them that needs no model."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, cast

from hypothesis import strategies as st
from web_fakes import settings

from assistant.answer import Alarm, Answer, AnswerKind, Citation, Sentence, Urgency
from assistant.reply import Assistant, Turn
from assistant.staff.checks import Check, Checks, Expectation, Origin, Run
from assistant.staff.checks.run import Cited, Given, judged

TODAY = date(2026, 11, 25)
NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
ANSWERED, NOT_FOUND = AnswerKind.ANSWERED, AnswerKind.NOT_FOUND
NEK = Expectation(kind=ANSWERED, article="nek")
NOTHING = Expectation(kind=NOT_FOUND)


@dataclass(frozen=True)
class FakePassage:
    id: str
    slug: str


@dataclass(frozen=True)
class FakeModel:
    name: str = "fake"


@dataclass(frozen=True)
class FakeManifest:
    version: str = "v1"
    model: FakeModel = FakeModel()


@dataclass
class FakeIndex:
    """Every article has one passage, which is called as the article."""

    passages: list[FakePassage] = field(default_factory=list)
    manifest: FakeManifest = FakeManifest()


@dataclass
class AnsweringFake:
    """``answers`` by question; anything else is not found. An exception is raised."""

    answers: dict[str, Answer | Exception] = field(default_factory=dict)
    index: FakeIndex = field(default_factory=FakeIndex)
    phraser: object = "a language model"
    asked: list[tuple[str, tuple[Turn, ...], object]] = field(default_factory=list)

    def __post_init__(self) -> None:
        given = [answer for answer in self.answers.values() if isinstance(answer, Answer)]
        slugs = {citation.passage_id for answer in given for citation in answer.citations}
        self.index.passages = [FakePassage(slug, slug) for slug in sorted(slugs)]

    def reply(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        self.asked.append((question, tuple(history), self.phraser))
        answer = self.answers.get(question, Answer(NOT_FOUND, notice="Dat staat er niet in."))
        if isinstance(answer, Exception):
            raise answer
        return answer


def assistant(**answers: Answer | Exception) -> Assistant:
    """``Warmte=…`` answers "Warmte?"."""
    return cast(Assistant, AnsweringFake({f"{name}?": answer for name, answer in answers.items()}))


def citing(slug: str = "nek", quote: str = "Warmte helpt.", level: Urgency | None = None) -> Answer:
    citation = Citation(1, slug, slug.title(), "", quote, 0, len(quote), f"/bron/{slug}")
    alarm = Alarm(level, (), f"Alarm: {level}", (), ()) if level else None
    return Answer(ANSWERED, (Sentence(quote, (1,)),), (citation,), alarm=alarm)


def alarming(level: Urgency) -> Answer:
    return Answer(AnswerKind.URGENT, alarm=Alarm(level, (), f"Alarm: {level}", (), ()))


def checks_in(folder: Path, **changes: Any) -> Checks:
    given = {"test_questions_file": folder / "test_questions.toml", "staff_dir": folder / "staff"}
    return Checks(settings(**given, **changes), today=lambda: TODAY)


def check(question: str = "Warmte?", **given: Any) -> Check:
    return Check.model_validate({"question": question, "kind": ANSWERED, "article": "nek", "added": TODAY} | given)


def given(text: str = "Warmte helpt.", kind: AnswerKind = ANSWERED, slug: str = "nek", **more: Any) -> Given:
    cited = (Cited(passage_id=slug, slug=slug, title=slug.title(), quote=text),) if kind is ANSWERED else ()
    return Given(kind=kind, text=text, cited=cited, **more)


def run(*judged_checks: tuple[Check, Given], at: datetime = NOW) -> Run:
    results = tuple(judged(check, given) for check, given in judged_checks)
    return Run(at=at, index_version="v1", model="fake", results=results)


# Whatever somebody may type, with much of what TOML, CSV and spreadsheets take for marks.
awkward = st.text(st.sampled_from("=+-@|%'\"\\,;\t\r\n #[]{}.ab1é\u2028\ufffd\u200b\x00\ufeff＝"), max_size=30)
typed = st.one_of(awkward, st.text(max_size=30))
lines = st.lists(typed, max_size=3)
calm = st.fixed_dictionaries({"kind": st.sampled_from([NOT_FOUND, AnswerKind.OUT_OF_SCOPE])})
answered = st.fixed_dictionaries(
    {
        "kind": st.just(ANSWERED),
        "article": st.sampled_from(["nek", "rug-2"]),
        "words": lines,
        "urgency": st.sampled_from([None, Urgency.HUISARTS]),
    }
)
urgent = st.fixed_dictionaries(
    {"kind": st.just(AnswerKind.URGENT), "urgency": st.one_of(st.none(), st.sampled_from(list(Urgency)))}
)
expectations = st.one_of(calm, answered, urgent)


@st.composite
def some_checks(draw: st.DrawFn) -> list[Check]:
    """With different questions, and names of their own."""
    from pydantic import ValidationError

    checks: dict[tuple[str, ...], Check] = {}
    for number in range(draw(st.integers(0, 4))):
        about = {
            "id": f"v{number}",
            "question": draw(typed),
            "earlier": draw(lines),
            "origin": draw(st.sampled_from(Origin)),
        }
        about["added"] = draw(st.one_of(st.none(), st.dates()))
        try:
            made = Check.model_validate(about | draw(expectations))
        except ValidationError:
            continue
        checks.setdefault(made.asks, made)
    return list(checks.values())
