"""Where the vectors of an index in files come from: the index before it, and this process or some beside it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from ingest.embed import Vectors
from ingest.manifest import ModelCard
from ingest.processes import Hands, embed_apart
from ingest.progress import EMBEDDING, Progress
from ingest.texts import Text, Texts, batched, embed
from ingest.vector_log import VectorLog
from ingest.versions import saving

FILE = "vectors-under-way"
# As many are lost when a process is killed.
_BATCH = 64

# The texts of an index that the same model made, each with its vector.
Known = Callable[[], Iterable[tuple[Text, Vectors]]]


class FileBank:
    """A ``Bank`` in a file of ``index_dir``; the caller holds ``writing``. Raises ``IndexNotSavedError``."""

    def __init__(self, index_dir: Path, hands: Hands, known: Known, progress: Progress) -> None:
        self.embedded = 0
        self.reused = 0
        self._dir = index_dir
        self._hands = hands
        self._known = known
        self._progress = progress
        with saving(index_dir):
            self._log = VectorLog(index_dir / FILE, ModelCard.of(hands.embedder))

    def fill(self, texts: Texts) -> None:
        with saving(self._dir):
            wanted = {text.hash: text for text in texts()}
            self._take_over(wanted)
            missing = self._missing(wanted)
            self.embedded, self.reused = len(missing), len(wanted) - len(missing)
            self._progress.step(EMBEDDING, total=len(missing))
            if self._hands.processes and len(missing) > _BATCH:
                self._embed_apart(missing)
            # All of it, or what was in hand when a process was killed.
            self._embed_here(self._missing(wanted))

    def vectors(self, texts: Sequence[Text]) -> Vectors:
        with saving(self._dir):
            return self._log.vectors([text.hash for text in texts])

    def clear_up(self) -> None:
        forget(self._dir)

    def close(self) -> None:
        self._log.close()

    def _take_over(self, wanted: Mapping[bytes, Text]) -> None:
        """What is known already."""
        hashed = ((text.hash, vector) for text, vector in self._known())
        for some in batched(hashed, _BATCH):
            new = {
                text_hash: vector for text_hash, vector in some if text_hash in wanted and text_hash not in self._log
            }
            self._log.append([*new], [*new.values()])

    def _missing(self, wanted: Mapping[bytes, Text]) -> list[Text]:
        return [text for text_hash, text in wanted.items() if text_hash not in self._log]

    def _embed_here(self, missing: Sequence[Text]) -> None:
        for batch in batched(missing, _BATCH):
            self._keep(batch, embed(self._hands.embedder, batch, self._progress.advance))

    def _embed_apart(self, missing: Sequence[Text]) -> None:
        for batch, vectors in embed_apart(self._hands, batched(missing, _BATCH)):
            self._keep(batch, vectors)
            self._progress.advance(len(batch))

    def _keep(self, batch: Sequence[Text], vectors: Sequence[Vectors]) -> None:
        self._log.append([text.hash for text in batch], vectors)


def is_left(index_dir: Path) -> bool:
    """Whether an ingest that was broken off left vectors behind."""
    return (index_dir / FILE).exists()


def forget(index_dir: Path) -> None:
    (index_dir / FILE).unlink(missing_ok=True)
