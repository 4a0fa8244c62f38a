"""Why a question gets no reply now, in words the visitor can read."""

from typing import ClassVar

from assistant import texts


class TurnedAwayError(Exception):
    """``str(error)`` is Dutch and can be shown; ``seconds`` is when to try again; ``reason`` is a name to count by."""

    status: ClassVar[int] = 503
    reason: ClassVar[str]

    def __init__(self, told: str, seconds: int) -> None:
        super().__init__(told)
        self.seconds = seconds


class TooManyQuestionsError(TurnedAwayError):
    """This visitor, or this address, asked too often."""

    status = 429
    reason = "too_many_questions"

    def __init__(self, seconds: int) -> None:
        super().__init__(texts.TOO_MANY_QUESTIONS.format(seconds=seconds), seconds)


class DayIsFullError(TurnedAwayError):
    """All visitors together asked as much as the practice allows in a day."""

    reason = "day_is_full"

    def __init__(self, seconds: int) -> None:
        super().__init__(texts.DAY_IS_FULL, seconds)


class TooBusyError(TurnedAwayError):
    """More replies are being made or waited for than this process takes on."""

    reason = "too_busy"

    def __init__(self) -> None:
        super().__init__(texts.TOO_BUSY, 5)


class ReplyTooSlowError(TurnedAwayError):
    """The reply was begun, but not finished in time."""

    reason = "too_slow"

    def __init__(self) -> None:
        super().__init__(texts.TOO_SLOW, 5)


class PausedError(TurnedAwayError):
    """The practice paused the chat."""

    reason = "paused"

    def __init__(self, notice: str) -> None:
        super().__init__(notice, 300)
