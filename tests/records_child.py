"""A program that keeps records and can be killed: it imports everything once and forks a process for each order.

An order is a line of JSON on standard input: which file, and after how many seconds to kill the process that keeps
conversations in it, deletes them and writes the file anew all the time. The answer is its exit status.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

from records_fakes import ANSWER, FEEDBACK, Losses, deidentifier

from assistant.records.archive import FileArchive
from assistant.records.writer import BackgroundRecords


def later() -> Iterator[float]:
    """A clock on which each look is a quarter of an hour later, so that a day passes every hundred conversations."""
    start = time.time()
    yield from (start + look * 900.0 for look in count())


def keep_on(path: Path) -> None:
    clock = later()
    archive = FileArchive(path, days=1, now=lambda: next(clock))
    records = BackgroundRecords(archive, Losses(), deidentifier, seconds_between_cleanings=0.01)
    for number in count():
        reply_id = f"{os.getpid()}-{number}"
        records.keep("page", f"geheim {number} " + "z" * 500, ANSWER, reply_id, 20.0)
        records.rate(replace(FEEDBACK, reply_id=reply_id, comment=f"geheim {number}"))
        time.sleep(0.0002)


def child(path: Path) -> int:
    process = os.fork()
    if process == 0:
        keep_on(path)
    return process


def main() -> None:
    for line in sys.stdin:
        order = json.loads(line)
        process = child(Path(order["path"]))
        time.sleep(order["kill_after"])
        os.kill(process, signal.SIGKILL)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
