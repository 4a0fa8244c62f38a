"""What is kept of what visitors ask and think of the answers, and how it goes away again."""

from collections.abc import Callable

from assistant.records.anonymous import Deidentify
from assistant.records.errors import PrivacyPackageError
from assistant.records.place import place_of
from assistant.records.wordlists import deduce_lists
from assistant.records.writer import BackgroundRecords
from assistant.settings import Settings


def open_records(settings: Settings, on_lost: Callable[[], None]) -> BackgroundRecords:
    """Feedback is always kept, what visitors write with it where names can be taken out; conversations when the
    operator wants them.

    Raises ``PrivacyPackageError`` and ``NewerRecordsError``; what else is wrong with the file or the database costs
    what is to be kept, until it is mended: ``on_lost`` is called for each.
    """
    place = place_of(settings)
    place.refuse_newer()
    days = settings.keep_conversations_days
    is_possible = days or deduce_lists() is not None
    return BackgroundRecords(place.archive(days), on_lost, deidentifier() if is_possible else None)


def deidentifier() -> Callable[[], Deidentify]:
    """What makes it takes some seconds. Raises ``PrivacyPackageError``."""
    lists = deduce_lists()
    if lists is None:
        raise PrivacyPackageError

    def made() -> Deidentify:
        from assistant.records.deidentify import Deidentifier

        return Deidentifier(lists)

    return made
