"""The tables in the database, all in the schema ``rugpijn``.

::

    about                  the number of this layout
    versions               a row per version: its manifest (null until it is published), notes and statistics
    in_use                 one row that names the version in use
    beside                 what goes with every version, by name: the calibration
    passages_<version>     what is read and found by likeness; HNSW over ``vector``
    stems_<version>        what is found by words: our own stems, as PostgreSQL's ``simple`` would keep them; GIN
    terms_<version>        in how many texts each term stands
    articles_<version>, questions_<version>

A version has tables of its own: it is loaded and indexed beside what is in use, and going over to it is one statement.
"""

from dataclasses import dataclass

from psycopg import errors, sql

from ingest.errors import StoreRefusedError
from ingest.postgres.pool import Connection

# Raised whenever the tables change; a version that an older program published is then made anew.
LAYOUT = 1
# 0.7 has halfvec, 0.8 goes on searching when a filter leaves too little.
_OLDEST_PGVECTOR = (0, 8)
# Two of ours may start at the same moment. Any numbers will do.
_MAKING, WRITING = 715_001, 715_002

_LASTING = """
CREATE SCHEMA IF NOT EXISTS rugpijn;
CREATE TABLE rugpijn.about (layout integer NOT NULL);
CREATE TABLE rugpijn.versions (
    name text PRIMARY KEY,
    created timestamptz NOT NULL DEFAULT now(),
    published timestamptz,
    manifest json,
    notes json,
    doctor_advice json,
    statistics json
);
CREATE TABLE rugpijn.in_use (
    is_it boolean PRIMARY KEY DEFAULT true CHECK (is_it),
    version text NOT NULL REFERENCES rugpijn.versions
);
CREATE TABLE rugpijn.beside (name text PRIMARY KEY, content bytea NOT NULL);
"""
# JSON is kept as it is written (``json``, not ``jsonb``): what goes in comes out equal. Vectors to compute with are
# bytes of floats; ``vector`` is there to be searched.
_OF_VERSION = """
CREATE TABLE {passages} (
    place bigint PRIMARY KEY,
    id text NOT NULL UNIQUE,
    slug text NOT NULL,
    tag text NOT NULL,
    is_doctor_advice boolean NOT NULL,
    vector halfvec({dimension}) NOT NULL,
    content json NOT NULL,
    vectors bytea NOT NULL
);
ALTER TABLE {passages} ALTER vectors SET STORAGE EXTERNAL;
CREATE TABLE {stems} (
    place bigint PRIMARY KEY,
    slug text NOT NULL,
    tag text NOT NULL,
    length integer NOT NULL,
    stems tsvector NOT NULL
);
CREATE TABLE {terms} (part text, term text, in_texts bigint NOT NULL, PRIMARY KEY (part, term));
CREATE TABLE {articles} (place bigint PRIMARY KEY, slug text NOT NULL UNIQUE, article json NOT NULL);
CREATE TABLE {questions} (
    place bigint PRIMARY KEY,
    text json NOT NULL,
    passage_id text NOT NULL,
    sentences json NOT NULL,
    vector bytea NOT NULL
);
"""


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of a version, to be put in statements by name."""

    version: str

    def format(self, statement: str, **others: sql.Composable) -> sql.Composed:
        """``statement`` with ``{passages}``, ``{stems}``, ``{terms}``, ``{articles}`` and ``{questions}`` in it.

        Only ever a statement of this package's own: what comes from elsewhere is a parameter.
        """
        return sql.SQL(statement).format(**{name: self.of(name) for name in _NAMES}, **others)

    def of(self, name: str) -> sql.Identifier:
        return sql.Identifier("rugpijn", f"{name}_{self.version}")


WORDS = "words"  # the part of ``terms`` that has content words

_NAMES = ("passages", "stems", "terms", "articles", "questions")


def ensure_schema(connection: Connection, place: str) -> None:
    """Whoever may not make things in the database can still use what is there. Raises ``StoreRefusedError``."""
    _check_layout(connection, place)
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_MAKING,))
        _check_encoding(connection, place)
        _ensure_pgvector(connection, place)
        if not _has_layout(connection):
            connection.execute(_LASTING)
            connection.execute("INSERT INTO rugpijn.about VALUES (%s)", (LAYOUT,))


def has_schema(connection: Connection, place: str) -> bool:
    """Raises ``StoreRefusedError`` when a newer program made it."""
    return _check_layout(connection, place)


def create_tables(connection: Connection, tables: Tables, dimension: int) -> None:
    connection.execute(tables.format(_OF_VERSION, dimension=sql.Literal(dimension)))


def drop_version(connection: Connection, version: str) -> None:
    tables = Tables(version)
    with connection.transaction():
        # Whoever still reads it is waited for, but not for long: the next ingest tries again.
        connection.execute("SET LOCAL lock_timeout = '2s'")
        names = sql.SQL(", ").join(tables.of(name) for name in _NAMES)
        connection.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(names))
        connection.execute("DELETE FROM rugpijn.versions WHERE name = %s", (version,))


def _has_layout(connection: Connection) -> bool:
    row = connection.execute("SELECT to_regclass('rugpijn.about') IS NOT NULL").fetchone()
    return bool(row and row[0])


def _check_layout(connection: Connection, place: str) -> bool:
    if not _has_layout(connection):
        return False
    row = connection.execute("SELECT layout FROM rugpijn.about").fetchone()
    layout = row[0] if row else 0
    if layout != LAYOUT:
        raise StoreRefusedError(
            place,
            f"de tabellen hebben opbouw {layout}, dit programma verwacht {LAYOUT}.",
            "Gebruik overal dezelfde versie van dit programma, of een andere database.",
        )
    return True


def _check_encoding(connection: Connection, place: str) -> None:
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        mend = "Maak hem opnieuw met: createdb --encoding=UTF8 --template=template0"
        raise StoreRefusedError(place, f"hij bewaart tekst als {encoding}, niet als UTF-8.", mend)


def _ensure_pgvector(connection: Connection, place: str) -> None:
    found = _pgvector(connection)
    if found is None:
        try:
            with connection.transaction():
                connection.execute("CREATE EXTENSION vector")
        except errors.InsufficientPrivilege:
            mend = "Laat de beheerder van de server in deze database uitvoeren: CREATE EXTENSION vector;"
            raise StoreRefusedError(place, "pgvector staat niet aan in deze database.", mend) from None
        except (errors.UndefinedFile, errors.FeatureNotSupported):
            mend = "Installeer pgvector 0.8 of nieuwer op de server (in Debian: postgresql-18-pgvector)."
            raise StoreRefusedError(place, "pgvector is niet geïnstalleerd op de server.", mend) from None
        found = _pgvector(connection) or ""
    if tuple(int(number) for number in found.split(".")[:2] if number.isdigit()) < _OLDEST_PGVECTOR:
        mend = "Installeer pgvector 0.8 of nieuwer en laat de beheerder uitvoeren: ALTER EXTENSION vector UPDATE;"
        raise StoreRefusedError(place, f"pgvector {found} is te oud.", mend)


def _pgvector(connection: Connection) -> str | None:
    row = connection.execute("SELECT extversion FROM pg_extension WHERE extname = 'vector'").fetchone()
    return str(row[0]) if row else None
