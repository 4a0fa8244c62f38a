"""What psycopg raises → what staff reads.

A message of the server is only shown where it cannot hold what was sent to it: no password and no visitor's words.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import errors

from ingest.errors import IngestError, StoreReadOnlyError, StoreRefusedError, StoreUnavailableError
from ingest.postgres.pool import PoolBusyError

_ADDRESS = "Controleer het adres in RUGPIJN_STORE."
_SERVER = "Controleer of de server draait en of deze machine erbij mag."
# Why there is no connection: what libpq or the server says of it, the reason, and what to do.
_CAUSES = (
    (
        r"password authentication failed|no password supplied|role .* does not exist|not permitted to log in",
        "de naam of het wachtwoord klopt niet.",
        "Controleer beide in RUGPIJN_STORE.",
    ),
    (r"pg_hba\.conf", "de server laat deze gebruiker of deze machine niet toe.", "Pas pg_hba.conf op de server aan."),
    (
        r"database .* does not exist",
        "die database is er niet.",
        "Maak hem op de server aan met createdb, of controleer RUGPIJN_STORE.",
    ),
    (r"translate host name|resolve host|not known|No address", "de naam van de server is onbekend.", _ADDRESS),
    (
        r"too many clients|remaining connection slots",
        "de server heeft geen verbinding meer vrij.",
        "Verhoog max_connections op de server, of start minder processen.",
    ),
    (r"starting up|shutting down|in recovery|not accepting", "de server start of stopt juist.", "Wacht even."),
    (r"SSL|certificate", "de beveiligde verbinding komt niet tot stand.", "Controleer sslmode in RUGPIJN_STORE."),
    (r"refused", "op dat adres luistert geen database.", _SERVER),
    (r"time(d )?out|unreachable|No route", "er komt geen antwoord.", _SERVER),
)
_READ_ONLY = re.compile(r"session is read-only|server is in hot standby mode")
_LEFT = "Wat in gebruik was, blijft."


@contextmanager
def in_dutch(place: str) -> Iterator[None]:
    """Whatever goes wrong with the database in ``place`` becomes an ``IngestError``."""
    try:
        yield
    except PoolBusyError:
        reason = "alle verbindingen zijn bezig."
        raise StoreUnavailableError(place, reason, "Probeer het zo nog eens.") from None
    except psycopg.Error as error:
        raise _told(place, error) from error


def no_connection(place: str, error: psycopg.Error) -> IngestError:
    """Why it did not come about; of several hosts, the reason that says most."""
    said = str(error)
    if _READ_ONLY.search(said):
        return StoreReadOnlyError(place)
    for pattern, reason, mend in _CAUSES:
        if re.search(pattern, said):
            return StoreUnavailableError(place, reason, mend)
    return StoreUnavailableError(place, "er komt geen verbinding tot stand.", _SERVER)


def _told(place: str, error: psycopg.Error) -> IngestError:
    match error:
        case errors.ReadOnlySqlTransaction():
            return StoreReadOnlyError(place)
        case errors.InsufficientPrivilege():
            who = "Geef de gebruiker uit RUGPIJN_STORE rechten: GRANT CREATE ON DATABASE … TO …"
            return StoreRefusedError(place, "de gebruiker mag dit niet.", who)
        case errors.DiskFull() | errors.OutOfMemory():
            return StoreRefusedError(place, "de schijf of het geheugen is vol.", f"Maak ruimte op de server. {_LEFT}")
        case errors.QueryCanceled():
            return StoreUnavailableError(place, "het antwoord duurt te lang.", "Controleer hoe druk de server is.")
        case psycopg.OperationalError():
            return StoreUnavailableError(place, "de verbinding is weggevallen.", _SERVER)
    said = error.diag.message_primary if isinstance(error, errors.UndefinedTable | errors.UndefinedFunction) else None
    about = said or type(error).__name__
    return StoreRefusedError(place, f"onverwachte fout {error.sqlstate or ''} ({about}).", _LEFT)
