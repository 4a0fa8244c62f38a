"""``python -m ingest``: the same as ``rugpijn ingest``."""

import typer

from ingest.cli import ingest

typer.run(ingest)
