"""Questions offered to a visitor whose own question got no answer."""

from pathlib import Path

import numpy as np
import pytest
from fakes import FakeEmbedder
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import AnswerKind
from assistant.errors import RulesError
from assistant.reply import Assistant
from assistant.suggest import Suggestions, own_questions
from ingest.embed import Vectors

QUESTIONS = (
    "Wat helpt tegen rugpijn?",
    "Wat is een frozen shoulder?",
    "Hoe vaak is massage goed?",
    "Kan ik blijven werken?",
)


class CountingEmbedder(FakeEmbedder):
    """Remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__(dimension=64)
        self.queries: list[str] = []

    def query(self, text: str) -> Vectors:
        self.queries.append(text)
        return super().query(text)


@pytest.fixture
def suggestions() -> Suggestions:
    return Suggestions(QUESTIONS, FakeEmbedder(dimension=64))


def test_the_nearest_question_comes_first(suggestions: Suggestions) -> None:
    assert suggestions.near("Heb ik een frozen shoulder?")[0] == "Wat is een frozen shoulder?"


def test_three_are_offered_unless_another_number_is_asked(suggestions: Suggestions) -> None:
    assert len(suggestions.near("Heb ik een hernia?")) == 3
    assert len(suggestions.near("Heb ik een hernia?", 2)) == 2


@pytest.mark.parametrize("typed", ["Wat helpt tegen rugpijn?", "wat helpt tegen rugpijn", "WAT HELPT, TEGEN RUGPIJN??"])
def test_a_question_is_not_offered_to_who_just_asked_it(suggestions: Suggestions, typed: str) -> None:
    assert "Wat helpt tegen rugpijn?" not in suggestions.near(typed, len(QUESTIONS))


def test_without_questions_nothing_is_offered() -> None:
    assert Suggestions((), FakeEmbedder()).near("Wat helpt?") == ()


def test_a_question_that_was_given_twice_is_offered_once() -> None:
    suggestions = Suggestions((*QUESTIONS, *QUESTIONS), FakeEmbedder(dimension=64))
    assert suggestions.questions == QUESTIONS
    assert sorted(suggestions.near("Iets anders?", 9)) == sorted(QUESTIONS)


def test_the_questions_are_embedded_once_and_not_again_for_each_visitor() -> None:
    embedder = CountingEmbedder()
    suggestions = Suggestions(QUESTIONS, embedder)
    suggestions.near("Heb ik een hernia?")
    suggestions.near("Hoeveel paracetamol mag ik?")
    assert embedder.queries == [*QUESTIONS, "Heb ik een hernia?", "Hoeveel paracetamol mag ik?"]


@given(st.text(max_size=200))
def test_only_the_given_questions_are_ever_offered(text: str) -> None:
    near = Suggestions(QUESTIONS, FakeEmbedder(dimension=64)).near(text)
    assert set(near) <= set(QUESTIONS)
    assert len(set(near)) == len(near)


def test_equally_near_questions_keep_their_order() -> None:
    class Flat(FakeEmbedder):
        def query(self, text: str) -> Vectors:
            return np.ones(self.dimension, dtype=np.float32)

    assert Suggestions(QUESTIONS, Flat()).near("Iets?") == QUESTIONS[:3]


def test_our_own_list_holds_whole_questions_each_once() -> None:
    questions = own_questions()
    assert len(set(questions)) == len(questions) >= 20


@pytest.mark.parametrize(
    ("text", "line", "complaint"),
    [
        ('questions = [\n  "Wat helpt tegen rugpijn?",\n  "rugpijn"\n]\n', 3, "'rugpijn' is geen hele vraag"),
        ('vragen = ["Wat helpt tegen rugpijn?"]\n', 1, "'vragen' is geen bekend gegeven"),
        ("questions = 3\n", 1, "moet een lijst van teksten zijn"),
    ],
)
def test_a_broken_list_is_refused_with_file_line_and_reason(
    tmp_path: Path, text: str, line: int, complaint: str
) -> None:
    path = tmp_path / "questions.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(RulesError) as caught:
        own_questions(path)
    assert (caught.value.path, caught.value.line) == (path, line)
    assert complaint in caught.value.reason


@pytest.mark.model
def test_every_question_of_our_own_list_is_answered(assistant: Assistant) -> None:
    kinds = {question: assistant.reply(question).kind for question in own_questions()}
    assert [question for question, kind in kinds.items() if kind is not AnswerKind.ANSWERED] == []
