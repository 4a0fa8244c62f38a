"""Questions that do get an answer, for a visitor whose own question got none."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from assistant.language.files import RuleFile
from assistant.language.tokens import tokenise, words
from ingest.embed import Embedder

QUESTIONS = Path(__file__).parent / "questions.toml"
_FEWEST_WORDS = 3


class Suggestions:
    """The caller vouches that each of ``questions`` is answered. Their vectors are made once, here."""

    def __init__(self, questions: Sequence[str], embedder: Embedder) -> None:
        self.questions = tuple(dict.fromkeys(questions))
        self._embedder = embedder
        self._words = [_words(question) for question in self.questions]
        # Questions are compared with a question: the model reads both alike.
        self._vectors = np.array([embedder.query(question) for question in self.questions], dtype=np.float32)

    def near(self, text: str, count: int = 3) -> tuple[str, ...]:
        """At most ``count``, the nearest in meaning first; never ``text`` itself, however it was typed."""
        if not self.questions:
            return ()
        similarity = self._vectors @ self._embedder.query(text)
        asked = _words(text)
        rows = [int(row) for row in np.argsort(-similarity, kind="stable") if self._words[row] != asked]
        return tuple(self.questions[row] for row in rows[:count])


def own_questions(path: Path = QUESTIONS) -> list[str]:
    """The questions in ``questions.toml``. Raises ``RulesError`` with file, line and reason."""
    file = RuleFile(path)
    file.check_keys(file.data, ("questions",))
    questions = file.lines(file.data, "questions")
    for question in questions:
        if not question.endswith("?") or len(question.split()) < _FEWEST_WORDS:
            raise file.error(f"'{question}' is geen hele vraag met een vraagteken.", f'"{question}"')
    return questions


def _words(text: str) -> list[str]:
    return words(tokenise(text))
