"""Which store the settings name."""

from ingest.embed import Embedder
from ingest.errors import StoreUnavailableError
from ingest.files_store import FilesStore
from ingest.index import Index
from ingest.settings import IngestSettings
from ingest.store import Store
from ingest.whole import index_of


def open_store(settings: IngestSettings) -> Store:
    """Raises ``StoreUnavailableError`` when what talks to a database is not installed."""
    if not settings.store_address:
        return FilesStore(settings.index_dir)
    try:
        from ingest.postgres import PostgresStore
    except ModuleNotFoundError as error:
        raise package_missing(settings, error) from error
    return PostgresStore(settings.store_address)


def package_missing(settings: IngestSettings, error: ModuleNotFoundError) -> StoreUnavailableError:
    """What is told when what talks to the database is not installed."""
    reason = f"het pakket '{error.name}' is niet geïnstalleerd."
    mend = "Installeer het met: pip install 'rugpijn-assistent[postgres]'"
    return StoreUnavailableError(settings.store_place, reason, mend)


def load_whole(settings: IngestSettings, embedder: Embedder) -> Index:
    """The version in use, all of it in memory. Raises ``IngestError``."""
    return index_of(open_store(settings).open(embedder), embedder)
