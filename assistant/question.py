"""A visitor's message, made safe to work with: bounded, without control characters, in one Unicode form."""

import unicodedata

from assistant.errors import EmptyQuestionError, QuestionTooLongError, UnreadableQuestionError

# Format characters (bidi overrides, zero-width marks) and controls carry no meaning in a question, but can hide some.
_INVISIBLE = {"Cc", "Cf", "Co", "Cn"}


def clean_question(raw: str, max_chars: int) -> str:
    """``raw`` without invisible characters, white space folded, NFC.

    Raises ``EmptyQuestionError``, ``QuestionTooLongError`` (counted in characters of ``raw``) or
    ``UnreadableQuestionError`` (half a surrogate pair).
    """
    if len(raw) > max_chars:
        raise QuestionTooLongError(max_chars)
    if any("\ud800" <= char <= "\udfff" for char in raw):
        raise UnreadableQuestionError
    visible = "".join(char for char in raw if char.isspace() or unicodedata.category(char) not in _INVISIBLE)
    question = " ".join(unicodedata.normalize("NFC", visible).split())
    if not question:
        raise EmptyQuestionError
    return question
