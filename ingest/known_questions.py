"""``corpus/questions/*.toml``: questions, in many people's words, with the sentences of the articles that answer them.

They are searched beside the passages and never shown as words of an article. Those that no article answers teach the
assistant what it does not know.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from ingest.decode import NOT_TEXT
from ingest.errors import Complaint, KnownQuestionsError
from ingest.files import digest, is_left_behind, shown
from ingest.sidecar import Sidecar, SidecarKind, bytes_of, checked, parse_sidecar, unreadable
from ingest.wording import on_one_line

FOLDER = "questions"
SUFFIX = ".toml"

_MOST_CHARS = 400
_REMEDIES = {
    "answer": (
        'Schrijf: answer = ["De zin zoals hij in het artikel staat."], met een komma tussen twee zinnen; of answer = []'
        " als het er niet in staat."
    ),
    "asked": f'Schrijf: asked = ["De vraag?", "nog een vraag"], elk hoogstens {_MOST_CHARS} tekens.',
}
_KIND = SidecarKind("question", "vraag", "vragen", _REMEDIES, KnownQuestionsError)


def _as_asked(text: str) -> str:
    if NOT_TEXT.search(text):
        raise ValueError("no text")
    return on_one_line(text)


class KnownQuestions(BaseModel):
    """``asked`` are ways to ask what ``answer`` answers.

    ``answer`` are sentences of one passage, white space folded; or the line or heading above a list, for all of it;
    none when the articles do not answer.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    answer: tuple[Annotated[str, AfterValidator(on_one_line), Field(min_length=1)], ...]
    asked: Annotated[
        tuple[Annotated[str, AfterValidator(_as_asked), Field(min_length=1, max_length=_MOST_CHARS)], ...],
        Field(min_length=1),
    ]


@dataclass(frozen=True, slots=True)
class QuestionsFile:
    """The entries of one file, in order."""

    file: Sidecar
    entries: tuple[KnownQuestions, ...]


def read_known_questions(corpus_dir: Path) -> tuple[QuestionsFile, ...]:
    """All files, by name; none when there is no such folder. Raises ``KnownQuestionsError``."""
    return tuple(map(_read, _files(corpus_dir)))


def question_hashes(corpus_dir: Path) -> dict[str, str] | None:
    """``digests`` without reading questions; None when the folder cannot be read or has a file under another name."""
    try:
        return {shown(path).name: digest(path) for path in _files(corpus_dir)}
    except KnownQuestionsError:
        return None


def digests(files: Iterable[QuestionsFile]) -> dict[str, str]:
    """SHA-256 by file name."""
    return {each.file.path.name: each.file.digest for each in files}


def _files(corpus_dir: Path) -> list[Path]:
    folder = corpus_dir / FOLDER
    try:
        found = sorted(filter(_is_candidate, folder.iterdir()), key=lambda path: path.name)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise unreadable(folder, _KIND) from error
    for path in found:
        if path.suffix.lower() != SUFFIX:
            mend = f"Geef het een naam die eindigt op {SUFFIX}, of haal het uit de map."
            raise KnownQuestionsError(shown(path), [Complaint("dit bestand wordt zo niet gelezen.", mend)])
    return found


def _is_candidate(path: Path) -> bool:
    return not is_left_behind(path) and (path.suffix.lower() == SUFFIX or not os.path.isdir(path))


def _read(path: Path) -> QuestionsFile:
    # A file that has gone since the folder was read has no questions.
    file = parse_sidecar(path, bytes_of(path, _KIND) or b"", _KIND)
    return QuestionsFile(file, checked(file, KnownQuestions))
