"""The process around the web app: its socket, its end, and libraries that must not phone home."""

import errno
import logging
import os
import socket
from typing import NoReturn

from assistant import texts

_LAST_PORT = 65535


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


def leave() -> NoReturn:
    """End the program in good order, without a wait for threads that still compute: nobody reads what they make."""
    logging.shutdown()
    os._exit(0)


def _why_not(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return texts.PORT_IN_USE.format(port=port, other=port + 1 if port < _LAST_PORT else port - 1)
    return texts.CANNOT_LISTEN.format(host=host, port=port, reason=error.strerror or type(error).__name__)
