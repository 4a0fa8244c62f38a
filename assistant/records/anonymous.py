"""What visitors wrote, made anonymous before it is written; what makes it so is loaded when it is needed."""

from collections.abc import Callable

Deidentify = Callable[[str], str]


class Anonymiser:
    """``deidentifier`` makes what does the work, and may take seconds or fail; None is without."""

    def __init__(self, deidentifier: Callable[[], Deidentify] | None) -> None:
        self._deidentifier = deidentifier
        self._deidentify: Deidentify | None = None
        self._is_prepared = False

    @property
    def is_possible(self) -> bool:
        """As far as is known before it is prepared."""
        return self._deidentifier is not None and (self._deidentify is not None or not self._is_prepared)

    def prepare(self) -> None:
        """Raises what the deidentifier raises, once: it is not tried again."""
        if self._deidentifier and not self._is_prepared:
            try:
                self._deidentify = self._deidentifier()
            finally:
                self._is_prepared = True

    def __call__(self, text: str) -> str | None:
        """None when it cannot be done: then nothing of it may be written."""
        try:
            self.prepare()
            return self._deidentify(text) if self._deidentify else None
        except Exception:  # whatever it trips over
            return None
