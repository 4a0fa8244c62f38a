"""``/widget.js``, ``/widget-<hash>.js``, ``/widget/panel`` and ``/widget-demo``."""

import json

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from assistant import texts
from assistant.web.assets import FOR_GOOD, Asset
from assistant.web.bodies import MOST_COMMENT_CHARS
from assistant.web.headers import DEMO_POLICY, panel_policy
from assistant.web.notices import comment_notice, privacy_notice
from assistant.web.pages import page
from assistant.web.reception import Reception
from assistant.web.widget.loader import loader, loaders

_EXAMPLES = 3
# Every page of a website asks for it; a new version may take this long to reach visitors.
_A_WHILE = "public, max-age=600"

_PANEL_WORDS = {
    "question": texts.QUESTION_LABEL,
    "answer": texts.ANSWER_LABEL,
    "searching": texts.SEARCHING,
    "stillSearching": texts.STILL_SEARCHING,
    "stopped": texts.STOPPED,
    "sources": texts.SOURCES,
    "readInArticle": texts.READ_IN_ARTICLE,
    "remark": texts.REMARK,
    "remarkAbout": texts.REMARK_ABOUT,
    "remarkSource": texts.REMARK_SOURCE,
    "suggestions": texts.SUGGESTIONS,
    "alarmSigns": texts.ALARM_SIGNS,
    "disclaimer": texts.DISCLAIMER,
    "copy": texts.COPY,
    "copied": texts.COPIED,
    "helpful": texts.HELPFUL,
    "yes": texts.YES,
    "no": texts.NO,
    "why": texts.NOT_HELPFUL_WHY,
    "reasons": texts.NOT_HELPFUL_REASONS,
    "thanks": texts.THANKS,
    "answerReady": texts.ANSWER_READY,
    "alarmReady": texts.ALARM_READY,
    "lost": texts.LOST,
    "somethingWrong": texts.SOMETHING_WRONG,
    "tryAgain": texts.TRY_AGAIN,
    "restored": texts.RESTORED,
}


def add_widget(app: FastAPI, reception: Reception) -> None:
    policy = panel_policy(reception.settings.frame_ancestors)
    words = json.dumps({**_PANEL_WORDS, "comment": _comment_words(reception)}, ensure_ascii=False)

    async def script(_: Request) -> Response:
        return _for_other_sites(loader(), _A_WHILE)

    async def pinned_script(request: Request) -> Response:
        asset = loaders().get(request.path_params["hash"])
        if asset is None:
            raise HTTPException(404)
        return _for_other_sites(asset, FOR_GOOD)

    async def panel(request: Request) -> Response:
        return page(
            request,
            "panel.html",
            policy=policy,
            words=words,
            examples=reception.assistant.examples(_EXAMPLES),
            privacy_notice=privacy_notice(reception.settings),
            notice=reception.pause.notice,
        )

    async def demo(request: Request) -> Response:
        return page(request, "widget_demo.html", policy=DEMO_POLICY, base=_base(request), loader=loader())

    app.add_route("/widget.js", script)
    app.add_route("/widget-{hash}.js", pinned_script)
    app.add_route("/widget/panel", panel)
    app.add_route("/widget-demo", demo)


def _comment_words(reception: Reception) -> dict[str, str] | None:
    """None where what a visitor writes with feedback cannot be kept: then nobody is asked for it."""
    if not reception.records.takes_comments:
        return None
    return {
        "label": texts.COMMENT_LABEL,
        "hint": comment_notice(reception.settings),
        "send": texts.COMMENT_SEND,
        "skip": texts.COMMENT_SKIP,
        "most": str(MOST_COMMENT_CHARS),
    }


def _for_other_sites(asset: Asset, cache: str) -> Response:
    """Integrity is checked only of what any site may read."""
    response = asset.response(cache)
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _base(request: Request) -> str:
    return f"{request.url.scheme}://{request.url.netloc}{request.scope.get('root_path', '')}"
