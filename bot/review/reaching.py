"""`check --links`: whether the addresses of the sources still open. Only when asked; nothing else ever goes out.

Each address is asked with HEAD, and with GET where that is refused; no page is read. A permanent redirect is
reported as moved, a temporary one is followed. A few addresses at a time, few of one host, each for some seconds.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urljoin, urlsplit

import aiohttp

from bot.content.nodes import Document
from bot.content.problems import Problem
from bot.content.texts import strings_at

FILE = "faq/facts.yaml"

AT_ONCE = 8
PER_HOST = 2
SECONDS = 10.0
"""For one request, from the connection to the head of the answer."""

HOPS = 5
"""Redirects that are followed."""

_PERMANENT = frozenset({301, 308})
_TEMPORARY = frozenset({302, 303, 307})
_GONE = frozenset({404, 410})
_AGENT = {"User-Agent": "mainakagi-check-links", "Accept": "*/*"}


@dataclass(frozen=True)
class Reached:
    """What became of an address: `said` is the status, or why there was none; `moved_to` where it is now."""

    outcome: Literal["open", "moved", "gone", "refused", "no answer"]
    said: str = ""
    moved_to: str = ""


async def reach(addresses: Iterable[str], *, seconds: float = SECONDS) -> dict[str, Reached]:
    """Try every address once. Never raises on what comes back."""
    found: dict[str, Reached] = {}
    turn = asyncio.Semaphore(AT_ONCE)
    connector = aiohttp.TCPConnector(limit=AT_ONCE, limit_per_host=PER_HOST)
    jar = aiohttp.DummyCookieJar()
    async with aiohttp.ClientSession(connector=connector, headers=_AGENT, cookie_jar=jar, trust_env=True) as session:

        async def one(address: str) -> None:
            async with turn:
                found[address] = await _try(session, address, seconds)

        await asyncio.gather(*(one(address) for address in dict.fromkeys(addresses)))
    return found


async def _try(session: aiohttp.ClientSession, address: str, seconds: float) -> Reached:
    at, moved_to, permanent = address, "", True
    try:
        for _ in range(HOPS + 1):
            status, location = await _ask(session, at, seconds)
            if status in _PERMANENT | _TEMPORARY and location:
                at = urljoin(at, location)
                if urlsplit(at).scheme not in ("http", "https"):
                    return Reached("refused", f"{status}")
                permanent = permanent and status in _PERMANENT
                moved_to = at if permanent else moved_to
                continue
            if status in _GONE:
                return Reached("gone", str(status))
            if status >= 300:
                return Reached("refused", str(status))
            return Reached("moved", str(status), moved_to) if moved_to else Reached("open", str(status))
    except TimeoutError:
        return Reached("no answer", f"{seconds:g}秒待ちました")
    except (aiohttp.ClientError, OSError, ValueError) as error:
        return Reached("no answer", type(error).__name__)
    return Reached("refused", "転送がくり返されます")


async def _ask(session: aiohttp.ClientSession, address: str, seconds: float) -> tuple[int, str]:
    """Status and place of a redirect, by HEAD, else by GET: many servers refuse HEAD in their own ways."""
    status, location = 0, ""
    for method in ("HEAD", "GET"):
        async with (
            asyncio.timeout(seconds),
            session.request(method, address, allow_redirects=False) as response,
        ):
            status, location = response.status, response.headers.get("Location", "")
        if status < 400:
            break
    return status, location


def addresses(document: Document) -> list[str]:
    """The addresses of all sources in facts.yaml that can be asked."""
    return [text for _, text in strings_at(document.data, "sources/*/url") if _can_be_asked(text)]


def problems(document: Document, found: Mapping[str, Reached]) -> Iterator[Problem]:
    """A Problem at each source whose address does not open as it stands: where it moved to, or what came instead."""
    for path, text in strings_at(document.data, "sources/*/url"):
        reached = found.get(text)
        if reached is None or reached.outcome == "open":
            continue
        what = f"出典「{path[1]}」のアドレス"
        message = {
            "moved": f"{what}が変わりました。新しいアドレス：{reached.moved_to}",
            "gone": f"{what}に、ページがありません（{reached.said}）。新しいアドレスを探してください。",
            "refused": f"{what}が開きません（{reached.said}）。ブラウザーで確かめてください。",
            "no answer": f"{what}につながりません（{reached.said}）。あとで、もう一度試してください。",
        }[reached.outcome]
        yield document.problem(path, f"link-{reached.outcome.replace(' ', '-')}", message, severity="warning")


def _can_be_asked(text: str) -> bool:
    return urlsplit(text).scheme in ("http", "https")


def summary(found: Mapping[str, Reached]) -> str:
    """How many of each, in one line; and where nothing answers at all, why that may be."""
    numbers = {
        name: sum(1 for one in found.values() if one.outcome in outcomes)
        for name, outcomes in (
            ("開く", ("open",)),
            ("変わった", ("moved",)),
            ("ページがない", ("gone",)),
            ("開かない", ("refused",)),
            ("つながらない", ("no answer",)),
        )
    }
    line = f"アドレス{len(found)}件：" + "、".join(f"{name} {number}" for name, number in numbers.items() if number)
    if found and numbers["つながらない"] == len(found):
        line += "。この機械は、インターネットにつながっていないかもしれません。"
    return line
