"""``test_questions.toml``: the practice's own test questions, in a file that staff may edit by hand as well.

What stands in it that is not ours stays to the letter: comments, blank lines, the order, how an entry is written. So an
entry is put in or taken out as lines of text, and the outcome is read again before it replaces the file.
"""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import tomlkit
from filelock import FileLock, Timeout

from assistant.staff import texts
from assistant.staff.checks.check import Check, with_ids
from assistant.staff.checks.errors import ChecksBusyError, ChecksFileError, ChecksNotSavedError
from ingest.errors import Complaint
from ingest.sidecar import Sidecar, SidecarKind, bytes_of, checked, parse_sidecar

_TABLE = "check"
_HEADER = re.compile(rf"[ \t]*\[\[[ \t]*{_TABLE}[ \t]*\]\]")
_LINES = re.compile(r"[^\n]*\n|[^\n]+")
_OPTIONAL = ("earlier", "article", "words", "urgency", "added", "origin")
_PATIENCE_SECONDS = 10.0

KIND = SidecarKind(
    table=_TABLE,
    entry=texts.CHECK_ENTRY,
    entries=texts.CHECK_ENTRIES,
    remedies=texts.CHECK_REMEDIES,
    error=ChecksFileError,
)


class ChecksFile:
    """The file at ``path``; ``lock`` is a file elsewhere that keeps two from writing at once."""

    def __init__(self, path: Path, lock: Path) -> None:
        self.path = path
        self._lock = lock

    def read(self) -> tuple[Check, ...]:
        """In the order of the file; none without a file. Raises ``ChecksFileError``."""
        raw = bytes_of(self.path, KIND)
        return () if raw is None else _checks(parse_sidecar(self.path, raw, KIND))

    def change(self, changed: Callable[[tuple[Check, ...]], Sequence[Check]]) -> tuple[Check, ...]:
        """Put what ``changed`` makes of the entries in the file: those it leaves out go, new ones come at the end.

        An entry is known by its id. Raises ``ChecksFileError`` (the file then stays as it was), ``ChecksBusyError``,
        ``ChecksNotSavedError``, and what ``changed`` raises.
        """
        with self._writing():
            raw = bytes_of(self.path, KIND)
            file = parse_sidecar(self.path, texts.CHECKS_HEADER.encode() if raw is None else raw, KIND)
            before = _checks(file)
            after = _in_order(before, with_ids(changed(before)))
            if after != before:
                text = _rewritten(file, before, after)
                self._replace(text if raw is None or b"\r\n" not in raw else text.replace("\n", "\r\n"))
            return after

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            self._lock.parent.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self._lock)
            lock.acquire(timeout=_PATIENCE_SECONDS)
        except Timeout:
            raise ChecksBusyError from None
        except OSError as error:
            raise ChecksNotSavedError(self._lock, error) from error
        try:
            yield
        finally:
            lock.release()

    def _replace(self, text: str) -> None:
        try:
            write_whole(self.path, text.encode())
        except OSError as error:
            raise ChecksNotSavedError(self.path, error) from error


def write_whole(path: Path, raw: bytes) -> None:
    """All of it or nothing, whenever the process is killed. Raises ``OSError``."""
    path = path.resolve()  # a link stays a link
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")  # hidden: nobody takes it for an article
    try:
        with fresh.open("wb") as file:
            with suppress(OSError):
                os.fchmod(file.fileno(), path.stat().st_mode & 0o777)
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise


def _checks(file: Sidecar) -> tuple[Check, ...]:
    return with_ids(checked(file, Check, lambda number, check: _complaints(file, number, check)))


def _complaints(file: Sidecar, number: int, check: Check) -> Iterator[Complaint]:
    for key, reason in check.contradictions():
        yield file.complaint(number, key, reason)
    earlier = [entry.get("id") for entry in file.entries[:number]]
    if check.id and check.id in earlier:
        yield file.complaint(number, "id", texts.CHECK_ID_TWICE.format(id=check.id), text=check.id)


def _in_order(before: tuple[Check, ...], after: Sequence[Check]) -> tuple[Check, ...]:
    """As they will stand in the file: where they were, and new ones behind them."""
    places = {check.id: place for place, check in enumerate(before)}
    return tuple(sorted(after, key=lambda check: places.get(check.id, len(places))))


def _rewritten(file: Sidecar, before: tuple[Check, ...], after: tuple[Check, ...]) -> str:
    """The text of the file with ``after`` in it. Raises ``ChecksFileError`` when it cannot be done in lines."""
    opening, blocks = _split(file.text)
    text = file.text
    if len(blocks) == len(before):
        wanted = {check.id: check for check in after}
        rows = zip(before, file.entries, blocks, strict=True)
        kept = (_block(wanted.get(check.id), check, "id" in given, block) for check, given, block in rows)
        known = {check.id for check in before}
        added = (_entry(check) for check in after if check.id not in known)
        text = opening + "".join(kept)
        for entry in added:
            text = text.rstrip("\n") + "\n\n" + entry if text else entry
    if _read_back(file.path, text) != after:
        raise ChecksFileError(file.path, [Complaint(texts.CHECKS_NOT_IN_LINES, KIND.mend)])
    return text


def _read_back(path: Path, text: str) -> tuple[Check, ...] | None:
    with suppress(ChecksFileError):
        return _checks(parse_sidecar(path, text.encode(), KIND))
    return None


def _split(text: str) -> tuple[str, list[tuple[str, str]]]:
    """What comes before the first entry; and of each entry its own lines and the comments and blank lines behind it."""
    blocks: list[list[str]] = [[]]
    for line in _LINES.findall(text):
        if _HEADER.match(line):
            blocks.append([])
        blocks[-1].append(line)
    return "".join(blocks[0]), [_own_and_trailing(lines) for lines in blocks[1:]]


def _own_and_trailing(lines: list[str]) -> tuple[str, str]:
    end = len(lines)
    while end and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
        end -= 1
    return "".join(lines[:end]), "".join(lines[end:])


def _block(now: Check | None, before: Check, has_id: bool, block: tuple[str, str]) -> str:
    own, trailing = block
    if now is None:
        return trailing.lstrip("\n")
    if now != before:
        return _entry(now) + trailing
    if has_id:
        return own + trailing
    header, _, rest = own.partition("\n")
    return f'{header}\nid = "{before.id}"\n{rest}{trailing}'


def _entry(check: Check) -> str:
    given = check.model_dump(mode="json") | {"added": check.added}
    kept: dict[str, Any] = {"id": check.id, "question": check.question, "kind": given["kind"]}
    kept |= {key: given[key] for key in _OPTIONAL if given[key]}
    return tomlkit.dumps({_TABLE: [kept]})
