"""A question that leans on the ones before it, made to stand alone."""

import re
from collections.abc import Callable, Sequence
from itertools import groupby

from assistant.language.tokens import tokenise, words
from assistant.query import Query
from assistant.vocabulary import DUTCH, Topic
from ingest.lexical import content_words

# "en bij zwangerschap?" opens with a conjunction.
_OPENERS: dict[str, frozenset[str]] = {
    language: frozenset(openers.split())
    for language, openers in {
        DUTCH: "en maar of dus ook",
        "en": "and but or so also what",
        "de": "und aber oder auch",
        "fr": "et mais ou aussi",
        "tr": "ve peki ama ya",
        "pl": "a i ale czy oraz",
        "ar": "و لكن أو ماذا وماذا وهل",
    }.items()
}
# "hoe lang duurt dat?", "waar komt het van?" point back; "het schoudergordelsyndroom" does not. What may follow
# "het" is a short list.
_POINTS_BACK = re.compile(
    r"\b(?:dat|dit|die|deze|(?:daar|er|hier)(?:aan|bij|door|mee|na|om|onder|over|tegen|tussen|uit|van|voor)?|zoiets)\b",
    re.IGNORECASE,
)
_IT = re.compile(
    r"\bhet(?=\W*$| (?:dan|ook|weer|nog|wel|niet|geen|vanzelf|over|terug|weg|erg|ernstig|gevaarlijk|schadelijk|slecht"
    r"|slim|verstandig|goed|kwaad|normaal|erger|beter|door|van|met|bij|na|voor|als|lang|snel|altijd|echt|kan|komt)\b)",
    re.IGNORECASE,
)
_FEW_CONTENT_WORDS = 3
# What names no subject leans, unless it tells a whole story.
_MOST_WORDS_WITHOUT_SUBJECT = 8
_SUBJECTS = {Topic.BODY, Topic.COMPLAINT, Topic.TREATMENT, Topic.MEDICINE}
_MOST_QUESTIONS = 4


def stand_alone_question(question: str, earlier_questions: Sequence[str], read: Callable[[str], Query]) -> str:
    """``question``, with behind it the visitor's earlier ones back to the first that can be understood without another.

    What was asked again, for its answer was stopped or failed, counts once.
    """
    different = [asked for asked, _ in groupby((*earlier_questions, question))][:-1]
    needed: list[str] = []
    for earlier in reversed(different[1 - _MOST_QUESTIONS :]):
        if not _leans_back(read(needed[0] if needed else question)):
            break
        needed.insert(0, earlier)
    return f"{question} ({' '.join(needed)})" if needed else question


def _leans_back(query: Query) -> bool:
    said = words(tokenise(query.question))
    content = content_words(query.question)
    if query.language == DUTCH and not content:
        return True
    if not query.topics & _SUBJECTS and len(said) <= _MOST_WORDS_WITHOUT_SUBJECT:
        return True
    if said[:1] and said[0] in _OPENERS.get(query.language, ()):
        return len(said) <= _MOST_WORDS_WITHOUT_SUBJECT
    few = query.language == DUTCH and len(content) <= _FEW_CONTENT_WORDS
    return few and any(pattern.search(query.question) for pattern in (_POINTS_BACK, _IT))
