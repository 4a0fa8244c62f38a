"""What is read of the tables of a version: entries, and passages by likeness."""

from collections.abc import Sequence
from typing import Any

from psycopg import sql

from ingest.embed import Vectors
from ingest.postgres.pool import Connection
from ingest.postgres.rows import entry_of, vector_text
from ingest.postgres.schema import Tables
from ingest.store import EVERYWHERE, Entry, Found, Where

_ENTRY = "content::text, vectors, tag, is_doctor_advice"
_NEAREST = """
    SELECT id, 1 - (vector <=> %(vector)s::halfvec) AS similarity FROM {passages} WHERE {where}
    ORDER BY vector <=> %(vector)s::halfvec LIMIT %(k)s
"""
# Without an index on vectors: all that the filter leaves are compared with.
_NEAREST_OF_ALL = """
    WITH left_over AS MATERIALIZED (SELECT id, vector FROM {passages} WHERE {where})
    SELECT id, 1 - (vector <=> %(vector)s::halfvec) AS similarity FROM left_over ORDER BY similarity DESC LIMIT %(k)s
"""


def count_passages(connection: Connection, tables: Tables) -> int:
    row: Any = connection.execute(tables.format("SELECT count(*) FROM {passages}")).fetchone()
    return int(row[0])


def entries_of_ids(connection: Connection, tables: Tables, ids: Sequence[str]) -> list[Entry]:
    """Those that are there, in the order asked for."""
    statement = tables.format("SELECT {columns} FROM {passages} WHERE id = ANY(%s)", columns=sql.SQL(_ENTRY))
    rows: list[Any] = connection.execute(statement, (list(ids),), binary=True).fetchall()
    found = {entry.id: entry for entry in (entry_of(*row) for row in rows)}
    return [found[id_] for id_ in ids if id_ in found]


def entries_after(connection: Connection, tables: Tables, place: int, most: int) -> tuple[list[Entry], int]:
    """The next ones in the order they were loaded in, and the place of the last of them."""
    statement = tables.format(
        "SELECT place, {columns} FROM {passages} WHERE place > %s ORDER BY place LIMIT %s", columns=sql.SQL(_ENTRY)
    )
    rows: list[Any] = connection.execute(statement, (place, most), binary=True).fetchall()
    return [entry_of(*row[1:]) for row in rows], rows[-1][0] if rows else place


def nearest(connection: Connection, tables: Tables, vector: Vectors, k: int, where: Where) -> list[Found]:
    """By the approximate index, if there is one. What an article or a narrow filter leaves is compared one by one."""
    found = [] if where.slugs else _nearest(connection, tables, _NEAREST, vector, k, where)
    if len(found) < k and where != EVERYWHERE:
        found = _nearest(connection, tables, _NEAREST_OF_ALL, vector, k, where)
    return found


def filtered(where: Where) -> tuple[sql.Composable, dict[str, Any]]:
    """``where`` as a condition, and what goes into it."""
    conditions = [sql.SQL("true")]
    if where.slugs:
        conditions.append(sql.SQL("slug = ANY(%(slugs)s)"))
    if where.tags:
        conditions.append(sql.SQL("tag = ANY(%(tags)s)"))
    return sql.SQL(" AND ").join(conditions), {"slugs": list(where.slugs), "tags": list(where.tags)}


def _nearest(
    connection: Connection, tables: Tables, statement: str, vector: Vectors, k: int, where: Where
) -> list[Found]:
    condition, given = filtered(where)
    rows: list[Any] = connection.execute(
        tables.format(statement, where=condition), given | {"vector": vector_text(vector), "k": k}, binary=True
    ).fetchall()
    # Going on searching for a filter finds them nearly in order.
    return sorted((Found(id_, similarity) for id_, similarity in rows), key=lambda found: -found.similarity)
