"""What a model thinks aloud → nothing; what it says → that."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.phrasing.thoughts import Thoughts


def said(text: str, size: int = 1) -> str:
    thoughts = Thoughts()
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    return "".join(thoughts.without(piece) for piece in pieces) + thoughts.rest()


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("<think>Hm.</think>Rust helpt.", "Rust helpt."),
        ("<THINKING>a < b</thinking>Rust<think></think> helpt.", "Rust helpt."),
        ("Rust helpt.<think>Of niet?", "Rust helpt."),
        ("<think>" * 3 + "</think>Rust", "Rust"),
        ("<think>x</thin></think>Rust", "Rust"),
        ("Rust <thinkx> helpt.", "Rust <thinkx> helpt."),
        ("Rust </think> helpt.", "Rust </think> helpt."),
        ("Rust helpt <thin", "Rust helpt <thin"),
        ("1 < 2 en 3 </", "1 < 2 en 3 </"),
        ("İ<think>x</think>İ", "İİ"),
        ("", ""),
    ],
)
def test_what_stands_between_the_tags_is_not_said(text: str, rest: str) -> None:
    assert said(text) == said(text, len(text) or 1) == rest


def test_what_is_said_is_not_kept_back() -> None:
    thoughts = Thoughts()
    assert thoughts.without("Rust helpt. [1") == "Rust helpt. [1"
    assert thoughts.without("] <b>Veel</b>") == "] <b>Veel</b>"


@given(
    st.lists(st.sampled_from(["<", ">", "/", "think", "<think>", "</think>", "<thinking>", "Rust ", "é"])).map("".join),
    st.integers(1, 5),
)
def test_however_it_is_cut_the_same_is_said(text: str, size: int) -> None:
    assert said(text, size) == said(text, len(text) or 1)
