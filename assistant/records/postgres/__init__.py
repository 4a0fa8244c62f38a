"""Records in PostgreSQL: the same rows, in a schema of their own."""
