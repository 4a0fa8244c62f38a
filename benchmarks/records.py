"""How long staff waits for a list when many questions were kept: python -m benchmarks.records [--questions 1000000]"""

import argparse
import random
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.records.counts import BOUNDS_MS, Counted, day_of
from assistant.records.filters import Filter, RatingFilter
from assistant.records.reading import Reader, Why
from assistant.records.rows import Exchange, Rating
from assistant.records.source import FileSource
from assistant.records.store import FileStore
from assistant.records.tables import Row

_DAY = 86_400
_DAYS = 365
_AT_ONCE = 20_000
_WORDS = "pijn in mijn nek rug schouder hoofd na het sporten slapen werken wat helpt hoe lang duurt mag ik weer".split()
_KINDS = ("answered",) * 6 + ("not_found",) * 2 + ("out_of_scope", "urgent")
_VECTOR = bytes(1_536)


def rows(questions: int, now: int) -> Iterator[Row]:
    """As a busy year leaves them: one in ten rated, one in thirty of those with a comment."""
    chance = random.Random(7)
    for number in range(questions):
        at = now - _DAYS * _DAY + number * _DAYS * _DAY // questions
        kind = chance.choice(_KINDS)
        urgency = chance.choice(("112", "spoed", "crisis")) if kind == "urgent" else None
        question = f"{' '.join(chance.choices(_WORDS, k=chance.randint(4, 24)))} {number}?"
        answer, waited = "Warmte helpt vaak. " * chance.randint(10, 60), chance.lognormvariate(4, 1)
        cited, reply_id = ("ab12", "cd34"), f"{number:016d}"
        yield Exchange(
            at, at + 400 * _DAY, "page", question, kind, urgency, (), cited, answer, reply_id, "extractive", waited
        )
        bound = chance.choice(BOUNDS_MS[:12])
        yield Counted(day_of(at), "page", kind, urgency or "", "extractive", "", bound)
        if chance.random() < 0.1:  # noqa: PLR2004
            comment = "ik bedoelde links" if chance.random() < 0.03 else ""  # noqa: PLR2004
            helpful = chance.random() < 0.7  # noqa: PLR2004
            yield Rating(at, helpful, "", kind, urgency, cited, reply_id, comment, at + 400 * _DAY)


def fill(path: Path, questions: int) -> None:
    some: list[Row] = []
    with closing(FileStore(path)) as store:
        for row in rows(questions, int(time.time())):
            some.append(row)
            if len(some) >= _AT_ONCE:
                store.add(some)
                some = []
        store.add(some)
        store.put_vectors("e5", {number: _VECTOR for number in range(max(1, questions - 5_000), questions)})


def looks(reader: Reader, questions: int) -> dict[str, Callable[[], object]]:
    """What the tabs ask for; the last of them find nothing, so that everything is gone through."""
    rare = Filter(words="komt nergens voor", kind="not_found", helpful=False)
    recent = range(max(1, questions - 5_000), questions)
    return {
        "a page": lambda: reader.page(Filter()),
        "a page halfway": lambda: reader.page(Filter(), before=questions // 2),
        "count": lambda: reader.count(Filter()),
        "page, a day of last year": lambda: reader.page(Filter(until=date.fromtimestamp(time.time() - 364 * _DAY))),
        "page, 112": lambda: reader.page(Filter(urgency="112")),
        "count, 112": lambda: reader.count(Filter(urgency="112")),
        "page, not helpful": lambda: reader.page(Filter(helpful=False)),
        "page, words found once": lambda: reader.page(Filter(words="nek 4711?")),
        "count, words": lambda: reader.count(Filter(words="nek schouder")),
        "page, all filters, nothing found": lambda: reader.page(rare),
        "count, all filters, nothing found": lambda: reader.count(rare),
        "one conversation": lambda: reader.conversation(questions // 3),
        "feedback": lambda: reader.ratings(RatingFilter()),
        "feedback with words": lambda: reader.ratings(RatingFilter(has_comment=True)),
        "count feedback with words": lambda: reader.count_ratings(RatingFilter(has_comment=True)),
        "unanswered, 2,000": lambda: reader.unanswered(2_000, tuple(Why)[:2]),
        "badly rated, 2,000": lambda: reader.badly_rated(2_000),
        "badly rated, all": lambda: reader.badly_rated(10**9),
        "5,000 vectors": lambda: reader.vectors("e5", recent),
        "statistics, 30 days": lambda: reader.statistics(30),
        "statistics, 365 days": lambda: reader.statistics(365),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=1_000_000)
    parser.add_argument("--file", type=Path, help="keep the file, or use the one that is there")
    given = parser.parse_args()
    with TemporaryDirectory() as folder:
        path = given.file or Path(folder) / "records.sqlite3"
        if not path.exists():
            fill(path, given.questions)
        told = [f"{path.stat().st_size / 1e9:.2f} GB"]
        for name, look in looks(Reader(FileSource(path)), given.questions).items():
            start = time.perf_counter()
            look()
            told.append(f"{(time.perf_counter() - start) * 1000:8.0f} ms  {name}")
        sys.stdout.write("\n".join(told) + "\n")


if __name__ == "__main__":
    main()
