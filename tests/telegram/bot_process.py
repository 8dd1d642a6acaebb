"""A bot with the fake assistant as a process of its own, which can be told to die at a named point.

Arguments: base_url, folder of the store, mode (`polling` or the webhook's port), point of death
(`never`, `begun`: a step is about to go out; `sent`: it is out and not saved as out; `saved`: both), and which step
it is about, from 1. It dies only if the file `died` is not in the folder yet.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.channels.telegram.bot import TelegramBot
from bot.channels.telegram.polling import Patience
from bot.channels.telegram.sender import UNLIMITED, Sender
from bot.channels.telegram.settings import TelegramSettings
from bot.stores.opening import open_store
from tests.telegram.fake_api import TOKEN
from tests.telegram.fake_assistant import respond


def die_at(point: str, step: int, folder: Path) -> None:
    """Kill this process for real, once per folder, when `point` of step number `step` is reached."""
    done = 0
    original = Sender.do

    def die() -> None:
        if not (folder / "died").exists():
            (folder / "died").touch()
            os.kill(os.getpid(), signal.SIGKILL)

    async def do(self: Sender, *arguments: Any) -> None:
        nonlocal done
        done += 1
        if (point == "begun" and done == step) or (point == "saved" and done == step + 1):
            die()
        await original(self, *arguments)
        if point == "sent" and done == step:
            die()

    Sender.do = do  # type: ignore[method-assign]


async def main() -> None:
    base_url, folder, mode, point, step = sys.argv[1:]
    die_at(point, int(step), Path(folder))
    store = await open_store(None, Path(folder))
    webhook = None if mode == "polling" else f"http://127.0.0.1:{mode}/telegram/hook"
    bot = TelegramBot(
        TelegramSettings(TOKEN, base_url, username="kagi_bot", webhook_url=webhook),
        respond,
        store,
        limits=UNLIMITED,
        patience=Patience(long_poll=5, first_pause=0.05, longest_pause=0.2, drain=2.0),
    )
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    runner = None
    if webhook:
        app = web.Application()
        app.router.add_post("/telegram/hook", bot.webhook_handler)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", int(mode)).start()
    await bot.run(stop)
    if runner:
        await runner.cleanup()
    await store.close()


if __name__ == "__main__":
    asyncio.run(main())
