"""The banner: fixed words, the most urgent first, and numbers that work where the visitor is."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from triage_fakes import banner, raised

from assistant import texts
from assistant.answer import Alarm, Call, Urgency
from assistant.settings import Settings
from assistant.triage.alarm import Country, Helplines, alarm
from assistant.triage.judge import Raised, Triage
from assistant.triage.rulebook import Level, load_rulebook

BELGIUM = Helplines(Country.BELGIUM)
WITH_SPOEDPOST = Helplines(spoedpost="0900 1515")
FLAGS = [*load_rulebook().flags]
LEVELS = [level for level in Level if level is not Level.DOUBT]


def numbers(found: Alarm) -> list[str]:
    return [call.number for call in found.calls]


# Levels


def test_nothing_raised_is_no_banner() -> None:
    assert alarm(Triage(), Helplines()) is None
    assert alarm(Triage(needs_safety_net=True), Helplines()) is None


def test_112_says_to_call_112_and_shows_that_button_only() -> None:
    found = banner(raised("hart", Level.EMERGENCY), helplines=WITH_SPOEDPOST)
    assert (found.urgency, found.title, found.paragraphs) == (Urgency.EMERGENCY, "Bel nu 112", (texts.ALARM_112,))
    assert found.calls == (Call("Bel 112", "112"),)


def test_spoed_says_to_call_the_huisarts_now_and_112_when_it_gets_worse() -> None:
    found = banner(raised("cauda_equina", Level.SPOED))
    assert (found.urgency, found.title, found.paragraphs) == (Urgency.SPOED, "Bel nu uw huisarts", (texts.ALARM_SPOED,))
    assert found.calls == (Call(texts.CALL_112_IF_WORSE, "112"),)


def test_huisarts_says_to_make_an_appointment_and_has_no_button() -> None:
    found = banner(raised("houdt_aan", Level.HUISARTS), helplines=WITH_SPOEDPOST)
    assert (found.urgency, found.title, found.paragraphs) == (
        Urgency.HUISARTS,
        texts.ALARM_HUISARTS_TITLE,
        (texts.ALARM_HUISARTS,),
    )
    assert found.calls == ()


def test_the_number_of_the_spoedpost_is_a_button_before_112() -> None:
    found = banner(raised("infectie", Level.SPOED), helplines=WITH_SPOEDPOST)
    assert [(call.text, call.url) for call in found.calls] == [
        ("Bel de huisartsenspoedpost 0900 1515", "tel:09001515"),
        ("Snel erger? Bel 112", "tel:112"),
    ]


def test_the_words_are_those_that_were_asked_for() -> None:
    said = banner(raised("hart", Level.EMERGENCY)).text
    assert "Wat u schrijft, kan levensgevaarlijk zijn. Wacht niet. Kunt u niet praten? Gebruik de app 112NL." in said
    said = banner(raised("infectie", Level.SPOED)).text
    for words in ("Bel de huisartsenspoedpost", "Wacht niet tot morgen", "Neem eerst geen massage", "Bel 112"):
        assert words in said
    said = banner(raised("suicide", Level.CRISIS)).text
    for words in ("Bel gratis en anoniem 113 (0800-0113), dag en nacht", "113.nl", "Bent u nu in gevaar? Bel 112."):
        assert words in said


# Crises


def test_suicide_shows_113_twice_and_112() -> None:
    found = banner(raised("suicide", Level.CRISIS))
    assert (found.urgency, found.title) == (Urgency.CRISIS, texts.ALARM_SUICIDE_TITLE)
    assert numbers(found) == ["113", "0800-0113", "112"]


def test_violence_shows_veilig_thuis_and_112_and_no_113() -> None:
    found = banner(raised("geweld", Level.CRISIS))
    assert (found.urgency, found.title) == (Urgency.CRISIS, texts.ALARM_VIOLENCE_TITLE)
    assert numbers(found) == ["0800-2000", "112"]
    assert "113" not in found.text


def test_two_crises_show_both_helplines_and_112_once() -> None:
    found = banner(raised("geweld", Level.CRISIS), raised("suicide", Level.CRISIS))
    assert numbers(found) == ["0800-2000", "112", "113", "0800-0113"]
    assert found.title == texts.ALARM_VIOLENCE_TITLE
    assert texts.ALARM_SUICIDE in found.text
    assert found.flags == ("geweld", "suicide")


def test_112_with_suicide_shows_both() -> None:
    found = banner(raised("overdosis", Level.EMERGENCY), raised("suicide", Level.CRISIS))
    assert (found.urgency, found.title) == (Urgency.EMERGENCY, texts.ALARM_112_TITLE)
    assert numbers(found) == ["112", "113", "0800-0113"]
    assert texts.ALARM_SUICIDE in found.text


def test_a_crisis_with_something_for_today_says_both() -> None:
    found = banner(raised("suicide", Level.CRISIS), raised("infectie", Level.SPOED))
    assert (found.urgency, found.title) == (Urgency.CRISIS, texts.ALARM_SUICIDE_TITLE)
    assert texts.ALARM_SPOED in found.text


def test_112_leaves_out_what_is_only_a_less_urgent_call_for_the_same_help() -> None:
    found = banner(
        raised("hart", Level.EMERGENCY), raised("infectie", Level.SPOED), raised("zwangerschap", Level.SPOED)
    )
    assert found.paragraphs == (texts.ALARM_112,)
    assert found.flags == ("hart", "infectie", "zwangerschap")


def test_from_spoed_on_what_can_wait_is_left_out() -> None:
    found = banner(raised("infectie", Level.SPOED), raised("houdt_aan", Level.HUISARTS))
    assert (found.flags, found.paragraphs) == (("infectie",), (texts.ALARM_SPOED,))


# Pregnancy and too many pills


def test_pregnancy_sends_to_who_guides_it() -> None:
    found = banner(raised("zwangerschap", Level.SPOED), helplines=WITH_SPOEDPOST)
    assert (found.title, found.paragraphs) == (texts.ALARM_PREGNANT_TITLE, (texts.ALARM_PREGNANT,))
    assert "verloskundige" in found.title
    assert numbers(found) == ["112"]


def test_too_many_pills_asks_what_how_many_and_when() -> None:
    found = banner(raised("overdosis", Level.SPOED), helplines=WITH_SPOEDPOST)
    assert (found.title, found.paragraphs) == (texts.ALARM_OVERDOSE_TITLE, (texts.ALARM_OVERDOSE,))
    assert numbers(found) == ["0900 1515", "112"]


def test_too_many_pills_with_suicide_says_what_to_do_about_both() -> None:
    found = banner(raised("suicide", Level.CRISIS), raised("overdosis", Level.SPOED))
    assert texts.ALARM_OVERDOSE in found.text
    assert numbers(found) == ["113", "0800-0113", "112"]


# Belgium


@pytest.mark.parametrize(("helplines", "is_belgian"), [(BELGIUM, False), (Helplines(), True), (BELGIUM, True)])
def test_a_belgian_by_wording_or_by_setting_gets_belgian_numbers(helplines: Helplines, is_belgian: bool) -> None:
    def shown(flag: str, level: Level) -> list[str]:
        return numbers(banner(raised(flag, level), helplines=helplines, is_belgian=is_belgian))

    assert shown("hart", Level.EMERGENCY) == ["112"]
    assert shown("infectie", Level.SPOED) == ["1733", "112"]
    assert shown("suicide", Level.CRISIS) == ["1813", "112"]
    assert shown("geweld", Level.CRISIS) == ["1712", "112"]
    assert shown("overdosis", Level.SPOED) == ["070 245 245", "1733", "112"]
    assert shown("houdt_aan", Level.HUISARTS) == []


@given(st.sampled_from(FLAGS), st.sampled_from(LEVELS))
def test_a_belgian_never_reads_of_a_dutch_helpline(flag: str, level: Level) -> None:
    said = banner(raised(flag, level), helplines=BELGIUM).text
    for dutch in ("113 ", "0800-", "112NL", "Veilig Thuis", "huisartsenspoedpost"):
        assert dutch not in said


@given(st.sampled_from(FLAGS), st.sampled_from(LEVELS))
def test_a_dutch_visitor_never_reads_of_a_belgian_helpline(flag: str, level: Level) -> None:
    said = banner(raised(flag, level)).text
    for belgian in ("1733", "1813", "1712", "070", "Zelfmoordlijn", "Antigifcentrum"):
        assert belgian not in said


def test_a_belgian_practice_keeps_its_own_spoedpost() -> None:
    found = banner(raised("infectie", Level.SPOED), helplines=Helplines(Country.BELGIUM, "03 123 45 67"))
    assert numbers(found) == ["03 123 45 67", "1733", "112"]


# Said before


def test_an_alarm_that_still_stands_says_so_and_how_to_answer() -> None:
    found = banner(raised("infectie", Level.SPOED, is_new=False))
    assert found.paragraphs == (texts.ALARM_SPOED, texts.ALARM_AGAIN)
    assert "Hebt u al gebeld? Schrijf dat" in texts.ALARM_AGAIN


def test_a_new_alarm_beside_an_old_one_is_said_as_new() -> None:
    found = banner(raised("hart", Level.EMERGENCY), raised("infectie", Level.SPOED, is_new=False))
    assert texts.ALARM_AGAIN not in found.text


# Any banner

several = st.lists(
    st.builds(raised, st.sampled_from(FLAGS), st.sampled_from(LEVELS), is_new=st.booleans()), min_size=1, max_size=5
).map(lambda flags: sorted(flags, key=lambda each: -each.level.rank))
helplines = st.builds(Helplines, st.sampled_from(Country), st.sampled_from(["", "0900 1515", "+31 (0)20-123 45 67"]))


@given(several, helplines, st.booleans())
def test_every_banner_can_be_read_and_called(flags: list[Raised], lines: Helplines, is_belgian: bool) -> None:
    found = banner(*flags, helplines=lines, is_belgian=is_belgian)
    assert found.urgency is flags[0].level.urgency
    assert found.flags
    assert all(paragraph.strip() for paragraph in (found.title, *found.paragraphs))
    assert len(set(found.paragraphs)) == len(found.paragraphs)
    assert len(set(numbers(found))) == len(found.calls)
    assert all(re.fullmatch(r"tel:\+?\d{3,15}", call.url) for call in found.calls)
    assert bool(found.calls) is found.urgency.forbids_advice
    assert found.urgency is Urgency.HUISARTS or "112" in numbers(found)
    assert found.text.startswith(found.title)


@given(several, helplines)
def test_every_number_stands_in_the_text_for_who_cannot_tap(flags: list[Raised], lines: Helplines) -> None:
    found = banner(*flags, helplines=lines)
    assert all(call.number in found.text for call in found.calls)


def test_a_call_shows_its_number_once_and_dials_only_digits() -> None:
    assert Call("Bel 112", "112").text == "Bel 112"
    assert Call("Bel", "²0800-½2000").url == "tel:08002000"
    assert Call("Bel Veilig Thuis", "0800-2000").text == "Bel Veilig Thuis 0800-2000"
    assert Call("Bel", "+31 20 123-45").url == "tel:+312012345"


def test_the_nought_in_brackets_is_not_dialled_behind_a_country_code() -> None:
    assert Call("Bel", "+31 (0)20 123").url == "tel:+3120123"
    assert Call("Bel", "(020) 123").url == "tel:020123"


# Settings


def test_helplines_are_dutch_without_a_spoedpost_unless_set(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (Settings.read().country, Settings.read().spoedpost) == (Country.NETHERLANDS, "")
    monkeypatch.setenv("RUGPIJN_COUNTRY", "be")
    monkeypatch.setenv("RUGPIJN_SPOEDPOST", "+31 (0)900-1515")
    assert (Settings.read().country, Settings.read().spoedpost) == (Country.BELGIUM, "+31 (0)900-1515")


@pytest.mark.parametrize(
    ("name", "value"), [("country", "de"), ("country", ""), ("spoedpost", "bel ons"), ("spoedpost", "112;x")]
)
def test_a_country_or_number_that_cannot_be_is_refused(name: str, value: str) -> None:
    with pytest.raises(ValidationError):
        Settings(**{name: value})
