"""Webhook mode: what Telegram is told, and when."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.channels.telegram.bot import TelegramBot
from bot.channels.telegram.settings import TelegramSettings
from tests.telegram.conftest import Running
from tests.telegram.fake_api import TOKEN, FakeApi

ANN = 1001
URL = "https://city.example/telegram/hook"


class Post:
    """Telegram's side: posts updates to the bot's listener."""

    def __init__(self, session: aiohttp.ClientSession, url: str, secret: str) -> None:
        self._session, self._url, self._secret = session, url, secret

    async def __call__(self, update: Any, secret: str | None = None) -> int:
        headers = {"X-Telegram-Bot-Api-Secret-Token": self._secret if secret is None else secret}
        content = {"data": update} if isinstance(update, str) else {"json": update}
        async with self._session.post(self._url, headers=headers, **content) as response:
            return response.status


@asynccontextmanager
async def posting(bot: TelegramBot) -> AsyncIterator[Post]:
    app = web.Application()
    app.router.add_post(bot.settings.webhook_path or "", bot.webhook_handler)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        async with aiohttp.ClientSession() as session:
            yield Post(session, f"http://127.0.0.1:{runner.addresses[0][1]}/telegram/hook", bot.settings.secret)
    finally:
        await runner.cleanup()


def typed(api: FakeApi, update_id: int, text: str) -> dict[str, Any]:
    return {"update_id": update_id, "message": api.message_of(ANN, text=text)}


async def test_the_webhook_is_registered_with_its_secret(api: FakeApi, running: Running) -> None:
    async with running(webhook_url=URL, webhook_secret="chosen_secret"):
        assert api.webhook["url"] == URL
        assert api.webhook["secret_token"] == "chosen_secret"
        assert "drop_pending_updates" not in api.webhook
    assert not api.of("getUpdates")


async def test_200_comes_after_the_reply_is_out(api: FakeApi, running: Running) -> None:
    api.fail("sendMessage", 200, delay=0.3)
    async with running(webhook_url=URL) as bot, posting(bot) as post:
        start = time.monotonic()
        assert await post(typed(api, 1, "a")) == 200
        assert time.monotonic() - start >= 0.3
        assert api.texts() == ["[a]"]


async def test_the_same_update_again_is_confirmed_and_not_answered_again(api: FakeApi, running: Running) -> None:
    async with running(webhook_url=URL) as bot, posting(bot) as post:
        update = typed(api, 1, "a")
        assert await asyncio.gather(post(update), post(update)) == [200, 200]
        assert await post(update) == 200
    assert api.texts() == ["[a]"]


async def test_a_reply_that_cannot_go_out_is_parked_in_time(api: FakeApi, running: Running) -> None:
    api.fail("sendMessage", 429, retry_after=30)
    async with running(webhook_url=URL) as bot, posting(bot) as post:
        start = time.monotonic()
        assert await post(typed(api, 1, "a")) == 200
        assert time.monotonic() - start < 20


async def test_a_failure_is_left_to_telegram_to_repeat_and_the_third_one_apologises(
    api: FakeApi, running: Running
) -> None:
    async with running(webhook_url=URL) as bot, posting(bot) as post:
        assert [await post(typed(api, 1, "boom")) for _ in range(4)] == [503, 503, 200, 200]
    assert len(api.texts()) == 1
    assert "申し訳ありません" in api.texts()[0]


@pytest.mark.parametrize("secret", ["", "wrong", "ひみつ", TOKEN])
async def test_a_wrong_secret_is_refused(api: FakeApi, running: Running, secret: str) -> None:
    async with running(webhook_url=URL) as bot, posting(bot) as post:
        assert await post(typed(api, 1, "a"), secret) == 403
    assert api.texts() == []


@pytest.mark.parametrize("body", ["{", "[]", "{}", '{"update_id": "x"}', "null"])
async def test_what_is_no_update_is_refused(api: FakeApi, running: Running, body: str) -> None:
    async with running(webhook_url=URL) as bot, posting(bot) as post:
        assert await post(body) == 400


async def test_before_and_after_its_time_the_bot_asks_telegram_to_come_again(api: FakeApi, running: Running) -> None:
    async with running(webhook_url=URL) as bot:
        pass
    async with posting(bot) as post:
        assert await post(typed(api, 1, "a")) == 503


def test_without_a_secret_in_the_settings_it_comes_from_the_token() -> None:
    one, other = TelegramSettings("7:sesame", webhook_url=URL), TelegramSettings("7:other", webhook_url=URL)
    assert one.secret != other.secret
    assert one.secret.isalnum()
    assert "sesame" not in repr(one)
