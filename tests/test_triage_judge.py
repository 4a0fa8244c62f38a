"""A conversation adds up: an alarm stands until the visitor answers it, and is of one person."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from triage_fakes import RULES, rulebook

from assistant.language.context import Person, Status
from assistant.triage.judge import Triage, triage
from assistant.triage.reading import Sighting, read
from assistant.triage.rulebook import Level, Rulebook


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    return rulebook(tmp_path_factory.mktemp("regels"))


def flags(found: Triage) -> list[tuple[str, Level]]:
    return [(raised.flag.id, raised.level) for raised in found.raised]


def sightings(text: str, rules: Rulebook) -> dict[str, Sighting]:
    """By finding; each once."""
    found = read(text, rules).sightings
    assert len({sighting.finding for sighting in found}) == len(found)
    return {sighting.finding: sighting for sighting in found}


# What one message says


def test_a_sighting_has_the_visitors_words_and_where_they_stand(rules: Rulebook) -> None:
    text = "Sinds gisteren PIJN op mijn borst!"
    sighting = sightings(text, rules)["borstpijn"]
    assert sighting.words == text[sighting.start : sighting.end] == "PIJN op mijn borst"
    assert (sighting.status, sighting.cue_words, sighting.person) == (Status.PRESENT, "", Person.UNKNOWN)


def test_a_denied_sighting_has_the_words_that_deny_it(rules: Rulebook) -> None:
    sighting = sightings("ik heb rugpijn maar geen koorts", rules)["koorts"]
    assert (sighting.status, sighting.cue_words) == (Status.NEGATED, "geen")


def test_what_is_excepted_is_not_seen(rules: Rulebook) -> None:
    assert "koorts" not in sightings("koorts van mijn hond", rules)
    assert sightings("koorts", rules)["koorts"].is_present


def test_a_sentence_that_says_it_is_not_so_denies_it(rules: Rulebook) -> None:
    assert read("mijn temperatuur is normaal", rules).denied == {"koorts"}
    assert read("mijn temperatuur is normaal, koorts 39", rules).denied == frozenset()


def test_what_matters_however_long_ago_counts_when_past(rules: Rulebook) -> None:
    found = sightings("vroeger kanker en griep gehad", rules)
    assert (found["kanker"].status, found["griep"].status) == (Status.PRESENT, Status.PAST)


def test_what_matters_when_past_can_still_be_denied(rules: Rulebook) -> None:
    assert sightings("ik heb geen kanker gehad", rules)["kanker"].status is Status.NEGATED


# Which flags are raised


@pytest.mark.parametrize(
    ("text", "raised"),
    [
        ("pijn op mijn borst en zweet", [("hart", Level.EMERGENCY)]),
        ("pijn op mijn borst", [("hart", Level.SPOED)]),
        ("zweet", []),
        ("rugpijn en koorts", [("infectie", Level.SPOED)]),
        ("rugpijn en 39 graden", [("infectie", Level.SPOED)]),
        ("rugpijn", []),
        ("rugpijn, koorts en ik ben gevallen", [("infectie", Level.SPOED), ("val", Level.HUISARTS)]),
    ],
)
def test_a_flag_is_raised_at_its_most_urgent_combination_that_is_met(
    rules: Rulebook, text: str, raised: list[tuple[str, Level]]
) -> None:
    assert flags(triage([text], rules)) == raised


def test_the_most_urgent_flag_comes_first_whatever_the_order_in_the_file(tmp_path: Path) -> None:
    rules = rulebook(tmp_path, RULES.replace('twijfel = ["moe"]', '112 = ["moe"]'))
    found = triage(["gevallen, rugpijn met koorts, moe"], rules)
    assert flags(found) == [("twijfel", Level.EMERGENCY), ("infectie", Level.SPOED), ("val", Level.HUISARTS)]
    assert found.level is Level.EMERGENCY


def test_one_level_up_with_another_finding(rules: Rulebook) -> None:
    assert flags(triage(["gevallen"], rules)) == [("val", Level.HUISARTS)]
    assert flags(triage(["ik slik bloedverdunners en ben gevallen"], rules)) == [("val", Level.SPOED)]
    assert flags(triage(["ik ben gevallen. ik slik geen bloedverdunners"], rules)) == [("val", Level.HUISARTS)]


def test_a_finding_does_not_lift_the_combination_that_it_is_part_of(tmp_path: Path) -> None:
    rules = rulebook(tmp_path, RULES.replace('huisarts = ["gevallen"]', 'huisarts = ["gevallen + bloedverdunner"]'))
    assert flags(triage(["ik slik bloedverdunners en ben gevallen"], rules)) == [("val", Level.HUISARTS)]


def test_unless_another_finding_is_there(rules: Rulebook) -> None:
    assert flags(triage(["griep, rugpijn en koorts"], rules)) == []
    assert flags(triage(["geen griep, wel rugpijn en koorts"], rules)) == [("infectie", Level.SPOED)]


def test_doubt_is_no_alarm_but_asks_for_a_line(rules: Rulebook) -> None:
    found = triage(["ik ben zo moe"], rules)
    assert (found.raised, found.level, found.needs_safety_net) == ((), None, True)
    assert not triage(["mijn rug is stijf"], rules).needs_safety_net


def test_an_alarm_leaves_the_line_for_doubt_out(rules: Rulebook) -> None:
    assert not triage(["moe en pijn op de borst"], rules).needs_safety_net


def test_a_general_question_about_an_alarm_gets_the_line_and_no_alarm(rules: Rulebook) -> None:
    found = triage(["wat is pijn op de borst?"], rules)
    assert (found.raised, found.needs_safety_net) == ((), True)


def test_a_general_question_about_something_for_the_huisarts_gets_no_line(rules: Rulebook) -> None:
    assert not triage(["wanneer is iemand gevallen?"], rules).needs_safety_net


# One person


@pytest.mark.parametrize(
    "text",
    [
        "ik heb rugpijn en koorts",
        "rugpijn en koorts",
        "mijn man heeft rugpijn en koorts",
        "rugpijn. mijn man heeft koorts",
        "oma heeft rugpijn, ze heeft ook koorts",
    ],
)
def test_findings_of_one_person_combine(rules: Rulebook, text: str) -> None:
    assert flags(triage([text], rules)) == [("infectie", Level.SPOED)]


@pytest.mark.parametrize(
    "text",
    [
        "ik heb rugpijn, mijn man heeft koorts",
        "mijn man heeft koorts en ik heb rugpijn",
        "mijn moeder had kanker, ik heb rugpijn",
        "mijn buurman heeft pijn in zijn rug. ik heb koorts",
    ],
)
def test_findings_of_two_people_do_not(rules: Rulebook, text: str) -> None:
    assert flags(triage([text], rules)) == []


def test_two_people_with_the_same_complaints_are_an_alarm_for_either(rules: Rulebook) -> None:
    messages = ["ik heb rugpijn en mijn man ook rugpijn", "mijn man heeft koorts"]
    assert flags(triage(messages, rules)) == [("infectie", Level.SPOED)]


# Over messages


def test_symptoms_spread_over_messages_combine(rules: Rulebook) -> None:
    messages = ["ik heb rugpijn", "hoe lang duurt dat?", "o ja, koorts ook"]
    assert flags(triage(messages[:2], rules)) == []
    assert flags(triage(messages, rules)) == [("infectie", Level.SPOED)]


def test_an_alarm_stays_when_the_next_message_is_chatty(rules: Rulebook) -> None:
    found = triage(["pijn op mijn borst", "dank u", "wat kost een massage?"], rules)
    assert flags(found) == [("hart", Level.SPOED)]
    assert not found.is_new


def test_an_alarm_is_new_when_it_is_first_raised_or_climbs(rules: Rulebook) -> None:
    assert triage(["pijn op mijn borst"], rules).is_new
    assert not triage(["pijn op mijn borst", "pijn op mijn borst"], rules).is_new
    climbed = triage(["pijn op mijn borst", "en zweet"], rules)
    assert (flags(climbed), climbed.is_new) == ([("hart", Level.EMERGENCY)], True)


def test_only_what_is_new_is_new(rules: Rulebook) -> None:
    found = triage(["pijn op mijn borst", "en ik ben gevallen"], rules)
    assert [(raised.flag.id, raised.is_new) for raised in found.raised] == [("hart", False), ("val", True)]


def test_an_alarm_is_answered_by_saying_that_help_was_called_and_then_gone(rules: Rulebook) -> None:
    messages = ["pijn op mijn borst", "ik heb de huisarts gebeld"]
    answered = triage(messages, rules)
    assert (answered.raised, answered.was_answered, answered.open_from) == ((), True, 1)
    chatty = triage([*messages, "en wat kost een massage?"], rules)
    assert (chatty.raised, chatty.was_answered, chatty.open_from) == ((), False, 1)


def test_an_alarm_comes_back_with_a_new_symptom(rules: Rulebook) -> None:
    messages = ["pijn op mijn borst", "ik heb de huisarts gebeld", "nu weer pijn op mijn borst en zweet"]
    found = triage(messages, rules)
    assert (flags(found), found.is_new) == ([("hart", Level.EMERGENCY)], True)


def test_what_was_said_before_help_was_called_completes_nothing_after_it(rules: Rulebook) -> None:
    messages = ["rugpijn en pijn op mijn borst", "ik heb de huisarts gebeld", "ik heb koorts"]
    assert flags(triage(messages, rules)) == []


def test_a_symptom_in_the_message_that_says_help_was_called_still_counts(rules: Rulebook) -> None:
    found = triage(["rugpijn", "ik heb de huisarts gebeld. ik heb pijn op mijn borst"], rules)
    assert flags(found) == [("hart", Level.SPOED)]
    assert not found.was_answered


@pytest.mark.parametrize("denial", ["ik heb de huisarts niet gebeld", "ik heb geen huisarts gebeld"])
def test_help_that_was_not_called_answers_nothing(rules: Rulebook, denial: str) -> None:
    found = triage(["pijn op mijn borst", denial], rules)
    assert (flags(found), found.was_answered) == ([("hart", Level.SPOED)], False)


def test_without_an_alarm_there_is_nothing_to_answer(rules: Rulebook) -> None:
    assert not triage(["ik heb de huisarts gebeld"], rules).was_answered
    assert not triage(["mijn rug is stijf", "ik heb de huisarts gebeld"], rules).was_answered


def test_what_the_visitor_denies_goes(rules: Rulebook) -> None:
    found = triage(["rugpijn en koorts", "nee, ik heb geen koorts"], rules)
    assert (found.raised, found.was_answered, found.findings) == ((), True, {"rugpijn"})


def test_what_the_visitor_denies_goes_alone(rules: Rulebook) -> None:
    found = triage(["rugpijn, koorts en pijn op mijn borst", "nee, ik heb geen koorts"], rules)
    assert (flags(found), found.was_answered) == ([("hart", Level.SPOED)], False)


def test_what_was_denied_and_then_told_is_an_alarm(rules: Rulebook) -> None:
    assert flags(triage(["rugpijn, geen koorts", "nu wel koorts"], rules)) == [("infectie", Level.SPOED)]


def test_a_visitor_is_belgian_who_was_so_in_any_message(rules: Rulebook) -> None:
    assert triage(["ik woon in gent", "rugpijn"], rules).is_belgian
    assert not triage(["ik woon in assen", "rugpijn"], rules).is_belgian


def test_what_was_seen_is_of_the_last_message_and_what_holds_is_of_all(rules: Rulebook) -> None:
    found = triage(["rugpijn", "moe, geen koorts"], rules)
    assert {sighting.finding for sighting in found.sightings} == {"moe", "koorts"}
    assert found.findings == {"rugpijn", "moe"}


# Whatever is said

SAID = [
    "pijn op mijn borst",
    "zweet",
    "rugpijn",
    "koorts",
    "geen koorts",
    "gevallen",
    "ik slik bloedverdunners",
    "dank u",
    "mijn man heeft koorts",
    "wat is koorts?",
    "ik heb de huisarts gebeld",
    "ik heb pijn op mijn borst en de huisarts gebeld",
    "moe",
    "",
]
conversations = st.lists(st.sampled_from(SAID), min_size=1, max_size=6)


@given(conversations)
def test_chatter_neither_raises_nor_silences(rules: Rulebook, messages: Sequence[str]) -> None:
    before = triage(messages, rules)
    after = triage([*messages, "dank u wel"], rules)
    assert flags(after) == flags(before)
    assert after.findings == before.findings
    assert not after.is_new


@given(conversations)
def test_an_alarm_that_goes_was_answered(rules: Rulebook, messages: Sequence[str]) -> None:
    if len(messages) > 1 and triage(messages[:-1], rules).raised and not triage(messages, rules).raised:
        assert triage(messages, rules).was_answered


@given(conversations)
def test_everything_at_once_is_at_least_as_urgent_as_the_last_message_alone(
    rules: Rulebook, messages: Sequence[str]
) -> None:
    def rank(found: Triage) -> int:
        return found.level.rank if found.level else -1

    assert rank(triage(messages, rules)) >= rank(triage(messages[-1:], rules))


@given(conversations)
def test_what_is_raised_rests_on_findings_that_hold(rules: Rulebook, messages: Sequence[str]) -> None:
    found = triage(messages, rules)
    for raised in found.raised:
        assert raised.combination.findings <= found.findings
        assert raised.certainty is None
    assert [raised.level.rank for raised in found.raised] == sorted(
        (raised.level.rank for raised in found.raised), reverse=True
    )
