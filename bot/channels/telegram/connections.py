"""Kept-alive HTTP/1.1 connections to the Bot API, directly or through a town hall's proxy.

A reply takes two or three calls, and aiohttp's client, made for the whole web, was a large part of their CPU. What the
Bot API needs of HTTP is little: a POST, its answer, the same connection again (docs/decisions.md).
"""

from __future__ import annotations

import asyncio
import base64
import ssl
import time
from collections.abc import Generator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

IDLE_SECONDS = 15.0
"""A connection that has been idle for longer is not used again: servers and firewalls drop such ones silently."""

HEAD_LIMIT = 64 * 1024
"""Bytes of an answer's head, or of a line between its chunks."""

_PORTS = {"http": 80, "https": 443}


class NotHttp(Exception):
    """What came back is no answer of HTTP/1.1."""


@dataclass(frozen=True)
class Answer:
    """The answer to one request. `stays`: the connection can take another."""

    status: int
    body: bytes
    stays: bool


@dataclass(frozen=True)
class Proxy:
    """A proxy on the way to the Bot API, without credentials in its address."""

    url: str
    headers: dict[str, str] | None = None

    @classmethod
    def towards(cls, address: str) -> Proxy | None:
        """What the environment (HTTPS_PROXY, NO_PROXY …) says about the way to `address`: a town hall often has one."""
        target = urlsplit(address)
        found = getproxies().get(target.scheme)
        if not found or proxy_bypass(target.hostname or ""):
            return None
        parts = urlsplit(found if "://" in found else f"http://{found}")
        url = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
        if parts.username is None:
            return cls(url)
        credentials = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
        return cls(url, {"Proxy-Authorization": f"Basic {base64.b64encode(credentials).decode()}"})


class Connections:
    """Connections to the server of `address`, at most `limit`; who finds none free waits."""

    def __init__(self, address: str, *, limit: int, proxy: Proxy | None = None) -> None:
        to = urlsplit(address)
        self._scheme, self._host, self._port = to.scheme, to.hostname or "", to.port or _PORTS[to.scheme]
        self._proxy = proxy
        self._free = asyncio.Semaphore(limit)
        self._idle: list[tuple[_Connection, float]] = []
        self._tls: ssl.SSLContext | None = None
        self._before, self._headers = "", {"Host": to.netloc.rpartition("@")[2]}
        if proxy and self._scheme == "http":  # such a proxy is asked for the whole address
            self._before, self._headers = f"http://{self._headers['Host']}", {**self._headers, **(proxy.headers or {})}

    async def post(self, path: str, body: bytes, content_type: str, seconds: float) -> tuple[int, bytes]:
        """Status and body of the answer. Raises TimeoutError after `seconds`, OSError, EOFError or NotHttp."""
        headers = {**self._headers, "Content-Type": content_type}
        until = asyncio.get_running_loop().time() + seconds
        connection = None if self._free.locked() else self._kept()
        if connection is not None:
            await self._free.acquire()
        else:
            async with asyncio.timeout_at(until):
                connection = await self._take(until)
        try:
            answer = await connection.request("POST", self._before + path, headers, body, until)
        except BaseException:  # cancelled or timed out too: what comes would answer another request
            connection.close()
            raise
        finally:
            self._free.release()
        if answer.stays:
            self._idle.append((connection, time.monotonic()))
        else:
            connection.close()
        return answer.status, answer.body

    def close(self) -> None:
        """Close all that are idle."""
        while self._idle:
            self._idle.pop()[0].close()

    def _kept(self) -> _Connection | None:
        """The connection that was used last, if the server still holds it; those idle for too long are closed."""
        while self._idle:
            connection, since = self._idle.pop()
            if connection.is_open and since > time.monotonic() - IDLE_SECONDS:
                return connection
            connection.close()
        return None

    async def _take(self, until: float) -> _Connection:
        """A free connection, a new one if need be, once there may be one more."""
        await self._free.acquire()
        try:
            return self._kept() or await self._open(until)
        except BaseException:
            self._free.release()
            raise

    async def _open(self, until: float) -> _Connection:
        if self._proxy is None:
            return await _Connection.open(self._host, self._port, await self._tls_for(self._scheme))
        by = urlsplit(self._proxy.url)
        port = by.port or _PORTS.get(by.scheme, 80)
        connection = await _Connection.open(by.hostname or "", port, await self._tls_for(by.scheme))
        if tls := await self._tls_for(self._scheme):
            try:
                await self._tunnel(connection, self._proxy, tls, until)
            except BaseException:
                connection.close()
                raise
        return connection

    async def _tunnel(self, connection: _Connection, proxy: Proxy, tls: ssl.SSLContext, until: float) -> None:
        """Let the proxy connect us to the server, and begin TLS with that."""
        target = f"[{self._host}]:{self._port}" if ":" in self._host else f"{self._host}:{self._port}"
        answer = await connection.request("CONNECT", target, {"Host": target, **(proxy.headers or {})}, b"", until)
        if answer.status != 200:
            raise NotHttp(f"the proxy said {answer.status}")
        await connection.begin_tls(tls, self._host)

    async def _tls_for(self, scheme: str) -> ssl.SSLContext | None:
        if scheme == "https" and self._tls is None:
            self._tls = await asyncio.to_thread(ssl.create_default_context)  # reads all certificates of the host
        return self._tls if scheme == "https" else None


class _Connection(asyncio.Protocol):
    """One connection; one request at a time.

    A protocol and no stream: with a reader, a writer and their waiting, a call cost half as much again.
    """

    def __init__(self) -> None:
        self._came = bytearray()
        self._ended = False
        self._reading: Generator[None, None, Answer] | None = None
        self._done: asyncio.Future[Answer]
        self._transport: asyncio.Transport

    @classmethod
    async def open(cls, host: str, port: int, tls: ssl.SSLContext | None) -> _Connection:
        loop = asyncio.get_running_loop()
        connection = cls()
        connection._transport, _ = await loop.create_connection(
            lambda: connection, host, port, ssl=tls, happy_eyeballs_delay=0.25
        )
        return connection

    @property
    def is_open(self) -> bool:
        """Whether the other side has neither closed it nor said anything unasked, as far as is known."""
        return not (self._ended or self._came)

    async def begin_tls(self, tls: ssl.SSLContext, host: str) -> None:
        transport = await asyncio.get_running_loop().start_tls(self._transport, self, tls, server_hostname=host)
        if transport is None:
            raise ConnectionError("the connection was closed")
        self._transport = transport

    async def request(self, method: str, target: str, headers: dict[str, str], body: bytes, until: float) -> Answer:
        """The answer. Raises TimeoutError if all of it is not there `until` then, EOFError or NotHttp."""
        rows = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        loop = asyncio.get_running_loop()
        self._done = loop.create_future()
        late = loop.call_at(until, self._give_up)  # asyncio.timeout would cost four times as much
        self._reading = self._answer(method)
        self._transport.write(
            f"{method} {target} HTTP/1.1\r\n{rows}Content-Length: {len(body)}\r\n\r\n".encode() + body
        )
        self._read_on()
        try:
            return await self._done
        finally:
            late.cancel()

    def _give_up(self) -> None:
        if not self._done.done():
            self._done.set_exception(TimeoutError())

    def data_received(self, data: bytes) -> None:
        self._came += data
        self._read_on()

    def eof_received(self) -> None:
        self._ended = True
        self._read_on()

    def connection_lost(self, error: Exception | None) -> None:
        self._ended = True
        self._read_on()

    def _read_on(self) -> None:
        """As far as the answer has come."""
        if self._reading is None:
            return
        try:
            next(self._reading)
        except StopIteration as end:
            self._reading = None
            if not self._done.done():
                self._done.set_result(end.value)
        except (ValueError, EOFError) as error:
            self._reading = None
            if not self._done.done():
                self._done.set_exception(NotHttp() if isinstance(error, ValueError) else error)

    def _answer(self, method: str) -> Generator[None, None, Answer]:
        """Read an answer, giving way wherever more of it has to come. Raises ValueError or EOFError."""
        while True:
            head = yield from self._until(b"\r\n\r\n")
            first, *rows = head.decode("latin-1").rstrip().split("\r\n")
            version, status, *_ = first.split(" ")
            if not version.startswith("HTTP/1."):
                raise ValueError(version)
            if not status.startswith("1"):  # 100 Continue and the like only announce the answer
                break
        pairs = (row.partition(":") for row in rows)
        headers = {name.strip().lower(): value.strip().lower() for name, _, value in pairs}
        stays = version == "HTTP/1.1" and headers.get("connection") != "close"
        if (method == "CONNECT" and status == "200") or status in ("204", "304"):
            return Answer(int(status), b"", stays)
        if headers.get("transfer-encoding") == "chunked":
            return Answer(int(status), (yield from self._chunks()), stays)
        if "content-length" in headers:
            return Answer(int(status), (yield from self._exactly(int(headers["content-length"]))), stays)
        while not self._ended:
            yield
        return Answer(int(status), bytes(self._came), stays=False)

    def _until(self, end: bytes) -> Generator[None, None, bytes]:
        """What comes up to `end`, and `end`."""
        while (at := self._came.find(end)) < 0:
            if len(self._came) > HEAD_LIMIT:
                raise ValueError(f"no end in {HEAD_LIMIT} bytes")
            yield from self._more()
        return (yield from self._exactly(at + len(end)))

    def _exactly(self, size: int) -> Generator[None, None, bytes]:
        if size < 0:
            raise ValueError(size)
        while len(self._came) < size:
            yield from self._more()
        came = bytes(self._came[:size])
        del self._came[:size]
        return came

    def _more(self) -> Generator[None]:
        if self._ended:
            raise EOFError
        yield

    def _chunks(self) -> Generator[None, None, bytes]:
        body = bytearray()
        while size := int((yield from self._until(b"\r\n")).partition(b";")[0], 16):
            body += (yield from self._exactly(size + 2))[:-2]
        while (yield from self._until(b"\r\n")) != b"\r\n":  # trailers say nothing to us
            continue
        return bytes(body)

    def close(self) -> None:
        """At once; nothing is waited for."""
        self._transport.abort()
