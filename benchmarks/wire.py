"""As little of HTTP/1.1 and of event streams as a load needs, so that the clients leave the cores to the server."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Self

Address = tuple[str, int]

_LONGEST_LINE = 1_000_000


class WireError(Exception):
    """What came back is not HTTP as this server speaks it."""


@dataclass(frozen=True, slots=True)
class Event:
    """A server-sent event; ``name`` is "message" when it has none."""

    name: str
    data: str

    @classmethod
    def of(cls, block: str) -> "Event | None":
        """None for a block without data, such as a comment that keeps the connection alive."""
        fields = [line.partition(":")[::2] for line in block.splitlines()]
        said = [(name, value.removeprefix(" ")) for name, value in fields if name]
        data = "\n".join(value for name, value in said if name == "data")
        names = [value for name, value in said if name == "event"]
        return cls(names[-1] if names else "message", data) if data else None


@dataclass(frozen=True, slots=True)
class Reply:
    """``body`` must be read to its end before the next request on the same connection."""

    status: int
    body: AsyncGenerator[bytes]

    async def whole(self) -> bytes:
        return b"".join([piece async for piece in self.body])


class Connection:
    """One request after the other. Like a browser's, it is made anew when the server closed it meanwhile."""

    def __init__(self, address: Address, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._address = address
        self._reader = reader
        self._writer = writer

    @classmethod
    async def to(cls, address: Address) -> Self:
        return cls(address, *await _opened(address))

    def close(self) -> None:
        self._writer.close()

    async def request(self, method: str, path: str, body: bytes | None = None) -> Reply:
        """Until the headers are there. Raises ``WireError`` or ``OSError``."""
        if self._reader.at_eof():
            self.close()
            self._reader, self._writer = await _opened(self._address)
        about_body = "" if body is None else f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        host, port = self._address
        self._writer.write(f"{method} {path} HTTP/1.1\r\nHost: {host}:{port}\r\n{about_body}\r\n".encode())
        self._writer.write(body or b"")
        await self._writer.drain()
        version, _, rest = (await self._line()).partition(" ")
        if not version.startswith("HTTP/"):
            raise WireError("no status line")
        return Reply(int(rest[:3]), self._body(await self._headers()))

    async def _headers(self) -> dict[str, str]:
        headers: dict[str, str] = {}
        while line := await self._line():
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        return headers

    async def _body(self, headers: dict[str, str]) -> AsyncGenerator[bytes]:
        if headers.get("transfer-encoding") != "chunked":
            yield await self._exactly(int(headers.get("content-length", 0)))
            return
        while size := int(await self._line(), 16):
            yield await self._exactly(size)
            await self._line()
        await self._line()

    async def _line(self) -> str:
        line = await self._reader.readline()
        if not line.endswith(b"\n"):
            raise WireError("cut off")
        return line.decode("latin-1").rstrip("\r\n")

    async def _exactly(self, size: int) -> bytes:
        try:
            return await self._reader.readexactly(size)
        except asyncio.IncompleteReadError:
            raise WireError("cut off") from None


@asynccontextmanager
async def connected(address: Address) -> AsyncIterator[Connection]:
    connection = await Connection.to(address)
    try:
        yield connection
    finally:
        connection.close()


async def _opened(address: Address) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection(*address, limit=_LONGEST_LINE)


async def events(pieces: AsyncIterator[bytes]) -> AsyncIterator[Event]:
    """Pieces may end anywhere, also in the middle of a letter."""
    unread = b""
    async for piece in pieces:
        *blocks, unread = (unread + piece).replace(b"\r\n", b"\n").split(b"\n\n")
        for block in blocks:
            event = Event.of(block.decode())
            if event is not None:
                yield event
