"""How calls find their way to the Bot API."""

from __future__ import annotations

import base64

import pytest
from aiohttp import web

from bot.channels.telegram.connections import Proxy
from bot.channels.telegram.request import Api
from tests.app.programs import free_port

NAMES = ("http_proxy", "https_proxy", "no_proxy", "all_proxy")


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def test_the_proxy_is_the_one_of_the_environment_and_its_password_leaves_the_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert Proxy.towards("https://api.telegram.org/bot") is None
    monkeypatch.setenv("HTTPS_PROXY", "http://town:p%40ss@proxy.example.jp:3128")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    secret = base64.b64encode(b"town:p@ss").decode()
    assert Proxy.towards("https://api.telegram.org/bot") == Proxy(
        "http://proxy.example.jp:3128", {"Proxy-Authorization": f"Basic {secret}"}
    )
    assert Proxy.towards("http://api.telegram.org/bot") is None, "asked by the scheme of the address"
    assert Proxy.towards("https://127.0.0.1:8081/bot") is None
    monkeypatch.setenv("HTTPS_PROXY", "proxy.example.jp:3128")
    assert Proxy.towards("https://api.telegram.org/bot") == Proxy("http://proxy.example.jp:3128")


async def test_calls_go_through_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[str, str]] = []

    async def pass_on(request: web.Request) -> web.Response:
        seen.append((str(request.url), (await request.json())["text"]))
        return web.json_response({"ok": True, "result": True})

    app = web.Application()
    app.router.add_route("*", "/{any:.*}", pass_on)
    runner = web.AppRunner(app)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{port}")
    api = Api("7:token", "http://telegram.example.jp/bot")
    await api.start()
    try:
        await api.call("sendMessage", {"chat_id": 1, "text": "鍵"})
    finally:
        await api.stop()
        await runner.cleanup()
    assert seen == [("http://telegram.example.jp/bot7:token/sendMessage", "鍵")]
