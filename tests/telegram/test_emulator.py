"""Against the published Bot API stand-in `lo-bot-api-emulator`, over loopback HTTP.

Its gaps: getMe has no username, `link_preview_options` is refused, edited messages cannot be queued,
HTML is not checked. fake_api.py has the rest.
"""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from lo_bot_api_emulator import LoBotApiEmulator

from bot.channels.telegram.bot import TelegramBot
from bot.channels.telegram.settings import TelegramSettings, read_settings
from bot.stores.sqlite import SqliteStore
from tests.telegram.conftest import IMPATIENT
from tests.telegram.fake_api import TOKEN, person
from tests.telegram.fake_assistant import respond

ANN = 1001


class Emulator:
    """The emulator on a free port, with what it saw."""

    def __init__(self, emulator: LoBotApiEmulator, port: int, journal: Path) -> None:
        self.base_url, self._control = f"http://127.0.0.1:{port}/bot", f"http://127.0.0.1:{port}/__fixture/updates"
        self._emulator, self._journal = emulator, journal

    def calls(self, method: str, status: int = 200) -> list[dict[str, Any]]:
        return [call for call in self._emulator.requests if call["method"] == method and call["status"] == status]

    def deliveries(self) -> list[int]:
        lines = map(json.loads, self._journal.read_text().splitlines())
        return [line["status"] for line in lines if line.get("event") == "webhook"]

    async def arrive(self, **update: Any) -> None:
        async with aiohttp.ClientSession() as session:
            answer = await session.post(self._control, json={"token": TOKEN, "update": update})
            assert answer.status == 200, await answer.text()

    async def until(self, method: str, times: int) -> None:
        async with asyncio.timeout(60):
            while len(self.calls(method)) < times:
                await asyncio.sleep(0.02)


@asynccontextmanager
async def emulated(tmp_path: Path) -> AsyncIterator[Emulator]:
    journal = tmp_path / "journal.jsonl"
    emulator = LoBotApiEmulator(enable_control=True, allow_insecure_loopback_webhooks=True, journal=journal)
    runner = web.AppRunner(emulator.app(), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield Emulator(emulator, runner.addresses[0][1], journal)
    finally:
        await runner.cleanup()


@asynccontextmanager
async def bot_on(settings: TelegramSettings, store: SqliteStore) -> AsyncIterator[TelegramBot]:
    bot = TelegramBot(settings, respond, store, patience=IMPATIENT)
    stop = asyncio.Event()
    task = asyncio.create_task(bot.run(stop))
    async with asyncio.timeout(60):
        await bot.ready.wait()
    yield bot
    stop.set()
    await task


def message(text: str, message_id: int = 1) -> dict[str, Any]:
    chat = {"id": ANN, "type": "private"}
    return {"message_id": message_id, "date": 1_800_000_000, "chat": chat, "from": person(ANN), "text": text}


def press(data: str, keyboard: list[list[dict[str, str]]]) -> dict[str, Any]:
    shown = {**message("どちらですか", 1), "reply_markup": {"inline_keyboard": keyboard}}
    return {"id": "q1", "from": person(ANN), "chat_instance": "1", "data": data, "message": shown}


def settings_for(emulator: Emulator, **more: str) -> TelegramSettings:
    settings = read_settings(
        {
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_BASE_URL": emulator.base_url,
            "MAINAKAGI_BOT_USERNAME": "@kagi_bot",
            **more,
        }
    )
    assert settings
    return settings


async def test_a_conversation_by_polling(tmp_path: Path, store: SqliteStore) -> None:
    async with emulated(tmp_path) as emulator, bot_on(settings_for(emulator), store) as bot:
        assert bot.username == "kagi_bot"
        await emulator.arrive(message=message("question"))
        await emulator.until("sendMessage", 1)
        await emulator.arrive(callback_query=press("self", [[{"text": "本人が行く", "callback_data": "self"}]]))
        await emulator.until("answerCallbackQuery", 1)
        await emulator.until("editMessageReplyMarkup", 1)
        await emulator.until("sendMessage", 2)
        await emulator.arrive(callback_query=press("t:on", [[{"text": "☐ 免許証", "callback_data": "t:on"}]]))
        await emulator.until("editMessageText", 1)
        await emulator.arrive(message=message("pin 0123"))
        await emulator.until("deleteMessage", 1)
        await emulator.until("sendMessage", 3)
        assert len(emulator.calls("setMyCommands")) == 2


async def test_a_refused_ornament_is_left_out_once_and_for_all(tmp_path: Path, store: SqliteStore) -> None:
    async with emulated(tmp_path) as emulator, bot_on(settings_for(emulator), store):
        for number in range(3):
            await emulator.arrive(message=message(f"{number}"))
        await emulator.until("sendMessage", 3)
        refused = emulator.calls("sendMessage", 400)
        assert all("link_preview_options" in call["fields"] for call in refused)
        assert len(refused) == 1


async def test_a_conversation_by_webhook(tmp_path: Path, store: SqliteStore) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    async with emulated(tmp_path) as emulator:
        url = f"http://127.0.0.1:{port}/telegram/hook"
        settings = settings_for(emulator, MAINAKAGI_WEBHOOK_URL=url, MAINAKAGI_WEBHOOK_SECRET="chosen_secret")
        bot = TelegramBot(settings, respond, store, patience=IMPATIENT)
        app = web.Application()
        app.router.add_post(settings.webhook_path or "", bot.webhook_handler)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        stop = asyncio.Event()
        task = asyncio.create_task(bot.run(stop))
        await asyncio.wait_for(bot.ready.wait(), 60)
        await emulator.arrive(message=message("three"))
        await emulator.until("sendMessage", 3)
        assert emulator.deliveries() == [200]
        stop.set()
        await task
        await runner.cleanup()


async def test_a_server_that_refuses_coloured_buttons_gets_plain_ones(tmp_path: Path, store: SqliteStore) -> None:
    async with emulated(tmp_path) as emulator, bot_on(settings_for(emulator), store):
        for number in range(3):
            await emulator.arrive(message=message("toggles", number + 1))
        await emulator.until("sendMessage", 3)
        refused = [call for call in emulator.calls("sendMessage", 400) if "reply_markup" in call["fields"]]
        assert len(refused) == 2, "once for the link preview, once for the colour, then never again"
