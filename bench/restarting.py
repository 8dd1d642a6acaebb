"""Ends the real program under load and starts it again: how soon it ends, how soon it answers, what was lost.

`python -m bot run` as an operator starts it, with everything it imports and loads: the lives of bench/lives.py are
forks, which show what a crash does but not how long a start takes.
"""

from __future__ import annotations

import asyncio
import random
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from bench.citizens import Verdict, judge, town
from bench.loading import cpu_of
from bot.assistant import Assistant
from bot.channels.telegram.handing import Handing
from bot.printing.press import open_press
from bot.settings import PROJECT
from tests.app.programs import environment
from tests.shipped import know_what_was_learnt
from tests.telegram.fake_api import TOKEN, FakeApi

ANSWERS = ("sendMessage", "editMessageText")
ENDINGS = (signal.SIGTERM, signal.SIGKILL)
"""How a life ends, in turn."""

LIFE = (0.5, 2.0)
"""Seconds that a life answers people before it is ended: at least and at most."""

PARKED = 60.0
"""Seconds that replies which a killed life had parked may take at the end; then they count as lost."""


@dataclass(frozen=True)
class Life:
    """One life of the program, in seconds. The last part is how it ended."""

    first_answer: float
    """From the start of the process to its first message, while people are waiting."""
    cpu: float
    """Processor seconds of the same."""
    ending: float
    status: int


@dataclass
class Restarted:
    """How all lives went."""

    lives: list[Life] = field(default_factory=list)
    verdict: Verdict = field(default_factory=Verdict)
    repeats: int = 0
    """Most replies that one chat got again after one kill."""
    after_stops: int = 0
    """Replies that came again after a SIGTERM: there must be none."""

    @property
    def stopped(self) -> list[Life]:
        """The lives that ended by SIGTERM."""
        return [life for life in self.lives if life.status != -signal.SIGKILL]

    @property
    def holds(self) -> bool:
        """Whether nothing was lost; how long it took is another question."""
        once = self.repeats <= 1 and not self.after_stops
        return self.verdict.is_clean and once and all(life.status == 0 for life in self.stopped)


async def restart(
    times: int,
    folder: Path,
    assistant: Assistant,
    chance: random.Random,
    *,
    people: int = 24,
    progress: Callable[[int], None] = lambda _: None,
) -> Restarted:
    """End the program so many times under load; what it stores is kept in `folder`."""
    outcome, ends = Restarted(), {signal.SIGTERM: list[float](), signal.SIGKILL: list[float]()}
    know_what_was_learnt(folder / "state")
    handing = Handing(prints=open_press() is not None, username="kagi_bot")
    async with FakeApi() as api:
        citizens, stop = town(api, assistant, people, seed=3, handing=handing), asyncio.Event()
        living = [asyncio.create_task(citizen.live(stop, rest=0.05)) for citizen in citizens]
        for number in range(times):
            ending = ENDINGS[number % len(ENDINGS)]
            outcome.lives.append(await _one_life(api, folder, ending, chance.uniform(*LIFE)))
            ends[ending].append(time.monotonic())
            progress(number + 1)
        async with _program(api, folder):
            stop.set()
            async with asyncio.timeout(180):
                await asyncio.gather(*living)
            with suppress(TimeoutError):
                async with asyncio.timeout(PARKED):
                    while not judge(citizens, api.calls).is_clean:  # noqa: ASYNC110 - the program's state
                        await asyncio.sleep(0.5)
        outcome.verdict = verdict = judge(citizens, api.calls, sorted(chain.from_iterable(ends.values())))
        outcome.repeats = max(verdict.repeats_after(ends[signal.SIGKILL]), default=0)
        for _, at in verdict.repeated:
            stopped, killed = (max((one for one in times if one < at), default=0.0) for times in ends.values())
            outcome.after_stops += stopped > killed
    return outcome


async def _one_life(api: FakeApi, folder: Path, ending: signal.Signals, seconds: float) -> Life:
    before, began = len(api.calls), time.monotonic()
    async with _program(api, folder) as process:
        while not any(call.method in ANSWERS for call in api.calls[before:]):
            assert process.returncode is None, "it ended by itself: see its log"
            await asyncio.sleep(0.005)
        first_answer, cpu = time.monotonic() - began, cpu_of(process.pid)
        await asyncio.sleep(seconds)
        asked = time.monotonic()
        process.send_signal(ending)
        status = await process.wait()
        return Life(first_answer, cpu, time.monotonic() - asked, status)


@asynccontextmanager
async def _program(api: FakeApi, folder: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """`python -m bot run` on SQLite, polling; ended by SIGTERM if it still runs. Its log is `folder/log`."""
    settings = {
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_BASE_URL": api.base_url,
        "MAINAKAGI_TELEGRAM_LIMITS": "off",
        "MAINAKAGI_STATE_DIR": str(folder / "state"),
        "MAINAKAGI_LISTEN": "127.0.0.1:0",
    }
    with (folder / "log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", stderr=log, cwd=PROJECT, env=environment(**settings)
        )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()
