"""Puts bots under load: a lean Bot API in this process, the bots in processes of their own.

The load is a window: so many updates are unanswered at any time, each in a chat of its own, and
each reply lets the next update in. Latency is from an update's being there (for getUpdates, or
posted to the webhook) to the first message sent to its chat. 70 % are presses of buttons on
messages as the guide sends them, 30 % typed questions, all of them different.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
import statistics
import sys
import time
from collections import deque
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import aiohttp
from aiohttp import web

from bench.citizens import PRESSES, questions
from bot.assistant import Assistant
from bot.channels.telegram.joining import join
from bot.channels.telegram.render import render
from bot.dialogue.replies import Commanded, Pressed
from bot.settings import PROJECT
from tests.app.programs import environment, free_port
from tests.telegram.fake_api import TOKEN, person

_CHAT = re.compile(rb'chat_id(?:=|"\r\n\r\n|": ?)(\d+)')
_WAIT = re.compile(rb'timeout(?:=|"\r\n\r\n|": ?)(\d+)')
_OFFSET = re.compile(rb'offset(?:=|"\r\n\r\n|": ?)(\d+)')
OPENINGS = ("すみません、", "教えてください。", "急いでいます。", "母のことです。", "はじめまして。", "")


@dataclass
class Measured:
    """What one bot did under one load."""

    name: str
    updates: int
    seconds: float
    latencies: list[float]
    cpu: float
    """Processor seconds of the bot's processes."""
    memory: int
    """MB resident, of the largest of the bot's processes; `own` is without mapped files, which processes share."""
    own: int
    lost: int = 0
    sends: float = 0.0
    """New messages per update, which are what Telegram's limits count."""

    @property
    def per_second(self) -> float:
        return self.updates / self.seconds

    def latency(self, percent: int) -> float:
        """A percentile of the latency in milliseconds."""
        return 1000 * statistics.quantiles(self.latencies, n=100)[percent - 1]

    def line(self) -> str:
        return (
            f"{self.name:32} {self.per_second:7.0f}/s  p50 {self.latency(50):6.0f} ms  p99 {self.latency(99):6.0f} ms  "
            f"{1000 * self.cpu / self.updates:5.2f} ms CPU  {self.memory:4} MB ({self.own} own)  "
            f"lost {self.lost}  {self.sends:.2f} sends/update"
        )


class Workload:
    """Updates without end, the same for every bot: `seed` decides."""

    def __init__(self, assistant: Assistant, chats: int, seed: int = 1) -> None:
        self._chance = random.Random(seed)
        self._texts = self._different(questions(assistant.content))
        self._presses = _keyboards(assistant, self._chance)
        self._free = deque(self._chance.sample(range(10_000, 10_000 + chats), chats))
        self._number = 0

    def next(self) -> tuple[int, dict[str, Any]]:
        """The next update, in the chat that has been quiet the longest."""
        self._number += 1
        chat = self._free.popleft()
        private = {"id": chat, "type": "private", "first_name": "はなこ"}
        if self._chance.random() < PRESSES:
            text, keyboard, data = self._chance.choice(self._presses)
            message = {"message_id": 1, "date": int(time.time()), "chat": private, "text": text}
            message |= {"from": {"id": 7, "is_bot": True, "first_name": "かぎ"}}
            message |= {"reply_markup": {"inline_keyboard": keyboard}}
            query = {"id": str(self._number), "from": person(chat), "chat_instance": "1", "data": data}
            return chat, {"update_id": self._number, "callback_query": {**query, "message": message}}
        message = {"message_id": self._number, "date": int(time.time()), "chat": private, "from": person(chat)}
        return chat, {"update_id": self._number, "message": {**message, "text": next(self._texts)}}

    def release(self, chat: int) -> None:
        """This chat may have another update."""
        self._free.append(chat)

    def _different(self, known: Sequence[str]) -> Iterator[str]:
        while True:
            for opening in self._chance.sample(OPENINGS, len(OPENINGS)):
                for text in self._chance.sample(known, len(known)):
                    yield opening + text


def _keyboards(assistant: Assistant, chance: random.Random) -> list[tuple[str, list[list[dict[str, str]]], str]]:
    """Messages with buttons as people meet them on random ways through the guide, and a button of each."""
    found = []
    for _ in range(60):
        turn = assistant.respond(None, Commanded("guide"))
        for _ in range(12):
            replies = join(turn.replies, turn.words)
            messages = [message for reply in replies for message in render(reply) if message.keyboard]
            if not messages:
                break
            keys = [key for row in messages[-1].keyboard for key in row if key.data]
            key = chance.choice(keys)
            rows = [
                [{"text": key.label, **({"callback_data": key.data} if key.data else {"url": key.url})} for key in row]
                for row in messages[-1].keyboard
            ]
            found.append((messages[-1].html, rows, key.data or ""))
            turn = assistant.respond(turn.token, Pressed(key.data or ""))
    return found


@dataclass
class LeanApi:
    """A Bot API that checks nothing and counts what it needs. `latency` in seconds is added to each call."""

    latency: float = 0.0
    replied: asyncio.Queue[tuple[int, float]] = field(default_factory=asyncio.Queue)
    pending: deque[dict[str, Any]] = field(default_factory=deque)
    calls: int = 0
    sends: int = 0
    _there: asyncio.Event = field(default_factory=asyncio.Event)

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_route("*", "/bot{token}/{method}", self._handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0, backlog=1000).start()
        self.base_url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/bot"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    def offer(self, update: dict[str, Any]) -> None:
        """Let getUpdates find it."""
        self.pending.append(update)
        self._there.set()

    async def _handle(self, request: web.Request) -> web.Response:
        method, body = request.match_info["method"].lower(), await request.read()
        self.calls += 1
        if method == "getupdates":
            return _result(await self._updates(body))
        if self.latency:
            await asyncio.sleep(self.latency)
        if method == "getme":
            return _result({"id": 7, "is_bot": True, "first_name": "かぎ", "username": "kagi_bot"})
        if method == "getwebhookinfo":
            return _result({"url": "", "has_custom_certificate": False, "pending_update_count": 0})
        found = _CHAT.search(body)
        if method not in ("sendmessage", "editmessagetext", "editmessagereplymarkup") or found is None:
            return _result(True)
        chat = int(found[1])
        self.sends += method == "sendmessage"
        if method != "editmessagereplymarkup":
            self.replied.put_nowait((chat, time.monotonic()))
        return _result(
            {
                "message_id": self.calls,
                "date": int(time.time()),
                "chat": {"id": chat, "type": "private", "first_name": "はなこ"},
                "from": {"id": 7, "is_bot": True, "first_name": "かぎ"},
                "text": "…",
            }
        )

    async def _updates(self, body: bytes) -> list[dict[str, Any]]:
        if found := _OFFSET.search(body):
            while self.pending and self.pending[0]["update_id"] < int(found[1]):
                self.pending.popleft()
        if not self.pending:
            self._there.clear()
            wait = _WAIT.search(body)
            with suppress(TimeoutError):
                async with asyncio.timeout(float(wait[1]) if wait else 0.0):
                    await self._there.wait()
        return [self.pending[n] for n in range(min(100, len(self.pending)))]


def _result(value: object) -> web.Response:
    return web.Response(body=json.dumps({"ok": True, "result": value}).encode(), content_type="application/json")


@dataclass
class Load:
    """`window` updates unanswered at a time, or `rate` per second; over so many chats, for so many updates."""

    updates: int
    chats: int = 1000
    window: int = 100
    rate: float | None = None
    warm_up: int = 200


async def put_under_load(
    name: str, api: LeanApi, assistant: Assistant, load: Load, post: Poster | None, processes: Sequence[int]
) -> Measured:
    """Feed the bot and measure. `post` delivers by webhook instead of getUpdates."""
    workload, since = Workload(assistant, load.chats), dict[int, float]()
    latencies: list[float] = []
    answered, began, cpu = 0, time.monotonic(), 0.0

    def feed() -> None:
        chat, update = workload.next()
        since[chat] = time.monotonic()
        if post is None:
            api.offer(update)
        else:
            post(update)

    async def at_rate(rate: float) -> None:
        start = time.monotonic()
        for number in range(load.warm_up + load.updates):
            await asyncio.sleep(max(0.0, start + number / rate - time.monotonic()))
            feed()

    feeding = asyncio.create_task(at_rate(load.rate)) if load.rate else None
    if feeding is None:
        for _ in range(load.window):
            feed()
    total = load.warm_up + load.updates
    while answered < total:
        try:
            chat, at = await asyncio.wait_for(api.replied.get(), 20)
        except TimeoutError:
            break
        if chat not in since:  # a second message of the same answer
            continue
        latency = at - since.pop(chat)
        answered += 1
        workload.release(chat)
        if answered == load.warm_up:
            began, cpu = time.monotonic(), sum(map(cpu_of, processes))
        if answered > load.warm_up:
            latencies.append(latency)
        if feeding is None:
            feed()
    seconds = time.monotonic() - began
    used = sum(map(cpu_of, processes)) - cpu
    if feeding:
        feeding.cancel()
    memory, own = max(map(_memory_of, processes))
    sends = api.sends / max(1, answered)
    return Measured(name, len(latencies), seconds, latencies, used, memory, own, total - answered, sends)


class Poster:
    """Posts updates to webhooks in turn, at most `connections` at once to all, as Telegram does by default."""

    def __init__(self, session: aiohttp.ClientSession, urls: Sequence[str], connections: int = 40) -> None:
        self._session, self._urls = session, urls
        self._places = asyncio.Semaphore(connections)
        self._posting: set[asyncio.Task[None]] = set()
        self._turn = 0

    def __call__(self, update: dict[str, Any]) -> None:
        task = asyncio.create_task(self._post(update))
        self._posting.add(task)
        task.add_done_callback(self._posting.discard)

    def stop(self) -> None:
        """Post no more: nobody counts any longer."""
        for task in self._posting:
            task.cancel()

    async def _post(self, update: dict[str, Any]) -> None:
        async with self._places:
            while True:
                self._turn += 1
                with suppress(aiohttp.ClientError, OSError):
                    url = self._urls[self._turn % len(self._urls)]
                    async with self._session.post(url, json=update) as response:
                        if response.status == 200:
                            return
                await asyncio.sleep(0.1)


@asynccontextmanager
async def program(*words: str, **settings: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """`python -m WORDS`, once it says `ready`; ended by SIGTERM."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", *words, stderr=asyncio.subprocess.PIPE, cwd=PROJECT, env=environment(**settings)
    )
    assert process.stderr is not None
    said = []
    while not (line := await process.stderr.readline()).startswith(b"ready"):
        said.append(line.decode())
        if not line:
            raise RuntimeError("".join(said))

    async def follow() -> None:
        assert process.stderr is not None
        while await process.stderr.read(1 << 16):
            pass

    following = asyncio.create_task(follow())
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), 20)
        except TimeoutError:
            process.kill()
            await process.wait()
        await following


async def measure_ours(
    name: str,
    assistant: Assistant,
    load: Load,
    folder: Path,
    *,
    workers: int = 1,
    redis: str = "",
    latency: float = 0.0,
    limits: bool = False,
    webhook: bool = False,
) -> Measured:
    """The full program: polling on SQLite, or `workers` behind a webhook (on `redis` if given)."""
    from bot.channels.telegram.settings import TelegramSettings

    async with AsyncExitStack() as stack:
        api = await stack.enter_async_context(LeanApi(latency))
        ports = [free_port() for _ in range(workers)]
        processes, urls = [], [f"http://127.0.0.1:{port}/telegram/hook" for port in ports]
        for port in ports:
            settings = {
                "TELEGRAM_BOT_TOKEN": TOKEN,
                "TELEGRAM_API_BASE_URL": api.base_url,
                "MAINAKAGI_LISTEN": f"127.0.0.1:{port}",
                "MAINAKAGI_STATE_DIR": str(folder),  # for all: what is learnt is learnt once
                "MAINAKAGI_STORE": redis or f"sqlite:///{(folder / name).absolute()}.sqlite",
                "MAINAKAGI_TELEGRAM_LIMITS": "on" if limits else "off",
                **({"MAINAKAGI_WEBHOOK_URL": urls[0]} if webhook else {}),
            }
            processes.append(await stack.enter_async_context(program("bot", "run", **settings)))
        session = await stack.enter_async_context(
            aiohttp.ClientSession(
                headers={"X-Telegram-Bot-Api-Secret-Token": TelegramSettings(TOKEN).secret},
                connector=aiohttp.TCPConnector(limit=0),
            )
        )
        post = Poster(session, urls) if webhook else None
        if post:
            stack.callback(post.stop)
        return await put_under_load(name, api, assistant, load, post, [process.pid for process in processes])


async def measure_rival(
    name: str, which: str, assistant: Assistant, load: Load, folder: Path, *, latency: float = 0.0
) -> Measured:
    """A bare echo bot (bench/echo_bots.py), polling."""
    async with LeanApi(latency) as api:
        settings = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_BASE_URL": api.base_url}
        settings["MAINAKAGI_STATE_DIR"] = str(folder)
        async with program("bench.echo_bots", which, **settings) as process:
            return await put_under_load(name, api, assistant, load, None, [process.pid])


def cpu_of(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _memory_of(process: int) -> tuple[int, int]:
    _, resident, of_files, *_ = map(int, Path(f"/proc/{process}/statm").read_text().split())
    page = os.sysconf("SC_PAGE_SIZE")
    return resident * page // 2**20, (resident - of_files) * page // 2**20
