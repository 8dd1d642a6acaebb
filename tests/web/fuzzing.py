"""Hostile requests to every route of the page, byte by byte over a socket, and what must hold of every answer."""

from __future__ import annotations

import socket
import threading
from asyncio import new_event_loop
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from urllib.parse import quote_from_bytes

from aiohttp import web
from hypothesis import strategies as st

from bot.channels.web import WebSettings, make_app, serve
from bot.channels.web.app import Conversation

SECONDS = 60
METHODS = (*["GET", "POST"] * 4, "HEAD", "PUT", "OPTIONS", "DELETE", "TRACE", "é")
FIELDS = ("token", "data", "text", "e", "t", "action", "x")
TYPES = (
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=b",
    "multipart/form-data",
    "text/plain",
    "é",
)

odd = st.one_of(
    st.text(max_size=80).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.binary(max_size=80),
    st.sampled_from(
        [b"%00", b"%", b"%ED%A0%80", b"..%2f..%2f", b"A" * 5000, b"gstart", b"<script>", b"%E3%81%82", b"-"]
    ),
)
header = st.tuples(
    st.sampled_from(["Origin", "Sec-Fetch-Site", "X-Forwarded-For", "Cookie", "X-Part", "Accept-Encoding", "Range"]),
    st.one_of(
        st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40).map(str.encode),
        st.sampled_from([b"same-origin", b"cross-site", b"null", b"gzip", b"turn", b"http://page", b"bytes=0-1"]),
        odd,
    ),
)

asked = st.one_of(
    odd, st.text(max_size=40).map(lambda text: text.encode("utf-8", "surrogatepass")), st.binary(max_size=40)
)
encoded = st.one_of(
    asked.map(lambda it: quote_from_bytes(it, safe="").encode()), asked.map(quote_from_bytes).map(str.encode), odd
)


def _multipart(fields: list[tuple[str, bytes]]) -> bytes:
    parts = [
        b'--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (name.encode(), it) for name, it in fields
    ]
    return b"".join(parts) + b"--b--\r\n"


fields = st.lists(st.tuples(st.sampled_from(FIELDS), odd), max_size=4)
bodies = st.one_of(
    odd,
    fields.map(lambda pairs: b"&".join(name.encode() + b"=" + it for name, it in pairs)),
    fields.map(_multipart),
)


def routes(app: web.Application) -> list[str]:
    """The patterns of all routes."""
    return sorted({route.resource.canonical for route in app.router.routes() if route.resource is not None})


@st.composite
def requests(draw: st.DrawFn, patterns: list[str]) -> bytes:
    """One request; the length of its body is sometimes a lie."""
    path = b"/".join(
        draw(encoded) if part.startswith("{") else part.encode() for part in draw(st.sampled_from(patterns)).split("/")
    )
    query = b"&".join(
        name.encode() + b"=" + it
        for name, it in draw(st.lists(st.tuples(st.sampled_from(FIELDS), encoded), max_size=3))
    )
    body = draw(bodies)
    length = draw(st.sampled_from([len(body), len(body), len(body), 0]))
    head = [
        draw(st.sampled_from(METHODS)).encode() + b" " + path + (b"?" + query if query else b"") + b" HTTP/1.1",
        b"Host: page",
        b"Connection: close",
        b"Content-Type: " + draw(st.sampled_from(TYPES)).encode(),
        b"Content-Length: " + str(length).encode(),
        *(name.encode() + b": " + it for name, it in draw(st.lists(header, max_size=3))),
    ]
    return b"\r\n".join(head) + b"\r\n\r\n" + body


def send(address: tuple[str, int], request: bytes) -> bytes:
    """The whole answer to `request`; empty if the server waited for more of it and then closed."""
    with socket.create_connection(address, SECONDS) as one:
        answer = b""
        with suppress(OSError):  # the server may refuse a request before its end
            one.sendall(request)
        with suppress(ConnectionResetError):
            while part := one.recv(65536):
                answer += part
        return answer


def objection(answer: bytes) -> str | None:
    """What is wrong with an answer, if anything: an error of ours, or a page without its protection."""
    head, _, body = answer.partition(b"\r\n\r\n")
    if answer and not head.startswith(b"HTTP/1."):
        return "no HTTP"
    if head.split(b" ")[1:2] and head.split(b" ")[1].startswith(b"5"):
        return "an error of ours"
    if b"Traceback" in body:
        return "a traceback"
    lower = head.lower()
    if b"content-type: text/html" in lower and b"content-security-policy: default-src 'none'" not in lower:
        return "a page without its policy"
    if b"set-cookie" in lower:
        return "a cookie"
    return None


@contextmanager
def running(assistant_of: Callable[[], Conversation]) -> Iterator[tuple[tuple[str, int], list[str]]]:
    """The page in a thread of its own: its address, and its routes."""
    app = make_app(assistant_of, settings=WebSettings(burst=10**9, requests_per_minute=10**9))
    loop = new_event_loop()
    runner = loop.run_until_complete(serve(app, "127.0.0.1", 0, idle_seconds=1))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        host, port = runner.addresses[0][:2]
        yield (host, port), routes(app)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.run_until_complete(runner.cleanup())
        loop.close()
