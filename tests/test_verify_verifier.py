"""A sentence is shown when its passage says it, and not when one thing in it is different."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import CalibrationError
from assistant.reply import Assistant
from assistant.verify.verifier import PACKAGED, Fault, Verification, Verifier, load_verification
from ingest.index import Index

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def index(assistant: Assistant) -> Index:
    return assistant.index


@pytest.fixture(scope="module")
def verifier(index: Index) -> Verifier:
    return Verifier(index, load_verification(Path("nowhere"), index.manifest.model))


def rows_beside(index: Index, row: int) -> frozenset[int]:
    passage = index.sentence_rows[row].passage
    return frozenset(other for other, each in enumerate(index.sentence_rows) if each.passage == passage)


def row_of(index: Index, words: str) -> int:
    return next(row for row, each in enumerate(index.sentence_rows) if words in index.wording(each))


def plain_rows(index: Index) -> list[int]:
    """Of sentences that tell something and have nothing in them that is always refused."""
    wordings = [index.wording(row) for row in index.sentence_rows]
    return [row for row, text in enumerate(wordings) if not re.search(r"[?#*/_=\[\]]|^\S+$", text) and len(text) < 400]


def test_every_sentence_of_the_articles_is_supported_by_its_own_passage(index: Index, verifier: Verifier) -> None:
    rows = plain_rows(index)
    assert len(rows) > 150
    refused = [
        row
        for row in rows
        if not verifier.check(index.wording(index.sentence_rows[row]), rows_beside(index, row)).is_supported
    ]
    assert refused == []


def test_a_sentence_rests_on_the_sentence_it_was_taken_from(index: Index, verifier: Verifier) -> None:
    row = row_of(index, "Drink geen alcohol")
    assert verifier.check("Drink geen alcohol als u NSAID’s gebruikt.", rows_beside(index, row)).support[0] == row


@pytest.mark.parametrize(
    ("about", "sentence", "fault"),
    [
        ("Drink geen alcohol", "Lees meer op www.pijnvrij.example.", Fault.LINK),
        ("Drink geen alcohol", "Drink geen alcohol als u NSAID’s gebruikt <b>nu</b>.", Fault.MARKUP),
        ("Drink geen alcohol", "Drink geen alcohol als u \u202eNSAID’s gebruikt.", Fault.MARKUP),
        ("Drink geen alcohol", "Drinkt u geen alcohol als u NSAID’s gebruikt?", Fault.QUESTION),
        ("Drink geen alcohol", "Drink 2 glazen alcohol als u NSAID’s gebruikt.", Fault.QUANTITY),
        ("Drink geen alcohol", "Drink alcohol als u NSAID’s gebruikt.", Fault.NEGATION),
        ("Drink geen alcohol", "Drink absoluut geen alcohol als u NSAID’s gebruikt.", Fault.ABSOLUTE),
        ("Drink geen alcohol", "U heeft een hernia en drinkt geen alcohol.", Fault.DIAGNOSIS),
        ("Drink geen alcohol", "Drink geen alcohol als u paracetamol gebruikt.", None),
    ],
)
def test_what_the_passage_does_not_say_is_refused(
    index: Index, verifier: Verifier, about: str, sentence: str, fault: Fault | None
) -> None:
    """``fault`` None: any will do."""
    verdict = verifier.check(sentence, rows_beside(index, row_of(index, about)))
    assert not verdict.is_supported
    assert fault is None or verdict.fault is fault


def test_a_sentence_in_another_language_is_refused(index: Index, verifier: Verifier) -> None:
    row = row_of(index, "Drink geen alcohol")
    assert not verifier.check("Do not drink alcohol when you take NSAIDs.", rows_beside(index, row)).is_supported


@given(given_number=st.integers(min_value=1, max_value=9_999), pick=st.integers(min_value=0))
@settings(max_examples=60, deadline=None)
def test_no_other_number_is_ever_supported(index: Index, verifier: Verifier, given_number: int, pick: int) -> None:
    rows = [row for row in plain_rows(index) if re.search(r"\d", index.wording(index.sentence_rows[row]))]
    row = rows[pick % len(rows)]
    wording = index.wording(index.sentence_rows[row])
    changed = re.sub(r"\d+", str(given_number), wording, count=1)
    own = {
        int(number)
        for each in rows_beside(index, row)
        for number in re.findall(r"\d+", index.wording(index.sentence_rows[each]))
    }
    if given_number not in own:
        assert not verifier.check(changed, rows_beside(index, row)).is_supported


@given(text=st.text(max_size=300))
@settings(max_examples=60, deadline=None)
def test_whatever_is_written_the_check_gives_a_verdict(index: Index, verifier: Verifier, text: str) -> None:
    verdict = verifier.check(text, rows_beside(index, 0))
    assert not verdict.is_supported or verdict.support


def test_the_calibration_of_another_model_is_refused(tmp_path: Path, index: Index) -> None:
    other = index.manifest.model.model_copy(update={"name": "een-ander"})
    with pytest.raises(CalibrationError, match="rugpijn calibrate"):
        load_verification(tmp_path, other)


def test_the_calibration_of_the_practice_goes_before_ours(tmp_path: Path, index: Index) -> None:
    ours = Verification.model_validate_json(PACKAGED.read_bytes())
    (tmp_path / "verification.json").write_text(ours.model_copy(update={"threshold": 0.5}).model_dump_json(), "utf-8")
    assert load_verification(tmp_path, index.manifest.model).threshold == 0.5


@pytest.mark.parametrize("content", ["", "{}", "[1, 2]", '{"threshold": "hoog"}'])
def test_a_broken_calibration_is_refused_with_what_to_do(tmp_path: Path, index: Index, content: str) -> None:
    (tmp_path / "verification.json").write_text(content, "utf-8")
    with pytest.raises(CalibrationError, match="rugpijn calibrate"):
        load_verification(tmp_path, index.manifest.model)
