"""The files that an index is made of, as they are, and their bytes by checksum, as they were in each edition."""

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from assistant.staff.library.errors import CorpusUnreadableError, NoSuchEditionError
from assistant.staff.library.files import digest_of, remove, tidy_up, write_whole
from ingest.files import digest, is_left_behind
from ingest.known_questions import FOLDER
from ingest.manifest import Manifest
from ingest.read import source_hashes
from ingest.review_notes import NOTES_FILE, is_notes_file

# SHA-256 by name; "questions/nek.toml" is a file in a folder. What is not there has no name, or "" where one is needed.
Files = Mapping[str, str]


class Corpus:
    """The folder with the articles, the questions and the review notes. Everything may raise ``OSError``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def files(self) -> dict[str, str]:
        """Everything that ingest would read. Raises ``CorpusUnreadableError`` for a file that nobody can copy."""
        found = source_hashes(self.folder) | {self._name(path): digest(path) for path in self._beside()}
        for name, checksum in found.items():
            if not checksum:
                raise CorpusUnreadableError(name)
        return found

    def read(self, name: str) -> bytes:
        return self.path(name).read_bytes()

    def digest(self, name: str) -> str:
        """ "" when it is not there."""
        return digest(self.path(name))

    def put(self, name: str, raw: bytes | None) -> None:
        """``raw`` None removes it."""
        if raw is None:
            remove(self.path(name))
        else:
            write_whole(self.path(name), raw)

    def tidy_up(self, names: Iterable[str]) -> None:
        for name in names:
            tidy_up(self.path(name))

    def path(self, name: str) -> Path:
        return self.folder / name

    def _beside(self) -> list[Path]:
        """Review notes, under whatever name: a wrong one must be refused in a copy, too. And the questions."""
        beside = [path for path in _listed(self.folder) if is_notes_file(path)]
        return beside + [path for path in _listed(self.folder / FOLDER) if not is_left_behind(path)]

    def _name(self, path: Path) -> str:
        return path.relative_to(self.folder).as_posix()


def _listed(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.is_file())
    except FileNotFoundError:
        return []


def indexed_digest(manifest: Manifest, name: str) -> str:
    """The checksum of the file that an index was made of; "" when it had no such file."""
    if name == NOTES_FILE:
        return manifest.notes_hash
    folder, _, file = name.rpartition("/")
    return (manifest.question_sources if folder == FOLDER else manifest.sources).get(file, "")


class Blobs:
    """Bytes by their SHA-256, each kept once. Everything raises ``OSError``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, raw: bytes) -> str:
        name = digest_of(raw)
        if digest(self._folder / name) != name:
            write_whole(self._folder / name, raw)
        return name

    def get(self, name: str) -> bytes:
        """Raises ``NoSuchEditionError`` when they are gone or damaged."""
        try:
            raw = (self._folder / name).read_bytes()
        except FileNotFoundError:
            raise NoSuchEditionError from None
        if digest_of(raw) != name:
            raise NoSuchEditionError
        return raw

    def keep_only(self, names: Collection[str]) -> None:
        for path in _listed(self._folder):
            if path.name not in names:
                path.unlink(missing_ok=True)


def keep(corpus: Corpus, blobs: Blobs) -> dict[str, str]:
    """``corpus.files()``, with the bytes of each kept."""
    return {name: blobs.put(corpus.read(name)) for name in corpus.files()}


def lay_out(files: Files, blobs: Blobs, folder: Path) -> None:
    """Copies of ``files`` in ``folder``."""
    folder.mkdir(parents=True)
    for name, checksum in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(blobs.get(checksum))
