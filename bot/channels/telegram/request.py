"""Calls to the Bot API over aiohttp.

python-telegram-bot's own client (httpx) is 2 to 7 times slower and gets slower with every request
in flight, and it logs answers that it cannot parse; both end here. Errors carry neither address
nor body, because the address holds the bot token and a body may hold what a citizen typed.
"""

from __future__ import annotations

import base64
import json
import os
import time
from dataclasses import dataclass
from typing import Any, Literal, cast
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from telegram import Bot
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.channels.telegram import metrics

os.environ.setdefault("PTB_TIMEDELTA", "true")  # else RetryAfter warns about its own type when it is raised

ORNAMENTS = frozenset({"link_preview_options"})
"""Parameters about looks only. Telegram ignores what it does not know, but another Bot API server
may refuse it by name; then the call is repeated without it, and later ones leave it out."""

STYLE = "style"
"""The colour of a button, an ornament inside `reply_markup`: a server that does not know it refuses the whole
keyboard, perhaps without a name."""


@dataclass(frozen=True)
class Upload:
    """One file as it goes to Telegram."""

    kind: Literal["document", "photo"]
    name: str
    content_type: str
    body: bytes


@dataclass(frozen=True)
class Fields:
    """Parameters as they are, in place of the library's RequestData: that costs as much as the call itself."""

    values: dict[str, Any]
    files: tuple[Upload, ...] = ()

    @property
    def contains_files(self) -> bool:
        """Asked by the library."""
        return bool(self.files)

    def form(self) -> aiohttp.FormData:
        """Parameters and files as multipart/form-data; each file is named by its own name."""
        form = aiohttp.FormData()
        for name, value in self.values.items():
            form.add_field(name, value if isinstance(value, str) else json.dumps(value))
        for file in self.files:
            form.add_field(file.name, file.body, filename=file.name, content_type=file.content_type)
        return form


_JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Proxy:
    """A proxy on the way to the Bot API, without credentials in its address."""

    url: str
    headers: dict[str, str] | None = None

    @classmethod
    def towards(cls, address: str) -> Proxy | None:
        """What the environment (HTTPS_PROXY, NO_PROXY …) says about the way to `address`: a town hall often has one.

        Asked once, at the start: aiohttp's `trust_env` asks two threads for it, and for a netrc file, at every
        call, which takes longer than the call (docs/reliability.md).
        """
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


class AiohttpRequest(BaseRequest):
    """One pool of kept-alive connections. `timeout` in seconds is for a whole call."""

    def __init__(self, *, connections: int = 128, timeout: float = 10.0, proxy: Proxy | None = None) -> None:
        self._connections, self._timeout = connections, timeout
        self._way: dict[str, Any] = {"proxy": proxy.url, "proxy_headers": proxy.headers} if proxy else {}
        self._session: aiohttp.ClientSession | None = None
        self._refused: set[str] = set()
        self.last_answer: float | None = None
        """Unix time of the last answer with status 200."""

    @property
    def read_timeout(self) -> float:
        return self._timeout

    async def initialize(self) -> None:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections), cookie_jar=aiohttp.DummyCookieJar()
            )

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | Fields | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Status and body of one call. Raises TimedOut or NetworkError, both without details."""
        plain = isinstance(request_data, Fields)
        fields: dict[str, Any] = {}
        if isinstance(request_data, Fields):
            fields = request_data.values
        elif request_data is not None:
            fields = request_data.json_parameters
        sent = {name: value for name, value in fields.items() if name not in self._refused}
        if STYLE in self._refused:
            sent = _without_styles(sent)
        seconds = float(read_timeout) if isinstance(read_timeout, int | float) else self._timeout
        content: dict[str, Any] = {"data": sent or None}
        if plain:
            content = {"data": json.dumps(sent, ensure_ascii=False).encode(), "headers": _JSON}
        if isinstance(request_data, Fields) and request_data.files:
            content = {"data": request_data.form()}
        status, body = await self._exchange(url, method, content, seconds)
        if status == 400 and (refused := _refused_ornament(body, sent)):
            self._refused.add(refused)
            return await self.do_request(url, method, request_data, read_timeout)
        if status == 400 and plain and b"reply_markup" in body and (bare := _without_styles(sent)) != sent:
            status, body = await self._exchange(url, method, {"json": bare}, seconds)
            if status == 200:
                self._refused.add(STYLE)
        return status, body

    async def _exchange(self, url: str, method: str, content: dict[str, Any], seconds: float) -> tuple[int, bytes]:
        if self._session is None:
            raise NetworkError("the request class is not initialized")
        try:
            async with self._session.request(
                method,
                url,
                **content,
                **self._way,
                timeout=aiohttp.ClientTimeout(total=seconds),
                allow_redirects=False,
            ) as response:
                body = await response.read()
        except TimeoutError:
            metrics.CALLS.labels(_method(url), "timeout").inc()
            raise TimedOut from None
        except (aiohttp.ClientError, OSError) as error:
            metrics.CALLS.labels(_method(url), "broken").inc()
            raise NetworkError(type(error).__name__) from None
        metrics.CALLS.labels(_method(url), str(response.status)).inc()
        if response.status == 200:
            self.last_answer = time.time()
        return response.status, body

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """As in the base class, but without logging the body. Raises NetworkError: it is worth a retry."""
        try:
            parsed = json.loads(payload)
        except ValueError:
            parsed = None
        if not isinstance(parsed, dict):
            raise NetworkError("the answer is no JSON object")
        return parsed


def _method(url: str) -> str:
    """The last part of the address: the parts before it hold the token."""
    return url.rpartition("/")[2]


def _refused_ornament(body: bytes, sent: dict[str, Any]) -> str | None:
    return next((name for name in ORNAMENTS & sent.keys() if name.encode() in body), None)


def _without_styles(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields with a keyboard without colours."""
    markup = fields.get("reply_markup")
    if not isinstance(markup, dict):
        return fields
    rows = [[{k: v for k, v in key.items() if k != STYLE} for key in row] for row in markup["inline_keyboard"]]
    return {**fields, "reply_markup": {"inline_keyboard": rows}}


class Api(Bot):
    """The Bot API with our request class, and updates as plain data."""

    def __init__(self, token: str, base_url: str) -> None:
        proxy = Proxy.towards(base_url)
        self._ours = AiohttpRequest(proxy=proxy), AiohttpRequest(connections=1, proxy=proxy)
        super().__init__(token, base_url=base_url, request=self._ours[0], get_updates_request=self._ours[1])

    @property
    def last_answer(self) -> float | None:
        """Unix time of the last successful call."""
        return max((one.last_answer for one in self._ours if one.last_answer is not None), default=None)

    async def start(self) -> None:
        """Open the connection pools; makes no call yet."""
        for request in self._ours:
            await request.initialize()

    async def stop(self) -> None:
        """Close the connection pools."""
        for request in self._ours:
            await request.shutdown()

    async def call(self, method: str, **fields: Any) -> None:
        """One call whose result does not matter. Raises TelegramError, as all calls do."""
        await self._ours[0].post(f"{self.base_url}/{method}", cast("RequestData", Fields(fields)))

    async def upload(self, method: str, files: tuple[Upload, ...], **fields: Any) -> None:
        """As `call`, with files that the fields name as `attach://NAME`. Raises TelegramError."""
        await self._ours[0].post(f"{self.base_url}/{method}", cast("RequestData", Fields(fields, files)))

    async def fetch_updates(self, offset: int | None, wait: int, kinds: tuple[str, ...]) -> list[dict[str, Any]]:
        """Updates from `offset` on, unparsed: `get_updates` parses all or none, and logs what fails.

        Waits up to `wait` seconds for the first one. Raises TelegramError.
        """
        fields = {"timeout": wait, "allowed_updates": list(kinds), "limit": 100}
        if offset is not None:
            fields["offset"] = offset
        updates = await self._post("getUpdates", fields, read_timeout=float(wait + 10))
        if not isinstance(updates, list):
            raise TelegramError("getUpdates gave no list")
        return cast("list[dict[str, Any]]", updates)
