"""What can go wrong with the articles on the console, said to staff.

LibraryError
├── FolderUnusableError     a folder cannot be read or written: a full disk, no permission
├── CorpusUnreadableError   a file of the articles cannot be read, so no copy of it can be kept
├── NoSuchArticleError
├── DraftError              a draft cannot be kept or used
│   ├── NoSuchDraftError
│   ├── DraftTooLongError
│   ├── DraftUnreadableError    … its words make no article
│   └── UploadError             … a file makes no draft
└── PublishError            nothing was published; the articles are as they were
    ├── BusyError               somebody else is publishing
    ├── ArticleChangedError     the article is not what the draft began from
    ├── TitleTakenError         there is another article of that name
    ├── NotesLostError          a reviewer's note is about a sentence that would be gone
    ├── LastArticleError        no article would be left
    ├── NothingChangedError
    ├── NoSuchEditionError      there is no sound edition to go back to
    ├── ChangedMeanwhileError   a file was changed by hand while the index was made
    └── FailedError             whatever else stopped it
"""

from collections.abc import Sequence
from pathlib import Path

from assistant.errors import AssistantError
from assistant.staff import texts


class LibraryError(AssistantError):
    """Base; ``str(error)`` can be shown to staff as it is."""


class FolderUnusableError(LibraryError):
    def __init__(self, folder: Path, error: OSError) -> None:
        super().__init__(texts.FOLDER_UNUSABLE.format(folder=folder, reason=error.strerror or error))


class CorpusUnreadableError(LibraryError):
    def __init__(self, name: str) -> None:
        super().__init__(texts.CORPUS_UNREADABLE.format(name=name))


class NoSuchArticleError(LibraryError):
    def __init__(self) -> None:
        super().__init__(texts.NO_SUCH_ARTICLE)


class DraftError(LibraryError):
    pass


class NoSuchDraftError(DraftError):
    def __init__(self) -> None:
        super().__init__(texts.NO_SUCH_DRAFT)


class DraftTooLongError(DraftError):
    def __init__(self, max_bytes: int) -> None:
        super().__init__(texts.DRAFT_TOO_LONG.format(megabytes=f"{max_bytes / 1e6:g}"))


class DraftUnreadableError(DraftError):
    """``line`` counts from 1 in the text as staff sees it; None when no line of it is to blame."""

    def __init__(self, reason: str, mend: str, line: int | None = None) -> None:
        self.line = line
        where = texts.DRAFT_LINE.format(line=line) if line is not None else texts.DRAFT_NO_LINE
        super().__init__(f"{where} {reason} {mend}")


class UploadError(DraftError):
    pass


class PublishError(LibraryError):
    pass


class BusyError(PublishError):
    def __init__(self) -> None:
        super().__init__(texts.PUBLISH_BUSY)


class ArticleChangedError(PublishError):
    """The draft is kept."""

    def __init__(self, is_gone: bool = False) -> None:
        self.is_gone = is_gone
        super().__init__(texts.ARTICLE_GONE if is_gone else texts.ARTICLE_CHANGED)


class TitleTakenError(PublishError):
    def __init__(self, title: str, source: str) -> None:
        super().__init__(texts.TITLE_TAKEN.format(title=title, source=source))


class NotesLostError(PublishError):
    def __init__(self, sentences: Sequence[str]) -> None:
        self.sentences = tuple(sentences)
        super().__init__(texts.NOTES_LOST.format(sentences=" ".join(f"„{sentence}”" for sentence in sentences)))


class LastArticleError(PublishError):
    def __init__(self) -> None:
        super().__init__(texts.LAST_ARTICLE)


class NothingChangedError(PublishError):
    def __init__(self) -> None:
        super().__init__(texts.NOTHING_CHANGED)


class NoSuchEditionError(PublishError):
    def __init__(self) -> None:
        super().__init__(texts.NO_SUCH_EDITION)


class ChangedMeanwhileError(PublishError):
    def __init__(self, name: str) -> None:
        super().__init__(texts.CHANGED_MEANWHILE.format(name=name))


class FailedError(PublishError):
    def __init__(self, reason: str) -> None:
        super().__init__(texts.PUBLISH_FAILED.format(reason=reason))
