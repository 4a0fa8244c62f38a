"""What can be wrong with the test questions and their runs, said to staff.

ChecksError
├── ChecksFileError      the file of test questions is broken
├── ChecksNotSavedError  a file cannot be written
├── KnownCheckError      that question is there already
├── NoSuchCheckError
├── CheckRefusedError    what is expected does not go together
├── RunUnusableError     a run that was kept cannot be read
└── CsvError             a file to import is no list of questions
"""

from collections.abc import Sequence
from pathlib import Path

from assistant.errors import AssistantError
from assistant.staff import texts
from ingest.errors import Complaint, SidecarError

_MOST_TOLD = 20


class ChecksError(AssistantError):
    """Base; ``str(error)`` is Dutch."""


class ChecksFileError(ChecksError, SidecarError):
    """The file stays as it is. ``complaints`` is all that was found in it."""

    def __init__(self, path: Path, complaints: Sequence[Complaint]) -> None:
        self.path = path
        self.complaints = tuple(complaints)
        told = " ".join(each.about(path) for each in self.complaints[:_MOST_TOLD])
        Exception.__init__(self, texts.CHECKS_FILE_BROKEN.format(complaints=told))


class ChecksNotSavedError(ChecksError):
    def __init__(self, path: Path, error: OSError) -> None:
        self.path = path
        super().__init__(texts.CHECKS_NOT_SAVED.format(name=path.name, reason=error.strerror or type(error).__name__))


class ChecksBusyError(ChecksError):
    def __init__(self) -> None:
        super().__init__(texts.CHECKS_BUSY)


class KnownCheckError(ChecksError):
    def __init__(self, question: str) -> None:
        super().__init__(texts.CHECK_KNOWN.format(question=question))


class NoSuchCheckError(ChecksError):
    def __init__(self, identifier: str) -> None:
        super().__init__(texts.CHECK_UNKNOWN.format(id=identifier))


class CheckRefusedError(ChecksError):
    """``reasons`` are Dutch sentences."""

    def __init__(self, reasons: Sequence[str]) -> None:
        self.reasons = tuple(reasons)
        super().__init__(" ".join(reasons))


class RunUnusableError(ChecksError):
    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(texts.RUN_UNUSABLE.format(name=path.name))


class CsvError(ChecksError):
    """The whole file; what is wrong with single rows is told beside what was taken."""
