"""The rows of an index: its sentences in order, and the words by which passages and sentences are found."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ingest.article import Article
from ingest.passage import Passage
from ingest.question_places import KnownQuestion
from ingest.sentences import Sentence


@dataclass(frozen=True)
class SentenceRow:
    """One quotable sentence and the passage (its row) that it stands in."""

    passage: int
    sentence: Sentence


def sentence_rows(passages: Sequence[Passage]) -> tuple[SentenceRow, ...]:
    """All quotable sentences in index order: the rows of ``sentences.faiss``."""
    return tuple(SentenceRow(row, sentence) for row, passage in enumerate(passages) for sentence in passage.sentences)


def sentence_to_embed(row: SentenceRow, passages: Sequence[Passage], articles: Mapping[str, Article]) -> str:
    """The sentence itself; a list item with the lead-in that says what it is an item of."""
    passage = passages[row.passage]
    article = articles[passage.slug]
    sentence = passage.wording(article, row.sentence)
    return f"{passage.wording(article, passage.lead_in)}\n{sentence}" if passage.lead_in else sentence


def passage_words(texts: Sequence[str], questions: Sequence[KnownQuestion]) -> list[str]:
    """For each passage its text, and the questions that it answers below it."""
    return _with_questions(texts, ((question.passage, question.text) for question in questions if question.is_answered))


def sentence_words(texts: Sequence[str], questions: Sequence[KnownQuestion]) -> list[str]:
    """For each sentence its text, and the questions that it answers below it."""
    return _with_questions(texts, ((row, question.text) for question in questions for row in question.sentences))


def _with_questions(texts: Sequence[str], asked: Iterable[tuple[int, str]]) -> list[str]:
    lines = [[text] for text in texts]
    for row, question in asked:
        lines[row].append(question)
    return ["\n".join(each) for each in lines]
