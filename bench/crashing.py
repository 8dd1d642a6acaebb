"""Kills the program again and again while people use it, and lets the oracle judge what they saw."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from bench.citizens import Verdict, judge, town
from bench.lives import POINTS, Lives
from bench.posting import Posting
from bot.assistant import Assistant
from bot.channels.telegram.settings import TelegramSettings
from tests.app.programs import free_port
from tests.telegram.fake_api import TOKEN, FakeApi

PEOPLE = 24
LONGEST_LIFE = 0.7
"""Seconds that a life is left to answer people; most are shorter."""

BORN_IN_PEACE = 0.7
"""Share of lives that may start: they are killed only after their first call of the Bot API. The others at any
moment from the fork on, which on a busy machine is before they have received anything."""

ROUNDS = 30
"""Rounds of the event loop in which what lies in the sockets is read and counted."""

LONGEST_START = 10.0
"""Seconds for that first call."""

RELOADS = 0.04
"""Share of lives that end while new content is built: each costs seconds of one core."""


@dataclass(frozen=True)
class Setting:
    """What is crashed: `polling` or `webhook`, with `sqlite` or `redis`."""

    mode: str
    store: str

    def __str__(self) -> str:
        return f"{self.mode}, {self.store}"


SETTINGS = tuple(Setting(mode, store) for mode in ("polling", "webhook") for store in ("sqlite", "redis"))


@dataclass
class Outcome:
    """How one setting fared."""

    setting: Setting
    verdict: Verdict
    kills: Counter[str] = field(default_factory=Counter)
    """How many lives ended where; `any moment` are kills from outside."""
    repeats: Counter[int] = field(default_factory=Counter)
    crowded: list[str] = field(default_factory=list)
    """Where that was more than one: the chat, and the seconds after the kill."""
    strangers: int = 0
    """Lives that ended by themselves: a crash of our own, which must not be."""
    seconds: float = 0.0

    @property
    def holds(self) -> bool:
        return self.verdict.is_clean and max(self.repeats, default=0) <= 1 and not self.strangers


async def crash(
    setting: Setting,
    kills: int,
    folder: Path,
    assistant: Assistant,
    lives: Lives,
    *,
    seed: int = 1,
    people: int = PEOPLE,
    progress: Callable[[int], None] = lambda _: None,
) -> Outcome:
    """Kill `setting` so often while `people` use it; what it stores is kept in `folder`."""
    began, chance = time.monotonic(), random.Random(seed)
    async with AsyncExitStack() as stack:
        api = await stack.enter_async_context(FakeApi())
        settings = {
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_BASE_URL": api.base_url,
            "MAINAKAGI_TELEGRAM_LIMITS": "off",
            "MAINAKAGI_STATE_DIR": str(folder / "state"),
            "MAINAKAGI_LISTEN": f"127.0.0.1:{free_port()}",
            "MAINAKAGI_LOG": "json",
        }
        if setting.store == "redis":
            settings["MAINAKAGI_STORE"] = await stack.enter_async_context(redis_server(folder))
        if setting.mode == "webhook":
            url = f"http://{settings['MAINAKAGI_LISTEN']}/telegram/hook"
            settings["MAINAKAGI_WEBHOOK_URL"] = url
            posting = asyncio.create_task(Posting(api, [url], TelegramSettings(TOKEN).secret).run())
            stack.callback(posting.cancel)
        citizens = town(api, assistant, people, seed)
        stop = asyncio.Event()
        living = [asyncio.create_task(citizen.live(stop, rest=0.03)) for citizen in citizens]
        outcome, moments = Outcome(setting, Verdict()), []
        for number in range(kills):
            outcome.kills[await _one_life(lives, settings, chance, api)] += 1
            for _ in range(ROUNDS):  # what the dead process had written still arrives here, and is of its life
                await asyncio.sleep(0)
            moments.append(time.monotonic())
            progress(number + 1)
        stop.set()
        process = await lives.begin(settings)
        done, pending = await asyncio.wait(living, timeout=180)
        for task in pending:
            task.cancel()
        for task in done:
            task.result()
        os.kill(process, signal.SIGTERM)
        status = await lives.ended(process)
        outcome.strangers = outcome.kills.pop("by itself", 0) + (status != 0)
        outcome.verdict = judge(citizens, api.calls, moments)
        outcome.repeats = outcome.verdict.repeats_after(moments)
        outcome.crowded = outcome.verdict.crowded_after(moments)
        outcome.seconds = time.monotonic() - began
        return outcome


async def _one_life(lives: Lives, settings: dict[str, str], chance: random.Random, api: FakeApi) -> str:
    """Let one life begin and end; returns where it ended."""
    points = [point for point in POINTS if point != "reload"]
    point = "reload" if chance.random() < RELOADS else chance.choice(points) if chance.random() < 0.5 else ""
    called = len(api.calls)
    process = await lives.begin(settings, point, chance.randint(1, 12))
    if point == "reload":
        path = lives.folder / "content" / "faq" / "vocabulary.yaml"
        path.write_text(path.read_text(encoding="utf-8") + "# saved again\n", encoding="utf-8")
    ending = asyncio.create_task(lives.ended(process))
    if point or chance.random() < BORN_IN_PEACE:
        await _first_call(api, called, ending)
    await asyncio.wait({ending}, timeout=2.0 if point else chance.uniform(0.05, LONGEST_LIFE))
    killed_from_outside = not ending.done()
    if killed_from_outside:
        with suppress(ProcessLookupError):  # it was quicker
            os.kill(process, signal.SIGKILL)
    status = await ending
    if status != -signal.SIGKILL:
        return "by itself"
    return "any moment" if killed_from_outside or not point else point


async def _first_call(api: FakeApi, called: int, ending: asyncio.Task[int]) -> None:
    """Wait until there is a call more than these, or the life is over."""
    with suppress(TimeoutError):
        async with asyncio.timeout(LONGEST_START):
            while len(api.calls) <= called and not ending.done():  # noqa: ASYNC110 - another's state
                await asyncio.sleep(0.005)


@asynccontextmanager
async def redis_server(folder: Path) -> AsyncIterator[str]:
    """A redis-server of our own, which writes everything down; its address."""
    port, data = free_port(), folder / "redis"
    data.mkdir()
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "yes"]
    server = await asyncio.create_subprocess_exec(*command, cwd=data, stdout=asyncio.subprocess.DEVNULL)
    try:
        for _ in range(200):
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                break
            except OSError:
                await asyncio.sleep(0.02)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        await server.wait()
