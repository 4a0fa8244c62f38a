"""The practice's own test questions: the file, the runs, the one accepted, and CSV."""

from assistant.staff.checks.changes import Change, Changes
from assistant.staff.checks.check import Check, Expectation, Origin
from assistant.staff.checks.checks import Checks, Imported
from assistant.staff.checks.errors import ChecksError
from assistant.staff.checks.run import Fault, Given, Result, Run

__all__ = [
    "Change",
    "Changes",
    "Check",
    "Checks",
    "ChecksError",
    "Expectation",
    "Fault",
    "Given",
    "Imported",
    "Origin",
    "Result",
    "Run",
]
