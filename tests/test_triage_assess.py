"""The second look speaks only where the rules are silent, reads all that stands open, and never silences anything."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from triage_fakes import RULES, WordEmbedder, opinion, rulebook

from assistant.triage.assess import SUSPICION, Assessor
from assistant.triage.judge import triage
from assistant.triage.rulebook import Level, Rulebook
from assistant.triage.second_opinion import Outcome

# The word that the second look takes for an emergency.
STRANGE = "wazig"


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    return rulebook(tmp_path_factory.mktemp("regels"))


def assessor(
    rules: Rulebook, outcome: Outcome = Outcome.EMERGENCY, embed: WordEmbedder | None = None, **changes: float
) -> Assessor:
    return Assessor(rules, opinion(outcome, **changes), embed or WordEmbedder(STRANGE))


def test_without_a_second_look_the_rules_decide_alone(rules: Rulebook) -> None:
    assert Assessor(rules).assess(["rugpijn en koorts"]) == triage(["rugpijn en koorts"], rules)
    assert Assessor(rules, opinion()).assess([STRANGE]).raised == ()


def test_where_the_rules_are_silent_the_second_look_may_raise_an_alarm(rules: Rulebook) -> None:
    found = assessor(rules).assess(["alles is wazig"])
    (suspicion,) = found.raised
    assert (suspicion.flag.id, suspicion.level) == (SUSPICION, Level.EMERGENCY)
    assert suspicion.certainty is not None
    assert suspicion.certainty > 0.9
    assert suspicion.flag.source
    assert suspicion.flag.reviewed_by == ""


def test_where_nothing_is_strange_it_raises_none(rules: Rulebook) -> None:
    assert assessor(rules).assess(["mijn nek is stijf"]).raised == ()
    assert assessor(rules).assess(["ik ben moe"]).needs_safety_net


def test_it_is_not_asked_where_the_rules_raise_an_urgent_alarm(rules: Rulebook) -> None:
    embed = WordEmbedder(STRANGE)
    messages = ["rugpijn en koorts, alles is wazig"]
    assert assessor(rules, embed=embed).assess(messages) == triage(messages, rules)
    assert embed.asked == []


def test_above_an_alarm_for_the_huisarts_it_comes_first_and_leaves_that_standing(rules: Rulebook) -> None:
    found = assessor(rules).assess(["gevallen, alles is wazig"])
    assert [raised.flag.id for raised in found.raised] == [SUSPICION, "val"]
    assert found.level is Level.EMERGENCY


def test_its_alarm_leaves_the_line_for_doubt_out(rules: Rulebook) -> None:
    assert not assessor(rules).assess(["moe, alles is wazig"]).needs_safety_net


def test_it_is_not_asked_when_the_visitor_says_that_help_was_called(rules: Rulebook) -> None:
    embed = WordEmbedder(STRANGE)
    found = assessor(rules, embed=embed).assess(["pijn op de borst, alles is wazig", "ik heb de huisarts gebeld"])
    assert (found.raised, found.was_answered) == ((), True)
    assert embed.asked == []


def test_what_was_said_before_help_was_called_is_not_held_against_a_later_message(rules: Rulebook) -> None:
    embed = WordEmbedder(STRANGE)
    messages = ["pijn op de borst, alles is wazig", "ik heb de huisarts gebeld", "wat kost een massage?"]
    assert assessor(rules, embed=embed).assess(messages).raised == ()
    assert embed.asked == ["wat kost een massage?", "ik heb de huisarts gebeld wat kost een massage?"]


def test_it_reads_the_last_message_and_all_together(rules: Rulebook) -> None:
    embed = WordEmbedder(STRANGE)
    assessor(rules, embed=embed).assess(["een", "twee", "drie"])
    assert embed.asked == ["drie", "een twee drie"]


def test_one_message_is_read_once(rules: Rulebook) -> None:
    embed = WordEmbedder(STRANGE)
    assessor(rules, embed=embed).assess(["mijn nek is stijf"])
    assert embed.asked == ["mijn nek is stijf"]


def test_an_alarm_of_the_second_look_stays_when_the_next_message_is_chatty(rules: Rulebook) -> None:
    assert assessor(rules).assess(["alles is wazig", "dank u wel"]).level is Level.EMERGENCY


@pytest.mark.parametrize(
    ("outcome", "flag", "level"),
    [
        (Outcome.SUICIDE, "suicide", Level.CRISIS),
        (Outcome.VIOLENCE, "geweld", Level.CRISIS),
        (Outcome.SPOED, SUSPICION, Level.SPOED),
    ],
)
def test_a_suspected_crisis_is_the_flag_with_its_own_helpline(
    tmp_path: Path, outcome: Outcome, flag: str, level: Level
) -> None:
    crises = RULES.replace('id = "griep"', 'id = "suicide"').replace('unless = ["griep"]', "")
    for name in ("suicide", "geweld"):
        crises += f'\n[[flag]]\nid = "{name}"\nname = "x"\nsource = "voorbeeld"\ncrisis = ["suicide"]\n'
    found = assessor(rulebook(tmp_path, crises), outcome).assess(["alles is wazig"])
    assert [(raised.flag.id, raised.level) for raised in found.raised] == [(flag, level)]


def test_what_it_is_not_certain_of_it_does_not_say(rules: Rulebook) -> None:
    assert assessor(rules, alarm_from=1.01).assess(["alles is wazig"]).raised == ()


def test_what_it_holds_for_likely_gets_the_line_that_says_when_to_call(rules: Rulebook) -> None:
    assert assessor(rules, alarm_from=1.01).assess(["alles is wazig"]).needs_safety_net
    assert not assessor(rules, alarm_from=1.01).assess(["dag"]).needs_safety_net


SAID = [
    "rugpijn",
    "koorts",
    "pijn op de borst",
    "gevallen",
    "moe",
    "ik heb de huisarts gebeld",
    "alles is wazig",
    "dag",
]


@given(st.lists(st.sampled_from(SAID), min_size=1, max_size=5))
def test_a_second_look_never_silences_and_never_lowers(rules: Rulebook, messages: Sequence[str]) -> None:
    alone, both = triage(messages, rules), assessor(rules).assess(messages)
    assert set(alone.raised) <= set(both.raised)
    assert (alone.findings, alone.was_answered, alone.sightings) == (both.findings, both.was_answered, both.sightings)
    assert alone.level is None or (both.level is not None and both.level.rank >= alone.level.rank)
    assert both.needs_safety_net <= alone.needs_safety_net


@pytest.mark.parametrize("length", [1_999, 2_000, 2_001, 50_000])
def test_of_a_long_message_the_end_is_read(rules: Rulebook, length: int) -> None:
    embed = WordEmbedder(STRANGE)
    assessor(rules, embed=embed).assess(["ja " * (length // 3) + STRANGE])
    assert all(len(text) <= 2_000 and text.endswith(STRANGE) for text in embed.asked)
