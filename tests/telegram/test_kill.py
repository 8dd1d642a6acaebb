"""Killed with SIGKILL at any point, the bot goes on where it was."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from bot.channels.telegram.settings import TelegramSettings
from tests.telegram.fake_api import TOKEN, FakeApi

ANN = 1001
ALL = ["1: [a][three]", "2: [a][three]", "3: [a][three]"]


@asynccontextmanager
async def process(
    api: FakeApi, folder: Path, point: str = "never", step: int = 1, mode: str = "polling"
) -> AsyncIterator[asyncio.subprocess.Process]:
    command = ["-m", "tests.telegram.bot_process", api.base_url, str(folder), mode, point, str(step)]
    bot = await asyncio.create_subprocess_exec(sys.executable, *command)
    try:
        yield bot
    finally:
        if bot.returncode is None:
            bot.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(bot.wait(), 60) == 0


@pytest.mark.parametrize(
    ("point", "step", "repeated"),
    [("begun", 2, []), ("sent", 2, ["1: [a][three]"]), ("saved", 2, []), ("sent", 4, ["3: [a][three]"])],
    ids=["about to send", "sent and not saved", "between replies", "last sent and not saved"],
)
async def test_a_typed_answer_is_applied_once_and_at_most_one_reply_is_repeated(
    api: FakeApi, tmp_path: Path, point: str, step: int, repeated: list[str]
) -> None:
    async with process(api, tmp_path, point, step) as bot:
        await api.type(ANN, "a")  # step 1
        await api.until(lambda: api.texts() == ["[a]"])
        await api.type(ANN, "three")  # steps 2 to 4
        assert await asyncio.wait_for(bot.wait(), 60) == -signal.SIGKILL
    async with process(api, tmp_path):
        await api.type(ANN, "last")
        await api.until(lambda: "[a][three][last]" in api.texts())
        await api.until(lambda: not api.updates)
    texts = api.texts()
    assert list(dict.fromkeys(texts)) == ["[a]", *ALL, "[a][three][last]"]
    for text in repeated:
        texts.remove(text)
    assert texts == ["[a]", *ALL, "[a][three][last]"]


async def test_killed_from_outside_under_load_nothing_is_lost_and_nothing_applied_twice(
    api: FakeApi, tmp_path: Path
) -> None:
    chats = range(ANN, ANN + 8)
    for kill in range(3):
        async with process(api, tmp_path) as bot:
            seen = len(api.texts())
            for text in ("x", "three", "y"):
                for chat in chats:
                    await api.type(chat, f"{text}{kill}" if text != "three" else "three")
            await api.until(lambda seen=seen, kill=kill: len(api.texts()) > seen + 5 + 3 * kill)
            bot.kill()
            await bot.wait()
    async with process(api, tmp_path):
        await api.until(lambda: not api.updates, 60)
        await api.until(lambda: all(texts and texts[-1].endswith("[y2]") for texts in map(api.texts, chats)), 60)
    for chat in chats:
        expected, said = [], ""
        for kill in range(3):
            said += f"[x{kill}]"
            expected.append(said)
            said += "[three]"
            expected += [f"{number}: {said}" for number in (1, 2, 3)]
            said += f"[y{kill}]"
            expected.append(said)
        assert list(dict.fromkeys(api.texts(chat))) == expected
        assert len(api.texts(chat)) <= len(expected) + 3


async def test_in_webhook_mode_telegram_repeats_what_was_not_confirmed(api: FakeApi, tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    update = {"update_id": 1, "message": api.message_of(ANN, text="three")}
    headers = {"X-Telegram-Bot-Api-Secret-Token": TelegramSettings(TOKEN).secret}

    async def post() -> int:
        """As Telegram does: again and again until it is confirmed."""
        async with aiohttp.ClientSession(headers=headers) as session:
            try:
                async with session.post(f"http://127.0.0.1:{port}/telegram/hook", json=update) as response:
                    return response.status
            except aiohttp.ClientError:
                return 0

    async def post_until_answered() -> int:
        while True:
            status = await post()
            if status not in (0, 503):
                return status
            await asyncio.sleep(0.05)

    async with process(api, tmp_path, "begun", 2, port) as bot:
        posting = asyncio.create_task(post_until_answered())
        assert await asyncio.wait_for(bot.wait(), 60) == -signal.SIGKILL
        assert not posting.done()
    async with process(api, tmp_path, mode=port):
        assert await asyncio.wait_for(posting, 60) == 200
        assert await post() == 200
    assert api.texts() == ["1: [three]", "2: [three]", "3: [three]"]
