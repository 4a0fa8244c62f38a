"""Put claims to the check of phrased answers: which does it let pass, by kind of claim?"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from assistant.evaluation.claims import Claim
from assistant.evaluation.questions import Half
from assistant.evaluation.rates import Rate
from assistant.evaluation.slips import slips
from assistant.evaluation.tables import Table
from assistant.verify.verifier import Verdict
from ingest.index import Index
from ingest.lexical import stems

MOST_UNSUPPORTED = 0.02
LEAST_FAITHFUL = 0.85

Check = Callable[[str, frozenset[int]], Verdict]
# Of the stems of a sentence so many must be in its passage for the simplest check there is.
_SHARED = 0.9


@dataclass(frozen=True, slots=True)
class Example:
    """A ``sentence`` and the ``rows`` of the index, all of one passage, that it is checked against.

    ``is_slip``: made by machine from a sentence of the passage.
    """

    sentence: str
    rows: frozenset[int]
    supported: bool
    kind: str
    is_slip: bool


@dataclass(frozen=True, slots=True)
class JudgedExample:
    """``by_words``: whether the simplest check there is would let it pass: nine of ten words are in the passage."""

    example: Example
    verdict: Verdict
    by_words: bool
    milliseconds: float


@dataclass(frozen=True)
class ClaimMeasurement:
    half: Half
    judged: tuple[JudgedExample, ...]

    def of(self, *, supported: bool, is_slip: bool) -> list[JudgedExample]:
        told = [each for each in self.judged if each.example.is_slip is is_slip]
        return [each for each in told if each.example.supported is supported]

    def passed(self, *, supported: bool, is_slip: bool = False) -> Rate:
        return Rate.of(each.verdict.is_supported for each in self.of(supported=supported, is_slip=is_slip))


def examples(index: Index, claims: Sequence[Claim]) -> Iterator[Example]:
    """The claims about passages that the index has, and slips in the sentences of those passages."""
    rows_in: dict[int, set[int]] = {}
    for row, each in enumerate(index.sentence_rows):
        rows_in.setdefault(each.passage, set()).add(row)
    about: dict[int, None] = {}
    for claim in claims:
        passage = _passage_of(claim, index)
        if passage is not None:
            about[passage] = None
            yield Example(claim.sentence, frozenset(rows_in[passage]), claim.supported, claim.kind, is_slip=False)
    for slip in slips(index, frozenset(about)):
        rows = frozenset(rows_in[index.sentence_rows[slip.row].passage])
        yield Example(slip.sentence, rows, slip.supported, slip.kind, is_slip=True)


def judge_examples(examples: Iterable[Example], index: Index, check: Check) -> list[JudgedExample]:
    judged = []
    for example in examples:
        start = perf_counter()
        verdict = check(example.sentence, example.rows)
        milliseconds = (perf_counter() - start) * 1_000
        judged.append(JudgedExample(example, verdict, _shares_words(example, index), milliseconds))
    return judged


def claim_tables(measured: ClaimMeasurement) -> list[Table]:
    return [_totals(measured), _by_kind(measured)]


def claim_misses(measured: ClaimMeasurement) -> list[str]:
    """A line for each that was judged wrong."""
    return [
        f"{each.example.kind}, {each.verdict.fault or 'doorgelaten'}, {each.verdict.certainty:.2f}: "
        f"{each.example.sentence} | {', '.join(each.verdict.missing)}"
        for each in measured.judged
        if each.verdict.is_supported is not each.example.supported
    ]


def _totals(measured: ClaimMeasurement) -> Table:
    times = [each.milliseconds for each in measured.judged]
    spent = f"Een zin kost {np.median(times):.0f} ms, 95 van de 100 hoogstens {np.percentile(times, 95):.0f} ms."
    return Table(
        title="Zinnen die een taalmodel zou kunnen schrijven",
        columns=("", "zinnen", "doorgelaten", "doel", "95 % zeker tussen", "met alleen woorden tellen"),
        rows=(
            _total(
                "Niet gesteund door de passage",
                measured.of(supported=False, is_slip=False),
                _goal(MOST_UNSUPPORTED, "hoogstens"),
            ),
            _total("Wel gesteund", measured.of(supported=True, is_slip=False), _goal(LEAST_FAITHFUL, "minstens")),
            _total(
                "Overgeschreven met een fout",
                measured.of(supported=False, is_slip=True),
                _goal(MOST_UNSUPPORTED, "hoogstens"),
            ),
            _total("Overgeschreven, iets anders gezegd", measured.of(supported=True, is_slip=True), ""),
        ),
        note=spent if times else "",
    )


def _total(name: str, judged: Sequence[JudgedExample], goal: str) -> tuple[str, ...]:
    passed = Rate.of(each.verdict.is_supported for each in judged)
    by_words = Rate.of(each.by_words for each in judged)
    return name, str(len(judged)), passed.percent, goal, passed.spread, by_words.percent


def _by_kind(measured: ClaimMeasurement) -> Table:
    kinds = sorted({(each.example.is_slip, not each.example.supported, each.example.kind) for each in measured.judged})
    return Table(
        title="Per soort",
        columns=("soort", "gesteund", "zinnen", "doorgelaten", "met alleen woorden tellen"),
        rows=tuple(
            _kind_row(
                kind, [each for each in measured.of(supported=not wrong, is_slip=is_slip) if each.example.kind == kind]
            )
            for is_slip, wrong, kind in kinds
        ),
    )


def _kind_row(kind: str, judged: Sequence[JudgedExample]) -> tuple[str, ...]:
    example = judged[0].example
    name = f"overgeschreven: {kind}" if example.is_slip else kind
    passed = Rate.of(each.verdict.is_supported for each in judged)
    by_words = Rate.of(each.by_words for each in judged)
    return name, "ja" if example.supported else "nee", str(len(judged)), passed.percent, by_words.percent


def _goal(share: float, bound: str) -> str:
    return f"{bound} {share * 100:.0f} %"


def _passage_of(claim: Claim, index: Index) -> int | None:
    """The row of the passage in which the quote of ``claim`` begins; None when the index does not have it."""
    for row, passage in enumerate(index.passages):
        at = index.articles[passage.slug].text.find(claim.quote) if passage.slug == claim.slug else -1
        if passage.start <= at < passage.end:
            return row
    return None


def _shares_words(example: Example, index: Index) -> bool:
    known = {stem for row in example.rows for stem in stems(index.wording(index.sentence_rows[row]))}
    own = stems(example.sentence)
    return bool(own) and sum(stem in known for stem in own) >= _SHARED * len(own)
