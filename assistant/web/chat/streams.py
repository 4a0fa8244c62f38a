"""No event of Gradio's page begins on a stream that is just closing.

Gradio closes a stream when nothing more is to be told on it, and the page opens another with its next event.
But an event that was sent while the closing was on its way finds the stream open still, as far as the page knows, and
nobody would ever hear of it: about one in a hundred of those who click within milliseconds after something is done.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager

# For the end of a stream to reach the page before what was sent later; a visitor does not notice it.
SETTLING_SECONDS = 0.3
# For a stream whose end was just sent to be over.
_ENDING_SECONDS = 0.02
_MOST_REMEMBERED = 1_000


class Streams:
    """Which sessions have a stream, and whose ended a moment ago. For one event loop."""

    def __init__(self, settling_seconds: float = SETTLING_SECONDS) -> None:
        self._settling = settling_seconds
        self._open: dict[str, int] = {}
        self._ended: OrderedDict[str, float] = OrderedDict()

    @contextmanager
    def streaming(self, session: str) -> Iterator[None]:
        self._open[session] = self._open.get(session, 0) + 1
        try:
            yield
        finally:
            self._open[session] -= 1
            if not self._open[session]:
                del self._open[session]
                self._ended[session] = time.monotonic()
                self._ended.move_to_end(session)
                while len(self._ended) > _MOST_REMEMBERED:
                    self._ended.popitem(last=False)

    async def settled(self, session: str) -> None:
        """Returns once the page must know that its stream has ended, if it has."""
        if session in self._open:
            await asyncio.sleep(_ENDING_SECONDS)
        ended = self._ended.get(session)
        if session not in self._open and ended is not None:
            await asyncio.sleep(max(0.0, ended + self._settling - time.monotonic()))
