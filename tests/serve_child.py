"""A server process with an assistant that needs no model: what a test signals, kills or talks to over a real socket.

The first argument is a JSON object of settings. Slow at "langzaam", a sentence at a time; else as ``ChatFake``.
"""

import json
import sys
import time
from collections.abc import Iterator, Sequence

from chat_fakes import ChatFake
from starlette.types import ASGIApp
from web_fakes import settings

from assistant.answer import Part
from assistant.reply import Turn
from assistant.settings import Settings
from assistant.web.metrics import Metrics
from assistant.web.server import create_app, run
from assistant.web.shutdown import Closing

SLOW = "langzaam"
SECONDS_PER_PART = 0.25


class SlowTalker(ChatFake):
    def stream(self, question: str, history: Sequence[Turn] = ()) -> Iterator[Part]:
        for part in super().stream(question, history):
            yield part
            if SLOW in question:
                time.sleep(SECONDS_PER_PART)


def load(settings: Settings, metrics: Metrics, closing: Closing) -> ASGIApp:
    return create_app(SlowTalker(usual_seconds=0.0, slow_seconds=600.0), settings, metrics)


if __name__ == "__main__":
    run(settings(**json.loads(sys.argv[1])), load)
