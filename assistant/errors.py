"""What can be wrong with a question. A refusal or a "not found" is an answer, not an error.

QuestionError
├── EmptyQuestionError
├── QuestionTooLongError
└── UnreadableQuestionError
"""

from assistant import texts


class QuestionError(Exception):
    """The question cannot be taken; ``str(error)`` is Dutch and can be shown to the visitor."""


class EmptyQuestionError(QuestionError):
    def __init__(self) -> None:
        super().__init__(texts.QUESTION_EMPTY)


class QuestionTooLongError(QuestionError):
    def __init__(self, limit: int) -> None:
        super().__init__(texts.QUESTION_TOO_LONG.format(limit=limit))


class UnreadableQuestionError(QuestionError):
    def __init__(self) -> None:
        super().__init__(texts.QUESTION_NOT_READABLE)
