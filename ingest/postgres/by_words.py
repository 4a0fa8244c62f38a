"""Passages by the stems they share with a question.

PostgreSQL finds passages with any of some stems quickly, unless the stems are common: then it reads half the corpus.
What a common stem adds to BM25 is little. So the passages are those with the rarest stems of the question, as many as
together stand in ``LOOKED_AT`` passages or fewer; of those, all stems count for the rank.

Among 300,000 passages, 10,000 of them hold 0.996 of the BM25 of the first ten that all stems find, and 0.985 of the
first 64, in a third of the time; the three rarest stems hold as much and take twice as long (``python -m
benchmarks.scale.words``; docs/decisions.md has the table).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from psycopg import sql

from ingest.postgres.pool import Connection
from ingest.postgres.schema import Tables
from ingest.postgres.search import filtered
from ingest.sampled import bm25, rarity
from ingest.store import Found, TermStatistics, Where

LOOKED_AT = 10_000
# Where every stem of a question is common, any passages that have one will do: that many of them are looked at.
_MOST_LOOKED_AT = 20_000
# A question has ten stems at most, a pasted page has hundreds.
_MOST_STEMS = 32
# For each passage wanted, how many are weighed exactly; and never fewer than this.
_WEIGHED, _FEWEST_WEIGHED = 3, 200

# First by the stems that stand there and the length; how often each stands there only for those that may win.
_SHARING = """
    WITH sharing AS MATERIALIZED (
        SELECT place, length, stems
        FROM (SELECT * FROM {stems} WHERE stems @@ %(any)s::tsquery AND {where} LIMIT %(looked_at)s) AS looked_at
        ORDER BY ({worth}) / (0.25 + 0.75 * length / %(average)s + 0.67) DESC, place LIMIT %(weighed)s
    )
    SELECT id, length, ARRAY(SELECT lexeme || ' ' || cardinality(positions) FROM unnest(stems)
                             WHERE lexeme = ANY(%(stems)s))
    FROM sharing JOIN {passages} USING (place) ORDER BY place
"""


def sharing(
    connection: Connection, tables: Tables, asked: Sequence[str], known: TermStatistics, k: int, where: Where
) -> list[Found]:
    """The best ``k`` by BM25, best first. ``asked`` are the stems of the question, ``known`` what is known of them."""
    weighed = TermStatistics(known.texts, known.terms, dict(_rarest_first(known)[:_MOST_STEMS]))
    if not weighed.in_texts:
        return []
    condition, given = filtered(where)
    for number, (stem, in_texts) in enumerate(weighed.in_texts.items()):
        given |= {f"stem_{number}": _quoted(stem), f"worth_{number}": rarity(known.texts, in_texts)}
    given |= {
        "any": " | ".join(map(_quoted, looked_for(weighed))),
        "looked_at": _MOST_LOOKED_AT,
        "average": known.terms / known.texts,
        "weighed": max(_WEIGHED * k, _FEWEST_WEIGHED),
        "stems": list(weighed.in_texts),
    }
    statement = tables.format(_SHARING, where=condition, worth=_sum(len(weighed.in_texts)))
    rows: list[Any] = connection.execute(statement, given, binary=True).fetchall()
    return _ranked(rows, Counter(asked), weighed, k)


def looked_for(known: TermStatistics) -> list[str]:
    """The rarest stems, as many as stand in few enough passages; always one."""
    chosen: list[str] = []
    passages = 0
    for stem, in_texts in known.in_texts.items():
        passages += in_texts
        if chosen and passages > LOOKED_AT:
            break
        chosen.append(stem)
    return chosen


def _rarest_first(known: TermStatistics) -> list[tuple[str, int]]:
    return sorted(known.in_texts.items(), key=lambda pair: (pair[1], pair[0]))


def _sum(stems: int) -> sql.Composable:
    """What the stems that stand in a passage are worth together."""
    terms = (
        sql.SQL("CASE WHEN stems @@ {}::tsquery THEN {}::float8 ELSE 0 END").format(
            sql.Placeholder(f"stem_{number}"), sql.Placeholder(f"worth_{number}")
        )
        for number in range(stems)
    )
    return sql.SQL(" + ").join(terms)


def _quoted(stem: str) -> str:
    """As a ``tsquery``; a stem is letters a–z and digits, so nothing in it means anything there."""
    return f"'{stem}'"


def _ranked(rows: Sequence[Any], asked: Mapping[str, int], known: TermStatistics, k: int) -> list[Found]:
    counts = [{stem: int(times) for stem, times in (each.split(" ") for each in found)} for _, _, found in rows]
    lengths = np.array([length for _, length, _ in rows], dtype=np.float64)
    relevance = bm25(asked, known, counts, lengths)
    return [Found(rows[best][0], float(relevance[best])) for best in np.argsort(-relevance, kind="stable")[:k]]
