"""What every tab of the console works with: the assistant as it answers now, and what staff keeps."""

import time

from assistant.records.place import place_of
from assistant.records.reading import Reader
from assistant.reply import Assistant
from assistant.settings import Settings
from assistant.staff.checks import Checks
from assistant.staff.library import Library
from assistant.web.live import LiveAssistant
from ingest.embed import Embedder
from ingest.stores import open_store


class Desk:
    """Safe to use from several threads."""

    def __init__(self, settings: Settings, live: LiveAssistant[Assistant], embedder: Embedder) -> None:
        """``embedder`` is the one loaded model of this process, which ``live`` uses too."""
        self.settings = settings
        self.embedder = embedder
        self.kept = place_of(settings)
        self.records = Reader(self.kept.source())
        self.library = Library(settings, embedder)
        self.checks = Checks(settings)
        self._live = live
        self._store = open_store(settings)

    @property
    def assistant(self) -> Assistant:
        """Over the index in use now. Take it once for work that must not change halfway."""
        return self._live.current

    def refresh(self) -> None:
        """Take an index that was just published into use at once, not at the next look; never raises."""
        self._live.look()

    @property
    def is_behind(self) -> bool:
        """Whether an index was published that could not be taken into use; raises ``IngestError``."""
        published = self._store.version_in_use() or self._store.manifest().version
        return published != self.assistant.collection.manifest.version

    @property
    def now(self) -> float:
        """Seconds since 1970, UTC."""
        return time.time()
