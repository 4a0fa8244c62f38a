"""``python -m assistant.evaluation``: ask every development question and print how it went."""

from assistant.evaluation.cli import app

app()
