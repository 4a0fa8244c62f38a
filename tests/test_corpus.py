"""The corpus is the practice's own text: nothing lost, nothing added, every article readable."""

import re
from pathlib import Path

from ingest.article import Article, BlockKind
from ingest.front_matter import FrontMatter
from ingest.markdown import parse_article
from ingest.read import read_corpus

CORPUS = Path(__file__).parent.parent / "corpus"
ARTICLES = sorted(path for path in CORPUS.glob("*.md") if path.name != "README.md")
TAG_LINE = "Tag : Rugpijn\n"


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
    readme = (CORPUS / "README.md").read_text(encoding="utf-8")
    example = readme.split("```markdown\n")[1].split("```")[0]
    article = parse_article(example, Path("voorbeeld.md"))
    assert None not in (article.url, article.published, article.reviewed, article.reviewer)
    assert {block.kind for block in article.blocks} == set(BlockKind)


def test_the_readme_explains_every_field_of_the_front_matter() -> None:
    readme = (CORPUS / "README.md").read_text(encoding="utf-8")
    assert [name for name in FrontMatter.model_fields if f"| `{name}` |" not in readme] == []
