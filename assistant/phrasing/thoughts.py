"""What a model thinks aloud between ``<think>`` and ``</think>`` is no answer."""

import re

_OPENING = re.compile(r"<think(?:ing)?>", re.IGNORECASE | re.ASCII)
_CLOSING = re.compile(r"</think(?:ing)?>", re.IGNORECASE | re.ASCII)
_HALF = re.compile(r"</?[a-z]{0,8}\Z", re.IGNORECASE | re.ASCII)


class Thoughts:
    """Takes them out of a text that comes in pieces, wherever it is cut. Keeps no more than half a tag."""

    def __init__(self) -> None:
        self._held = ""
        self._is_thinking = False

    def without(self, piece: str) -> str:
        """What of the text so far was said, and not returned before."""
        self._held += piece
        said = ""
        while tag := (_CLOSING if self._is_thinking else _OPENING).search(self._held):
            said += self._said(tag.start())
            self._held = self._held[tag.end() :]
            self._is_thinking = not self._is_thinking
        half = _HALF.search(self._held)
        certain = half.start() if half else len(self._held)
        said += self._said(certain)
        self._held = self._held[certain:]
        return said

    def rest(self) -> str:
        """At the end half a tag was text after all."""
        return self._said(len(self._held))

    def _said(self, end: int) -> str:
        return "" if self._is_thinking else self._held[:end]
