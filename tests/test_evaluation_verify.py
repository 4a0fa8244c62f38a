"""How often the check of phrased sentences is right, on claims it was not tuned on; it may not become less safe."""

from pathlib import Path

import pytest

from assistant.evaluation.claims import claims
from assistant.evaluation.questions import Half
from assistant.evaluation.slips import slips
from assistant.evaluation.verify import (
    MOST_UNSUPPORTED,
    ClaimMeasurement,
    claim_misses,
    claim_tables,
    examples,
    judge_examples,
)
from assistant.reply import Assistant
from assistant.verify.verifier import Verifier, load_verification
from ingest.index import Index

pytestmark = pytest.mark.model

# 29.2 % and 100 % passed on 2026-11-25; these are the lower ends of what chance makes of that. The goal for what is
# faithful, 85 %, is not met.
LEAST_FAITHFUL = 0.235
LEAST_COPIED = 0.9


@pytest.fixture(scope="module")
def index(assistant: Assistant) -> Index:
    return assistant.index


@pytest.fixture(scope="module")
def measured(index: Index) -> ClaimMeasurement:
    verifier = Verifier(index, load_verification(Path("nowhere"), index.manifest.model))
    told = list(examples(index, claims(Half.REPORT)))
    return ClaimMeasurement(Half.REPORT, tuple(judge_examples(told, index, verifier.check)))


def test_what_the_passage_does_not_say_hardly_ever_passes(measured: ClaimMeasurement) -> None:
    assert measured.passed(supported=False).share <= MOST_UNSUPPORTED


def test_a_sentence_copied_with_one_slip_hardly_ever_passes(measured: ClaimMeasurement) -> None:
    assert measured.passed(supported=False, is_slip=True).share <= MOST_UNSUPPORTED


def test_what_is_faithful_passes_as_often_as_it_did(measured: ClaimMeasurement) -> None:
    assert measured.passed(supported=True).share >= LEAST_FAITHFUL
    assert measured.passed(supported=True, is_slip=True).share >= LEAST_COPIED


def test_every_claim_is_about_a_passage_that_is_there(index: Index) -> None:
    for half in Half:
        told = [each for each in examples(index, claims(half)) if not each.is_slip]
        assert len(told) == len(claims(half))


def test_no_slip_is_the_sentence_it_was_made_from(index: Index) -> None:
    made = slips(index, frozenset(range(len(index.passages))))
    assert len(made) > 400
    assert all(slip.sentence != index.wording(index.sentence_rows[slip.row]) for slip in made)


def test_the_tables_name_every_kind_and_the_misses_every_wrong_one(measured: ClaimMeasurement) -> None:
    totals, kinds = claim_tables(measured)
    assert len(totals.rows) == 4
    assert sum(int(row[2]) for row in kinds.rows) == len(measured.judged)
    wrong = [each for each in measured.judged if each.verdict.is_supported is not each.example.supported]
    assert len(claim_misses(measured)) == len(wrong)
