"""The switch with which a practice pauses its chat: a file that is there or not, and may hold a notice."""

from pathlib import Path

from assistant import texts
from assistant.web.turned_away import PausedError

_MOST_CHARS = 1_000


class PauseSwitch:
    """Looks at the file each time: a look costs microseconds, and takes effect at once in every process."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def notice(self) -> str:
        """What visitors read while it is paused; "" when it is not."""
        try:
            written = self._path.read_text("utf-8-sig", errors="replace")
        except FileNotFoundError:
            return ""
        except OSError:  # it is there and cannot be read
            return texts.PAUSED
        return " ".join(written[:_MOST_CHARS].split()) or texts.PAUSED

    def check(self) -> None:
        """Raises ``PausedError``."""
        if notice := self.notice:
            raise PausedError(notice)

    def pause(self, notice: str = "") -> None:
        """Raises ``OSError``."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(notice, "utf-8")

    def resume(self) -> None:
        """Raises ``OSError``."""
        self._path.unlink(missing_ok=True)
