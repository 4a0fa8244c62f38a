"""A website that shows the widget, on an origin of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from benchmarks.served import HOST

_PAGE = """<!doctype html>
<html lang="nl">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Praktijk</title>
<h1>Praktijk</h1>
<p><a href="{chat}/" target="_blank">Stel uw vraag</a></p>
<script src="{chat}/widget.js" async></script>
</html>
"""


class HostPage:
    """``chat`` is the address of the chat that it includes, known only once that is served."""

    def __init__(self, port: int) -> None:
        self.origin = f"http://localhost:{port}"
        self.chat = ""

    @property
    def content(self) -> bytes:
        return _PAGE.format(chat=self.chat).encode()


@contextmanager
def host_page() -> Iterator[HostPage]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(page.content)))
            self.end_headers()
            self.wfile.write(page.content)

        def log_message(self, *_: object) -> None:
            """Nothing to say."""

    with ThreadingHTTPServer((HOST, 0), Handler) as server:
        page = HostPage(server.server_address[1])
        Thread(target=server.serve_forever, daemon=True).start()
        yield page
        server.shutdown()
