"""A question that leans on the one before it, made to stand alone."""

import re
from collections.abc import Sequence

from ingest.lexical import content_words

# "en bij zwangerschap?", "hoe lang duurt dat?": opens with a conjunction, or points back with a pronoun.
_OPENS_WITH_AND = re.compile(r"^(en|maar|of|dus|ook)\b", re.IGNORECASE)
_POINTS_BACK = re.compile(
    r"\b(dat|dit|die|deze|daar(?:mee|voor|door|tegen|bij|van|na)?|het|hiervan|hierbij|zoiets)\b", re.IGNORECASE
)
_FEW_CONTENT_WORDS = 3


def stand_alone_question(question: str, earlier_questions: Sequence[str]) -> str:
    """``question``, with the visitor's last question before it when it cannot be understood without."""
    if earlier_questions and _leans_back(question):
        return f"{earlier_questions[-1]} {question}"
    return question


def _leans_back(question: str) -> bool:
    few = len(content_words(question)) <= _FEW_CONTENT_WORDS
    return few and bool(_OPENS_WITH_AND.search(question) or _POINTS_BACK.search(question))
