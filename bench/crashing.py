"""Kills the program again and again while people use it, and lets the oracle judge what they saw."""

from __future__ import annotations

import asyncio
import json
import os
import random
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.citizens import Citizen, Verdict, judge, questions
from bench.lives import POINTS
from bench.posting import Posting
from bot.assistant import Assistant
from bot.channels.telegram.settings import TelegramSettings
from bot.settings import PROJECT
from tests.app.programs import environment, free_port
from tests.telegram.fake_api import TOKEN, FakeApi

PEOPLE = 24
LONGEST_LIFE = 0.7
"""Seconds; most lives are shorter."""

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
    *,
    seed: int = 1,
    people: int = PEOPLE,
    progress: Callable[[int], None] = lambda _: None,
) -> Outcome:
    """Kill `setting` so often while `people` use it; everything is kept in `folder`."""
    began, chance = time.monotonic(), random.Random(seed)
    for name in ("faq", "flows"):
        shutil.copytree(PROJECT / name, folder / "content" / name)
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
        typed = questions(assistant.content)
        citizens = [
            Citizen(
                1000 + n,
                api,
                assistant,
                typed,
                random.Random(f"{seed}.{n}"),
                lambda update: all(one["update_id"] != update for one in api.updates),
            )
            for n in range(people)
        ]
        stop = asyncio.Event()
        lives = await stack.enter_async_context(_Lives.start(folder, settings))
        living = [asyncio.create_task(citizen.live(stop, rest=0.03)) for citizen in citizens]
        outcome, moments = Outcome(setting, Verdict()), []
        for number in range(kills):
            outcome.kills[await _one_life(lives, chance, folder)] += 1
            moments.append(time.monotonic())
            progress(number + 1)
        stop.set()
        process = await lives.begin()
        done, pending = await asyncio.wait(living, timeout=60)
        for task in pending:
            task.cancel()
        for task in done:
            task.result()
        os.kill(process, signal.SIGTERM)
        status = await lives.ended()
        outcome.strangers = outcome.kills.pop("by itself", 0) + (status != 0)
        outcome.verdict = judge(citizens, api.calls)
        outcome.repeats = outcome.verdict.repeats_after(moments)
        outcome.seconds = time.monotonic() - began
        return outcome


async def _one_life(lives: _Lives, chance: random.Random, folder: Path) -> str:
    """Let one life begin and end; returns where it ended."""
    points = [point for point in POINTS if point != "reload"]
    point = "reload" if chance.random() < RELOADS else chance.choice(points) if chance.random() < 0.5 else ""
    process = await lives.begin(point, chance.randint(1, 12))
    if point == "reload":
        path = folder / "content" / "faq" / "vocabulary.yaml"
        path.write_text(path.read_text(encoding="utf-8") + "# saved again\n", encoding="utf-8")
    ending = asyncio.create_task(lives.ended())
    await asyncio.wait({ending}, timeout=2.0 if point else chance.uniform(0.05, LONGEST_LIFE))
    killed_from_outside = not ending.done()
    if killed_from_outside:
        with suppress(ProcessLookupError):  # it was quicker
            os.kill(process, signal.SIGKILL)
    status = await ending
    if status != -signal.SIGKILL:
        return "by itself"
    return "any moment" if killed_from_outside or not point else point


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


class _Lives:
    """The process that forks lives (bench/lives.py)."""

    def __init__(self, process: asyncio.subprocess.Process, settings: dict[str, str]) -> None:
        self._process, self._settings = process, settings

    @classmethod
    @asynccontextmanager
    async def start(cls, folder: Path, settings: dict[str, str]) -> AsyncIterator[_Lives]:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bench.lives",
            str(folder),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            cwd=PROJECT,
            env=environment(OPENBLAS_NUM_THREADS="1"),
        )
        lives = cls(process, settings)
        assert await lives._read() == "loaded"
        try:
            yield lives
        finally:
            assert process.stdin is not None
            process.stdin.close()
            await process.wait()

    async def begin(self, point: str = "", count: int = 1) -> int:
        """Start a life; returns its process id."""
        assert self._process.stdin is not None
        order = {"settings": self._settings, "point": point, "count": count}
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        process: int = await self._read()
        return process

    async def ended(self) -> int:
        """Wait for its end; returns its exit code, negative for a signal."""
        status: int = await self._read()
        return status

    async def _read(self) -> Any:
        assert self._process.stdout is not None
        line = await self._process.stdout.readline()
        if not line:
            raise RuntimeError("bench.lives has ended")
        return json.loads(line)
