"""Our own HTML pages: Dutch, escaped, without a request to anyone else."""

from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse

from assistant import texts
from assistant.web.assets import ASSETS, Asset
from assistant.web.headers import PAGE_POLICY
from assistant.web.problems import title_of

FOLDER = Path(__file__).parent


def templates(folder: Path, words: ModuleType, assets: Mapping[str, Asset]) -> Environment:
    """Those in ``folder``, which know ``texts`` and the address of each asset."""
    made = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["texts"] = words
    made.globals["asset"] = lambda name: assets[name].path
    return made


_templates = templates(FOLDER / "templates", texts, ASSETS)


def render(template: str, **values: Any) -> str:
    return _templates.get_template(template).render(values)


def page(
    request: HTTPConnection, template: str, status: int = 200, policy: str = PAGE_POLICY, **values: Any
) -> HTMLResponse:
    """A page whose links also work behind a proxy that gives the app a path of its own."""
    content = render(template, root=request.scope.get("root_path", ""), **values)
    return HTMLResponse(content, status, {"Content-Security-Policy": policy})


def notice_page(
    request: HTTPConnection, status: int, detail: str, headers: Mapping[str, str] | None = None
) -> HTMLResponse:
    response = page(request, "notice.html", status, title=title_of(status), detail=detail)
    response.headers.update(headers or {})
    return response


def wants_page(request: HTTPConnection) -> bool:
    """A browser that opens an address; the API answers in JSON to everyone."""
    return "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/api/")
