"""`check --links`: what becomes of an address, against a server on this machine."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiohttp import web

from bot.cli import main
from bot.content.nodes import read
from bot.exits import FINE, PROBLEMS
from bot.review.reaching import AT_ONCE, PER_HOST, Reached, addresses, problems, reach, summary
from tests.review.test_desk import root

assert root


class Site:
    """Answers by the first part of the path, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.now = self.most = 0
        self.stuck = asyncio.Event()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        self.asked.append((request.method, request.path))
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            return await self._answer(request)
        finally:
            self.now -= 1

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        match request.path.split("/")[1]:
            case "open":
                await asyncio.sleep(0.01)
                return web.Response(text="x")
            case "no-head":
                return web.Response(status=405 if request.method == "HEAD" else 200)
            case "moved":
                return web.Response(status=301, headers={"Location": "/open/new"})
            case "elsewhere":
                return web.Response(status=302, headers={"Location": "/open/today"})
            case "moved-away":
                return web.Response(status=308, headers={"Location": "/gone"})
            case "loop":
                return web.Response(status=302, headers={"Location": "/loop"})
            case "odd":
                return web.Response(status=301, headers={"Location": "ftp://example.jp/"})
            case "broken":
                return web.Response(status=503)
            case "stuck":
                await self.stuck.wait()
        return web.Response(status=404)


@pytest_asyncio.fixture
async def site() -> AsyncIterator[tuple[Site, str]]:
    served = Site()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", served.serve)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield served, f"http://127.0.0.1:{runner.addresses[0][1]}"
    served.stuck.set()
    await runner.cleanup()


@pytest.mark.parametrize(
    ("path", "outcome", "said"),
    [
        ("/open", "open", "200"),
        ("/no-head", "open", "200"),
        ("/moved", "moved", "200"),
        ("/elsewhere", "open", "200"),
        ("/moved-away", "gone", "404"),
        ("/gone", "gone", "404"),
        ("/loop", "refused", "転送がくり返されます"),
        ("/odd", "refused", "301"),
        ("/broken", "refused", "503"),
    ],
)
async def test_what_became_of_an_address(path: str, outcome: str, said: str, site: tuple[Site, str]) -> None:
    (found,) = (await reach([site[1] + path])).values()
    assert (found.outcome, found.said) == (outcome, said)
    assert found.moved_to == (f"{site[1]}/open/new" if outcome == "moved" else "")


async def test_one_that_does_not_answer_is_given_up(site: tuple[Site, str]) -> None:
    found = await reach([f"{site[1]}/stuck", f"{site[1]}/open"], seconds=0.3)
    assert [one.outcome for one in (found[f"{site[1]}/stuck"], found[f"{site[1]}/open"])] == ["no answer", "open"]


async def test_where_nobody_listens_there_is_no_answer() -> None:
    found = await reach(["http://127.0.0.1:9/", "http://[broken/"])
    assert {one.outcome for one in found.values()} == {"no answer"}
    assert "インターネット" in summary(found)


async def test_each_address_is_asked_once_and_few_at_a_time(site: tuple[Site, str]) -> None:
    wanted = [f"{site[1]}/open/{number}" for number in range(30)] * 2
    found = await reach(wanted)
    assert len(found) == len(site[0].asked) == 30
    assert {method for method, _ in site[0].asked} == {"HEAD"}
    assert site[0].most <= PER_HOST <= AT_ONCE


FACTS = """facts: {}
sources:
  a: {name: A, url: "http://a.example.jp/", read_on: 2026-11-22}
  b: {name: B, url: "http://b.example.jp/", read_on: 2026-11-22}
  c: {name: C, url: "tel:0000", read_on: 2026-11-22}
"""


def test_each_broken_source_is_named_with_its_place() -> None:
    document, _ = read("faq/facts.yaml", FACTS.encode(), frozenset())
    assert addresses(document) == ["http://a.example.jp/", "http://b.example.jp/"]
    found = {
        "http://a.example.jp/": Reached("open", "200"),
        "http://b.example.jp/": Reached("moved", "200", "http://b.example.jp/new"),
    }
    (problem,) = problems(document, found)
    assert str(problem) == (
        "faq/facts.yaml:4:21: 出典「b」のアドレスが変わりました。新しいアドレス：http://b.example.jp/new"
    )
    assert summary(found) == "アドレス2件：開く 1、変わった 1"


def test_check_goes_out_only_if_asked_and_says_so_with_its_exit_code(
    root: object, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    went: list[str] = []

    async def nowhere(wanted: list[str]) -> dict[str, Reached]:
        went.extend(wanted)
        return {address: Reached("gone", "404") for address in wanted}

    monkeypatch.setattr("bot.review.reaching.reach", nowhere)
    assert main(["check"]) == FINE
    assert went == []
    assert main(["check", "--links"]) == PROBLEMS
    assert went
    said = capsys.readouterr().out
    assert "ページがありません（404）" in said
    assert "faq/facts.yaml:" in said
