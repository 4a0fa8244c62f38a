"""``widget.js``: the script itself, with its words in it."""

import json
from functools import cache

from assistant import texts
from assistant.web.assets import STATIC, Asset

_WORDS_GO_HERE = '"words"'


@cache
def loader() -> Asset:
    script = (STATIC / "widget" / "widget.js").read_text("utf-8")
    words = {
        "button": {language: list(words) for language, words in texts.WIDGET_BUTTON.items()},
        "name": texts.WIDGET_NAME,
        "loading": texts.LOADING,
        "unreachable": texts.WIDGET_UNREACHABLE,
        "fullPage": texts.OPEN_FULL_PAGE_TITLE,
    }
    # JSON is JavaScript but for "</script", which cannot end a script that is not in a page.
    return Asset("widget.js", script.replace(_WORDS_GO_HERE, json.dumps(words, ensure_ascii=False), 1).encode())


@cache
def loaders() -> dict[str, Asset]:
    """By hash: the present one, and those of earlier releases that websites may have pinned."""
    earlier = (Asset("widget.js", path.read_bytes()) for path in sorted((STATIC / "loaders").glob("*.js")))
    return {asset.hash: asset for asset in (*earlier, loader())}
