"""``python -m assistant.evaluation``: see ``--help``."""

from assistant.evaluation.cli import app

app()
