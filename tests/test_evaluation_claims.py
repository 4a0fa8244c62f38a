"""The claims fit the articles, and neither half can learn from the other."""

from collections.abc import Callable

import pytest

from assistant.evaluation.claims import Claim, claims
from assistant.evaluation.questions import Half
from ingest.index import Index

SUPPORTED = {"near", "far", "merged", "shortened", "list", "plain", "negation_kept", "number_kept"}


@pytest.fixture(scope="module")
def passages_of(corpus_index: Index) -> Callable[[Claim], list[str]]:
    def found(claim: Claim) -> list[str]:
        return [each.id for each in corpus_index.passages if each.slug == claim.slug and claim.quote in each.text]

    return found


def test_every_claim_is_about_exactly_one_passage(passages_of: Callable[[Claim], list[str]]) -> None:
    strays = [claim.id for half in Half for claim in claims(half) if len(passages_of(claim)) != 1]
    assert strays == []


def test_no_passage_has_claims_in_both_halves(passages_of: Callable[[Claim], list[str]]) -> None:
    tune, report = ({passages_of(claim)[0] for claim in claims(half)} for half in Half)
    assert tune and report and tune.isdisjoint(report)


def test_both_halves_have_hundreds_of_claims_of_both_sorts_and_say_each_once() -> None:
    for half in Half:
        given = claims(half)
        supported = sum(claim.supported for claim in given)
        assert supported >= 200 and len(given) - supported >= 200
    everything = [claim for half in Half for claim in claims(half)]
    assert len({claim.id for claim in everything}) == len({claim.sentence for claim in everything}) == len(everything)


def test_a_claim_is_supported_just_when_its_kind_says_so() -> None:
    assert [c.id for half in Half for c in claims(half) if c.supported != (c.kind in SUPPORTED)] == []
