"""``python -m assistant.evaluation``: ask every development question and print how it went."""

import typer

from assistant.evaluation.cli import measure

typer.run(measure)
