"""Which bank goes with the store that the settings name."""

from contextlib import suppress

from ingest import file_bank
from ingest.errors import IngestError, WorkersElsewhereError
from ingest.file_bank import FileBank, Known
from ingest.processes import Hands
from ingest.progress import Progress
from ingest.settings import IngestSettings
from ingest.texts import Bank
from ingest.versions import saving, writing


def open_bank(settings: IngestSettings, hands: Hands, progress: Progress, known: Known | None) -> Bank:
    """The caller has a draft open. ``known`` gives vectors that may be used again; None embeds everything anew."""
    if settings.store_address:
        from ingest.postgres.bank import DatabaseBank

        return DatabaseBank(settings.store_address, hands, progress, anew=known is None)
    if known is None:
        with saving(settings.index_dir):
            file_bank.forget(settings.index_dir)
    return FileBank(settings.index_dir, hands, known or tuple, progress)


def check_workers(settings: IngestSettings, workers: int | None) -> None:
    """Raises ``WorkersElsewhereError``: workers on other machines have no way to a folder on this one."""
    if workers == 0 and not settings.store_address:
        raise WorkersElsewhereError


def forget_leftovers(settings: IngestSettings) -> None:
    """What an ingest left behind that was killed when all but that was done; not while another one is at work."""
    if not settings.store_address and file_bank.is_left(settings.index_dir):
        with suppress(IngestError), writing(settings.index_dir), saving(settings.index_dir):
            file_bank.forget(settings.index_dir)
