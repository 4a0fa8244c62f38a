"""What of Gradio the console opens, behind the login: more than the chat, for staff brings and takes files."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from assistant.web.chat.guard import CHAT, Opened
from assistant.web.chat.queue import Join

_MOST_INPUTS = 40
_UPLOAD = "/gradio_api/upload"
_PROGRESS = "/gradio_api/upload_progress"


def opened(temp: Path) -> Opened:
    """Also uploads, and of the files on this machine those in ``temp``, in a folder that Gradio named by a hash."""
    files = rf"/gradio_api/file={re.escape(str(temp))}/[0-9a-f]{{64}}/(?!\.)[^/]{{1,255}}"
    return Opened(
        paths=CHAT.paths | {_UPLOAD, _PROGRESS},
        files=re.compile(f"{CHAT.files.pattern}|{files}"),
        with_query=CHAT.with_query | {_UPLOAD, _PROGRESS},
    )


def _only_uploads(data: Any) -> Any:
    """Gradio copies any file of this machine that a "path" names, and fetches what a "url" names; ours are in its
    temporary folder. Raises ``ValueError``."""
    for found in _objects(data):
        if "path" in found:
            _check_uploaded(found["path"])
            found["url"] = None
    return data


def _objects(data: Any) -> Iterator[dict[str, Any]]:
    if isinstance(data, dict):
        yield data
    if isinstance(data, dict | list):
        for each in data.values() if isinstance(data, dict) else data:
            yield from _objects(each)


def _check_uploaded(path: Any) -> None:
    if path is None:
        return
    temp = Path(os.environ["GRADIO_TEMP_DIR"]).resolve()
    if not isinstance(path, str) or "\0" in path or not Path(path).resolve().is_relative_to(temp):
        raise ValueError("not uploaded here")


class ConsoleJoin(Join):
    """Any values, for the tabs have numbers, tables and files, too."""

    data: Annotated[list[Any], Field(max_length=_MOST_INPUTS), AfterValidator(_only_uploads)]
    event_data: Annotated[Any, AfterValidator(_only_uploads)] = None
