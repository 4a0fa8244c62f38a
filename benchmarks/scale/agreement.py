"""The question harness on a store: does it give the answers of the accepted run?"""

from collections.abc import Mapping
from datetime import date

from assistant.evaluation.accepted import Comparison, Result, Run, load_accepted
from assistant.evaluation.answers import measure_answers, questions_of
from assistant.evaluation.questions import Half
from assistant.parts import build_assistant
from assistant.settings import Settings
from benchmarks.scale.place import Place
from benchmarks.scale.results import Agreement
from benchmarks.watch import watching
from ingest.embed import Embedder

# All passages compared with a question, and none more than the candidates.
WAYS = {"whole": 2_000, "candidates": 0}
_SAME = 0.001


def agree(place: Place, way: str, embedder: Embedder, most: int = 0) -> Agreement:
    """``most`` of the questions, or all."""
    settings = Settings(**place.settings, whole_passages=WAYS[way])
    assistant = build_assistant(settings, lambda: embedder)
    with watching(*place.processes) as taken:
        measured = measure_answers(assistant, Half.REPORT, questions_of(Half.REPORT, most or None))
    accepted = load_accepted()
    assert accepted is not None
    now = Run.of(measured, date.today())
    comparison = Comparison.of(accepted, now)
    return Agreement(
        store=place.store,
        passages=assistant.index.manifest.counts.passages,
        measured_on=date.today().isoformat(),
        other_cores=taken.other_cores,
        way=way,
        questions=len(now.results),
        lost=comparison.lost,
        gained=comparison.gained,
        changed=changed(accepted.results, now.results),
    )


def changed(before: Mapping[str, Result], now: Mapping[str, Result]) -> int:
    """How many questions have another first passage with gold, another outcome, or another confidence."""
    return sum(_differ(before[name], result) for name, result in now.items() if name in before)


def _differ(one: Result, other: Result) -> bool:
    if (one.rank, one.answered, one.right) != (other.rank, other.answered, other.right):
        return True
    return abs(one.confidence - other.confidence) > _SAME
