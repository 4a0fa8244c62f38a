from hypothesis import given
from hypothesis import strategies as st

from assistant.links import citation_url, quote_hash


def test_an_address_says_where_the_quote_is_and_what_it_was() -> None:
    assert citation_url("nek", 3, 21, "Warmte helpt vaak.") == "/bron/nek?c=3-21-0d153769#citaat"


def test_a_changed_quote_has_another_hash() -> None:
    assert quote_hash("Warmte helpt vaak.") != quote_hash("Warmte helpt vaker.")


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_no_slug_can_break_out_of_the_address(slug: str) -> None:
    address = citation_url(slug, 0, 1, "x")
    assert address.isascii()
    assert address.count("?") == address.count("#") == 1
    assert not set(address) & set(" <>\"'\\\n")
