"""``FilesStore``: versions of a corpus in the folders of ``ingest.versions``, one process that writes at a time."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from ingest.article import Article
from ingest.embed import Embedder
from ingest.errors import CALIBRATE_COMMAND, IndexUnusableError
from ingest.files_store.draft import FilesDraft
from ingest.files_store.large import LargeVersion, articles_in
from ingest.files_store.spool import ENTRIES
from ingest.index import load_articles, load_index, sound
from ingest.manifest import Manifest, ModelCard, check_model, read_manifest
from ingest.store import Draft, Health, Version
from ingest.versions import saving, unused_version, version_in_use, writing
from ingest.whole import IndexVersion

# Up to this number of passages everything is read into memory and compared; a larger corpus stays on disk.
SMALL = 2_000


class FilesStore:
    """``small`` is the number of passages up to which a version is written to be read whole."""

    def __init__(self, index_dir: Path, small: int = SMALL) -> None:
        self._dir = index_dir
        self._small = small
        self._sound: tuple[Manifest, Path] | None = None

    def ensure_schema(self) -> None:
        with saving(self._dir):
            self._dir.mkdir(parents=True, exist_ok=True)

    def version_in_use(self) -> str:
        try:
            return version_in_use(self._dir)[0].name
        except IndexUnusableError:
            return ""

    def manifest(self) -> Manifest:
        return self._read()[0]

    def articles(self) -> Mapping[str, Article]:
        manifest, folder = self._read()
        if ENTRIES not in manifest.files:
            return load_articles(self._dir)
        with sound(self._dir):
            return articles_in(folder)

    def open(self, embedder: Embedder) -> Version:
        manifest, folder = self._read()
        if ENTRIES not in manifest.files:
            return IndexVersion(load_index(self._dir, embedder))
        check_model(self._dir, manifest.model, ModelCard.of(embedder))
        with sound(self._dir):
            return LargeVersion(manifest, folder)

    @contextmanager
    def draft(self) -> Iterator[Draft]:
        with writing(self._dir), ExitStack() as stack:
            with saving(self._dir):
                folder = stack.enter_context(unused_version(self._dir))
            yield FilesDraft(folder, self._small)

    def health(self) -> Health:
        return Health(is_writable=True)

    def beside(self, name: str) -> bytes | None:
        path = self._dir / name
        try:
            return path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError:
            raise IndexUnusableError(self._dir, f"het bestand '{name}' is onleesbaar.", CALIBRATE_COMMAND) from None

    def put_beside(self, name: str, content: bytes) -> str:
        path = self._dir / name
        with saving(self._dir):
            self._dir.mkdir(parents=True, exist_ok=True)
            fresh = path.with_suffix(".new")
            fresh.write_bytes(content)
            fresh.replace(path)
        return str(path)

    def close(self) -> None:
        pass

    def _read(self) -> tuple[Manifest, Path]:
        """Gigabytes are compared with their checksums once, not before the model is loaded and again after."""
        seen = self._sound
        if seen is None or ENTRIES not in seen[0].files or version_in_use(self._dir)[0] != seen[1]:
            seen = self._sound = read_manifest(self._dir)
        return seen
