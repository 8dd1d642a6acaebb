"""HTTP as servers and proxies really speak it, over real sockets."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bot.channels.telegram.connections import Connections, NotHttp, Proxy

FINE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
TO_THE_END = b"HTTP/1.1 200\r\n\r\nuntil the end"
CLOSE = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"
HANG_UP = b""


class Server:
    """Gives these answers, one per request, over any number of connections; HANG_UP closes instead."""

    def __init__(self, *answers: bytes, tls: ssl.SSLContext | None = None) -> None:
        self._answers, self._tls = list(answers), tls
        self.connections = 0
        self.heads: list[str] = []
        self._serving: list[asyncio.Task[None] | None] = []

    async def __aenter__(self) -> Server:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._tls)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        await asyncio.wait([task for task in self._serving if task], timeout=5)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._serving.append(asyncio.current_task())
        with suppress(asyncio.IncompleteReadError, OSError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                self.heads.append(head)
                rows = dict(row.split(": ") for row in head.split("\r\n")[1:] if row)
                await reader.readexactly(int(rows["Content-Length"]))
                answer = self._answers.pop(0)
                writer.write(answer)
                if answer in (HANG_UP, TO_THE_END, CLOSE):
                    break
        writer.close()


async def ask(connections: Connections) -> tuple[int, bytes]:
    return await connections.post("/bot7:token/getMe", b"{}", "application/json", seconds=5.0)


@pytest.mark.parametrize(
    ("answer", "status", "body"),
    [
        (FINE, 200, b"ok"),
        (b"HTTP/1.1 429 Too Many Requests\r\ncontent-length:  4\r\n\r\nwait", 429, b"wait"),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nA: b\r\n\r\n",
            200,
            b"abcde",
        ),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + FINE, 200, b"ok"),
        (TO_THE_END, 200, b"until the end"),
    ],
)
async def test_every_way_to_say_where_an_answer_ends(answer: bytes, status: int, body: bytes) -> None:
    async with Server(answer, FINE) as server:
        connections = Connections(f"http://127.0.0.1:{server.port}/bot", limit=1)
        assert await ask(connections) == (status, body)
        assert await ask(connections) == (200, b"ok"), "and the next one is not disturbed"
        connections.close()


@pytest.mark.parametrize("answer", [HANG_UP, b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", b"SSH-2.0-x\r\n\r\n"])
async def test_half_an_answer_or_none_is_an_error_and_its_connection_is_not_used_again(answer: bytes) -> None:
    async with Server(answer, HANG_UP) as server:
        connections = Connections(f"http://127.0.0.1:{server.port}/bot", limit=1)
        for _ in range(2):
            with pytest.raises((EOFError, NotHttp, OSError, TimeoutError)):
                await connections.post("/", b"", "text/plain", seconds=0.5)
        assert server.connections == 2


async def test_a_connection_is_used_again_until_the_server_closes_it() -> None:
    async with Server(FINE, FINE, CLOSE, FINE) as server:
        connections = Connections(f"http://127.0.0.1:{server.port}/bot", limit=1)
        for _ in range(4):
            assert await ask(connections) == (200, b"ok")
        assert server.connections == 2
        connections.close()


async def test_no_redirect_is_followed() -> None:
    moved = b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n"
    async with Server(moved, FINE) as server:
        connections = Connections(f"http://127.0.0.1:{server.port}/bot", limit=1)
        assert await ask(connections) == (302, b"")
        assert len(server.heads) == 1
        connections.close()


async def test_who_gives_up_does_not_leave_its_answer_to_the_next() -> None:
    async with Server(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nla", FINE) as server:
        connections = Connections(f"http://127.0.0.1:{server.port}/bot", limit=1)
        with pytest.raises(TimeoutError):
            await connections.post("/", b"", "text/plain", seconds=0.2)
        assert await ask(connections) == (200, b"ok")
        connections.close()


async def test_https_goes_through_a_tunnel_of_the_proxy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with Server(FINE, tls=_certified(tmp_path)) as server, TunnelProxy() as proxy:
        address = f"https://127.0.0.1:{server.port}/bot"
        by = Proxy(f"http://127.0.0.1:{proxy.port}", {"Proxy-Authorization": "Basic a2V5"})
        with pytest.raises(ssl.SSLCertVerificationError):
            await ask(Connections(address, limit=1, proxy=by))
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
        connections = Connections(address, limit=1, proxy=by)
        assert await ask(connections) == (200, b"ok")
        connections.close()
    assert proxy.heads[-1].startswith(f"CONNECT 127.0.0.1:{server.port} HTTP/1.1\r\n")
    assert "Proxy-Authorization: Basic a2V5" in proxy.heads[-1]
    assert "Proxy-Authorization" not in server.heads[0], "it is for the proxy alone"


class TunnelProxy:
    """A proxy that connects to whatever CONNECT names."""

    def __init__(self) -> None:
        self.heads: list[str] = []
        self._passing: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> TunnelProxy:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        await asyncio.wait(self._passing, timeout=5)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.heads.append((await reader.readuntil(b"\r\n\r\n")).decode())
        host, port = self.heads[-1].split(" ")[1].split(":")
        there = await asyncio.open_connection(host, int(port))
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        for source, target in ((reader, there[1]), (there[0], writer)):
            task = asyncio.create_task(self._pass_on(source, target))
            self._passing.add(task)

    async def _pass_on(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await source.read(4096):
                target.write(data)
        target.close()


def _certified(folder: Path) -> ssl.SSLContext:
    """A server's context with a certificate for 127.0.0.1, which is written to certificate.pem too."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(pem))
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "key.pem").write_bytes(key.private_bytes(pem, *plain))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    return context
