"""Reading one file that somebody handed in, in a process of its own with bounds on its memory and time.

A few kilobytes of Word or PDF may unpack to more than a machine has; what then stops is that process alone.
"""

import resource
import subprocess
import sys
from pathlib import Path

from pydantic import TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from ingest.article import Article
from ingest.errors import ArticleError
from ingest.read import read_article
from ingest.settings import PROJECT

_MAX_SECONDS = 60
_MAX_MEMORY_BYTES = 1_000_000_000


@dataclass(frozen=True)
class _Refused:
    reason: str
    mend: str
    line: int | None


_READ = TypeAdapter(Article | _Refused)


def read_apart(
    path: Path, max_bytes: int, *, max_seconds: float = _MAX_SECONDS, max_memory_bytes: int = _MAX_MEMORY_BYTES
) -> Article:
    """As ``read_article``. Also raises ``ArticleError`` for a file that takes more time or memory than that."""
    order = [sys.executable, "-m", "ingest.apart", str(path.absolute()), str(max_bytes), str(max_memory_bytes)]
    try:
        done = subprocess.run(order, cwd=PROJECT, capture_output=True, timeout=max_seconds, check=True)
        read = _READ.validate_json(done.stdout)
    except (subprocess.SubprocessError, ValidationError) as error:
        raise ArticleError(
            path,
            "het lezen kost te veel tijd of geheugen.",
            "Haal er afbeeldingen uit, of plak de tekst zelf in een nieuw artikel.",
        ) from error
    if isinstance(read, Article):
        return read
    raise ArticleError(path, read.reason, read.mend, read.line)


def main(path: str, max_bytes: str, max_memory_bytes: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (int(max_memory_bytes), int(max_memory_bytes)))
    try:
        read: Article | _Refused = read_article(Path(path), max_bytes=int(max_bytes))
    except ArticleError as error:
        read = _Refused(error.reason, error.mend, error.line)
    sys.stdout.buffer.write(_READ.dump_json(read))


if __name__ == "__main__":
    main(*sys.argv[1:])
