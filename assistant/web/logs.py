"""What the operator reads: lines for people or JSON for programs, and never a word that a visitor typed."""

import io
import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import Any

from structlog.dev import ConsoleRenderer
from structlog.processors import JSONRenderer, TimeStamper, add_log_level
from structlog.stdlib import ExtraAdder, ProcessorFormatter
from structlog.typing import EventDict, Processor, WrappedLogger

from assistant.settings import LogFormat

# What a record may say beside its message.
FIELDS = ("method", "path", "status", "milliseconds")
# Other packages' messages may quote a request, or the message of an exception that does.
_PLAIN_SPOKEN = frozenset({"assistant", "ingest", "uvicorn"})

_log = logging.getLogger(__name__)


def log_config(log_format: LogFormat) -> dict[str, Any]:
    """For ``logging.config.dictConfig``: everything to standard error, one line a record but for tracebacks."""
    formatter = {
        "()": ProcessorFormatter,
        "foreign_pre_chain": [ExtraAdder(FIELDS), add_log_level, _without_words],
        "processors": [ProcessorFormatter.remove_processors_meta, *_rendering(log_format)],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": formatter},
        "handlers": {"all": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["all"], "level": "WARNING"},
        # Below ERROR, uvicorn tells of requests that are no HTTP: as often as anyone cares to send some.
        "loggers": {"assistant": {"level": "INFO"}, "uvicorn": {"level": "ERROR"}},
    }


def where(error: BaseException) -> str:
    """What kind of error it is and where it arose, but not its message: that may quote the question."""
    while error.__cause__ is not None:
        error = error.__cause__
    return f"{type(error).__name__}\n{''.join(traceback.format_tb(error.__traceback__))}".rstrip()


@contextmanager
def libraries_muted() -> Iterator[None]:
    """While visitors are served, nothing is printed past the log: Gradio prints exceptions, words of the visitor
    included. Handlers that were made before keep writing where they did."""
    mute = _Mute()
    with redirect_stdout(mute), redirect_stderr(mute):
        yield


class _Mute(io.StringIO):
    """Keeps nothing. An exception that somebody prints while handling it is logged, without its message."""

    def write(self, text: str) -> int:
        error = sys.exc_info()[1]
        if error is not None and text.startswith("Traceback"):
            _log.error("%s", where(error))
        return len(text)


def _without_words(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    record: logging.LogRecord = event["_record"]
    if record.name.partition(".")[0] not in _PLAIN_SPOKEN:
        event["event"] = f"{record.name}, {record.filename}:{record.lineno}"
    event["event"] = str(event["event"]).strip()
    _, error, _ = event.pop("exc_info", None) or (None, None, None)
    if error is not None:
        event["exception"] = where(error)
    return event


def _rendering(log_format: LogFormat) -> list[Processor]:
    if log_format is LogFormat.JSON:
        return [TimeStamper(fmt="iso"), JSONRenderer(ensure_ascii=False)]
    line = ConsoleRenderer(colors=False, pad_event_to=0, pad_level=False, sort_keys=False)
    return [TimeStamper(fmt="%Y-%m-%d %H:%M:%S", utc=False), line]
