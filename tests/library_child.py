"""A program that publishes and can be killed; as ``ingest_child.py``, which see.

An order is a line of JSON: the folder of a ``Practice``, the ``subject`` to publish (a slug or the number of an
edition), and at which file operation to die, if at any.
"""

import json
import os
import sys
import traceback
from pathlib import Path
from typing import Any

from ingest_child import FileOperations
from library_fakes import reopened


def child(order: dict[str, Any]) -> int:
    process = os.fork()
    if process == 0:
        try:
            operations = FileOperations(order["die_at"])
            library = reopened(Path(order["folder"])).library()
            library.index  # noqa: B018 - loaded before it counts
            sys.setprofile(operations)
            library.publish(order["subject"])
            sys.setprofile(None)
            (Path(order["folder"]) / "operations").write_text(" ".join(operations.names))
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return process


def main() -> None:
    for line in sys.stdin:
        status = os.waitpid(child(json.loads(line)), 0)[1]
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
