"""A corpus in PostgreSQL with pgvector; the only importer of psycopg but for what keeps records and limits there."""

from ingest.postgres.store import PostgresStore

__all__ = ["PostgresStore"]
