"""The questions a visitor can start with are the articles' own."""

from pathlib import Path

from assistant.examples import questions_in_headings
from ingest.article import Article
from ingest.markdown import parse_article
from ingest.read import read_corpus
from ingest.settings import PROJECT


def article(title: str, *headings: str) -> Article:
    sections = "\n\n".join(f"## {heading}\n\nTekst van deze kop." for heading in headings)
    return parse_article(f"---\ntitle: {title!r}\n---\n\nInleiding.\n\n{sections}\n", Path("artikel.md"))


def test_a_heading_that_asks_what_a_visitor_would_ask_is_an_example() -> None:
    assert questions_in_headings([article("Nek", "Wat helpt tegen nekpijn?", "De nek")]) == ["Wat helpt tegen nekpijn?"]


def test_a_title_that_asks_is_an_example_after_the_headings() -> None:
    nek = article("Wat is een stijve nek?", "Hoe lang duurt het?")
    assert questions_in_headings([nek]) == ["Hoe lang duurt het?", "Wat is een stijve nek?"]


def test_a_heading_that_is_no_full_question_is_no_example() -> None:
    headings = ("Plotselinge oorzaak?", "Wat te doen?", "Heeft u nog vragen over uw nek?", "Wat helpt tegen nekpijn")
    assert questions_in_headings([article("Nek", *headings)]) == []


def test_every_article_has_its_turn_before_any_has_a_second() -> None:
    nek = article("Nek", "Wat helpt tegen nekpijn?", "Hoe komt nekpijn door stress?")
    rug = article("Rug", "Wat helpt tegen rugpijn?", "Hoe komt rugpijn door stress?")
    assert [question.split()[-1] for question in questions_in_headings([nek, rug])] == [
        "nekpijn?",
        "rugpijn?",
        "stress?",
        "stress?",
    ]


def test_a_question_of_two_articles_is_offered_once() -> None:
    twins = [article("Nek", "Wat helpt tegen nekpijn?"), article("Hals", "Wat helpt tegen nekpijn?")]
    assert questions_in_headings(twins) == ["Wat helpt tegen nekpijn?"]


def test_without_articles_there_are_no_examples() -> None:
    assert questions_in_headings([]) == []


def test_the_practices_own_articles_give_examples_from_several_articles() -> None:
    articles = read_corpus(PROJECT / "corpus").articles
    examples = questions_in_headings(articles)
    sources = {
        each.slug for each in articles for example in examples if example in (each.title, *each.text.split("\n"))
    }
    assert len(examples) == len(set(examples)) >= 4
    assert len(sources) >= 3
    assert all(example.endswith("?") for example in examples)
