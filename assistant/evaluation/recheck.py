"""A second look at every sentence that was shown: is it a quote, or does the passage that it cites say it?"""

from collections.abc import Iterable, Iterator

from assistant.evaluation.metrics import Shown
from assistant.evaluation.verify import Check
from ingest import sentences as source
from ingest.index import Index


class Recheck:
    """Goes by what the visitor read, and by nothing that the engine kept of it."""

    def __init__(self, index: Index, check: Check) -> None:
        self._index = index
        self._check = check
        self._passages = {passage.id: row for row, passage in enumerate(index.passages)}

    def unsupported(self, shown: Iterable[Shown]) -> tuple[str, ...]:
        """The sentences that none of their citations bears out."""
        return tuple(each.text for each in shown if not (self._is_quote(each) or self._is_said(each)))

    def _is_quote(self, shown: Shown) -> bool:
        """Whole sentences only: a part of one may say something else."""
        for citation in shown.citations:
            passage_row = self._passages[citation.passage_id]
            passage = self._index.passages[passage_row]
            article = self._index.articles[passage.slug]
            for sentence in self._sentences(passage_row):
                is_cited = citation.start <= sentence.start and sentence.end <= citation.end
                if is_cited and passage.wording(article, sentence) == shown.text:
                    return True
        return False

    def _is_said(self, shown: Shown) -> bool:
        passages = {self._passages[citation.passage_id] for citation in shown.citations}
        return any(self._check(shown.text, self._rows(passage)).is_supported for passage in passages)

    def _sentences(self, passage_row: int) -> Iterator[source.Sentence]:
        lead_in = self._index.passages[passage_row].lead_in
        if lead_in is not None:
            yield lead_in
        yield from (self._index.sentence_rows[row].sentence for row in self._rows(passage_row))

    def _rows(self, passage_row: int) -> frozenset[int]:
        return frozenset(int(row) for row in (self._index.passage_of_sentence == passage_row).nonzero()[0])
