"""The practice's own test questions: kept, put to the assistant, and compared with the run that was accepted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from assistant.reply import Assistant, Role, Turn
from assistant.settings import Settings
from assistant.staff import texts
from assistant.staff.checks.changes import Changes
from assistant.staff.checks.check import MOST_CHARS, Check, Expectation, Origin, tidy
from assistant.staff.checks.csv_file import BadRow, from_csv, to_csv
from assistant.staff.checks.errors import CheckRefusedError, KnownCheckError, NoSuchCheckError
from assistant.staff.checks.file import ChecksFile
from assistant.staff.checks.history import History, Summary
from assistant.staff.checks.run import Progress, Run, run_of


@dataclass(frozen=True, slots=True)
class Imported:
    """How many questions of a file were put in; which were there already, but for ``changed`` ones, stayed."""

    added: int
    changed: int
    unchanged: int
    refused: tuple[BadRow, ...]


class Checks:
    """Safe to use from several threads and processes. What is read or written may raise ``ChecksError``."""

    def __init__(self, settings: Settings, today: Callable[[], date] = date.today) -> None:
        self.path: Path = settings.test_questions_file
        self._file = ChecksFile(self.path, settings.staff_dir / "test_questions.lock")
        self._history = History(settings.staff_dir)
        self._today = today

    def all(self) -> tuple[Check, ...]:
        """In the order of the file."""
        return self._file.read()

    def add(
        self,
        question: str,
        history: Sequence[Turn],
        expectation: Expectation,
        origin: Origin = Origin.CONSOLE,
    ) -> Check:
        """Of ``history`` only what the visitor said. Raises ``CheckRefusedError``, and ``KnownCheckError`` when it is
        there already."""
        check = self.prepared(question, history, expectation, origin)

        def added(checks: tuple[Check, ...]) -> Sequence[Check]:
            if any(each.asks == check.asks for each in checks):
                raise KnownCheckError(check.question)
            return (*checks, check)

        return self._file.change(added)[-1]

    def add_all(self, checks: Sequence[Check]) -> tuple[Check, ...]:
        """Those that were not there yet, now they are."""
        new: list[Check] = []

        def added(known: tuple[Check, ...]) -> Sequence[Check]:
            asked = {each.asks for each in known}
            new.extend(each for each in dict.fromkeys(checks) if each.asks not in asked)
            return (*known, *new)

        after = self._file.change(added)
        return after[len(after) - len(new) :]

    def prepared(self, question: str, history: Sequence[Turn], expectation: Expectation, origin: Origin) -> Check:
        """As it would be put in. Raises ``CheckRefusedError``."""
        wrong = [reason for _, reason in expectation.contradictions()]
        if wrong:
            raise CheckRefusedError(wrong)
        try:
            return Check(
                question=question,
                earlier=tuple(turn.content for turn in history if turn.role is Role.USER and tidy(turn.content)),
                added=self._today(),
                origin=origin,
                **expectation.model_dump(),
            )
        except ValidationError as error:
            is_empty = not tidy(question)
            reason = texts.CHECK_EMPTY if is_empty else texts.CHECK_TOO_LONG.format(limit=MOST_CHARS)
            raise CheckRefusedError([reason]) from error

    def remove(self, identifier: str) -> None:
        """Raises ``NoSuchCheckError``."""

        def removed(checks: tuple[Check, ...]) -> Sequence[Check]:
            kept = [check for check in checks if check.id != identifier]
            if len(kept) == len(checks):
                raise NoSuchCheckError(identifier)
            return kept

        self._file.change(removed)

    def run(self, assistant: Assistant, progress: Progress = lambda done, total: None) -> Run:
        """All of them (a tenth of a second each), without a language model; kept in the history."""
        return self.keep(run_of(assistant, self.all(), progress))

    def keep(self, run: Run) -> Run:
        """Put a run in the history."""
        self._history.add(run)
        return run

    def compare(
        self,
        assistant: Assistant,
        before: Assistant | None = None,
        progress: Progress = lambda done, total: None,
    ) -> Changes:
        """What ``assistant`` makes of them, against what ``before`` does; without it, against the accepted run.

        Nothing is kept of it.
        """
        checks = self.all()
        now = run_of(assistant, checks, progress)
        if before is not None:
            return Changes.of(run_of(before, checks), now)
        return self.changes(now)

    def changes(self, run: Run) -> Changes:
        """Against the accepted run; as long as there is none, everything is new."""
        return Changes.of(self.accepted() or run.model_copy(update={"results": ()}), run)

    def accept(self, run: Run) -> None:
        """From now on, runs are compared with this one."""
        self._history.accept(run)

    def accepted(self) -> Run | None:
        return self._history.accepted()

    def last(self) -> Run | None:
        return self._history.last()

    def history(self) -> list[Summary]:
        """Oldest first."""
        return self._history.summaries()

    def export_csv(self) -> bytes:
        return to_csv(self.all())

    def import_csv(self, raw: bytes) -> Imported:
        """Known questions become what the file says of them, new ones are put behind the others; nothing is removed.

        Raises ``CsvError``.
        """
        rows = from_csv(raw)
        outcome: list[Imported] = []

        def merged(known: tuple[Check, ...]) -> Sequence[Check]:
            after, new = _merged(known, rows.checks)
            changed = sum(before != now for before, now in zip(known, after, strict=True))
            outcome.append(Imported(len(new), changed, len(rows.checks) - len(new) - changed, rows.refused))
            return (*after, *(each.model_copy(update={"added": each.added or self._today()}) for each in new))

        self._file.change(merged)
        return outcome[0]


def _merged(known: Sequence[Check], given: Sequence[Check]) -> tuple[list[Check], list[Check]]:
    """The known ones as ``given`` has them, by name or else by what they ask; and those that are new."""
    rows = {check.id: row for row, check in enumerate(known)}
    asking = {check.asks: row for row, check in enumerate(known)}
    after, new = list(known), []
    for check in given:
        row = rows.get(check.id, asking.get(check.asks))
        if row is None:
            new.append(check)
        else:
            kept = {"id": known[row].id, "added": known[row].added, "origin": known[row].origin}
            after[row] = check.model_copy(update=kept)
    return after, new
