"""A question that leans on the one before it, made to stand alone."""

import re
from collections.abc import Sequence
from itertools import groupby

from ingest.lexical import content_words

# "en bij zwangerschap?", "hoe lang duurt dat?": opens with a conjunction, or points back with a pronoun.
_OPENS_WITH_AND = re.compile(r"^(en|maar|of|dus|ook)\b", re.IGNORECASE)
_POINTS_BACK = re.compile(
    r"\b(dat|dit|die|deze|daar(?:mee|voor|door|tegen|bij|van|na)?|hiervan|hierbij|zoiets)\b", re.IGNORECASE
)
# "gaat het over?" points back; "het schoudergordelsyndroom" does not. What may follow the pronoun is a short list.
_IT = re.compile(
    r"\bhet(?=\W*$| (?:dan|ook|weer|nog|wel|niet|geen|vanzelf|over|terug|weg|erg|ernstig|gevaarlijk|schadelijk|slecht"
    r"|slim|verstandig|goed|kwaad|normaal|erger|beter|door|van|met|bij|na|voor|als|lang|snel|altijd|echt|kan|komt)\b)",
    re.IGNORECASE,
)
_FEW_CONTENT_WORDS = 3
_MOST_QUESTIONS = 4


def stand_alone_question(question: str, earlier_questions: Sequence[str]) -> str:
    """``question``, after the visitor's earlier ones back to the first that can be understood without another.

    What was asked again, for its answer was stopped or failed, counts once.
    """
    different = [asked for asked, _ in groupby((*earlier_questions, question))][:-1]
    questions = [question]
    for earlier in reversed(different[1 - _MOST_QUESTIONS :]):
        if not _leans_back(questions[0]):
            break
        questions.insert(0, earlier)
    return " ".join(questions)


def _leans_back(question: str) -> bool:
    few = len(content_words(question)) <= _FEW_CONTENT_WORDS
    return few and any(pattern.search(question) for pattern in (_OPENS_WITH_AND, _POINTS_BACK, _IT))
