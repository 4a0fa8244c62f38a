"""What says who somebody is does not stay in a message that is kept, however it was typed; the complaint does."""

import json
import logging
import re
import warnings
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.records.deidentify import Deidentifier, windows
from assistant.records.identifiers import identifiers, passes_eleven_test
from assistant.records.personal import Personal, Span, masked
from assistant.records.wordlists import deduce_lists
from ingest.settings import PROJECT

MESSAGES = Path(__file__).parent / "personal_messages.txt"
MARKED = re.compile(r"\{(?P<kind>\w+):(?P<words>[^}]*)\}")
# Of what is marked in those messages at least so much is taken out; names and places are not all in a list.
LEAST = {
    "name": 0.95,
    "address": 1,
    "postcode": 1,
    "place": 0.95,
    "phone": 1,
    "email": 1,
    "bsn": 1,
    "iban": 1,
    "born": 1,
}
SMALL_WORDS = {"de", "van", "der", "den", "el"}
ORDINARY = sorted((PROJECT / "assistant" / "evaluation" / "messages").glob("look_alikes_[mps]*.jsonl"))


@dataclass(frozen=True)
class Marked:
    """A message, and by kind what in it is personal."""

    text: str
    personal: tuple[tuple[str, str], ...]

    @classmethod
    def read(cls, line: str) -> "Marked":
        return cls(
            MARKED.sub(r"\g<words>", line), tuple((each["kind"], each["words"]) for each in MARKED.finditer(line))
        )


def messages() -> dict[str, list[Marked]]:
    halves: dict[str, list[Marked]] = {}
    half = ""
    for line in MESSAGES.read_text("utf-8").splitlines():
        if line.startswith("["):
            half = line.strip("[]")
        elif line and not line.startswith("#"):
            halves.setdefault(half, []).append(Marked.read(line))
    return halves


def ordinary_messages() -> list[str]:
    """As visitors type them, about their backs: hardly a name in them."""
    return [text for path in ORDINARY for line in path.open("rb") for text in json.loads(line)["messages"]]


def is_left(words: str, said: str) -> bool:
    """Whether a word of ``words``, or a number in it, can be read in ``said``."""
    kept = re.sub(r"\[[\w-]+\]", " ", said).casefold()
    if sum(char.isdigit() for char in words) >= 7:
        return re.sub(r"\D", "", words) in re.sub(r"\D", "", kept)
    parts = set(re.findall(r"\w{2,}", words.casefold())) - SMALL_WORDS
    return not parts.isdisjoint(re.findall(r"\w+", kept))


# Patterns


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("06-12345678", Personal.PHONE),
        ("06/12 34 56 78", Personal.PHONE),
        ("+31 (0)6 1234 5678", Personal.PHONE),
        ("0031612345678", Personal.PHONE),
        ("(020) 123 45 67", Personal.PHONE),
        ("0470 12 34 56", Personal.PHONE),
        ("6 12 34 56 78", Personal.PHONE),
        ("jan.devries@gmail.com", Personal.EMAIL),
        ("jan (at) live.nl", Personal.EMAIL),
        ("jan apenstaartje kpnmail punt nl", Personal.EMAIL),
        ("jan@praktijk.amsterdam", Personal.EMAIL),
        ("@jandevries", Personal.NAME),
        ("999990019", Personal.BSN),
        ("9999.90.019", Personal.BSN),
        ("NL44 RABO 0123 4567 89", Personal.IBAN),
        ("be68539007547034", Personal.IBAN),
        ("3512 ab", Personal.ADDRESS),
        ("3512ab", Personal.ADDRESS),
        ("3512 EN", Personal.ADDRESS),
    ],
)
def test_it_is_found_from_its_first_to_its_last_character(text: str, kind: Personal) -> None:
    before = "mijn gegevens: "
    found = set(identifiers(f"{before}{text}, dank u"))
    assert Span(len(before), len(before) + len(text), kind) in found


@pytest.mark.parametrize(
    "text",
    [
        "sinds 2019 en 2020 pijn",
        "1000 mg paracetamol, 400mg ibuprofen",
        "pijn van 1 tot 10: een 8",
        "L4 L5 S1",
        "3 x 10 minuten, 2 keer per dag",
        "in 2021 is mijn rug geopereerd",
        "al 25 jaar en 6 maanden",
        "bloeddruk 140/90",
        "ik doe 10000 stappen",
        "1,5 uur zitten",
        "de prijs is 65 euro @ 1 uur",
    ],
)
def test_numbers_about_the_complaint_stay(text: str) -> None:
    assert list(identifiers(text)) == []


def test_a_number_that_is_said_to_be_a_bsn_is_taken_for_one_though_it_cannot_be() -> None:
    assert not passes_eleven_test("123456789")
    assert list(identifiers("ordernummer 123456789")) == []
    assert Span(9, 18, Personal.BSN) in set(identifiers("mijn bsn 123456789"))
    assert Span(0, 9, Personal.BSN) in set(identifiers("123456789 is mijn burgerservicenummer"))


@pytest.mark.parametrize("text", ["geboren op 3 mei", "geb. 3-5-78", "geboortedatum: 03/05/1978", "jarig 3 mei 1978"])
def test_a_day_of_birth_is_found_with_and_without_its_year(text: str) -> None:
    (found,) = [span for span in identifiers(text) if span.kind is Personal.DATE]
    assert text[found.start] == text.lstrip("abcdefghijklmnopqrstuvwxyz. :")[0]
    assert found.end == len(text)


# Masks

spans = st.builds(
    lambda start, length, kind: Span(start, start + length, kind),
    st.integers(0, 30),
    st.integers(1, 12),
    st.sampled_from(Personal),
)


@given(st.lists(spans, max_size=6))
def test_nothing_inside_a_span_stays_and_nothing_outside_goes(found: list[Span]) -> None:
    text = "".join(chr(0x4E00 + place) for place in range(45))  # 45 characters that are in no mask
    inside = {place for span in found for place in range(span.start, span.end)}
    left = [char for char in masked(text, found) if char in text]
    assert left == [char for place, char in enumerate(text) if place not in inside]


def test_a_first_name_and_a_surname_that_were_found_apart_become_one() -> None:
    parts = [Span(4, 7, Personal.NAME), Span(8, 16, Personal.NAME), Span(12, 16, Personal.PLACE)]
    assert masked("Dag Jan de Vries!", parts) == "Dag [naam]!"


def test_of_two_that_are_as_long_the_one_that_tells_most_is_named() -> None:
    assert masked("999990019", [Span(0, 9, Personal.NUMBER), Span(0, 9, Personal.BSN)]) == "[bsn]"


# Long messages


@given(st.text(st.sampled_from("ab  \n"), max_size=900))
def test_the_windows_on_a_message_have_every_character_and_every_name_in_one_of_them(text: str) -> None:
    found = list(windows(text))
    assert all(text[start : start + len(window)] == window for start, window in found)
    assert [start for start, _ in found] == sorted({start for start, _ in found})
    for place in range(max(1, len(text) - 30)):
        assert any(start <= place and place + 30 <= start + len(window) for start, window in found) or len(text) < 30


# All together, with deduce


@pytest.fixture(scope="module")
def surroundings() -> list[object]:
    return []


@pytest.fixture(scope="module")
def deidentify(surroundings: list[object]) -> Deidentifier:
    lists = deduce_lists()
    assert lists is not None
    surroundings.append(_surroundings())
    made = Deidentifier(lists)
    surroundings.append(_surroundings())
    return made


def _surroundings() -> tuple[object, ...]:
    return logging.getLogger().level, list(logging.getLogger().handlers), list(warnings.filters)


@pytest.mark.model
def test_loading_it_changes_nothing_of_how_the_program_logs_and_warns(
    deidentify: Deidentifier, surroundings: list[object]
) -> None:
    before, after = surroundings
    assert before == after


@pytest.mark.model
@pytest.mark.parametrize("half", ["tuning", "held out"])
def test_what_is_marked_in_messages_of_visitors_is_taken_out(deidentify: Deidentifier, half: str) -> None:
    marked, caught = Counter[str](), Counter[str]()
    for message in messages()[half]:
        said = deidentify(message.text)
        for kind, words in message.personal:
            marked[kind] += 1
            caught[kind] += not is_left(words, said)
    assert {kind for kind, least in LEAST.items() if caught[kind] < least * marked[kind]} == set()
    assert marked.total() > 40


@pytest.mark.model
def test_messages_without_names_stay_as_they_are(deidentify: Deidentifier) -> None:
    typed = [" ".join(text.split()) for text in ordinary_messages()]
    changed = [text for text in typed if deidentify(text) != text]
    assert len(typed) > 1_500
    assert len(changed) / len(typed) < 0.01


@pytest.mark.model
def test_how_old_somebody_is_stays(deidentify: Deidentifier) -> None:
    assert deidentify("Ik ben Petra, 54 jaar, en heb rugpijn.") == "Ik ben [naam], 54 jaar, en heb rugpijn."


@pytest.mark.model
@pytest.mark.parametrize(
    "unit", ["Jan ", "Jan van der ", "a.", "06 ", "a@", "a (at) b.", "Dorpsstraat 1 ", "1", "dr. "]
)
def test_a_message_that_is_made_to_be_slow_is_done_in_time(deidentify: Deidentifier, unit: str) -> None:
    """Without windows deduce gives up on the first, and takes minutes for what is a bit shorter."""
    said = deidentify((unit * 4_000)[:4_000])
    assert "Jan" not in said


@pytest.mark.model
def test_what_cannot_be_seen_hides_nothing(deidentify: Deidentifier) -> None:
    assert deidentify("mail jan\u200b@live.nl of bel 06\u00ad12345678") == "mail [e-mail] of bel [telefoon]"


@pytest.mark.model
@given(st.text(max_size=120))
def test_it_takes_any_text_that_can_be_asked(deidentify: Deidentifier, text: str) -> None:
    deidentify(text)
