"""Everything that can go wrong with a language model, as one exception that quotes nobody."""

import ssl
from collections.abc import Iterator
from enum import StrEnum


class Failure(StrEnum):
    """Fit for the label of a metric."""

    UNREACHABLE = "unreachable"
    TLS = "tls"
    NOT_NEARBY = "not_nearby"
    REDIRECTED = "redirected"
    UNAUTHORISED = "unauthorised"
    RATE_LIMITED = "rate_limited"
    REFUSED_REQUEST = "refused_request"
    SERVER_ERROR = "server_error"
    SLOW_FIRST = "slow_first"
    SLOW_BETWEEN = "slow_between"
    SLOW_TOTAL = "slow_total"
    TOO_LONG = "too_long"
    BROKEN_OFF = "broken_off"
    MALFORMED = "malformed"
    EMPTY = "empty"
    BUSY = "busy"
    CIRCUIT_OPEN = "circuit_open"
    UNKNOWN = "unknown"

    @property
    def may_pass(self) -> bool:
        """Whether the same question, asked again at once, may well be answered."""
        return self in _PASSING

    @property
    def tells_of_the_model(self) -> bool:
        """Not of one question that it does not take, nor of a request that was never made."""
        return self not in _OF_OTHERS


_PASSING = {Failure.UNREACHABLE, Failure.BROKEN_OFF, Failure.RATE_LIMITED, Failure.SERVER_ERROR}
_OF_OTHERS = {Failure.BUSY, Failure.CIRCUIT_OPEN, Failure.REFUSED_REQUEST}

_USUAL_PAUSE_SECONDS = 0.3
# The packages' own errors for a connection that ended before the answer did, and for bytes that are no event stream.
_ENDS = {"RemoteProtocolError", "ReadError", "IncompleteRead", "ChunkedEncodingError"}
_GARBLED = {"SSEError", "DecodingError", "LocalProtocolError"}


class ModelFailedError(Exception):
    """``pause`` is how many seconds to wait before it is worth another try; None when it is not."""

    def __init__(self, failure: Failure, pause: float | None = None) -> None:
        super().__init__(failure.value)
        self.failure = failure
        self.pause = pause


def failed_by(error: BaseException) -> ModelFailedError:
    """What an error of some provider's package comes down to.

    The packages share no base class, and wrap each other's errors; what they wrap in the end is Python's own.
    """
    failure = next(filter(None, (_failure(each) for each in _chain(error))), Failure.UNKNOWN)
    return ModelFailedError(failure, _pause(error) if failure.may_pass else None)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error, and what it wraps. An error with a ``__cause__`` was raised on purpose from that one only."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _failure(error: BaseException) -> Failure | None:
    """None when this one in the chain does not tell."""
    if isinstance(error, ModelFailedError):
        return error.failure
    status = _status(error)
    return _of_type(error) if status is None else _of_status(status)


def _status(error: BaseException) -> int | None:
    for holder in (error, getattr(error, "response", None)):
        status = getattr(holder, "status_code", None)
        if isinstance(status, int):
            return status
    return None


def _of_status(status: int) -> Failure:
    """For an error in the middle of a stream, packages make up a status that does not exist."""
    match status:
        case 401 | 403:
            return Failure.UNAUTHORISED
        case 429:
            return Failure.RATE_LIMITED
    by_hundreds = {2: Failure.MALFORMED, 3: Failure.REDIRECTED, 4: Failure.REFUSED_REQUEST}
    return by_hundreds.get(status // 100, Failure.SERVER_ERROR)


def _of_type(error: BaseException) -> Failure | None:
    name = type(error).__name__
    if isinstance(error, ssl.SSLError):
        return Failure.TLS
    if name in _ENDS or isinstance(error, ConnectionResetError | BrokenPipeError):
        return Failure.BROKEN_OFF
    if isinstance(error, OSError):
        return Failure.UNREACHABLE
    if name == "APIError":
        return Failure.SERVER_ERROR
    if name in _GARBLED or isinstance(error, ValueError | TypeError | LookupError | AttributeError):
        return Failure.MALFORMED
    return None


def _pause(error: BaseException) -> float | None:
    """What the server asks for, in seconds. A date is far away."""
    for each in _chain(error):
        headers = getattr(getattr(each, "response", None), "headers", None)
        asked = headers.get("retry-after") if headers is not None else None
        if asked is not None:
            return float(asked) if asked.isascii() and asked.isdecimal() else None
    return _USUAL_PAUSE_SECONDS
