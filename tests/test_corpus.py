"""The corpus is the practice's own text: nothing lost, nothing added, every article readable."""

import re
from collections import Counter, defaultdict
from pathlib import Path

from fakes import ingest, write_article

from ingest.article import Article, BlockKind
from ingest.front_matter import FrontMatter
from ingest.index import Index
from ingest.known_questions import FOLDER, KnownQuestions, read_known_questions
from ingest.markdown import parse_article
from ingest.read import read_corpus

CORPUS = Path(__file__).parent.parent / "corpus"
README = (CORPUS / "README.md").read_text(encoding="utf-8")
ARTICLES = sorted(path for path in CORPUS.glob("*.md") if path.name != "README.md")
TAG_LINE = "Tag : Rugpijn\n"
SECTION = "Vragen bij de artikelen"


def example(language: str) -> str:
    """The first example in this language in the README."""
    return README.split(f"```{language}\n")[1].split("```")[0]


def original_words() -> list[str]:
    original = (CORPUS / "original" / "rugpijn.txt").read_text(encoding="utf-8-sig")
    return [word for word in original.removeprefix(TAG_LINE).split() if word != "•"]


def front_matter_and_body(markdown: str) -> tuple[dict[str, str], str]:
    _, block, body = markdown.split("---\n", 2)
    return {name: value.strip('"') for name, value in re.findall(r"^(\w+): (.*)$", block, re.MULTILINE)}, body


def without_markup(body: str) -> str:
    body = re.sub(r"^(?:#+|-) ", "", body, flags=re.MULTILINE)
    return re.sub(r"^\*(.*)\*$", r"\1", body, flags=re.MULTILINE)


def as_read(article: Article) -> list[str]:
    return f"{article.title} {article.text.replace('• ', '')}".split()


def test_the_markdown_without_markup_is_the_original_text_word_for_word() -> None:
    words: list[str] = []
    for path in ARTICLES:
        about, body = front_matter_and_body(path.read_text(encoding="utf-8"))
        words += about["title"].split() + without_markup(body).split()
    assert words == original_words()


def test_the_articles_as_read_are_the_original_text_word_for_word() -> None:
    words = [word for article in read_corpus(CORPUS).articles for word in as_read(article)]
    assert words == original_words()


def test_the_tag_line_of_the_original_is_the_tag_of_every_article() -> None:
    original = (CORPUS / "original" / "rugpijn.txt").read_text(encoding="utf-8-sig")
    assert original.startswith(TAG_LINE)
    assert {article.tag for article in read_corpus(CORPUS).articles} == {"Rugpijn"}


def test_no_article_of_the_corpus_is_refused() -> None:
    corpus = read_corpus(CORPUS)
    assert corpus.refused == ()
    assert [article.source for article in corpus.articles] == [path.name for path in ARTICLES]


def test_every_slug_is_its_file_name_without_the_number() -> None:
    for article in read_corpus(CORPUS).articles:
        assert re.fullmatch(rf"\d\d-{article.slug}\.md", article.source)


def test_the_example_in_the_readme_is_an_article_that_can_be_read() -> None:
    article = parse_article(example("markdown"), Path("voorbeeld.md"))
    assert None not in (article.url, article.published, article.reviewed, article.reviewer)
    assert {block.kind for block in article.blocks} == set(BlockKind)


def test_the_readme_explains_every_field_of_the_front_matter() -> None:
    assert [name for name in FrontMatter.model_fields if f"| `{name}` |" not in README] == []


# Questions beside the articles


def test_every_known_question_has_its_place_in_the_articles(corpus_index: Index) -> None:
    assert corpus_index.manifest.questions_left_out == ()
    assert {question.text for question in corpus_index.questions} == {
        text for file in read_known_questions(CORPUS) for entry in file.entries for text in entry.asked
    }


def test_no_question_stands_under_two_different_answers() -> None:
    answers: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for file in read_known_questions(CORPUS):
        for entry in file.entries:
            for text in entry.asked:
                answers[" ".join(re.findall(r"\w+", text.casefold()))].add(entry.answer)
    assert [text for text, given in answers.items() if len(given) > 1] == []


def test_every_passage_answers_at_least_eight_known_questions(corpus_index: Index) -> None:
    known = Counter(question.passage for question in corpus_index.questions)
    assert [passage.text for row, passage in enumerate(corpus_index.passages) if known[row] < 8] == []


def test_every_file_of_questions_says_at_its_top_where_staff_reads_how_it_works() -> None:
    assert f"## {SECTION}\n" in README
    for path in (CORPUS / FOLDER).iterdir():
        top, _ = path.read_text(encoding="utf-8").split("[[question]]", 1)
        assert f'corpus/README.md, "{SECTION}"' in top
        assert [key for key in KnownQuestions.model_fields if f"#   {key} " not in top] == []


def test_the_example_of_questions_in_the_readme_fits_its_example_of_an_article(tmp_path: Path) -> None:
    write_readme_example(tmp_path, example("toml"))
    report = ingest(tmp_path)
    (file,) = read_known_questions(tmp_path / "corpus")
    assert report.questions_left_out == report.refused == ()
    assert report.manifest.counts.questions == sum(len(entry.asked) for entry in file.entries)
    assert not file.entries[-1].answer


def test_the_message_in_the_readme_is_what_an_ingest_says(tmp_path: Path) -> None:
    write_readme_example(tmp_path, example("toml").replace("Draai uw hoofd", "Draai het hoofd"))
    (line,) = ingest(tmp_path).questions_left_out
    assert f"Vraag niet gebruikt: {line}" in " ".join(README.split())


def write_readme_example(folder: Path, questions: str) -> None:
    write_article(folder, "nekpijn.md", "Nekpijn").write_text(example("markdown"), "utf-8")
    (folder / "corpus" / FOLDER).mkdir()
    (folder / "corpus" / FOLDER / "nekpijn.toml").write_text(questions, "utf-8")
