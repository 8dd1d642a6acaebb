"""Who may ask, and how often: cross-site posts, bursts, and the headers every answer carries."""

from __future__ import annotations

import re
import secrets
from collections import OrderedDict
from collections.abc import Callable, Mapping
from ipaddress import IPv6Address, ip_address, ip_network
from time import monotonic
from urllib.parse import urlsplit

from aiohttp import web

from bot.channels.web.settings import WebSettings

KEPT_CLIENTS = 20_000
"""Buckets in memory at most (a few MB); the client unseen for longest is forgotten first. One whose bucket is full
again is as one never seen, and is forgotten then."""


def is_from_this_page(request: web.Request, settings: WebSettings) -> bool:
    """Whether a POST comes from our own page.

    Browsers say so in Sec-Fetch-Site, but only over HTTPS or on localhost. Else the Origin must be
    ours. An Origin of "null" is what our own forms send under `Referrer-Policy: no-referrer`, and
    none at all is what scripts and very old browsers send: both may ask, as nothing here hangs on
    a visitor's identity (no cookie, no log-in, nothing stored).
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin", "null")
    ours = {request.host} | ({urlsplit(settings.public_url).netloc} if settings.public_url else set())
    return origin == "null" or origin.partition("://")[2] in ours


def client_of(request: web.Request, settings: WebSettings) -> str:
    """The key that requests are counted by: an IPv4 address or an IPv6 /64 network."""
    address = request.remote or ""
    if settings.behind_proxy:
        address = request.headers.get("X-Forwarded-For", address).rpartition(",")[2].strip()
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address):
        return str(ip_network((parsed, 64), strict=False))
    return str(parsed)


class Limiter:
    """A token bucket per client, in memory only: kept as the moment at which it will be full again.

    The package `limits` was weighed: it brings four more packages for what is a dozen lines with
    one process, and its shared storages are not needed, as nginx limits in front of several.
    """

    def __init__(self, per_minute: float, burst: int, *, clock: Callable[[], float] = monotonic) -> None:
        self._seconds_each = 60 / per_minute
        self._ahead = (burst - 1) * self._seconds_each
        self._clock = clock
        self._full_at: OrderedDict[str, float] = OrderedDict()

    def take(self, client: str) -> float:
        """Count one request of `client`. Returns 0, or the seconds until the next one is welcome."""
        now = self._clock()
        while self._full_at and next(iter(self._full_at.values())) <= now:
            self._full_at.popitem(last=False)
        full_at = max(self._full_at.pop(client, now), now)
        wait = full_at - now - self._ahead
        self._full_at[client] = full_at if wait > 0 else full_at + self._seconds_each
        if len(self._full_at) > KEPT_CLIENTS:
            self._full_at.popitem(last=False)
        return max(wait, 0.0)


def protective_headers(settings: WebSettings) -> Mapping[str, str]:
    """The headers of every answer: nothing foreign is loaded, nothing is kept, nothing is passed on."""
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        f"form-action 'self'; base-uri 'none'; frame-ancestors {settings.frame_ancestors}"
    )
    headers = {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
        "Server": "mainakagi",
    }
    if settings.frame_ancestors == "'none'":
        headers["X-Frame-Options"] = "DENY"
    return headers


_ONCE = re.compile(r"[A-Za-z0-9_-]{12}")
_DAY = 24 * 3600


class Once:
    """Numbers that may be used once: a form sent twice, or a page loaded again, counts once.

    The numbers are random and new for each page shown, so they tell nothing about who has it. Used ones are
    remembered in memory for a day, the newest `keep` of them.
    """

    def __init__(self, keep: int = 10_000, clock: Callable[[], float] = monotonic) -> None:
        self._keep, self._clock = keep, clock
        self._used: dict[str, float] = {}

    def take(self, number: str) -> bool:
        """Whether this is a number of ours that was not used within a day."""
        if not _ONCE.fullmatch(number):
            return False
        now = self._clock()
        used = self._used.pop(number, None)
        self._used[number] = now
        if len(self._used) > self._keep:
            del self._used[next(iter(self._used))]
        return used is None or used <= now - _DAY


def number_once() -> str:
    """A new number for Once."""
    return secrets.token_urlsafe(9)
