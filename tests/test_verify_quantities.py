"""Numbers with their units: the same amount in other words is the same, another amount is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.verify.quantities import quantities


def says_the_same(one: str, other: str) -> bool:
    """Whether every quantity of ``one`` is one of ``other``."""
    known = quantities(other)
    return bool(quantities(one)) and all(any(each.is_as(also) for also in known) for each in quantities(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("anderhalf jaar", "achttien maanden"),
        ("een half uur", "30 minuten"),
        ("na een halfuur", "na dertig minuten"),
        ("twee weken", "14 dagen"),
        ("twaalf tot achttien maanden", "een jaar à anderhalf jaar"),
        ("een kwart van de mensen", "een op de vier mensen"),
        ("72 %", "72 procent"),
        ("een derde", "1 op de 3"),
        ("ouder dan vijfenzestig jaar", "boven de 65"),
        ("10.000 mensen", "10000 mensen"),
        ("wekelijks", "per week"),
        ("tweemaal", "twee keer"),
    ],
)
def test_the_same_amount_in_other_words_is_the_same(one: str, other: str) -> None:
    assert says_the_same(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("twee weken", "twee dagen"),
        ("per maand", "per week"),
        ("500 mg", "500 gram"),
        ("72 procent", "27 procent"),
        ("de helft", "een kwart"),
        ("boven de 50", "boven de 65"),
        ("160 meter", "160 km"),
        ("drie keer per week", "twee keer per week"),
        ("vijfhonderd milligram", "rust"),
    ],
)
def test_another_amount_is_not(one: str, other: str) -> None:
    assert quantities(one)
    assert not says_the_same(one, other)


def test_some_time_is_no_amount() -> None:
    assert quantities("U kunt het een keer proberen, en dan nog een keer.") == []


@given(st.text(), st.text())
def test_whatever_is_written_each_amount_is_as_itself(before: str, behind: str) -> None:
    for each in quantities(f"{before} 12 weken {behind}"):
        assert each.is_as(each) or each.value is None or each.value != each.value
