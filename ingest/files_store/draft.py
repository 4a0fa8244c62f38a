"""A version being written to files: in memory while it is small, on disk as soon as it is not."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from ingest.article import Article
from ingest.files_store.large import write_large
from ingest.files_store.spool import Spool
from ingest.index import write_index
from ingest.lexical import LexicalIndex
from ingest.manifest import Manifest, checksums
from ingest.review_notes import ReviewNote
from ingest.store import AskedQuestions, Entry
from ingest.versions import MANIFEST, put_in_use, saving
from ingest.whole import Part, stored_of


class FilesDraft:
    """In ``folder``; the caller holds ``writing``, and removes the folder when nothing was published."""

    def __init__(self, folder: Path, small: int) -> None:
        self._folder = folder
        self._small = small
        self._few: dict[str, Entry] = {}
        self._many: Spool | None = None

    def add(self, entries: Iterable[Entry]) -> None:
        self.bulk_load(entries)

    def bulk_load(self, entries: Iterable[Entry]) -> int:
        before = self.count()
        for entry in entries:
            with saving(self._folder.parent):
                self._put(entry)
        return self.count() - before

    def delete(self, ids: Iterable[str]) -> int:
        if self._many is not None:
            return sum(self._many.remove(id_) for id_ in ids)
        return sum(self._few.pop(id_, None) is not None for id_ in ids)

    def get(self, ids: Sequence[str]) -> list[Entry]:
        with saving(self._folder.parent):
            known = (self._few.get(id_) if self._many is None else self._many.get(id_) for id_ in ids)
            return [entry for entry in known if entry is not None]

    def count(self) -> int:
        return len(self._few) if self._many is None else len(self._many)

    def publish(
        self,
        manifest: Manifest,
        articles: Iterable[Article],
        notes: Sequence[ReviewNote],
        questions: AskedQuestions,
    ) -> Manifest:
        with saving(self._folder.parent):
            if self._many is None:
                by_slug = {article.slug: article for article in articles}
                _write_small(self._folder, Part(manifest, by_slug, tuple(notes), list(self._few.values()), questions))
            else:
                write_large(self._folder, self._many, articles, notes, questions)
            about = {"version": self._folder.name, "created": datetime.now(UTC), "files": checksums(self._folder)}
            published = manifest.model_copy(update=about)
            (self._folder / MANIFEST).write_text(published.model_dump_json(indent=2), "utf-8")
            put_in_use(self._folder)
        return published

    def _put(self, entry: Entry) -> None:
        if self._many is not None:
            self._many.put(entry)
            return
        self._few[entry.id] = entry
        if len(self._few) > self._small:
            self._many = Spool(self._folder, len(entry.vector))
            for each in self._few.values():
                self._many.put(each)
            self._few = {}


def _write_small(folder: Path, part: Part) -> None:
    stored, vectors = stored_of(part, part.manifest.model.dimension)
    words = [entry.words for entry in part.entries]
    sentence_words = [words for entry in part.entries for words in entry.sentence_words]
    write_index(folder, stored, vectors, LexicalIndex.build(words, sentence_words))
