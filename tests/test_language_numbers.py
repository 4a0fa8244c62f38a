"""Ages, durations, temperatures and amounts, told apart by the words around them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language.numbers import Quantity, measures
from assistant.language.tokens import tokenise

AGE, DAYS, DEGREES, AMOUNT = Quantity.AGE, Quantity.DAYS, Quantity.DEGREES, Quantity.AMOUNT


def said(message: str, quantity: Quantity) -> list[float]:
    return [measure.value for measure in measures(tokenise(message)) if measure.quantity is quantity]


# Ages


@pytest.mark.parametrize(
    ("message", "years"),
    [
        ("ik ben 72", 72),
        ("ik ben 72 jaar", 72),
        ("ik ben 72 en heb rugpijn", 72),
        ("ik word 66, eerste keer rugpijn", 66),
        ("man van 80 jaar oud", 80),
        ("mijn dochter is 4", 4),
        ("mijn zoontje van 5 jaar", 5),
        ("een 70 jarige vrouw", 70),
        ("ben zeventig jaar", 70),
        ("i am 68 years old", 68),
        ("ich bin 70 jahre alt", 70),
        ("mam lat 68 lat", 68),
        ("baby van 6 maanden", 0.5),
    ],
)
def test_an_age_is_read_in_years(message: str, years: float) -> None:
    assert said(message, AGE) == [years]


@pytest.mark.parametrize(
    "message",
    [
        "al 12 jaar last van mijn rug",
        "12 jaar geleden geopereerd",
        "sinds 3 jaar",
        "30 jaar getrouwd",
        "al 20 jaar rugpijn",
        "om de 2 jaar",
        "ik ben 39,5",
        "ik heb 66 tegels gelegd",
        "al 6 weken",
        "1950 was een mooi jaar",
        "ik ben 2 keer gevallen",
    ],
)
def test_what_only_looks_like_an_age_is_none(message: str) -> None:
    assert said(message, AGE) == []


# Durations


@pytest.mark.parametrize(
    ("message", "days"),
    [
        ("al 6 weken pijn", 42),
        ("sinds 3 dagen", 3),
        ("6 weken", 42),
        ("anderhalve maand last", 45),
        ("al 2 jaar", 730),
        ("3 jaar last van mijn nek", 3 * 365),
        ("drie weken rugpijn", 21),
        ("for 6 weeks", 42),
        ("seit 3 monaten", 90),
        ("depuis 2 mois", 60),
        ("al maanden", 90),
        ("wekenlang", 42),
        ("al jaren", 730),
    ],
)
def test_how_long_it_lasts_is_read_in_days(message: str, days: float) -> None:
    assert said(message, DAYS) == [days]


@pytest.mark.parametrize(
    "message",
    ["6 weken geleden", "30 weken zwanger", "ik ben 45 jaar", "6 weken terug", "baby van 6 maanden oud", "45 jr"],
)
def test_how_long_ago_it_was_is_not_how_long_it_lasts(message: str) -> None:
    assert said(message, DAYS) == []


# Temperatures


@pytest.mark.parametrize(
    ("message", "degrees"),
    [
        ("39 koorts", 39),
        ("koorts van 38,5", 38.5),
        ("38.7", 38.7),
        ("temperatuur is 40", 40),
        ("39 graden", 39),
        ("veertig koorts", 40),
        ("koorts, gisteren nog 39", 39),
    ],
)
def test_a_temperature_is_read_in_degrees(message: str, degrees: float) -> None:
    assert said(message, DEGREES) == [degrees]


@pytest.mark.parametrize(
    "message", ["ik ben 39 jaar", "39 jaar en koorts", "maat 39", "12 graden koorts", "al 40 dagen koorts", "koorts 45"]
)
def test_another_number_is_no_temperature(message: str) -> None:
    assert said(message, DEGREES) == []


def test_half_a_tablet_is_not_twelve() -> None:
    assert said("½ paracetamol", AMOUNT) == [0.5]


# All


def test_every_number_is_an_amount_too() -> None:
    assert said("14 paracetamol en twee ibuprofen", AMOUNT) == [14, 2]


def test_a_measure_says_which_words_tell_it() -> None:
    found = measures(tokenise("al 6 weken rugpijn"))
    assert {(measure.quantity, measure.span) for measure in found} == {(AMOUNT, (1,)), (DAYS, (1, 2))}


WORDS = "ik ben is al sinds van 6 39 38,5 72 weken jaar maanden dagen koorts graden oud geleden last zwanger een , ."


@given(st.lists(st.sampled_from(WORDS.split()), max_size=10).map(" ".join))
def test_every_measure_stands_on_tokens_of_the_message_and_can_be(message: str) -> None:
    tokens = tokenise(message)
    for measure in measures(tokens):
        assert list(measure.span) == sorted(set(measure.span) & set(range(len(tokens))))
        assert measure.value >= 0
        assert measure.quantity is not AGE or measure.value <= 115
        assert measure.quantity is not DEGREES or 34 <= measure.value < 43
