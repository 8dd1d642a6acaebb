"""Kept-alive HTTP/1.1 connections to the Bot API, directly or through a town hall's proxy.

A reply takes two or three calls, and aiohttp's client, made for the whole web, was a large part of their CPU. What the
Bot API needs of HTTP is little: a POST, its answer, the same connection again (docs/decisions.md).
"""

from __future__ import annotations

import asyncio
import base64
import ssl
import time
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

IDLE_SECONDS = 15.0
"""A connection that has been idle for longer is not used again: servers and firewalls drop such ones silently."""

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
        async with asyncio.timeout(seconds), self._free:
            connection = self._kept() or await self._open()
            try:
                answer = await connection.request("POST", self._before + path, headers, body)
            except BaseException:  # cancelled or timed out too: what comes would answer another request
                connection.close()
                raise
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

    async def _open(self) -> _Connection:
        if self._proxy is None:
            return await _Connection.open(self._host, self._port, await self._tls_for(self._scheme))
        by = urlsplit(self._proxy.url)
        port = by.port or _PORTS.get(by.scheme, 80)
        connection = await _Connection.open(by.hostname or "", port, await self._tls_for(by.scheme))
        if tls := await self._tls_for(self._scheme):
            try:
                await self._tunnel(connection, self._proxy, tls)
            except BaseException:
                connection.close()
                raise
        return connection

    async def _tunnel(self, connection: _Connection, proxy: Proxy, tls: ssl.SSLContext) -> None:
        """Let the proxy connect us to the server, and begin TLS with that."""
        target = f"[{self._host}]:{self._port}" if ":" in self._host else f"{self._host}:{self._port}"
        answer = await connection.request("CONNECT", target, {"Host": target, **(proxy.headers or {})})
        if answer.status != 200:
            raise NotHttp(f"the proxy said {answer.status}")
        await connection.begin_tls(tls, self._host)

    async def _tls_for(self, scheme: str) -> ssl.SSLContext | None:
        if scheme == "https" and self._tls is None:
            self._tls = await asyncio.to_thread(ssl.create_default_context)  # reads all certificates of the host
        return self._tls if scheme == "https" else None


class _Connection:
    """One connection; one request at a time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def open(cls, host: str, port: int, tls: ssl.SSLContext | None) -> _Connection:
        return cls(*await asyncio.open_connection(host, port, ssl=tls, happy_eyeballs_delay=0.25))

    @property
    def is_open(self) -> bool:
        """Whether the other side has not closed it, as far as is known."""
        return not (self._reader.at_eof() or self._writer.is_closing())

    async def begin_tls(self, tls: ssl.SSLContext, host: str) -> None:
        await self._writer.start_tls(tls, server_hostname=host)

    async def request(self, method: str, target: str, headers: dict[str, str], body: bytes = b"") -> Answer:
        rows = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self._writer.write(f"{method} {target} HTTP/1.1\r\n{rows}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        await self._writer.drain()
        try:
            return await self._answer(method)
        except (ValueError, asyncio.LimitOverrunError) as error:
            raise NotHttp from error

    async def _answer(self, method: str) -> Answer:
        while True:
            head = await self._reader.readuntil(b"\r\n\r\n")
            first, *rows = head.decode("latin-1").rstrip().split("\r\n")
            version, status, *_ = first.split(" ")
            if not version.startswith("HTTP/1."):
                raise NotHttp
            if not status.startswith("1"):  # 100 Continue and the like only announce the answer
                break
        pairs = (row.partition(":") for row in rows)
        headers = {name.strip().lower(): value.strip().lower() for name, _, value in pairs}
        stays = version == "HTTP/1.1" and headers.get("connection") != "close"
        if (method == "CONNECT" and status == "200") or status in ("204", "304"):
            return Answer(int(status), b"", stays)
        if headers.get("transfer-encoding") == "chunked":
            return Answer(int(status), await self._chunks(), stays)
        if "content-length" in headers:
            return Answer(int(status), await self._reader.readexactly(int(headers["content-length"])), stays)
        return Answer(int(status), await self._reader.read(), stays=False)

    async def _chunks(self) -> bytes:
        body = bytearray()
        while size := int((await self._reader.readuntil(b"\r\n")).partition(b";")[0], 16):
            body += (await self._reader.readexactly(size + 2))[:-2]
        while await self._reader.readuntil(b"\r\n") != b"\r\n":  # trailers say nothing to us
            continue
        return bytes(body)

    def close(self) -> None:
        """At once; nothing is waited for."""
        self._writer.transport.abort()
