"""What a terminal shows of an answer: the alarm above everything, the disclaimer below it, all words as they are."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace
from io import StringIO

import pytest
from answer_fakes import alarms, answers
from chat_fakes import CRISIS, EMERGENCY, LIST_ANSWER, NOTED, REFUSED, SOON, SUGGESTED, TODAY, WARNED, ChatFake, urgent
from hypothesis import given
from rich.console import Console

from assistant import texts
from assistant.answer import Alarm, Answer
from assistant.reply import Turn
from assistant.terminal import converse, show, show_markdown

FRAMES = "│┃╭╮╰╯┏┓┗┛─━"


def shown(answer: Answer, width: int = 80) -> str:
    terminal = StringIO()
    show(answer, Console(file=terminal, width=width))
    return terminal.getvalue()


def words(output: str) -> list[str]:
    return output.translate(str.maketrans(FRAMES, " " * len(FRAMES))).split()


def end_of(part: str, whole: list[str]) -> int:
    wanted = words(part)
    return next(end for end in range(len(wanted), len(whole) + 1) if whole[end - len(wanted) : end] == wanted)


@pytest.mark.parametrize("alarm", [EMERGENCY, TODAY, CRISIS, SOON])
def test_an_alarm_stands_above_everything_with_its_word_and_numbers(alarm: Alarm) -> None:
    seen = words(shown(urgent(alarm)))
    assert seen[: end_of(alarm.text, seen)] == f"{texts.ALARM_SIGNS[alarm.urgency]} {alarm.text}".split()
    for call in alarm.calls:
        assert end_of(call.number, seen)


def test_a_number_stands_behind_its_label_unless_that_names_it() -> None:
    assert "113 Zelfmoordpreventie 0800-0113" in shown(urgent(CRISIS))
    assert "Bel 112 112" not in shown(urgent(EMERGENCY))


def test_a_calm_alarm_has_a_thinner_frame() -> None:
    assert "┏" in shown(urgent(EMERGENCY)) and "┏" not in shown(urgent(SOON))


def test_after_an_alarm_that_says_it_all_only_the_disclaimer_follows() -> None:
    seen = words(shown(urgent(CRISIS)))
    assert seen[end_of("In gevaar 112", seen) :] == texts.DISCLAIMER.split()


def test_everything_an_answer_can_have_comes_in_order() -> None:
    seen = words(shown(WARNED))
    claim = f"{texts.ATTRIBUTION} “{NOTED.sentences[-1].text}” [3]"
    parts = (SOON.title, LIST_ANSWER.sentences[0].text, claim, *WARNED.remark_lines, WARNED.safety_net, texts.SOURCES)
    ends = [end_of(part, seen) for part in (*parts, texts.DISCLAIMER)]
    assert ends == sorted(ends)
    assert ends[-1] == len(seen)


def test_a_refusal_names_what_can_be_asked_one_a_line() -> None:
    lines = shown(REFUSED).splitlines()
    start = lines.index(texts.SUGGESTIONS)
    assert lines[start + 1 : start + 4] == [f"• {question}" for question in SUGGESTED]


def whole_reply_of(fake: ChatFake) -> Callable[[str, Sequence[Turn]], Answer]:
    def reply(question: str, history: Sequence[Turn]) -> Answer:
        return next(part for part in fake.stream(question, history) if isinstance(part, Answer))

    return reply


def test_a_conversation_tells_every_message_with_the_next_also_one_that_could_not_be_taken() -> None:
    fake, terminal = ChatFake(usual_seconds=0), StringIO()
    converse(whole_reply_of(fake), ["voetbal", "x" * 1_001, "onbekend"], Console(file=terminal, width=80))
    assert [question for question, _ in fake.asked] == ["voetbal", "onbekend"]
    _, history = fake.asked[-1]
    assert [turn.content for turn in history] == ["voetbal", REFUSED.text, "x" * 1_001]
    assert texts.QUESTION_TOO_LONG.format(limit=1_000) in terminal.getvalue()
    assert len(re.findall(r"geen medisch\s+advies", terminal.getvalue())) == 3


@given(answers)
def test_no_word_is_taken_for_a_mark(answer: Answer) -> None:
    seen = "".join(words(shown(answer, width=10_000)))
    for said in (answer.notice, answer.safety_net, *answer.suggestions, *(each.text for each in answer.sentences)):
        assert "".join(words(visible(said))) in seen
    assert seen.endswith("".join(texts.DISCLAIMER.split()))


@given(alarms)
def test_no_word_of_an_alarm_is_taken_for_a_mark(alarm: Alarm) -> None:
    seen = "".join(words(shown(urgent(alarm), width=10_000)))
    for said in (alarm.title, *alarm.paragraphs, *(call.label for call in alarm.calls)):
        assert "".join(words(visible(said))) in seen


def visible(text: str) -> str:
    """Controls are left out: they would move the cursor, or worse."""
    return "".join(char for char in text if char.isspace() or unicodedata.category(char) != "Cc")


def test_no_text_can_give_the_terminal_an_order() -> None:
    assert "\x1b" not in shown(replace(REFUSED, notice="\x1b[2Jweg\x9b2J"))


def test_half_a_surrogate_pair_can_be_shown() -> None:
    assert shown(replace(REFUSED, notice="rug\ud800pijn")).encode().startswith(b"rugpijn")


def test_markdown_is_drawn_without_its_marks_its_html_and_what_gives_a_terminal_orders() -> None:
    terminal = StringIO()
    text = '### Kop\n\n| a | b |\n|---|---|\n| een\\. | <span class="bar"></span>twee |\n\nrood\x1b[31m'
    show_markdown(text, Console(file=terminal, width=80))
    assert [line.split() for line in terminal.getvalue().splitlines() if "een" in line] == [["een.", "twee"]]
    assert "Kop" in terminal.getvalue()
    assert not {"#", "<", "\\", "\x1b"} & set(terminal.getvalue())
