"""Styles and scripts under an address with a hash of what is in them, so that browsers may keep them for good."""

import re
from base64 import b64encode
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256, sha384
from mimetypes import guess_type
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

STATIC = Path(__file__).parent / "static"
FOLDER = "/web/"
FOR_GOOD = "public, max-age=31536000, immutable"

# Served in one piece: one request, where there would be several.
_BUNDLES = {
    "chat.css": ("colours.css", "message.css", "alarm.css", "chat.css"),
    "panel.css": ("colours.css", "message.css", "alarm.css", "panel/panel.css"),
    "panel.js": ("panel/events.js", "panel/reply.js", "panel/memory.js", "panel/panel.js"),
}
_HASHED = re.compile(r"(?P<stem>[\w-]+)\.(?P<hash>[0-9a-f]{12})\.(?P<ending>\w+)", re.ASCII)


@dataclass(frozen=True)
class Asset:
    """A file as it is served."""

    name: str
    content: bytes

    @cached_property
    def hash(self) -> str:
        return sha256(self.content).hexdigest()[:12]

    @cached_property
    def integrity(self) -> str:
        """For ``integrity=`` on a script tag."""
        return f"sha384-{b64encode(sha384(self.content).digest()).decode()}"

    @property
    def media_type(self) -> str:
        if self.name.endswith(".js"):  # the machine's own list, or another library, may say otherwise
            return "text/javascript"
        return guess_type(self.name)[0] or "application/octet-stream"

    @property
    def path(self) -> str:
        """Where it may be kept for good: "/web/chat.0123456789ab.css"."""
        stem, _, ending = self.name.rpartition(".")
        return f"{FOLDER}{stem}.{self.hash}.{ending}"

    def response(self, cache: str) -> Response:
        return Response(self.content, media_type=self.media_type, headers={"Cache-Control": cache, "ETag": self.etag})

    @property
    def etag(self) -> str:
        return f'"{self.hash}"'


def read_assets(folder: Path = STATIC) -> dict[str, Asset]:
    """By name: the bundles, and the files that stand in ``folder`` itself."""
    files = {path.name: Asset(path.name, path.read_bytes()) for path in folder.iterdir() if path.is_file()}
    return files | {name: bundle(name, (folder / part for part in parts)) for name, parts in _BUNDLES.items()}


def bundle(name: str, parts: Iterable[Path]) -> Asset:
    return Asset(name, b"\n".join(part.read_bytes() for part in parts))


ASSETS = read_assets()


def serving(assets: Mapping[str, Asset]) -> Callable[[Request], Awaitable[Response]]:
    async def serve(request: Request) -> Response:
        """With another version's hash it is what there is now, not to be kept: a page may be older than the app."""
        asked = request.path_params["name"]
        match = _HASHED.fullmatch(asked)
        asset = assets.get(f"{match['stem']}.{match['ending']}" if match else asked)
        if asset is None:
            raise HTTPException(404)
        if match and match["hash"] == asset.hash:
            return asset.response(FOR_GOOD)
        if asset.etag in request.headers.get("if-none-match", ""):  # in a list, or weakened by a proxy that compresses
            return Response(status_code=304, headers={"ETag": asset.etag, "Cache-Control": "no-cache"})
        return asset.response("no-cache")

    return serve


serve_asset = serving(ASSETS)
