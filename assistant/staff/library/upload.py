"""A file that staff chose → a draft. Its name is a title at most, never a path."""

import re
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.staff import texts
from assistant.staff.library.drafts import Draft
from assistant.staff.library.errors import FolderUnusableError, UploadError
from assistant.staff.library.writing import draft_of
from ingest.apart import read_apart
from ingest.article import Article
from ingest.errors import SUPPORTED, ArticleError

# What a draft can be made of.
KINDS = (".md", ".txt", ".html", ".htm", ".docx", ".pdf")

_NOT_IN_A_NAME = re.compile(r"[^\w ()',&!+-]+")
_MOST_CHARS = 80


def draft_from(chosen: Path, name: str, max_bytes: int) -> Draft:
    """A new draft, kept nowhere yet. ``name`` is what the file was called. Raises ``UploadError``."""
    kind = Path(name.replace("\\", "/")).suffix.lower()
    stem = readable_stem(name)
    if kind not in KINDS:
        raise UploadError(texts.UPLOAD_KIND.format(name=f"{stem}{_readable(kind)}", supported=SUPPORTED))
    try:
        article, raw = _read(chosen, f"{stem}{kind}", max_bytes)
        return draft_of(article, raw, None)
    except ArticleError as error:
        raise UploadError(str(error)) from error
    except OSError as error:
        raise FolderUnusableError(chosen.parent, error) from error


def readable_stem(name: str) -> str:
    """What may become a title: the last part of ``name``, without its kind and without odd characters."""
    last = name.encode("utf-8", "replace").decode().replace("\\", "/").rsplit("/", 1)[-1]
    return _readable(Path(last).stem) or texts.UPLOAD_UNNAMED


def _readable(part: str) -> str:
    return " ".join(_NOT_IN_A_NAME.sub(" ", part).split())[:_MOST_CHARS].strip()


def _read(chosen: Path, name: str, max_bytes: int) -> tuple[Article, bytes]:
    if chosen.stat().st_size > max_bytes:
        raise UploadError(texts.UPLOAD_TOO_LARGE.format(name=name, megabytes=f"{max_bytes / 1e6:g}"))
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        shutil.copyfile(chosen, path)
        return read_apart(path, max_bytes), path.read_bytes()
