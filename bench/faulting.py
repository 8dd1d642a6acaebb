"""A Bot API of which a quarter of the calls fail, and people who use the bot all the same."""

from __future__ import annotations

import asyncio
import os
import random
import signal
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from aiohttp import web

from bench.citizens import Verdict, judge, town
from bench.lives import Lives
from bot.assistant import Assistant
from tests.app.programs import free_port
from tests.telegram.fake_api import TOKEN, Call, FakeApi

SHARE = 0.25
STALL_SECONDS = 1.0


class FaultyApi(FakeApi):
    """Fails at random. `done` are the calls that were carried out, in order: what people see."""

    def __init__(self, chance: random.Random) -> None:
        super().__init__()
        self.chance = chance
        self.met: Counter[str] = Counter()
        self.done: list[Call] = []

    async def _do(self, method: str, fields: dict[str, Any]) -> Any:
        result = await super()._do(method, fields)
        if method != "getUpdates":
            self.done.append(self.calls[-1] if self.calls[-1].fields is fields else Call(method, fields, 0.0))
        return result

    async def _handle(self, request: web.Request) -> web.Response:
        kinds = ("429", "5xx", "cut before", "cut after", "stall", "half JSON", "HTML")
        kind = self.chance.choice(kinds) if self.chance.random() < SHARE else ""
        if not kind:
            return await super()._handle(request)
        self.met[kind] += 1
        match kind:
            case "429":
                body = {"ok": False, "error_code": 429, "description": "Too Many Requests", "parameters": {}}
                body["parameters"] = {"retry_after": 1}
                await request.read()
                return web.json_response(body, status=429)
            case "5xx":
                await request.read()
                return web.json_response(
                    {"ok": False, "error_code": 502, "description": "Bad Gateway"},
                    status=self.chance.choice((500, 502, 503)),
                )
            case "HTML":
                await request.read()
                return web.Response(status=502, body=b"<html><h1>502 Bad Gateway</h1></html>", content_type="text/html")
            case "cut before":
                await request.read()
            case "stall":
                await request.read()
                await asyncio.sleep(STALL_SECONDS)
            case "half JSON":
                answer = await super()._handle(request)
                assert isinstance(answer.body, bytes)
                return web.Response(body=answer.body[: len(answer.body) // 2], content_type="application/json")
            case "cut after":
                await super()._handle(request)
        if request.transport is not None:  # else the other side was quicker
            request.transport.abort()
        return web.Response(status=500)


async def endure(
    calls: int,
    folder: Path,
    assistant: Assistant,
    lives: Lives,
    chance: random.Random,
    *,
    people: int = 40,
    progress: Callable[[int], None] = lambda _: None,
) -> tuple[Verdict, Counter[str]]:
    """Let people use the bot until it has made so many calls; what they saw, and which faults there were."""
    async with FaultyApi(chance) as api:
        settings = {
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_BASE_URL": api.base_url,
            "MAINAKAGI_TELEGRAM_LIMITS": "off",
            "MAINAKAGI_STATE_DIR": str(folder / "faults"),
            "MAINAKAGI_LISTEN": f"127.0.0.1:{free_port()}",
        }
        process = await lives.begin(settings)
        citizens, stop = town(api, assistant, people, seed=5), asyncio.Event()
        living = [asyncio.create_task(citizen.live(stop, rest=0.05)) for citizen in citizens]
        told = 0
        while len(api.calls) + api.met.total() < calls:
            await asyncio.sleep(0.2)
            if (made := len(api.calls) + api.met.total()) - told >= 1000:
                told = made
                progress(made)
        stop.set()
        await asyncio.wait_for(asyncio.gather(*living), 300)
        expected = sum(len(citizen.expected) for citizen in citizens)
        for _ in range(600):  # what was parked is on its way
            if len([call for call in api.done if call.method in ("sendMessage", "editMessageText")]) >= expected:
                verdict = judge(citizens, api.done)
                if verdict.is_clean:
                    break
            await asyncio.sleep(0.1)
        os.kill(process, signal.SIGTERM)
        assert await lives.ended(process) == 0
        return judge(citizens, api.done), api.met
