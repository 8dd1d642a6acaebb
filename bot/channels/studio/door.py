"""Who may use the studio: the passphrase, requests from other sites, and names that lead here by a trick.

On loopback without a passphrase whoever sits at this machine may. A foreign page must not be able
to: a POST needs our own Origin, and a Host that is not ours (DNS rebinding) is refused.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Awaitable, Callable, Mapping
from hashlib import sha256
from math import ceil
from time import monotonic
from urllib.parse import urlsplit

from aiohttp import web

from bot.channels.studio.settings import StudioSettings
from bot.channels.web.gate import Limiter, client_of, protective_headers
from bot.channels.web.settings import WebSettings

SESSION_SECONDS = 10 * 3600
"""A working day; then the passphrase is asked again."""
TRIES = 5
"""Passphrases that one client may try in a row; then one a minute. Over all clients: ten times as many."""
_MOST_SESSIONS = 200
_PROXY_MARKS = ("X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Forwarded", "Via")
_FREE = ("/login", "/static/")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Door:
    """Lets requests in or not. Sessions live in memory: a restart asks for the passphrase again."""

    def __init__(self, settings: StudioSettings, *, clock: Callable[[], float] = monotonic) -> None:
        self._settings, self._clock = settings, clock
        self._web = WebSettings(behind_proxy=settings.behind_proxy)
        self._sessions: dict[str, float] = {}
        self._tries = Limiter(1, TRIES, clock=clock)
        self._all_tries = Limiter(10, 10 * TRIES, clock=clock)
        self._headers = {**protective_headers(self._web), "Referrer-Policy": "same-origin"}

    @property
    def headers(self) -> Mapping[str, str]:
        """Of every answer. The page's own, but forms must say where they come from."""
        return self._headers

    @property
    def asks(self) -> bool:
        return bool(self._settings.passphrase)

    @property
    def cookie(self) -> str:
        return "__Host-studio" if self._settings.behind_proxy else "studio"

    @web.middleware
    async def guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Turn away what is not ours, and send who has not said the passphrase to the log-in."""
        if self._settings.is_loopback and not self._settings.behind_proxy and not _is_from_here(request):
            raise web.HTTPForbidden
        if request.method not in ("GET", "HEAD") and not _is_same_origin(request):
            raise web.HTTPForbidden
        if self.asks and not request.path.startswith(_FREE) and not self.knows(request):
            raise web.HTTPSeeOther("/login")
        return await handler(request)

    def knows(self, request: web.Request) -> bool:
        """Whether the request belongs to a session."""
        ends = self._sessions.get(_digest(request.cookies.get(self.cookie, "")), 0.0)
        return ends > self._clock()

    def enter(self, request: web.Request, passphrase: str) -> web.Response | None:
        """The way in for the right passphrase, else None. Raises HTTPTooManyRequests."""
        wait = max(self._tries.take(client_of(request, self._web)), self._all_tries.take("all"))
        if wait:
            raise web.HTTPTooManyRequests(headers={"Retry-After": str(ceil(wait))})
        if not hmac.compare_digest(_digest(passphrase), _digest(self._settings.passphrase)):
            return None
        now = self._clock()
        self._sessions = {key: ends for key, ends in self._sessions.items() if ends > now}
        if len(self._sessions) >= _MOST_SESSIONS:
            del self._sessions[min(self._sessions, key=lambda key: self._sessions[key])]
        session = secrets.token_urlsafe(32)
        self._sessions[_digest(session)] = now + SESSION_SECONDS
        response = web.Response(status=303, headers={"Location": "/"})
        response.set_cookie(
            self.cookie,
            session,
            max_age=SESSION_SECONDS,
            path="/",
            httponly=True,
            samesite="Strict",
            secure=self._settings.behind_proxy,
        )
        return response

    def leave(self, request: web.Request) -> web.Response:
        """End the session."""
        self._sessions.pop(_digest(request.cookies.get(self.cookie, "")), None)
        response = web.Response(status=303, headers={"Location": "/login"})
        response.del_cookie(self.cookie, path="/", secure=self._settings.behind_proxy, samesite="Strict")
        return response


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _is_from_here(request: web.Request) -> bool:
    """Whether a browser of this machine asks for us by our own name: no other name, and no proxy between."""
    name = urlsplit(f"//{request.host}").hostname
    return name in ("localhost", "127.0.0.1", "::1") and not any(mark in request.headers for mark in _PROXY_MARKS)


def _is_same_origin(request: web.Request) -> bool:
    """Whether our own page sends this: browsers say so in Sec-Fetch-Site (HTTPS, localhost) or Origin."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return request.headers.get("Origin", "").partition("://")[2] == request.host
