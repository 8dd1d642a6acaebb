"""Calls to the Bot API.

python-telegram-bot's own client (httpx) is several times slower and gets slower with every request
in flight, and it logs answers that it cannot parse; both end here. Errors carry neither address
nor body, because the address holds the bot token and a body may hold what a citizen typed.
"""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass
from typing import Any, Literal, cast
from urllib.parse import urlsplit

from aiohttp import FormData
from pydantic_core import from_json, to_json
from telegram import Bot
from telegram.error import BadRequest, NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.channels.telegram import metrics
from bot.channels.telegram.connections import Connections, NotHttp, Proxy

os.environ.setdefault("PTB_TIMEDELTA", "true")  # else RetryAfter warns about its own type when it is raised

AT_MOST = 100
"""Updates that one call brings; Telegram gives no more."""

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


async def _packed(values: dict[str, Any], files: tuple[Upload, ...]) -> tuple[bytes, str]:
    """Body and content type: JSON, or multipart/form-data in which each file is named by its own name."""
    if not files:
        return to_json(values), "application/json"
    form = FormData()
    for name, value in values.items():
        form.add_field(name, value if isinstance(value, str) else json.dumps(value))
    for file in files:
        form.add_field(file.name, file.body, filename=file.name, content_type=file.content_type)
    multipart = form()
    return await multipart.as_bytes(), multipart.headers["Content-Type"]


class Request(BaseRequest):
    """Calls over kept-alive connections. `timeout` in seconds is for a whole call."""

    def __init__(self, base_url: str, *, connections: int = 128, timeout: float = 10.0) -> None:
        self._connections = Connections(base_url, limit=connections, proxy=Proxy.towards(base_url))
        self._timeout = timeout
        self._refused: set[str] = set()
        self.last_answer: float | None = None
        """Unix time of the last answer with status 200."""

    @property
    def read_timeout(self) -> float:
        return self._timeout

    async def initialize(self) -> None:
        """Nothing to do: connections are opened when they are needed."""

    async def shutdown(self) -> None:
        self._connections.close()

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
        """Status and body of one call. Raises TimedOut or NetworkError, both without details, and BadRequest."""
        ours = isinstance(request_data, Fields)
        files = request_data.files if isinstance(request_data, Fields) else ()
        fields: dict[str, Any] = {}
        if isinstance(request_data, Fields):
            fields = request_data.values
        elif request_data is not None:
            fields = request_data.parameters
        if self._refused:
            fields = {name: value for name, value in fields.items() if name not in self._refused}
            fields = _without_styles(fields) if STYLE in self._refused else fields
        seconds = float(read_timeout) if isinstance(read_timeout, int | float) else self._timeout
        status, body = await self._exchange(url, fields, files, seconds)
        if status == 413:  # to the library a failure like any other, but the same files will never be taken
            raise BadRequest("Request Entity Too Large")
        if status == 400 and (refused := _refused_ornament(body, fields)):
            self._refused.add(refused)
            return await self.do_request(url, method, request_data, read_timeout)
        if status == 400 and ours and b"reply_markup" in body and (bare := _without_styles(fields)) != fields:
            status, body = await self._exchange(url, bare, files, seconds)
            if status == 200:
                self._refused.add(STYLE)
        return status, body

    async def _exchange(
        self, url: str, fields: dict[str, Any], files: tuple[Upload, ...], seconds: float
    ) -> tuple[int, bytes]:
        path = urlsplit(url).path
        method = path.rpartition("/")[2]  # the parts before it hold the token
        try:
            status, answer = await self._connections.post(path, *await _packed(fields, files), seconds)
        except TimeoutError:
            metrics.call(method, "timeout").inc()
            raise TimedOut from None
        except (OSError, EOFError, NotHttp) as error:
            metrics.call(method, "broken").inc()
            raise NetworkError(type(error).__name__) from None
        metrics.call(method, str(status)).inc()
        if status == 200:
            self.last_answer = time.time()
        return status, answer

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """As in the base class, but without logging the body. Raises NetworkError: it is worth a retry."""
        try:
            parsed = from_json(payload)
        except ValueError:
            parsed = _parsed_leniently(payload)
        if not isinstance(parsed, dict):
            raise NetworkError("the answer is no JSON object")
        return parsed


def _parsed_leniently(payload: bytes) -> Any:
    """JSON with half a character in it, which pydantic's parser refuses: one such update must not block the others."""
    try:
        return json.loads(payload)
    except ValueError:
        return None


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
        self._ours = Request(base_url), Request(base_url, connections=1)
        super().__init__(token, base_url=base_url, request=self._ours[0], get_updates_request=self._ours[1])

    @property
    def last_answer(self) -> float | None:
        """Unix time of the last successful call."""
        return max((one.last_answer for one in self._ours if one.last_answer is not None), default=None)

    async def start(self) -> None:
        """Get ready; makes no call yet."""
        for request in self._ours:
            await request.initialize()

    async def stop(self) -> None:
        """Close the connections."""
        for request in self._ours:
            await request.shutdown()

    async def call(
        self, method: str, fields: dict[str, Any], *, within: float | None = None, files: tuple[Upload, ...] = ()
    ) -> None:
        """One call whose result does not matter, in at most `within` seconds.

        The fields name the files as `attach://NAME`. Raises TelegramError, as all calls do.
        """
        data, longest = cast("RequestData", Fields(fields, files)), self._ours[0].read_timeout
        seconds = longest if within is None else min(within, longest)
        await self._ours[0].post(f"{self.base_url}/{method}", data, read_timeout=seconds)

    async def fetch_updates(self, offset: int | None, wait: int, kinds: tuple[str, ...]) -> list[dict[str, Any]]:
        """Updates from `offset` on, unparsed: `get_updates` parses all or none, and logs what fails.

        Waits up to `wait` seconds for the first one. Raises TelegramError.
        """
        fields = {"timeout": wait, "allowed_updates": list(kinds), "limit": AT_MOST}
        if offset is not None:
            fields["offset"] = offset
        updates = await self._post("getUpdates", fields, read_timeout=float(wait + 10))
        if not isinstance(updates, list):
            raise TelegramError("getUpdates gave no list")
        return cast("list[dict[str, Any]]", updates)
