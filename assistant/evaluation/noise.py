"""How much the figures move when nothing but the last digits of the vectors does, as between two machines."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from zlib import crc32

import numpy as np

from assistant.confidence import load_calibration
from assistant.evaluation.accepted import Comparison, Run
from assistant.evaluation.answers import measure_answers, questions_of
from assistant.evaluation.metrics import Asked
from assistant.evaluation.questions import Half
from assistant.evaluation.tables import Table
from assistant.parts import assistant_over
from assistant.settings import Settings
from ingest.build import build_index
from ingest.embed import Embedder, Progress, Vectors
from ingest.index import load_index

# What the bundled model's own engine and the same weights in PyTorch agree to: as far apart as two machines may be.
COSINE = 0.9999

# How many more questions may go wrong than right before something was made worse: the largest net loss of ten imagined
# machines, by ``python -m assistant.evaluation noise --machines 10`` on 2026-11-24. They lost 4, -1, -2, -1, 1, 3, 1,
# 0, 1 and 1 on balance. To be measured anew after a calibration, for another threshold has other questions beside it.
NOISE = 4

Tracker = Callable[[Sequence[Asked]], Iterable[Asked]]


class ShakenEmbedder:
    """``embedder`` on another machine: each vector turned by the same small angle, in a direction of its own.

    ``cosine`` is that of the angle. Another ``seed`` is another machine; on one machine a text always has one vector.
    """

    def __init__(self, embedder: Embedder, seed: int, cosine: float = COSINE) -> None:
        self.name = embedder.name
        self.dimension = embedder.dimension
        self._embedder = embedder
        self._seed = seed
        self._cosine = cosine

    def passages(self, texts: Sequence[str], progress: Progress = lambda _: None) -> Vectors:
        return self._all_turned(texts, self._embedder.passages(texts, progress))

    def queries(self, texts: Sequence[str], progress: Progress = lambda _: None) -> Vectors:
        return self._all_turned(texts, self._embedder.queries(texts, progress))

    def query(self, text: str) -> Vectors:
        return self._turned(text, self._embedder.query(text))

    def _all_turned(self, texts: Sequence[str], vectors: Vectors) -> Vectors:
        return np.array([self._turned(text, vector) for text, vector in zip(texts, vectors, strict=True)])

    def _turned(self, text: str, vector: Vectors) -> Vectors:
        chance = np.random.default_rng((self._seed, crc32(text.encode("utf-8", "surrogatepass"))))
        aside = chance.standard_normal(len(vector))
        aside -= (aside @ vector) * vector
        aside /= np.linalg.norm(aside)
        turned: Vectors = (self._cosine * vector + np.sqrt(1 - self._cosine**2) * aside).astype(np.float32)
        return turned


@dataclass
class RememberingEmbedder:
    """The vectors of ``embedder``; no text is embedded twice."""

    embedder: Embedder
    _passages: dict[str, Vectors] = field(default_factory=dict)
    _queries: dict[str, Vectors] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.embedder.name

    @property
    def dimension(self) -> int:
        return self.embedder.dimension

    def passages(self, texts: Sequence[str], progress: Progress = lambda _: None) -> Vectors:
        return _remembered(self._passages, texts, lambda missing: self.embedder.passages(missing, progress))

    def queries(self, texts: Sequence[str], progress: Progress = lambda _: None) -> Vectors:
        return _remembered(self._queries, texts, lambda missing: self.embedder.queries(missing, progress))

    def query(self, text: str) -> Vectors:
        vector: Vectors = _remembered(self._queries, [text], lambda _: self.embedder.query(text)[None])[0]
        return vector


@dataclass(frozen=True, slots=True)
class Shaken:
    """What became of the answers on one imagined machine."""

    seed: int
    comparison: Comparison


def shake(settings: Settings, embedder: Embedder, half: Half, seeds: int, tracked: Tracker = iter) -> Iterator[Shaken]:
    """Measure on this machine and on ``seeds`` others, each with an index that it made itself of the same corpus.

    ``settings.index_dir`` says which calibration is used. Raises ``IngestError`` or ``AssistantError``.
    """
    remembering = RememberingEmbedder(embedder)
    before = _run(settings, remembering, half, tracked)
    for seed in range(seeds):
        now = _run(settings, ShakenEmbedder(remembering, seed), half, tracked)
        yield Shaken(seed, Comparison.of(before, now))


def noise_table(shaken: Sequence[Shaken]) -> Table:
    rows = tuple((str(each.seed), *(str(number) for number in _moves(each.comparison))) for each in shaken)
    most = max((each.comparison.net_loss for each in shaken), default=0)
    note = f"Elke vector een hoek gedraaid waarvan de cosinus {COSINE} is. Grootste netto verlies: {most}."
    return Table("Wat er omslaat op een andere computer", ("computer", "niet meer goed", "nu wel", "netto"), rows, note)


def _moves(comparison: Comparison) -> tuple[int, int, int]:
    return comparison.lost, comparison.gained, comparison.net_loss


def _run(settings: Settings, embedder: Embedder, half: Half, tracked: Tracker) -> Run:
    with TemporaryDirectory() as folder:
        own = settings.in_folder(Path(folder) / "index")
        build_index(own, lambda: embedder)
        index = load_index(own.index_dir, embedder)
    calibration = load_calibration(settings.index_dir, index.manifest.model)
    assistant = assistant_over(settings, index, calibration)
    return Run.of(measure_answers(assistant, half, tracked(questions_of(half))), date.today())


def _remembered(known: dict[str, Vectors], texts: Sequence[str], embed: Callable[[list[str]], Vectors]) -> Vectors:
    missing = [text for text in dict.fromkeys(texts) if text not in known]
    if missing:
        known.update(zip(missing, embed(missing), strict=True))
    return np.stack([known[text] for text in texts])
