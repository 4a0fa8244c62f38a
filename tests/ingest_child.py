"""A program that ingests and can be killed: it imports everything once and forks a process for each order.

An order is a line of JSON on standard input; the answer is the exit status of the forked process. It is killed after
``kill_after`` seconds, or kills itself at file operation ``die_at``; with neither it leaves their names.
"""

import json
import os
import signal
import sys
import time
import traceback
from pathlib import Path
from types import FrameType
from typing import Any

from fakes import FakeEmbedder, ingest_settings

from ingest.build import build_index

_WRITING = {"write", "writelines", "tofile", "fsync", "flock", "mkdir", "rmdir", "unlink", "replace"}


class FileOperations:
    """A profile function that notes the moments before and after each operation, and may stop at one of them."""

    def __init__(self, die_at: int | None) -> None:
        self.names: list[str] = []
        self._die_at = die_at

    def __call__(self, frame: FrameType, event: str, called: Any) -> None:
        if event in ("c_call", "c_return") and called.__name__ in _WRITING and not isinstance(called.__self__, str):
            if len(self.names) == self._die_at:
                os.kill(os.getpid(), signal.SIGKILL)
            self.names.append(called.__name__)


def run(folder: Path, die_at: int | None, seconds_per_text: float) -> None:
    operations = FileOperations(die_at)
    sys.setprofile(operations)
    build_index(ingest_settings(folder), lambda: FakeEmbedder(seconds_per_text=seconds_per_text))
    sys.setprofile(None)
    (folder / "operations").write_text(" ".join(operations.names))


def child(order: dict[str, Any]) -> int:
    process = os.fork()
    if process == 0:
        try:
            run(Path(order["folder"]), order["die_at"], order["seconds_per_text"])
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return process


def main() -> None:
    for line in sys.stdin:
        order = json.loads(line)
        process = child(order)
        if order["kill_after"] is not None:
            time.sleep(order["kill_after"])
            os.kill(process, signal.SIGKILL)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
