"""Everything that can go wrong between an article file and a usable index.

IngestError
├── ArticleError          one file cannot be read; the others can
├── SidecarError          a file beside the articles is broken
│   ├── ReviewNotesError      … or a note is about a sentence that is gone
│   └── KnownQuestionsError
├── EmptyCorpusError      there is nothing to index
├── EmbeddingModelError   the embedding model cannot be loaded
├── IngestBusyError       another ingest is writing this index
├── IndexNotSavedError    the index cannot be written: a full disk, no permission
├── IndexUnusableError    the index is missing, damaged or made by other settings
├── StoreUnavailableError the database does not answer, or what talks to it is not installed
├── StoreRefusedError     the database answers, but does not do it: no permission, a full disk, pgvector missing
│   └── StoreReadOnlyError    … because it is a copy that only reads
├── WorkersElsewhereError      workers on other machines cannot embed for an index in files
├── WorkerWithoutDatabaseError … and a worker has nothing to do without a database
└── SettingsError         the environment or .env has a value that cannot be

The messages are read by staff of the practice, so they are Dutch: what happened, where, what to do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

INGEST_COMMAND = "rugpijn ingest"
CALIBRATE_COMMAND = "rugpijn calibrate"
SUPPORTED = ".md, .txt, .html, .docx of .pdf"
# More mistakes in one file than this have one cause.
_MOST_TOLD = 50


class IngestError(Exception):
    """Base of all errors of this package; ``str(error)`` can be shown to staff as it is."""


class SettingsError(IngestError):
    """``wrong`` maps the names of the settings, as they are typed, to the values that cannot be."""

    def __init__(self, wrong: Mapping[str, object]) -> None:
        complaints = ", ".join(f"{name} kan niet '{value}' zijn" for name, value in wrong.items())
        super().__init__(f"De instellingen kloppen niet: {complaints}. In .env.example staat wat er kan.")


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong in a file, what the writer can do about it, and the line (from 1) if one is to blame."""

    reason: str
    mend: str
    line: int | None = None

    def about(self, path: Path) -> str:
        where = f"{path.name}, regel {self.line}" if self.line is not None else path.name
        return f"{where}: {self.reason} {self.mend}"


class ArticleError(IngestError):
    """One article file is refused.

    ``path`` is the file, ``line`` its line (from 1) or None when no line is to blame, ``reason`` what is
    wrong and ``mend`` what the writer can do about it.
    """

    def __init__(self, path: Path, reason: str, mend: str, line: int | None = None) -> None:
        self.path = path
        self.line = line
        self.reason = reason
        self.mend = mend
        super().__init__(Complaint(reason, mend, line).about(path))


class SidecarError(IngestError):
    """A file beside the articles is broken: ``complaints`` is all that was found. An index that was there stays."""

    subject = "De bestanden bij de artikelen"

    def __init__(self, path: Path, complaints: Sequence[Complaint]) -> None:
        self.path = path
        self.complaints = tuple(complaints)
        lines = [f"\n- {each.about(path)}" for each in complaints[:_MOST_TOLD]]
        if len(complaints) > _MOST_TOLD:
            lines.append(f"\n- … en nog {len(complaints) - _MOST_TOLD} andere.")
        super().__init__(
            f"{self.subject} kloppen niet. De bestaande index blijft zoals hij was. "
            f"Verbeter dit en lees opnieuw in met: {INGEST_COMMAND}{''.join(lines)}"
        )


class ReviewNotesError(SidecarError):
    subject = "De aantekeningen bij de artikelen"


class KnownQuestionsError(SidecarError):
    subject = "De vragen bij de artikelen"


class EmptyCorpusError(IngestError):
    """No article could be read at all; an index that was there stays."""

    def __init__(self, folder: Path, refused: Sequence[ArticleError] = ()) -> None:
        complaints = "".join(f"\n- {error}" for error in refused)
        super().__init__(
            f"Geen enkel leesbaar artikel in {folder}. De bestaande index blijft zoals hij was. "
            f"Zet artikelen ({SUPPORTED}) in die map; zie README.md daar.{complaints}"
        )


class EmbeddingModelError(IngestError):
    """The configured embedding model cannot be loaded."""

    def __init__(self, model: str, reason: str) -> None:
        super().__init__(
            f"Het taalmodel '{model}' kan niet worden geladen: {reason} "
            "Controleer RUGPIJN_EMBEDDING_MODEL (standaard: 'bundled')."
        )


class IngestBusyError(IngestError):
    """Another process is writing this index; ``place`` is its folder, or its database without a password."""

    def __init__(self, place: Path | str) -> None:
        super().__init__(f"Er wordt al een index gemaakt in {place}. Wacht tot dat klaar is en probeer het opnieuw.")


class IndexNotSavedError(IngestError):
    """The index folder cannot be written; an index that was there stays."""

    def __init__(self, folder: Path, error: OSError) -> None:
        super().__init__(
            f"De index kan niet worden geschreven in {folder}: {error.strerror or error}. "
            "De bestaande index blijft zoals hij was. Controleer de schijfruimte en de schrijfrechten op die map."
        )


class WorkersElsewhereError(IngestError):
    """Who is not on this machine has no way to the queue in a folder."""

    def __init__(self) -> None:
        super().__init__(
            "De index staat in een map op deze machine; werkers elders kunnen daar niet bij. Geef --workers een aantal "
            "van 1 of meer, of zet de index in een database: RUGPIJN_STORE=postgresql://… (zie docs/operating.md)."
        )


class WorkerWithoutDatabaseError(IngestError):
    """A worker takes its work from a database, and none is configured."""

    def __init__(self) -> None:
        super().__init__(
            "Een werker haalt zijn werk uit een database, en die is niet ingesteld. Zet RUGPIJN_STORE=postgresql://… "
            "in de omgeving of in .env. Staat de index in een map, gebruik dan: rugpijn ingest --workers 2"
        )


class IndexUnusableError(IngestError):
    """The index cannot be trusted, so it is not used; ``command`` mends it.

    ``place`` is its folder, or its database without a password.
    """

    def __init__(self, place: Path | str, reason: str, command: str = INGEST_COMMAND) -> None:
        self.reason = reason
        super().__init__(f"De index in {place} is niet bruikbaar: {reason} Maak hem opnieuw met: {command}")


class StoreUnavailableError(IngestError):
    """The database cannot be used at all; ``place`` is its address without a password."""

    def __init__(
        self, place: str, reason: str, mend: str = "Controleer RUGPIJN_STORE en of de database draait."
    ) -> None:
        self.reason = reason
        super().__init__(f"De database {place} is niet bereikbaar: {reason} {mend}")


class StoreRefusedError(IngestError):
    """The database does not do what it was asked to; what was in use stays. ``place`` is without a password."""

    def __init__(self, place: str, reason: str, mend: str) -> None:
        self.reason = reason
        super().__init__(f"De database {place} werkt niet mee: {reason} {mend}")


class StoreReadOnlyError(StoreRefusedError):
    """Only copies answered, which can be read but not written to."""

    def __init__(self, place: str) -> None:
        super().__init__(
            place,
            "er kan nu alleen uit worden gelezen (een kopie, geen hoofdserver).",
            "Zet de hoofdserver ook in RUGPIJN_STORE, of wacht tot een kopie het heeft overgenomen.",
        )
