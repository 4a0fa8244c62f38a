"""A server process that answers from the store it is given, without a model: which version it found how much in.

The first argument is a JSON object of settings.
"""

import json
import sys
from collections.abc import Iterator, Sequence

from fakes import FakeEmbedder
from starlette.types import ASGIApp
from web_fakes import ANSWER, settings

from assistant import texts
from assistant.answer import Answer, Part, Sentence, Triaged, parts_of
from assistant.reply import Turn
from assistant.settings import Settings
from assistant.web.metrics import Metrics
from assistant.web.server import live_app, run
from assistant.web.shutdown import Closing
from ingest.store import Version
from ingest.stores import open_store

DIMENSION = 384


class Finder:
    """Asks the store anew for each question, as an assistant over a large corpus does."""

    def __init__(self, version: Version) -> None:
        self.collection = version
        self._embedder = FakeEmbedder(dimension=DIMENSION)

    def stream(self, question: str, history: Sequence[Turn] = ()) -> Iterator[Part]:
        yield Triaged(None)
        found = self.collection.search_hybrid(self._embedder.query(question), question, 5)
        passages = len(self.collection.get([each.id for each in found]))
        said = Sentence(f"{passages} in {self.collection.manifest.version}", (1,))
        yield from parts_of(Answer(ANSWER.kind, (said,), ANSWER.citations))

    def examples(self, count: int) -> tuple[str, ...]:
        return (texts.API_EXAMPLE,)[:count]


def load(settings: Settings, metrics: Metrics, closing: Closing) -> ASGIApp:
    store = open_store(settings)
    embedder = FakeEmbedder(dimension=DIMENSION)
    return live_app(settings, metrics, closing, store, lambda: Finder(store.open(embedder)))


if __name__ == "__main__":
    run(settings(**json.loads(sys.argv[1])), load)
