"""What can go wrong between a question and its answer. A "not found" is an answer, not an error.

AssistantError
├── CalibrationError           the confidence model does not fit the index
└── QuestionError              the visitor's message cannot be taken
    ├── EmptyQuestionError
    ├── QuestionTooLongError
    └── UnreadableQuestionError
"""

from pathlib import Path

from assistant import texts


class AssistantError(Exception):
    """Base of all errors of this package; ``str(error)`` is Dutch."""


class CalibrationError(AssistantError):
    """Shown to staff, not to visitors."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"De afstelling in {path} is niet bruikbaar: {reason} Maak hem opnieuw met: rugpijn calibrate")


class QuestionError(AssistantError):
    """The question cannot be taken; ``str(error)`` can be shown to the visitor."""


class EmptyQuestionError(QuestionError):
    def __init__(self) -> None:
        super().__init__(texts.QUESTION_EMPTY)


class QuestionTooLongError(QuestionError):
    def __init__(self, limit: int) -> None:
        super().__init__(texts.QUESTION_TOO_LONG.format(limit=limit))


class UnreadableQuestionError(QuestionError):
    def __init__(self) -> None:
        super().__init__(texts.QUESTION_NOT_READABLE)
