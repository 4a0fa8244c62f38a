"""One database on one or several hosts: connections to read from and to write with."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TypeVar

import psycopg
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict

from ingest.errors import StoreUnavailableError
from ingest.postgres.failures import in_dutch, no_connection
from ingest.postgres.pool import Connection, Pool
from ingest.settings import without_password

T = TypeVar("T")

# A host that is gone is noticed in seconds; an address may say otherwise.
_PATIENCE: dict[str, str | int] = {
    "connect_timeout": 3,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
    "application_name": "rugpijn",
    "client_encoding": "UTF8",
}
# Compiling a query and starting processes for it take longer than our queries do, and many are asked at a time.
_ALWAYS = {"jit": "off", "max_parallel_workers_per_gather": "0"}
# With ``hnsw.ef_search`` 40, pgvector's own, a search finds 0.90 of the ten nearest among 100,000, with 200 it finds
# 0.99: see docs/scaling.md. With a filter, the search goes on until enough is found.
_READING = _ALWAYS | {
    "statement_timeout": "10000",
    "hnsw.ef_search": "200",
    "hnsw.iterative_scan": "relaxed_order",
}
_TO_WRITE: dict[str, str | int] = {"target_session_attrs": "read-write"}


class Database:
    """Connections to the database at ``address``. Each counts what it does at once (``autocommit``).

    Several hosts may stand in the address. Reading takes any that the address allows (``target_session_attrs``, all by
    default), writing always the primary. Who finds all ``connections`` in use waits ``wait_seconds``. Everything raises
    ``IngestError``; ``place`` is what may be shown.
    """

    def __init__(self, address: str, *, connections: int = 8, wait_seconds: float = 5.0) -> None:
        self.place = without_password(address)
        given = _PATIENCE | _parsed(address, self.place)
        self._writer = partial(_connect, self.place, given | _TO_WRITE, _ALWAYS)
        self._to_read = Pool(partial(_connect, self.place, given, _READING), connections, wait_seconds)
        self._to_write = Pool(self._writer, connections, wait_seconds)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with in_dutch(self.place), self._to_read.lend() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        with in_dutch(self.place), self._to_write.lend() as connection:
            yield connection

    def read(self, work: Callable[[Connection], T]) -> T:
        """What ``work`` returns; done once more when the server went away meanwhile, perhaps by another one."""
        with in_dutch(self.place):
            try:
                with self._to_read.lend() as connection:
                    return work(connection)
            except errors.QueryCanceled:
                raise
            except psycopg.OperationalError:
                self._to_read.close()  # those that wait may be about to die of the same
                with self._to_read.lend() as connection:
                    return work(connection)

    def dedicated(self) -> Connection:
        """A writing connection of the caller's own, for locks and long work; the caller closes it."""
        return self._writer()

    def close(self) -> None:
        self._to_read.close()
        self._to_write.close()


def _connect(place: str, parameters: dict[str, str | int], settings: dict[str, str]) -> Connection:
    try:
        connection: Connection = psycopg.connect(**parameters, autocommit=True)  # type: ignore[arg-type]
    except psycopg.Error as error:
        raise no_connection(place, error) from None
    with in_dutch(place):
        names, values = list(settings), list(settings.values())
        connection.execute(
            "SELECT set_config(n, v, false) FROM unnest(%s::text[], %s::text[]) AS s(n, v)", (names, values)
        )
    return connection


def _parsed(address: str, place: str) -> dict[str, str | int]:
    """libpq's own reading of an address. What it says of a wrong one may quote a password."""
    try:
        given = {name: str(value) for name, value in conninfo_to_dict(address).items()}
    except psycopg.ProgrammingError:
        given = {"port": "?"}
    if not all(port.isdigit() for port in given.get("port", "").split(",") if port):
        mend = "Schrijf postgresql://naam:wachtwoord@server:5432/database, met %40 voor een @ in het wachtwoord."
        raise StoreUnavailableError(place, "het adres in RUGPIJN_STORE is niet te lezen.", mend)
    return dict(given)
