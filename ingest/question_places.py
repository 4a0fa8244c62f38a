"""Where the answers to the known questions stand: rows of the index's sentences."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from ingest.article import Article
from ingest.errors import Complaint
from ingest.known_questions import KnownQuestions, QuestionsFile
from ingest.passage import Passage
from ingest.wordings import gone, lead_in, quotable, wordings

UNANSWERED = -1


@dataclass(frozen=True, slots=True)
class KnownQuestion:
    """``text`` is answered by these rows of the index's sentences, all of one passage, in reading order.

    No article answers it when ``passage`` is ``UNANSWERED``; then there are no rows.
    """

    text: str
    passage: int
    sentences: tuple[int, ...]

    @property
    def is_answered(self) -> bool:
        return self.passage != UNANSWERED


@dataclass(frozen=True, slots=True)
class PlacedQuestions:
    """The questions whose answers stand in the articles, and a line (Dutch) for each entry that is left out."""

    known: tuple[KnownQuestion, ...]
    left_out: tuple[str, ...]


def place_questions(
    files: Iterable[QuestionsFile], passages: Sequence[Passage], articles: Mapping[str, Article]
) -> PlacedQuestions:
    """An answer that stands in several passages is known in each of them.

    An article may be edited without a thought for these questions: what no longer fits costs a question, and the ingest
    goes on.
    """
    answers = _Answers(passages, articles)
    known: dict[KnownQuestion, None] = {}
    left_out: list[str] = []
    for file in files:
        for number, entry in enumerate(file.entries):
            places = answers.places(entry)
            known |= dict.fromkeys(KnownQuestion(text, *place) for place in places for text in entry.asked)
            if not places:
                left_out.append(answers.complaint(file, number, entry).about(file.file.path))
    return PlacedQuestions(tuple(known), tuple(left_out))


def check_rows(questions: Iterable[KnownQuestion], passages: Sequence[Passage]) -> None:
    """Raises ``ValueError`` for a question that is answered by rows that are not there or not of its passage."""
    firsts = accumulate((len(passage.sentences) for passage in passages), initial=0)
    rows_of = {passage: range(*rows) for passage, rows in enumerate(pairwise(firsts))} | {UNANSWERED: range(0)}
    for question in questions:
        rows = rows_of.get(question.passage)
        is_there = rows is not None and all(row in rows for row in question.sentences)
        if not is_there or bool(question.sentences) != question.is_answered:
            raise ValueError(f"het antwoord op '{question.text}' is er niet")


class _Answers:
    """Every wording that can be an answer, with the passages it stands in and its rows there."""

    def __init__(self, passages: Sequence[Passage], articles: Mapping[str, Article]) -> None:
        self._named = wordings(passages, articles)
        self._rows_of: dict[str, dict[int, tuple[int, ...]]] = {}
        first = 0
        for passage_row, passage in enumerate(passages):
            for wording, positions in _answering(passage, articles[passage.slug]):
                rows = tuple(first + position for position in positions)
                self._rows_of.setdefault(wording, {}).setdefault(passage_row, rows)
            first += len(passage.sentences)

    def places(self, entry: KnownQuestions) -> list[tuple[int, tuple[int, ...]]]:
        """The passages that hold the whole answer, and its rows in each; none when it does not stand in one passage."""
        if not entry.answer:
            return [(UNANSWERED, ())]
        found = [self._rows_of.get(sentence, {}) for sentence in entry.answer]
        shared = sorted(passage for passage in found[0] if all(passage in each for each in found))
        return [(passage, tuple(sorted({row for each in found for row in each[passage]}))) for passage in shared]

    def complaint(self, file: QuestionsFile, number: int, entry: KnownQuestions) -> Complaint:
        """Why the answer of the entry with this number is in no place."""
        for sentence in entry.answer:
            if sentence not in self._rows_of:
                reason, mend = self._why_not(sentence, file.file.kind.entry)
                return file.file.complaint(number, "answer", reason, mend, sentence)
        reason = "deze zinnen staan niet samen in één stuk tekst."
        return file.file.complaint(number, "answer", reason, "Maak er een vraag per stuk tekst van.")

    def _why_not(self, sentence: str, entry: str) -> tuple[str, str]:
        if sentence not in self._named:
            return gone(sentence, self._rows_of, entry)
        mend = "Schrijf de zinnen over die het antwoord geven; een kop kan alleen als er een lijst onder staat."
        return f"'{sentence}' is een titel of kop en geeft zelf geen antwoord.", mend


def _answering(passage: Passage, article: Article) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Each wording that can be an answer, with its positions in the passage; a lead-in means the whole list."""
    yield from quotable(passage, article)
    if passage.lead_in:
        yield lead_in(passage, article), tuple(range(len(passage.sentences)))
