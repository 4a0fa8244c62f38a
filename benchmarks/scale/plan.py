"""What a hundred million passages and ten thousand questions a second would take, counted from what was measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log
from pathlib import Path

from benchmarks.scale.results import POSTGRES, Answering, Embedding, Loading, Searching

PASSAGES = 100_000_000
QUESTIONS_A_SECOND = 10_000
# Busier than this, what waits waits long.
BUSY = 0.6
_HELD_IN_MEMORY = 0.75
_FEWEST_COPIES = 3
_ID_BITS = 48


@dataclass(frozen=True, slots=True)
class Machine:
    cores: int = 32
    memory_bytes: float = 256e9


@dataclass(frozen=True)
class Basis:
    """What was measured of PostgreSQL at the largest size; milliseconds and bytes.

    ``growth`` is the power of the number of passages by which the database's work for a question grows, between the two
    largest sizes; 0 when there was but one.
    """

    passages: int
    bytes_a_passage: float
    answer_cpu_ms: float
    search_cpu_ms: float
    growth: float
    candidate_bytes: float
    process_megabytes: float
    embedded_a_second: float

    @classmethod
    def of(
        cls,
        loading: Sequence[Loading],
        searching: Sequence[Searching],
        answering: Sequence[Answering],
        embedding: Sequence[Embedding],
    ) -> "Basis | None":
        """None when the database was not measured far enough."""
        filled = {each.passages: each for each in loading if each.store == POSTGRES}
        searched = {each.passages: each for each in searching if each.store == POSTGRES}
        answered = {each.passages: each for each in answering if each.store == POSTGRES}
        sizes = sorted(filled.keys() & searched.keys() & answered.keys())
        if not sizes or not embedding:
            return None
        largest = sizes[-1]
        return cls(
            passages=largest,
            bytes_a_passage=filled[largest].disk_bytes / largest,
            answer_cpu_ms=answered[largest].cpu_ms,
            search_cpu_ms=answered[largest].database_cpu_ms,
            growth=_growth([(size, answered[size].database_cpu_ms) for size in sizes[-2:]]),
            candidate_bytes=searched[largest].candidate_bytes,
            process_megabytes=answered[largest].own_megabytes,
            embedded_a_second=embedding[0].per_cpu_second,
        )


@dataclass(frozen=True)
class Plan:
    """Machines and what they do; each question is put to every shard once."""

    shards: int
    passages_a_shard: int
    search_cpu_ms: float
    copies: int
    database_machines: int
    database_cores: float
    process_machines: int
    processes: int
    network_bytes_a_second: float
    embedding_core_hours: float
    disk_bytes: float

    @classmethod
    def of(cls, basis: Basis, machine: Machine) -> "Plan":
        fits = machine.memory_bytes * _HELD_IN_MEMORY / basis.bytes_a_passage
        shards = ceil(PASSAGES / fits)
        a_shard = PASSAGES // shards
        search_ms = basis.search_cpu_ms * (a_shard / basis.passages) ** basis.growth
        cores = QUESTIONS_A_SECOND * shards * search_ms / 1000 / BUSY
        copies = max(_FEWEST_COPIES, ceil(cores / shards / machine.cores))
        processes = ceil(QUESTIONS_A_SECOND * basis.answer_cpu_ms / 1000 / BUSY)
        return cls(
            shards=shards,
            passages_a_shard=a_shard,
            search_cpu_ms=search_ms,
            copies=copies,
            database_machines=shards * copies,
            database_cores=cores,
            process_machines=ceil(processes / machine.cores),
            processes=processes,
            network_bytes_a_second=QUESTIONS_A_SECOND * basis.candidate_bytes,
            embedding_core_hours=PASSAGES / basis.embedded_a_second / 3600,
            disk_bytes=PASSAGES * basis.bytes_a_passage,
        )


def plan_text(basis: Basis, machine: Machine) -> str:
    plan = Plan.of(basis, machine)
    text = (Path(__file__).parent / "templates" / "plan.md").read_text("utf-8")
    return text.format(
        basis=basis,
        plan=plan,
        machine=machine,
        memory=machine.memory_bytes / 1e9,
        busy=BUSY,
        bytes_a_passage=basis.bytes_a_passage / 1e3,
        disk=plan.disk_bytes / 1e12,
        held=machine.memory_bytes * _HELD_IN_MEMORY / 1e9,
        process_memory=basis.process_megabytes * machine.cores / 1e3,
        candidates=basis.candidate_bytes / 1e3,
        network=plan.network_bytes_a_second * 8 / 1e9,
        hours=plan.embedding_core_hours * 2 / 500,
        tail=0.95 ** (1 / plan.shards),
        per_passage=3_637 / 56,
        questions=QUESTIONS_A_SECOND,
        collisions=PASSAGES**2 / 2 / 2**_ID_BITS,
    )


def _growth(costs: Sequence[tuple[int, float]]) -> float:
    """Never below 0: that would be noise."""
    if len(costs) < 2 or min(cost for _, cost in costs) <= 0:  # noqa: PLR2004
        return 0.0
    (small, low), (large, high) = costs
    return max(0.0, log(high / low) / log(large / small))
