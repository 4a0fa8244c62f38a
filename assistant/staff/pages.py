"""The console's own HTML: the login page, and what stands around Gradio's page."""

import json
from pathlib import Path
from typing import Any

from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse

from assistant.staff import texts
from assistant.web import assets
from assistant.web.assets import ASSETS, bundle
from assistant.web.chat.html import with_head
from assistant.web.headers import FORM_POLICY
from assistant.web.pages import templates

FOLDER = Path(__file__).parent
_STATIC = FOLDER / "static"

# Those of the chat that show a reply; then ours, one for the whole console and perhaps one for a tab.
_STYLES = (
    *(assets.STATIC / name for name in ("colours.css", "message.css", "alarm.css")),
    _STATIC / "console.css",
    *sorted(path for path in _STATIC.glob("*.css") if path.name not in ("console.css", "login.css")),
)
CONSOLE_ASSETS = {
    "favicon.png": ASSETS["favicon.png"],
    "page.css": ASSETS["page.css"],
    "console.css": bundle("console.css", _STYLES),
    "console.js": bundle("console.js", [_STATIC / "console.js"]),
    "login.css": bundle("login.css", [_STATIC / "login.css"]),
}

_templates = templates(FOLDER / "templates", texts, CONSOLE_ASSETS)


def render(template: str, **values: Any) -> str:
    return _templates.get_template(template).render(values)


def form_page(request: HTTPConnection, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page with a form, whose links also work behind a proxy that gives the console a path of its own."""
    content = render(template, root=request.scope.get("root_path", ""), **values)
    return HTMLResponse(content, status, {"Content-Security-Policy": FORM_POLICY, "Cache-Control": "no-store"})


def console_page(page: str, *, has_login: bool) -> str:
    """Gradio's page with our head, and our bar above it."""
    page = with_head(page, render("console_head.html", words=json.dumps(_SCRIPT_WORDS, ensure_ascii=False)))
    before, body, after = page.partition("<body")
    attributes, closing, content = after.partition(">")
    return "".join((before, body, attributes, closing, render("console_bar.html", has_login=has_login), content))


_SCRIPT_WORDS = {
    "close": texts.CLOSE,
    "connectionLost": texts.CONNECTION_LOST,
    "loggedOut": texts.LOGGED_OUT_MEANWHILE,
    "logIn": texts.LOG_IN_ELSEWHERE,
    "somethingWrong": texts.SOMETHING_WRONG,
    "tooLarge": texts.FILE_TOO_LARGE,
}
