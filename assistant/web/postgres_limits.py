"""Questions counted in PostgreSQL, in tables that are not logged: nothing of who asks reaches its log or its replicas.

They are empty after a crash and on a replica that takes over: then the counting begins anew.
"""

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock, local
from typing import Any, cast

import psycopg
from limits.errors import StorageError
from limits.storage import MovingWindowSupport, Storage

from assistant.records.postgres.connection import Psycopg, connect
from assistant.web.shared_limits import WindowStorage

SCHEMA = "rugpijn_limits"

_LOCK = 7_860_002
_MILLISECONDS = 400
_SECONDS_BETWEEN_CLEANINGS = 60.0
_NOW = "extract(epoch FROM clock_timestamp())::float8"
_TODAY = "(now() AT TIME ZONE 'UTC')::date"
_TABLES = (
    f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}",
    # Moments in seconds since 1970, newest first.
    f"""CREATE UNLOGGED TABLE IF NOT EXISTS {SCHEMA}.windows (
        key text PRIMARY KEY, moments float8[] NOT NULL, expires float8 NOT NULL) WITH (fillfactor = 50)""",
    f"""CREATE UNLOGGED TABLE IF NOT EXISTS {SCHEMA}.counters (
        key text PRIMARY KEY, count bigint NOT NULL, expires float8 NOT NULL) WITH (fillfactor = 50)""",
    f"CREATE UNLOGGED TABLE IF NOT EXISTS {SCHEMA}.salts (day date PRIMARY KEY, salt bytea NOT NULL)",
)
_ACQUIRE = f"""INSERT INTO {SCHEMA}.windows AS w (key, moments, expires)
    VALUES (%(key)s, array_fill({_NOW}, ARRAY[%(amount)s::int]), {_NOW} + %(expiry)s)
    ON CONFLICT (key) DO UPDATE
    SET moments = excluded.moments || w.moments[1 : %(limit)s::int - %(amount)s::int], expires = excluded.expires
    WHERE coalesce(w.moments[%(limit)s::int - %(amount)s::int + 1] < {_NOW} - %(expiry)s, true)"""
_WINDOW = f"""SELECT {_NOW} - min(moment), count(*) FROM {SCHEMA}.windows, unnest(moments) AS moment
    WHERE key = %(key)s AND moment >= {_NOW} - %(expiry)s"""
_INCREASE = f"""INSERT INTO {SCHEMA}.counters AS c (key, count, expires)
    VALUES (%(key)s, %(amount)s, {_NOW} + %(expiry)s)
    ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN c.expires <= {_NOW} THEN excluded.count ELSE c.count + excluded.count END,
        expires = CASE WHEN c.expires <= {_NOW} THEN excluded.expires ELSE c.expires END
    RETURNING count"""
_ERRORS = (psycopg.Error, OSError)


class PostgresStorage(Storage, MovingWindowSupport):
    """For the package ``limits``. A connection for each thread that counts."""

    STORAGE_SCHEME = None

    def __init__(self, address: str) -> None:
        """Connects to nothing yet."""
        super().__init__(wrap_exceptions=True)
        self._address = address
        self._own = local()
        self._connections: list[Psycopg] = []
        self._lock = Lock()
        self._clean_at = 0.0

    @property
    def base_exceptions(self) -> tuple[type[Exception], ...]:
        return _ERRORS

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        if amount > limit:
            return False
        given = {"key": key, "limit": limit, "expiry": expiry, "amount": amount}
        with self.connection() as connection:
            is_acquired = connection.execute(_ACQUIRE, given).rowcount == 1
            self._clean(connection)
        return is_acquired

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """The moment of its first entry on the clock of this machine, whatever that of the database says."""
        with self.connection() as connection:
            ago, entries = connection.execute(_WINDOW, {"key": key, "expiry": expiry}).fetchone() or (None, 0)
        return time.time() - (ago or 0.0), int(entries)

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        with self.connection() as connection:
            row = connection.execute(_INCREASE, {"key": key, "expiry": expiry, "amount": amount}).fetchone()
        return int(row[0]) if row else 0

    def get(self, key: str) -> int:
        return int(self._counter(key, "count") or 0)

    def get_expiry(self, key: str) -> float:
        return float(self._counter(key, "expires") or time.time())

    def check(self) -> bool:
        with suppress(*_ERRORS), self.connection():
            return True
        return False

    def reset(self) -> int | None:
        with self.connection() as connection:
            connection.execute(f"TRUNCATE {SCHEMA}.windows, {SCHEMA}.counters")
        return None

    def clear(self, key: str) -> None:
        with self.connection() as connection:
            for table in ("windows", "counters"):
                connection.execute(f"DELETE FROM {SCHEMA}.{table} WHERE key = %s".encode(), (key,))

    def close(self) -> None:
        with self._lock:
            for connection in self._connections:
                with suppress(psycopg.Error):
                    connection.close()

    @contextmanager
    def connection(self) -> Iterator[Psycopg]:
        """That of this thread, with the tables made; a new one when it broke before."""
        connection: Psycopg | None = getattr(self._own, "connection", None)
        if connection is None or connection.closed:
            connection = self._own.connection = self._connected()
        try:
            yield connection
        except psycopg.Error:
            # Lost, or on a server that is not written to any more; or the tables are gone. All begin anew.
            connection.close()
            raise

    def _connected(self) -> Psycopg:
        connection = connect(self._address)
        with self._lock:
            self._connections = [*(each for each in self._connections if not each.closed), connection]
        with connection.transaction():
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
            for statement in _TABLES:
                connection.execute(statement.encode())
        connection.execute(f"SET statement_timeout = {_MILLISECONDS}")
        return connection

    def _counter(self, key: str, column: str) -> Any:
        query = f"SELECT {column} FROM {SCHEMA}.counters WHERE key = %s AND expires > {_NOW}"
        with self.connection() as connection:
            row = connection.execute(query.encode(), (key,)).fetchone()
        return row[0] if row else None

    def _clean(self, connection: Psycopg) -> None:
        """Otherwise every name that somebody makes up would stay."""
        with self._lock:
            if time.monotonic() < self._clean_at:
                return
            self._clean_at = time.monotonic() + _SECONDS_BETWEEN_CLEANINGS
        for table in ("windows", "counters"):
            connection.execute(f"DELETE FROM {SCHEMA}.{table} WHERE expires < {_NOW}".encode())


class PostgresCounting:
    """A ``CountingStorage``."""

    def __init__(self, address: str) -> None:
        self._postgres = PostgresStorage(address)

    @property
    def storage(self) -> WindowStorage:
        return cast(WindowStorage, self._postgres)

    def salt(self) -> bytes:
        """The first who asks on a day draws it; that of the day before and all its names go with their files."""
        find = f"SELECT salt FROM {SCHEMA}.salts WHERE day = {_TODAY}"
        try:
            with self._postgres.connection() as connection:
                if found := connection.execute(find).fetchone():
                    return bytes(found[0])
                with connection.transaction():
                    connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
                    if found := connection.execute(find).fetchone():
                        return bytes(found[0])
                    connection.execute(f"TRUNCATE {SCHEMA}.salts, {SCHEMA}.windows")
                    drawn = secrets.token_bytes(32)
                    connection.execute(f"INSERT INTO {SCHEMA}.salts VALUES ({_TODAY}, %s)", (drawn,))
                    return drawn
        except _ERRORS as error:
            raise StorageError(error) from error

    def close(self) -> None:
        self._postgres.close()
