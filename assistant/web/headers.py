"""Security headers for every response, and what each kind of page may load."""

from collections.abc import Sequence

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


def _policy(**sources: str) -> str:
    """A Content-Security-Policy that allows nothing but ``sources``; ``style_src="'self'"`` → ``style-src 'self'``."""
    directives = {"default_src": "'none'", "base_uri": "'none'", "form_action": "'none'", "frame_ancestors": "'none'"}
    return "; ".join(f"{name.replace('_', '-')} {value}" for name, value in (directives | sources).items())


NOTHING_POLICY = _policy()
PAGE_POLICY = _policy(style_src="'self'", img_src="'self' data:")
FORM_POLICY = _policy(style_src="'self'", img_src="'self' data:", form_action="'self'")
DEMO_POLICY = _policy(
    style_src="'self'", img_src="'self' data:", script_src="'self'", frame_src="'self'", connect_src="'self'"
)
DOCS_POLICY = _policy(
    style_src="'self' 'unsafe-inline'", img_src="'self' data:", script_src="'self'", connect_src="'self'"
)


def inline_policy(style: str, script: str) -> str:
    """For a page that brings its own style and script, known by their hashes."""
    return _policy(style_src=style, script_src=script, img_src="data:", connect_src="'self'")


def panel_policy(frame_ancestors: Sequence[str]) -> str:
    """For the page in the widget's frame, which no site may show but ours and ``frame_ancestors``."""
    policy = _policy(
        style_src="'self'",
        img_src="'self' data:",
        script_src="'self'",
        connect_src="'self'",
        frame_ancestors=" ".join(("'self'", *frame_ancestors)),
    )
    return f"{policy}; require-trusted-types-for 'script'; trusted-types 'none'"


def chat_policy(nonce: str) -> str:
    """The tightest with which Gradio's chat works: it sets styles from its scripts, and inlines its configuration."""
    return _policy(
        script_src=f"'self' 'nonce-{nonce}'",
        style_src="'self' 'unsafe-inline'",
        connect_src="'self'",
        img_src="'self' data:",
        font_src="'self'",
        manifest_src="'self'",
        form_action="'self'",
        base_uri="'self'",
    )


_ALWAYS = {
    "Content-Security-Policy": NOTHING_POLICY,
    "X-Content-Type-Options": "nosniff",
    # Which article someone reads tells about their health: other sites need not know.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cache-Control": "no-cache",
}


class SecurityHeaders:
    """Adds what a response does not say itself."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _ALWAYS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)
