"""What no article answers: put together by what it is about, asked again now, and kept as tests once it is answered."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from checks_fakes import FakeIndex, FakeManifest, checks_in, citing
from checks_fakes import assistant as answering
from fakes import FakeEmbedder
from hypothesis import given
from hypothesis import strategies as st
from records_fakes import NOW, exchange, raw, rows

from assistant.evaluation.questions import Half, answerable
from assistant.records.reading import Conversation, OpenQuestion, Reader, Why
from assistant.records.source import FileSource
from assistant.records.store import FileStore
from assistant.reply import Assistant
from assistant.staff.checks import Origin
from assistant.staff.gaps import Gaps, View, make_lasting
from assistant.staff.gaps.gaps import MOST_ASKED_AGAIN
from assistant.staff.gaps.grouping import topics
from ingest.metric import Metric

DIMENSION = 32


def open_question(number: int, question: str, why: Why = Why.NOT_FOUND) -> OpenQuestion:
    return OpenQuestion(number, question, NOW + number, why)


@dataclass
class FakeQuestions:
    """What a ``Reader`` would read; ``cited`` are the passages of answers that did not help."""

    open: list[OpenQuestion] = field(default_factory=list)
    cited: dict[int, tuple[str, ...]] = field(default_factory=dict)
    kept: dict[int, bytes] = field(default_factory=dict)

    def unanswered(self, most: int, kinds: Sequence[Why]) -> list[OpenQuestion]:
        return [each for each in self.open if each.why in kinds][:most]

    def badly_rated(self, most: int) -> list[OpenQuestion]:
        return [each for each in self.open if each.why is Why.NOT_HELPFUL][:most]

    def conversation(self, number: int) -> Conversation | None:
        if number not in self.cited:
            return None
        return Conversation(number, replace(exchange(), passage_ids=self.cited[number]), ())

    def vectors(self, model: str, numbers: Sequence[int]) -> dict[int, bytes]:
        return {number: self.kept[number] for number in numbers if number in self.kept}

    def put_vectors(self, model: str, vectors: Mapping[int, bytes]) -> None:
        self.kept.update(vectors)


@dataclass
class MeasuringIndex(FakeIndex):
    metric: Metric = Metric.plain(DIMENSION)


def fake(version: str = "v1", **answers: object) -> Assistant:
    """``Prijs=citing()`` answers "Prijs?"."""
    made = answering(**answers)  # type: ignore[arg-type]
    made.index = MeasuringIndex(made.index.passages, FakeManifest(version))  # type: ignore[misc,assignment,arg-type]
    return made


def looked(questions: FakeQuestions, by: Assistant | None = None, **more: bool) -> list[View]:
    return list(Gaps(questions, FakeEmbedder(dimension=DIMENSION)).look(by or fake(), **more))


# Topics


def test_questions_that_point_the_same_way_are_one_topic_the_largest_first() -> None:
    vectors = np.eye(3, dtype=np.float32)[[0, 1, 1, 2, 1]]
    assert topics(vectors) == [[1, 2, 4], [0], [3]]


@given(st.lists(st.lists(st.floats(-1, 1, width=32), min_size=4, max_size=4), max_size=12))
def test_every_question_is_in_one_topic_whatever_the_vectors(rows_: list[list[float]]) -> None:
    vectors = np.array(rows_, dtype=np.float32).reshape(-1, 4)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True) if len(vectors) else vectors
    found = topics(vectors / np.maximum(lengths, 1e-9) if len(vectors) else vectors)
    assert sorted(row for group in found for row in group) == list(range(len(rows_)))
    assert [len(group) for group in found] == sorted((len(group) for group in found), reverse=True)


def test_a_topic_is_called_after_its_most_typical_question() -> None:
    vectors = np.array([[1, 0], [0.8, 0.6], [0.6, 0.8]], dtype=np.float32)
    assert topics(vectors) == [[1, 2, 0]]


@pytest.mark.model
def test_topics_hold_together_on_questions_that_they_were_not_tuned_on(assistant: Assistant) -> None:
    asked = [each for each in answerable() if each.half is Half.REPORT]
    vectors = assistant.index.metric.of(assistant.index.embedder.queries([each.question for each in asked]))
    pairs = [pair for rows_ in topics(vectors) for pair in combinations(rows_, 2)]
    same_answer = sum(asked[one].gold == asked[other].gold for one, other in pairs)
    same_section = sum(
        (asked[one].slug, asked[one].section) == (asked[other].slug, asked[other].section) for one, other in pairs
    )
    all_same = sum(count * (count - 1) // 2 for count in Counter(each.gold for each in asked).values())
    assert same_section / len(pairs) > 0.55
    assert same_answer / len(pairs) > 0.12
    assert same_answer / all_same > 0.2


# Looking


def test_the_first_look_waits_for_nothing_and_the_last_is_finished() -> None:
    questions = FakeQuestions([open_question(n, f"vraag {n}") for n in range(70)])
    views = looked(questions)
    assert (views[0].questions, views[0].embedded, views[0].groups, views[0].is_finished) == (70, 0, (), False)
    done = [view.embedded for view in views]
    assert done == sorted(done)
    assert views[-1].is_finished
    assert sum(len(group.gaps) for group in views[-1].groups) == 70


def test_without_questions_there_is_nothing_to_wait_for() -> None:
    views = looked(FakeQuestions())
    assert (views[0].is_finished, views[-1]) == (True, View(0))


def test_what_was_embedded_before_is_not_embedded_again() -> None:
    questions = FakeQuestions([open_question(1, "prijs?"), open_question(2, "kosten?")])
    embedder = FakeEmbedder(dimension=DIMENSION)
    list(Gaps(questions, embedder).look(fake()))
    list(Gaps(questions, embedder).look(fake()))
    assert sorted(embedder.asked) == ["kosten?", "prijs?"]


def test_who_stops_looking_keeps_what_was_embedded() -> None:
    questions = FakeQuestions([open_question(n, f"vraag {n}") for n in range(70)])
    looking = Gaps(questions, FakeEmbedder(dimension=DIMENSION)).look(fake())
    while next(looking).embedded < 32:
        pass
    looking.close()
    assert 32 <= len(questions.kept) < 70


def test_a_vector_of_another_length_is_made_anew() -> None:
    questions = FakeQuestions([open_question(1, "prijs?")], kept={1: b"\x00"})
    looked(questions)
    assert len(questions.kept[1]) == DIMENSION * 2


def test_a_question_that_was_both_unanswered_and_badly_rated_is_there_once() -> None:
    questions = FakeQuestions([open_question(1, "Prijs?", Why.NOT_HELPFUL), open_question(2, "prijs? ")])
    (group,) = looked(questions)[-1].groups
    assert [gap.asked.exchange_id for gap in group.gaps] == [2]


def test_what_the_chat_is_not_about_is_there_only_when_asked_for() -> None:
    questions = FakeQuestions([open_question(1, "Pizza?", Why.OUT_OF_SCOPE)])
    assert looked(questions)[-1].questions == 0
    assert looked(questions, with_others=True)[-1].questions == 1


def test_a_group_says_what_is_answered_now_and_by_which_article() -> None:
    questions = FakeQuestions([open_question(1, "Prijs?"), open_question(2, "Kosten?")])
    view = looked(questions, fake(Prijs=citing("tarieven")))[-1]
    gaps = {gap.asked.question: gap for group in view.groups for gap in group.gaps}
    assert (gaps["Prijs?"].slugs, gaps["Kosten?"].slugs) == (("tarieven",), ())
    assert view.answered == 1


def test_an_answer_that_did_not_help_counts_only_when_it_cites_something_else() -> None:
    bad = open_question(1, "Prijs?", Why.NOT_HELPFUL)
    same = looked(FakeQuestions([bad], cited={1: ("tarieven",)}), fake(Prijs=citing("tarieven")))[-1]
    other = looked(FakeQuestions([bad], cited={1: ("iets-anders",)}), fake(Prijs=citing("tarieven")))[-1]
    assert (same.answered, other.answered) == (0, 1)


def test_questions_are_asked_again_only_when_there_is_another_index() -> None:
    questions = FakeQuestions([open_question(1, "Prijs?")])
    gaps = Gaps(questions, FakeEmbedder(dimension=DIMENSION))
    before, after = fake("v1"), fake("v2", Prijs=citing("tarieven"))
    assert list(gaps.look(before))[-1].answered == 0
    list(gaps.look(before))
    assert len(before.asked) == 1  # type: ignore[attr-defined]
    assert list(gaps.look(after))[-1].answered == 1


def test_of_a_question_that_was_deleted_nothing_stays_behind() -> None:
    questions = FakeQuestions([open_question(1, "Prijs?")])
    gaps = Gaps(questions, FakeEmbedder(dimension=DIMENSION))
    list(gaps.look(fake()))
    questions.open.clear()
    list(gaps.look(fake()))
    assert not gaps._outcomes


def test_not_more_than_can_be_waited_for_is_asked_again() -> None:
    questions = FakeQuestions([open_question(n, f"{'ab' * n} vraag") for n in range(1, MOST_ASKED_AGAIN + 100)])
    by = fake()
    view = looked(questions, by)[-1]
    assert view.is_finished
    assert len(by.asked) <= MOST_ASKED_AGAIN or len(view.groups[0].gaps) > MOST_ASKED_AGAIN  # type: ignore[attr-defined]


def test_a_group_is_found_by_any_of_its_questions() -> None:
    questions = FakeQuestions([open_question(1, "Wat is de prijs?"), open_question(2, "Wat is de prijs nu?")])
    view = looked(questions)[-1]
    (group,) = view.groups
    assert view.group_of(1) is view.group_of(2) is group
    assert view.group_of(3) is view.group_of(None) is None


def test_when_a_conversation_is_deleted_its_vector_is_gone_from_the_file(tmp_path: Path) -> None:
    path = tmp_path / "records.sqlite3"
    store = FileStore(path)
    store.add([replace(exchange("Wat is de prijs?"), kind="not_found")])
    gaps = Gaps(Reader(FileSource(path)), FakeEmbedder(dimension=DIMENSION))
    assert list(gaps.look(fake()))[-1].questions == 1
    vector = FakeEmbedder(dimension=DIMENSION).query("Wat is de prijs?").astype("<f2").tobytes()
    assert vector in raw(path)
    (number,) = (number for (number,) in rows(path, "exchanges", "id"))
    assert store.forget(number) == 1  # type: ignore[arg-type]
    assert vector not in raw(path)
    assert list(gaps.look(fake()))[-1].questions == 0
    store.close()


# From a gap to a test


def test_what_the_new_article_answers_becomes_a_test_and_the_rest_is_named(tmp_path: Path) -> None:
    checks = checks_in(tmp_path)
    by = answering(Prijs=citing("tarieven"), Kosten=citing("nek"))
    lasting = make_lasting(by, checks, ["Prijs?", " Prijs?", "Kosten?", "Korting?"], "tarieven")
    assert [(each.question, each.article, each.origin) for each in lasting.kept] == [("Prijs?", "tarieven", Origin.GAP)]
    assert [each.check.question for each in lasting.others] == ["Kosten?", "Korting?"]
    assert "nek" in lasting.others[0].faults[0].said
    assert checks.all() == lasting.kept
    assert checks.run(by).failed == ()
    assert [each.check.question for each in checks.run(answering()).failed] == ["Prijs?"]


def test_a_question_that_is_a_test_already_is_said_to_be_one(tmp_path: Path) -> None:
    checks = checks_in(tmp_path)
    by = answering(Prijs=citing("tarieven"))
    make_lasting(by, checks, ["Prijs?"], "tarieven")
    again = make_lasting(by, checks, ["Prijs?"], "tarieven")
    assert (again.kept, again.known, again.others) == ((), ("Prijs?",), ())


def test_without_an_article_each_question_keeps_the_one_that_answers_it(tmp_path: Path) -> None:
    by = answering(Prijs=citing("tarieven"), Nek=citing("nek"))
    lasting = make_lasting(by, checks_in(tmp_path), ["Prijs?", "Nek?", "Korting?"])
    assert {each.question: each.article for each in lasting.kept} == {"Prijs?": "tarieven", "Nek?": "nek"}
    assert [each.check.question for each in lasting.others] == ["Korting?"]
