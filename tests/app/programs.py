"""The program as a process of its own, as an operator starts it."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from tests.shipped import know_what_was_learnt


def free_port() -> int:
    """A loopback port that nothing listens on, below those that the system gives to clients meanwhile."""
    while True:
        port = random.randint(15_000, 32_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def environment(**settings: str) -> dict[str, str]:
    """The environment of a fresh machine with these settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MAINAKAGI_", "TELEGRAM_"))}
    return {**kept, **settings}


@dataclass(frozen=True)
class Finished:
    """How a command ended."""

    code: int
    out: str
    err: str


async def command(*words: str | bytes, given: str | bytes = "", **settings: str) -> Finished:
    """Run `python -m bot WORDS` to its end, with `given` as its input."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *words,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=environment(**settings),
    )
    out, err = await asyncio.wait_for(process.communicate(given if isinstance(given, bytes) else given.encode()), 120)
    return Finished(process.returncode or 0, out.decode(), err.decode())


@dataclass
class Running:
    """A started `run`. `log` grows while it runs."""

    process: asyncio.subprocess.Process
    url: str
    log: list[str]


@asynccontextmanager
async def running(state: Path, **settings: str) -> AsyncIterator[Running]:
    """`python -m bot run`, ready; ended by SIGTERM, which must give exit code 0, unless the test ended it."""
    know_what_was_learnt(state)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "run",
        stderr=asyncio.subprocess.PIPE,
        env=environment(MAINAKAGI_LISTEN="127.0.0.1:0", MAINAKAGI_STATE_DIR=str(state), **settings),
    )
    started = Running(process, "", [])
    ready = asyncio.Event()

    async def follow() -> None:
        assert process.stderr is not None
        async for line in process.stderr:
            started.log.append(line.decode())
            if line.startswith(b"ready "):
                started.url = line.decode().split()[1].rstrip("/")
                ready.set()
        ready.set()

    following = asyncio.create_task(follow())
    try:
        await asyncio.wait_for(ready.wait(), 120)
        assert process.returncode is None, "".join(started.log)
        yield started
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(process.wait(), 60) == 0, "".join(started.log)
        await following


async def fetch(url: str, **form: str) -> str:
    """The text of a page; with a form, of the page its POST leads to."""
    async with aiohttp.ClientSession() as session:
        data = aiohttp.FormData(form, default_to_multipart=True) if form else None
        async with session.request("POST" if form else "GET", url, data=data) as response:
            assert response.status == 200, await response.text()
            return await response.text()
