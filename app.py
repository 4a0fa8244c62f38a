"""Start the chat: ``python app.py [--host ADDRESS] [--port PORT] [--no-rate-limit]``.

A question goes from ``assistant.web`` (page, API) to ``assistant.reply``, and by ``retrieve`` and ``extract`` to an
``Answer``. The index that is searched was made before, by ``rugpijn ingest``: see ``ingest.build``.
"""

import typer

from assistant.cli import serve

if __name__ == "__main__":
    typer.run(serve)
