"""The messages that triage is measured on: enough of every sort, in two halves that share nothing."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from evaluation_fakes import alarm, write_lines

from assistant.errors import AssistantError
from assistant.evaluation.errors import EvaluationError
from assistant.evaluation.labels import LEVELS, LOOK_ALIKES, STYLES
from assistant.evaluation.messages import (
    AlarmMessage,
    Attack,
    Conversation,
    Example,
    LookAlike,
    Refusable,
    alarm_messages,
    attacks,
    conversations,
    look_alikes,
    refusable_messages,
)
from assistant.evaluation.questions import Half, half_of
from assistant.triage.rulebook import Level, load_rulebook
from ingest.settings import PROJECT

ALARM = {"id": "t1", "messages": ["au"], "flag": "hart", "level": "112", "style": "plain"}
LOADERS = [alarm_messages, look_alikes, conversations, refusable_messages, attacks]


def spoken() -> list[AlarmMessage | LookAlike | Refusable]:
    return [*alarm_messages(), *look_alikes(), *refusable_messages()]


def words(example: AlarmMessage | LookAlike | Refusable) -> str:
    return " ".join(" ".join(example.messages).casefold().split())


# What there is


def test_every_example_has_its_own_id() -> None:
    ids = Counter(example.id for load in LOADERS for example in load())
    assert [identifier for identifier, count in ids.items() if count > 1] == []


def test_no_message_stands_there_twice() -> None:
    """Ids only: the words of the report half are not for who tunes."""
    texts = Counter(words(example) for example in spoken())
    assert [example.id for example in spoken() if texts[words(example)] > 1] == []


def test_there_are_six_hundred_alarms_and_two_hundred_and_fifty_look_alikes() -> None:
    assert len(alarm_messages()) >= 600
    assert len(look_alikes()) >= 250


@pytest.mark.parametrize("half", Half)
def test_each_half_has_every_level_flag_style_and_kind(half: Half) -> None:
    alarms, others = alarm_messages(half), look_alikes(half)
    assert min(Counter(each.level for each in alarms)[level] for level in LEVELS) >= 60
    assert {each.flag for each in alarms} == {each.flag for each in alarm_messages()}
    assert {each.style for each in alarms} == set(STYLES)
    assert {each.kind for each in others} == set(LOOK_ALIKES)


def test_every_expected_flag_is_a_flag_of_the_rules() -> None:
    assert {each.flag for each in alarm_messages()} <= set(load_rulebook().flags)


def test_the_documentation_counts_what_there_is() -> None:
    page = (PROJECT / "docs" / "evaluation.md").read_text("utf-8")
    for name, load in {"alarms": alarm_messages, "look-alikes": look_alikes, "conversations": conversations}.items():
        assert f"| {name} | {len(load()):,} |" in page


# The halves


@pytest.mark.parametrize("load", LOADERS)
def test_every_example_is_in_exactly_one_half(load: Callable[..., list[Example]]) -> None:
    tune, report = ({example.id for example in load(half)} for half in (Half.TUNE, Half.REPORT))
    assert tune & report == set()
    assert tune | report == {example.id for example in load()}
    assert min(len(tune), len(report)) >= 40


def test_an_example_keeps_its_half_whatever_is_said_in_it() -> None:
    assert alarm("au").half is alarm("iets anders", level=Level.EMERGENCY).half is half_of("t1")


# Mistakes in a file


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"level": "twijfel"}, "level"),
        ({"level": None}, "level"),
        ({"style": "poëtisch"}, "style"),
        ({"messages": []}, "messages"),
        ({"extra": 1}, "extra"),
    ],
)
def test_a_mistake_is_told_with_file_line_and_field(tmp_path: Path, change: dict[str, object], field: str) -> None:
    write_lines(tmp_path / "alarms_x.jsonl", ALARM, ALARM | change)
    with pytest.raises(EvaluationError, match=rf"alarms_x\.jsonl, regel 2: '{field}'"):
        alarm_messages(folder=tmp_path)


def test_a_line_that_is_no_json_is_told_with_its_number(tmp_path: Path) -> None:
    (tmp_path / "attacks.jsonl").write_text("\n{\n", "utf-8")
    with pytest.raises(AssistantError, match=r"attacks\.jsonl, regel 2: .*geldige regel"):
        attacks(folder=tmp_path)


def test_a_file_that_is_not_text_is_told_by_name(tmp_path: Path) -> None:
    (tmp_path / "conversations.jsonl").write_bytes(b"\xff\xfe")
    with pytest.raises(AssistantError, match=r"conversations\.jsonl: niet te lezen"):
        conversations(folder=tmp_path)


def test_a_complaint_does_not_tell_what_the_message_says(tmp_path: Path) -> None:
    write_lines(tmp_path / "alarms_x.jsonl", ALARM | {"messages": "geheim"})
    with pytest.raises(EvaluationError) as raised:
        alarm_messages(folder=tmp_path)
    assert "geheim" not in str(raised.value)


def test_a_line_separator_inside_a_message_does_not_end_the_line(tmp_path: Path) -> None:
    example = Attack(id="a", history=(), question="een\u2028twee\x85drie", kind="markup", must_not_contain=())
    (tmp_path / "attacks.jsonl").write_text(example.model_dump_json() + "\n", "utf-8")
    assert attacks(folder=tmp_path) == [example]


def test_files_of_one_sort_are_read_together(tmp_path: Path) -> None:
    for name in ("alarms_b.jsonl", "alarms_a.jsonl", "look_alikes.jsonl"):
        line = ALARM if name.startswith("alarms") else {"id": "l1", "messages": ["hoi"], "kind": "idiom"}
        write_lines(tmp_path / name, line)
    assert len(alarm_messages(folder=tmp_path)) == 2
    assert [each.kind for each in look_alikes(folder=tmp_path)] == ["idiom"]


def test_a_turn_without_an_alarm_has_no_level() -> None:
    turns = '[{"text": "hoi", "level": null}, {"text": "au", "level": "112"}]'
    parsed = Conversation.model_validate_json(f'{{"id": "c", "turns": {turns}}}')
    assert [turn.level for turn in parsed.turns] == [None, Level.EMERGENCY]
