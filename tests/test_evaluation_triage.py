"""How triage is counted; and that it does not fall below what a practice may count on."""

from collections import Counter
from collections.abc import Sequence

import pytest
from evaluation_fakes import alarm, conversation, found, judge_by_words, look_alike

from assistant.evaluation.messages import AlarmMessage, LookAlike, alarm_messages, look_alikes
from assistant.evaluation.questions import Half
from assistant.evaluation.rates import Rate
from assistant.evaluation.triage import (
    Judge,
    Judged,
    Measurement,
    Timing,
    TurnFault,
    is_acute,
    judge_conversation,
    judge_examples,
    judge_variants,
    reached,
    turn_fault,
)
from assistant.evaluation.variants import Variant, VariantKind
from assistant.settings import Settings
from assistant.triage.assess import Assessor
from assistant.triage.rulebook import Level, load_rulebook
from assistant.triage.second_opinion import PACKAGED

DOUBT, HUISARTS, SPOED, CRISIS, EMERGENCY = Level
FEVER = judge_by_words(koorts=SPOED, druk=EMERGENCY, kanker=HUISARTS, steek=DOUBT)


# One message


@pytest.mark.parametrize(
    ("due", "got", "at_least", "exact"),
    [
        (SPOED, SPOED, True, True),
        (SPOED, EMERGENCY, True, False),
        (SPOED, CRISIS, True, False),
        (EMERGENCY, CRISIS, False, False),
        (CRISIS, SPOED, False, False),
        (SPOED, HUISARTS, False, False),
        (HUISARTS, DOUBT, False, False),
        (HUISARTS, None, False, False),
    ],
)
def test_an_alarm_is_right_when_it_is_at_least_as_high_as_due(
    due: Level, got: Level | None, at_least: bool, exact: bool
) -> None:
    judged = Judged(alarm("au", level=due), found(got), 0.0)
    assert (judged.is_at_least, judged.is_exact, judged.is_right) == (at_least, exact, at_least)


@pytest.mark.parametrize(
    ("kind", "got", "right"),
    [
        ("negation", None, True),
        ("negation", DOUBT, True),
        ("negation", HUISARTS, False),
        ("negation", SPOED, False),
        ("doubt", DOUBT, True),
        ("doubt", None, False),
        ("doubt", HUISARTS, False),
        ("doubt", EMERGENCY, False),
    ],
)
def test_a_look_alike_is_right_without_an_alarm_and_a_doubtful_one_only_with_the_safety_net(
    kind: str, got: Level | None, right: bool
) -> None:
    assert Judged(look_alike("au", kind=kind), found(got), 0.0).is_right is right


@pytest.mark.parametrize(
    ("level", "acute"), [(None, False), (DOUBT, False), (HUISARTS, False), (SPOED, True), (CRISIS, True),
                         (EMERGENCY, True)]
)  # fmt: skip
def test_acute_is_what_no_answer_may_follow(level: Level | None, acute: bool) -> None:
    assert is_acute(level) is acute
    assert Judged(look_alike("au"), found(level), 0.0).is_acute is acute


def test_the_safety_net_counts_as_reached_only_without_an_alarm() -> None:
    assert [reached(found(level)) for level in (None, *Level)] == [None, *Level]


def test_all_messages_of_an_example_are_judged_together_and_timed() -> None:
    spread = alarm("ik heb", "koorts", "helpt massage?")
    (judged,) = judge_examples([spread], FEVER)
    assert (judged.example, judged.got) == (spread, SPOED)
    assert 0 < judged.milliseconds < 1000


# Conversations


@pytest.mark.parametrize(
    ("dues", "raised", "fault"),
    [
        ([None], [None], None),
        ([SPOED], [SPOED], None),
        ([None], [SPOED], TurnFault.FALSE),
        ([HUISARTS], [SPOED], TurnFault.FALSE),
        ([SPOED], [None], TurnFault.MISSED),
        ([None, SPOED], [None, None], TurnFault.MISSED),
        ([HUISARTS, SPOED], [HUISARTS, HUISARTS], TurnFault.MISSED),
        ([SPOED, SPOED], [SPOED, None], TurnFault.LOST),
        ([SPOED, SPOED], [SPOED, HUISARTS], TurnFault.LOST),
        ([SPOED, SPOED], [None, None], TurnFault.MISSED),
        ([SPOED, None, SPOED], [SPOED, None, None], TurnFault.MISSED),
        ([SPOED, None], [SPOED, SPOED], TurnFault.REPEATED),
        ([SPOED, None, None], [SPOED, None, SPOED], TurnFault.REPEATED),
        ([SPOED, HUISARTS], [SPOED, SPOED], TurnFault.REPEATED),
        ([SPOED, None], [SPOED, EMERGENCY], TurnFault.FALSE),
    ],
)
def test_a_turn_is_missed_lost_repeated_or_false(
    dues: Sequence[Level | None], raised: Sequence[Level | None], fault: TurnFault | None
) -> None:
    assert turn_fault(dues, raised) is fault


def test_every_turn_is_judged_with_all_that_was_said_before() -> None:
    turns = judge_conversation(conversation(("ik heb", None), ("koorts", SPOED), ("oké", SPOED), ("dag", None)), FEVER)
    assert [(turn.found.level, turn.fault) for turn in turns] == [
        (None, None),
        (SPOED, None),
        (SPOED, None),
        (SPOED, TurnFault.REPEATED),
    ]
    assert turns[1].messages == ("ik heb", "koorts")


def test_the_safety_net_line_is_no_alarm_in_a_conversation() -> None:
    (turn,) = judge_conversation(conversation(("een steek", None)), FEVER)
    assert turn.fault is None


# Variants and times


@pytest.mark.parametrize(("said", "kept"), [("koorts", True), ("druk", True), ("kanker", False), ("niets", False)])
def test_a_variant_keeps_its_level_when_it_is_at_least_as_high(said: str, kept: bool) -> None:
    (judged,) = judge_variants([Variant(alarm("koorts"), VariantKind.ONE_TYPO, (said,))], FEVER)
    assert judged.keeps_level is kept


def test_times_are_a_median_and_a_95th_percentile() -> None:
    assert Timing.of(range(101)) == Timing(101, 50.0, 95.0)
    assert Timing.of([]) == Timing(0, 0.0, 0.0)


def test_single_messages_and_conversations_are_timed_apart() -> None:
    measured = Measurement(
        Half.TUNE,
        alarms=(Judged(alarm("a"), found(None), 1.0), Judged(alarm("a", "b"), found(None), 3.0)),
        look_alikes=(Judged(look_alike("a"), found(None), 2.0),),
        turns=tuple(judge_conversation(conversation(("a", None), ("b", None)), FEVER)),
    )
    assert measured.single_messages == Timing(2, 1.5, pytest.approx(1.95))
    assert measured.whole_conversations.count == 2


# Rates


@pytest.mark.parametrize(
    ("rate", "shown"),
    [
        (Rate(81, 263), "30,8 % (25,5–36,6)"),  # Newcombe (1998), Statistics in Medicine 17, table I
        (Rate(15, 148), "10,1 % (6,2–16,0)"),
        (Rate(0, 20), "0,0 % (0,0–16,1)"),
        (Rate(1, 29), "3,4 % (0,6–17,2)"),
        (Rate(20, 20), "100,0 % (83,9–100,0)"),
        (Rate(0, 0), "–"),
    ],
)
def test_a_rate_is_shown_with_wilsons_interval(rate: Rate, shown: str) -> None:
    assert str(rate) == shown


def test_a_rate_short_of_all_is_never_shown_as_all() -> None:
    assert str(Rate(99_999, 100_000)).startswith("99,9 %")
    assert str(Rate(1, 100_000)).startswith("0,1 %")


def test_a_rate_counts_what_is_true() -> None:
    assert Rate.of([True, False, True]) == Rate(2, 3)
    assert (Rate(2, 4).share, Rate(0, 0).share) == (0.5, 0.0)


# The floors, on the half that nothing was tuned on. Their messages stay out of what a failure shows.


@pytest.fixture(scope="module")
def judge(nobodys_settings: None) -> Judge:
    """Rules and second look, as a visitor meets them."""
    from ingest.embed import SentenceTransformerEmbedder

    settings = Settings()
    embedder = SentenceTransformerEmbedder(settings.embedding_model)
    return Assessor.load(load_rulebook(), PACKAGED, embedder.name, embedder.query).assess


@pytest.fixture(scope="module")
def acute(judge: Judge) -> list[Judged[AlarmMessage]]:
    return [each for each in judge_examples(alarm_messages(Half.REPORT), judge) if is_acute(each.expected)]


@pytest.fixture(scope="module")
def calm(judge: Judge) -> list[Judged[LookAlike]]:
    return list(judge_examples(look_alikes(Half.REPORT), judge))


def fail_below(acute: list[Judged[AlarmMessage]], floor: float) -> None:
    missed = Counter(str(each.expected) for each in acute if not each.is_at_least)
    recall = Rate.of(each.is_at_least for each in acute)
    if recall.share < floor:
        pytest.fail(f"{recall.hits} of {recall.total} raised as high as due; missed: {dict(missed)}", pytrace=False)


def fail_above(calm: list[Judged[LookAlike]], ceiling: float) -> None:
    false = Counter(each.example.kind for each in calm if each.is_acute)
    alarms = Rate.of(each.is_acute for each in calm)
    if alarms.share > ceiling:
        pytest.fail(f"{alarms.hits} of {alarms.total} raise 112, spoed or crisis: {dict(false)}", pytrace=False)


@pytest.mark.model
@pytest.mark.xfail(strict=True, reason="not met: 89.2 % on 2026-11-24, see docs/evaluation.md")
def test_alarms_that_cannot_wait_are_raised_99_in_100(acute: list[Judged[AlarmMessage]]) -> None:
    fail_below(acute, 0.99)


@pytest.mark.model
@pytest.mark.xfail(strict=True, reason="not met: 6.8 % on 2026-11-24, see docs/evaluation.md")
def test_at_most_5_in_100_look_alikes_raise_such_an_alarm(calm: list[Judged[LookAlike]]) -> None:
    fail_above(calm, 0.05)


@pytest.mark.model
def test_as_many_alarms_are_raised_as_before(acute: list[Judged[AlarmMessage]]) -> None:
    fail_below(acute, 0.88)


@pytest.mark.model
def test_no_more_look_alikes_raise_an_alarm_than_before(calm: list[Judged[LookAlike]]) -> None:
    fail_above(calm, 0.07)
