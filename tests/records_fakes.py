"""What is kept, made to order, and what can be read of it in the files themselves."""

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from assistant.answer import Alarm, Answer, AnswerKind, Citation, Sentence, Urgency
from assistant.records.anonymous import Deidentify
from assistant.records.archive import FileArchive
from assistant.records.rows import Exchange, Rating
from assistant.records.writer import BackgroundRecords
from assistant.web.reception import Feedback, Reason

DAY = 86_400
SOON = 5.0
NOW = 1_800_000_000


def citation(number: int, passage_id: str) -> Citation:
    return Citation(number, passage_id, "Nek", "", "Warmte helpt.", 0, 13, "/bron/nek")


ANSWER = Answer(
    AnswerKind.ANSWERED,
    sentences=(Sentence("Warmte helpt.", (1, 2, 3)),),
    citations=(citation(1, "aa"), citation(2, "bb"), citation(3, "aa")),
    alarm=Alarm(Urgency.HUISARTS, ("koorts", "val"), "Bel uw huisarts", (), ()),
)
FEEDBACK = Feedback(False, Reason.UNCLEAR, AnswerKind.ANSWERED, Urgency.HUISARTS, ("aa", "bb"))
RATING = Rating(NOW, True, "", "answered", None, ())


def exchange(question: str = "wat helpt?", at: int = NOW, days: int = 30) -> Exchange:
    return Exchange(at, at + days * DAY, "page", question, "answered", None, (), ("aa",), "Warmte helpt.")


class Losses:
    """Counts what could not be kept."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self) -> None:
        self.count += 1


def masks_secrets(message: str) -> str:
    return message.replace("geheim", "[weg]")


def deidentifier() -> Deidentify:
    return masks_secrets


def records(path: Path, lost: Losses | None = None, days: int = 30, **changes: object) -> BackgroundRecords:
    """That keep conversations; ``changes`` are for the archive."""
    return BackgroundRecords(FileArchive(path, days, **changes), lost or Losses(), deidentifier)


def put_away(path: Path, *work: Callable[[BackgroundRecords], None], **changes: object) -> int:
    """Everything that ``work`` says, put away; how much was lost."""
    lost = Losses()
    kept = records(path, lost, **changes)
    for each in work:
        each(kept)
    kept.close()
    return lost.count


def asks(question: str) -> Callable[[BackgroundRecords], None]:
    return lambda kept: kept.keep("page", question, ANSWER)


def rates(kept: BackgroundRecords) -> None:
    kept.rate(FEEDBACK)


def rows(path: Path, table: str, columns: str = "*") -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(f"SELECT {columns} FROM {table} ORDER BY id").fetchall()
    finally:
        connection.close()


def column_names(path: Path, table: str) -> set[str]:
    connection = sqlite3.connect(path)
    try:
        return {name for _, name, *_ in connection.execute(f"PRAGMA table_info({table})")}
    finally:
        connection.close()


def questions(path: Path) -> list[object]:
    return [question for (question,) in rows(path, "exchanges", "question")]


def number_kept(path: Path) -> int:
    """How many conversations; 0 as long as there is no table for them."""
    try:
        return len(questions(path)) if path.exists() else 0
    except sqlite3.OperationalError:
        return 0


def raw(path: Path) -> bytes:
    """All bytes of the file, of those beside it, and of what was set aside."""
    return b"".join(each.read_bytes() for each in sorted(path.parent.glob(f"{path.name}*")))


def is_sound(path: Path) -> bool:
    connection = sqlite3.connect(path)
    try:
        return connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    finally:
        connection.close()


def eventually(is_so: Callable[[], bool]) -> bool:
    end = time.monotonic() + SOON
    while time.monotonic() < end:
        if is_so():
            return True
        time.sleep(0.01)
    return False
