"""What makes a version quick to search, built when it is loaded: that is ten times as fast as bit by bit."""

from psycopg import errors, sql

from ingest.postgres.pool import Connection
from ingest.postgres.schema import Tables

_BUILT = """
CREATE INDEX ON {passages} (slug);
CREATE INDEX ON {passages} (tag);
CREATE INDEX ON {stems} USING gin (stems);
"""
# More than this a server may be set to give already.
_MEMORY = """
    SELECT set_config('maintenance_work_mem', %s || 'kB', false)
    FROM pg_settings WHERE name = 'maintenance_work_mem' AND setting::bigint < %s
"""
# Each passage with 24 neighbours, looked for among 128: with ``hnsw.ef_search`` 200 a search finds 0.99 of the ten
# nearest among 100,000. With pgvector's own 16 and 64 it finds 0.96, in a graph that takes half as long to build
# (``python -m benchmarks.scale.recall``, questions about what most of the corpus is about).
_HNSW = "CREATE INDEX ON {passages} USING hnsw (vector halfvec_cosine_ops) WITH (m = 24, ef_construction = 128)"
# A graph that fits in memory is built several times as fast: the vector, its neighbours and what is kept of both. Bytes
# for each passage, with 384 numbers; what is less than the least is not worth a setting.
_BYTES, _LEAST, _MOST = 2_600, 64_000_000, 3_000_000_000


def build_indexes(connection: Connection, tables: Tables, passages: int, hnsw_from: int) -> None:
    memory = min(max(passages * _BYTES, _LEAST), _MOST) // 1000
    connection.execute(_MEMORY, (memory, memory))
    connection.execute(tables.format(_BUILT))
    if passages >= hnsw_from:
        _build_hnsw(connection, tables)
    # Also so that whoever reads first, and every copy of the server, need not do it.
    for name in ("passages", "stems", "terms", "articles", "questions"):
        connection.execute(sql.SQL("VACUUM (FREEZE, ANALYZE) {}").format(tables.of(name)))


def _build_hnsw(connection: Connection, tables: Tables) -> None:
    try:
        connection.execute(tables.format(_HNSW))
    except errors.DiskFull:
        # Several processes share the graph in /dev/shm, which a container often has only 64 MB of.
        connection.execute("SET max_parallel_maintenance_workers = 0")
        connection.execute(tables.format(_HNSW))
