"""A visitor's message, made safe to work with: bounded, without control characters, in one Unicode form."""

import re
import unicodedata

from assistant.errors import EmptyQuestionError, QuestionTooLongError, UnreadableQuestionError

# Format characters (bidi overrides, zero-width marks) and controls carry no meaning in a question, but can hide some.
INVISIBLE = {"Cc", "Cf", "Co", "Cn", "Cs"}
# Letters and marks that are drawn as nothing: joiners, fillers, variation selectors, the empty Braille cell.
_BLANK = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")


def clean_question(raw: str, max_chars: int) -> str:
    """``raw`` without invisible characters, white space folded, NFC.

    Raises ``EmptyQuestionError``, ``QuestionTooLongError`` (counted in characters of ``raw``) or
    ``UnreadableQuestionError`` (half a surrogate pair).
    """
    if len(raw) > max_chars:
        raise QuestionTooLongError(max_chars)
    if any("\ud800" <= char <= "\udfff" for char in raw):
        raise UnreadableQuestionError
    question = " ".join(legible(raw).split())
    if not question:
        raise EmptyQuestionError
    return question


def legible(raw: str) -> str:
    """``raw`` as a reader sees it: without invisible characters, NFC; its line breaks stay."""
    seen = "".join(char for char in raw if char.isspace() or unicodedata.category(char) not in INVISIBLE)
    return unicodedata.normalize("NFC", _BLANK.sub("", seen))
