"""An article as a draft to edit, and a draft as the Markdown file that is published."""

import json
import re
from datetime import date
from pathlib import Path

from assistant.staff import texts
from assistant.staff.library.drafts import Base, Draft
from assistant.staff.library.errors import DraftUnreadableError
from assistant.staff.library.to_markdown import markdown_of
from ingest.article import Article
from ingest.decode import decode, only_text
from ingest.errors import ArticleError
from ingest.front_matter import split_front_matter
from ingest.markdown import parse_article
from ingest.wording import MAX_TITLE, on_one_line, slug_of

MARKDOWN = ".md"

_FENCE = "---"
_DUTCH_DATE = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})")
_SAFE_IN_YAML = re.compile(r"[^\W_](?:[\w ./?=&%+-]|:(?!\s|$))*", re.ASCII)


def draft_of(article: Article, raw: bytes, base: Base | None) -> Draft:
    """What can be edited of ``article``; of a Markdown file every character of ``raw`` below its front matter."""
    return Draft(
        title=article.title,
        body=_body(article, raw),
        tag=article.tag,
        url=article.url or "",
        published=_typed(article.published),
        reviewed=_typed(article.reviewed),
        reviewer=article.reviewer or "",
        slug=article.slug if base else "",
        base=base,
    )


def written(draft: Draft, name: str) -> tuple[bytes, Article]:
    """The file ``name`` that says what ``draft`` says, and the article it is. Raises ``DraftUnreadableError``."""
    _check_title(draft.title)
    head = _front_matter(draft)
    markdown = f"{head}\n{draft.body.strip()}\n"
    path = Path(name)
    try:
        markdown = only_text(markdown, path)
        return markdown.encode(), parse_article(markdown, path)
    except ArticleError as error:
        raise _as_seen(error, head, draft.body) from error


def slug_for(draft: Draft) -> str:
    """The one it has; made of the title for a new article."""
    return draft.slug or slug_of(on_one_line(draft.title))


def _body(article: Article, raw: bytes) -> str:
    path = Path(article.source)
    if path.suffix.lower() == MARKDOWN:
        return split_front_matter(decode(raw, path), path)[1].strip("\n")
    return markdown_of(article)


def _typed(day: date | None) -> str:
    return f"{day.day}-{day.month}-{day.year}" if day else ""


def _check_title(title: str) -> None:
    said = on_one_line(title)
    if not said:
        raise DraftUnreadableError(texts.TITLE_MISSING, texts.TITLE_MISSING_MEND)
    if len(said) > MAX_TITLE:
        raise DraftUnreadableError(texts.TITLE_TOO_LONG.format(most=MAX_TITLE), texts.TITLE_TOO_LONG_MEND)
    if not slug_of(said):
        raise DraftUnreadableError(texts.TITLE_WITHOUT_LETTERS, texts.TITLE_WITHOUT_LETTERS_MEND)


def _front_matter(draft: Draft) -> str:
    fields = {
        "title": json.dumps(on_one_line(draft.title), ensure_ascii=False),
        "slug": slug_for(draft),
        "tag": _plain(draft.tag),
        "url": _plain(draft.url),
        "published": _plain(_day(draft.published)),
        "reviewed": _plain(_day(draft.reviewed)),
        "reviewer": _plain(draft.reviewer),
    }
    lines = [f"{key}: {value}" for key, value in fields.items() if value]
    return "\n".join((_FENCE, *lines, _FENCE)) + "\n"


def _plain(value: str) -> str:
    """Without quotation marks where YAML needs none, as people write it themselves."""
    said = on_one_line(value)
    return said if not said or _SAFE_IN_YAML.fullmatch(said) else json.dumps(said, ensure_ascii=False)


def _day(typed: str) -> str:
    """``15-3-2026`` as ``2026-03-15``; anything else as it is, to be refused."""
    found = _DUTCH_DATE.fullmatch(typed.strip())
    return f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}" if found else typed


def _as_seen(error: ArticleError, head: str, body: str) -> DraftUnreadableError:
    """``error`` with the line in the text box, and the names of the boxes beside it."""
    above = head.count("\n") + 1
    leading = len(body) - len(body.lstrip())
    line = error.line - above + body.count("\n", 0, leading) if error.line and error.line > above else None
    reason = error.reason
    for key, label in texts.FIELD_LABELS.items():
        reason = reason.replace(f"'{key}'", f"'{label}'")
    return DraftUnreadableError(reason, error.mend, line)
