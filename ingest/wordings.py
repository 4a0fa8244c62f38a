"""The wordings of the articles that a file beside them can name, and the nearest to one that stands there no more."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from rapidfuzz import fuzz, process

from ingest.article import Article, BlockKind
from ingest.passage import Passage
from ingest.wording import on_one_line

# From this likeness on (0 to 100), a sentence that is gone was probably edited or mistyped.
_CLOSE = 65


def quotable(passage: Passage, article: Article) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Each sentence, and each list item of several sentences as a whole, with their positions in the passage.

    White space is folded, as it is in the file that names them.
    """
    for position, sentence in enumerate(passage.sentences):
        yield on_one_line(passage.wording(article, sentence)), (position,)
    numbered = enumerate(passage.sentences)
    for item, group in groupby(numbered, key=lambda pair: pair[1].item):
        positions, sentences = zip(*group, strict=True)
        if item is not None and len(positions) > 1:
            yield on_one_line(article.text[sentences[0].start : sentences[-1].end]), positions


def lead_in(passage: Passage, article: Article) -> str:
    """The line or heading that introduces a list, white space folded; "" in running text."""
    return on_one_line(passage.wording(article, passage.lead_in)) if passage.lead_in else ""


def wordings(passages: Sequence[Passage], articles: Mapping[str, Article]) -> dict[str, None]:
    """Everything that can be named, in reading order: also headings and titles."""
    found: dict[str, None] = {}
    for passage in passages:
        article = articles[passage.slug]
        if passage.lead_in:
            found[lead_in(passage, article)] = None
        found |= dict.fromkeys(wording for wording, _ in quotable(passage, article))
    for article in articles.values():
        headings = [article.wording(block) for block in article.blocks if block.kind is BlockKind.HEADING]
        found |= dict.fromkeys(map(on_one_line, (article.title, *headings)))
    return found


def nearest(sentence: str, known: Iterable[str]) -> str:
    """What was probably meant; "" when nothing is near."""
    found = process.extractOne(sentence, [*known], scorer=fuzz.ratio, processor=str.casefold, score_cutoff=_CLOSE)
    return found[0] if found else ""


def gone(sentence: str, known: Iterable[str], entry: str) -> tuple[str, str]:
    """What is wrong when ``entry`` names a sentence that stands nowhere, and what to do."""
    meant = nearest(sentence, known)
    hint = f"Bedoelt u '{meant}'? " if meant else ""
    mend = f"Schrijf de zin over zoals hij nu in het artikel staat, of haal hem uit de {entry}."
    return f"deze zin staat niet (meer) zo in de artikelen: '{sentence}'.", hint + mend
