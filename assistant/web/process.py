"""The process around the web app: its socket, what it logs, and libraries that must not phone home."""

import errno
import logging
import os
import socket
from typing import Any

from assistant import texts

_LAST_PORT = 65535

LOG_CONFIG: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(message)s"}},
    "filters": {"anonymous": {"()": "assistant.web.process.AnonymousAccess"}},
    "handlers": {
        "all": {"class": "logging.StreamHandler", "formatter": "line"},
        "access": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["anonymous"]},
    },
    "loggers": {
        "assistant": {"handlers": ["all"], "level": "INFO", "propagate": False},
        "uvicorn": {"handlers": ["all"], "level": "WARNING", "propagate": False},
        "uvicorn.access": {"handlers": ["access"], "level": "INFO", "propagate": False},
    },
}


class AnonymousAccess(logging.Filter):
    """Keeps the visitor's address and everything after ``?`` out of the access log."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            _, method, path, http_version, status = record.args
            record.args = ("-", method, str(path).partition("?")[0], http_version, status)
        return True


def silence_libraries(*, offline: bool) -> None:
    """Call before Gradio and the model libraries are imported: they look only then."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    if offline:
        os.environ["HF_HUB_OFFLINE"] = "1"


def listen(host: str, port: int) -> socket.socket:
    """A socket that accepts connections; port 0 is any free one. Ends the program with a readable line if it cannot."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise SystemExit(_why_not(host, port, error)) from None


def address_of(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _why_not(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return texts.PORT_IN_USE.format(port=port, other=port + 1 if port < _LAST_PORT else port - 1)
    return texts.CANNOT_LISTEN.format(host=host, port=port, reason=error.strerror or type(error).__name__)
