"""A look at what a plan would do, on a copy: how an article is cut, and how the chat would answer."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from rapidfuzz import fuzz, process

from assistant.confidence import calibration_in
from assistant.parts import assistant_over
from assistant.reply import Assistant
from assistant.settings import Settings
from assistant.staff.library.corpus import Corpus
from assistant.staff.library.notes import LostNote
from assistant.staff.library.plan import Draught
from ingest.build import IngestReport, build_index
from ingest.chunk import chunk
from ingest.embed import Embedder
from ingest.index import Index
from ingest.passage import Passage
from ingest.progress import Progress
from ingest.stores import load_whole, open_store
from ingest.versions import version_in_use

PREFIX = "voorbeeld-"

# Puts questions to the assistant as it would be, and says what changes: whatever the tab can show.
Compare = Callable[[Assistant], Any]

# From this likeness on (0 to 100), a passage that is not there any more became the one that is most like it.
_SAME_PASSAGE = 50


class Fate(Enum):
    UNCHANGED = auto()
    NEW = auto()
    CHANGED = auto()
    GONE = auto()


@dataclass(frozen=True, slots=True)
class Cut:
    """A passage of the article; ``former`` is how it read before, when it changed."""

    passage: Passage
    fate: Fate
    former: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """``cuts`` are of the article the plan is about, what goes last; none when it is about no one article.

    While there are ``lost_notes`` nothing can be published, so ``report`` and ``answers`` are None. ``answers`` is what
    ``compare`` said. ``titles`` are of all articles by slug, as they are and as they would be. ``questions_left_out``
    are those that would not be used any more (Dutch).
    """

    cuts: tuple[Cut, ...]
    lost_notes: tuple[LostNote, ...]
    titles: Mapping[str, str]
    questions_left_out: tuple[str, ...] = ()
    report: IngestReport | None = None
    answers: Any = None


def cuts_of(draught: Draught) -> tuple[Cut, ...]:
    """Of the article as it would be, against how it is."""
    if draught.article is None:
        return ()
    now = chunk(draught.article, draught.after.chunk)
    former = draught.before.articles.get(draught.article.slug)
    before = chunk(former, draught.before.chunk) if former else []
    ids_now, ids_before = {each.id for each in now}, {each.id for each in before}
    loose = [each for each in before if each.id not in ids_now]
    cuts = [_cut(passage, passage.id in ids_before, loose) for passage in now]
    return (*cuts, *(Cut(passage, Fate.GONE) for passage in loose))


def _cut(passage: Passage, is_known: bool, loose: list[Passage]) -> Cut:
    """Takes what it was out of ``loose``."""
    if is_known:
        return Cut(passage, Fate.UNCHANGED)
    texts = [each.text for each in loose]
    found = process.extractOne(passage.text, texts, scorer=fuzz.ratio, score_cutoff=_SAME_PASSAGE)
    if found is None:
        return Cut(passage, Fate.NEW)
    return Cut(passage, Fate.CHANGED, loose.pop(found[2]).text)


def preview_of(  # noqa: PLR0913 - what it looks with
    draught: Draught,
    settings: Settings,
    index: Index,
    embedder: Embedder,
    compare: Compare | None = None,
    progress: Progress | None = None,
) -> Preview:
    """Nothing that is in use is touched. Raises ``IngestError``, ``AssistantError`` and ``OSError``."""
    cuts = cuts_of(draught)
    articles = {**draught.before.articles, **index.articles, **draught.after.articles}
    titles = {slug: article.title for slug, article in articles.items()}
    if draught.lost:
        return Preview(cuts, draught.lost, titles)
    with _copy(draught, settings) as copied:
        report = _build(copied, settings, embedder, progress)
        then = load_whole(copied, embedder)
        titles |= {slug: article.title for slug, article in then.articles.items()}
        answers = compare(_assistant(copied, then, settings)) if compare else None
    left_out = [each for each in report.questions_left_out if each not in index.manifest.questions_left_out]
    return Preview(cuts, (), titles, tuple(left_out), report, answers)


def tidy_up(folder: Path) -> None:
    """Away with what a look left behind that was broken off. Not while another one is under way."""
    for path in folder.glob(f"{PREFIX}*"):
        shutil.rmtree(path, ignore_errors=True)


def _assistant(copied: Settings, index: Index, settings: Settings) -> Assistant:
    """Without a language model: what it says differs from one time to the next."""
    with closing(open_store(settings)) as store:
        return assistant_over(copied, index, calibration_in(store, index.manifest.model))


@contextmanager
def _copy(draught: Draught, settings: Settings) -> Iterator[Settings]:
    """The articles as they would be, and the index in use, whose vectors save most of the work."""
    settings.staff_dir.mkdir(parents=True, exist_ok=True)
    folder = Path(mkdtemp(prefix=PREFIX, dir=settings.staff_dir))
    try:
        copied = settings.in_folder(folder / "index", corpus_dir=folder / "corpus")
        _copy_corpus(draught, Corpus(settings.corpus_dir), copied.corpus_dir)
        if not settings.store_address:
            _copy_index(settings.index_dir, copied.index_dir)
        yield copied
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _copy_corpus(draught: Draught, corpus: Corpus, folder: Path) -> None:
    changes = draught.plan.changes
    kept = {name: corpus.read(name) for name in corpus.files() if name not in changes}
    for name, raw in {**kept, **changes}.items():
        if raw is not None:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(raw)


def _build(copied: Settings, settings: Settings, embedder: Embedder, progress: Progress | None) -> IngestReport:
    """With the vectors of the index in use: in the copy, or in the database that it is in."""
    if not settings.store_address:
        return build_index(copied, lambda: embedder, progress)
    with closing(open_store(settings)) as store, closing(store.open(embedder)) as version:
        return build_index(copied, lambda: embedder, progress, like=version)


def _copy_index(index_dir: Path, folder: Path) -> None:
    """A version is never changed, and stays while two later ones are made."""
    version, checksum = version_in_use(index_dir)
    shutil.copytree(version, folder / version.name)
    (folder / "current").write_text(f"{version.name} {checksum}\n", "utf-8")
