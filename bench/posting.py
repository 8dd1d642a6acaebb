"""Telegram's side of a webhook: one update in flight per queue, and again until it is taken.

Queues are as in Telegram's server: messages by chat, presses by person. It waits 1, 2, 4 … seconds
before it posts again; here that is shortened, so that a thousand crashes fit into some minutes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import aiohttp

from tests.telegram.fake_api import FakeApi

PAUSE = 0.05


class Posting:
    """Posts what arrives at `api` to `url` (or several, in turn). An update leaves `api.updates` once it is taken."""

    def __init__(self, api: FakeApi, urls: Sequence[str], secret: str) -> None:
        self._api, self._urls, self._secret = api, urls, secret
        self._lanes: dict[tuple[str, int], asyncio.Queue[dict[str, Any]]] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._assigned: set[int] = set()
        self._turn = 0
        self.refusals: dict[int, int] = {}
        """How often each status other than 200 was met; 0 stands for no answer."""

    async def run(self) -> None:
        """Until cancelled."""
        headers = {"X-Telegram-Bot-Api-Secret-Token": self._secret}
        async with aiohttp.ClientSession(headers=headers, timeout=aiohttp.ClientTimeout(total=60)) as session:
            try:
                while True:
                    for update in list(self._api.updates):
                        self._assign(update, session)
                    async with self._api.changed:
                        with suppress(TimeoutError):
                            await asyncio.wait_for(self._api.changed.wait(), 0.02)
            finally:
                for task in self._tasks:
                    task.cancel()
                await asyncio.gather(*self._tasks, return_exceptions=True)

    def _assign(self, update: dict[str, Any], session: aiohttp.ClientSession) -> None:
        if update["update_id"] in self._assigned:
            return
        self._assigned.add(update["update_id"])
        kind = next(name for name in update if name != "update_id")
        lane = (kind, update[kind]["from"]["id"])
        if lane not in self._lanes:
            self._lanes[lane] = asyncio.Queue()
            self._tasks.append(asyncio.create_task(self._serve(self._lanes[lane], session)))
        self._lanes[lane].put_nowait(update)

    async def _serve(self, lane: asyncio.Queue[dict[str, Any]], session: aiohttp.ClientSession) -> None:
        while True:
            update = await lane.get()
            while (status := await self._post(update, session)) != 200:
                self.refusals[status] = self.refusals.get(status, 0) + 1
                await asyncio.sleep(PAUSE)
            self._api.updates.remove(update)

    async def _post(self, update: dict[str, Any], session: aiohttp.ClientSession) -> int:
        self._turn += 1
        try:
            async with session.post(self._urls[self._turn % len(self._urls)], json=update) as response:
                return response.status
        except (aiohttp.ClientError, OSError, TimeoutError):
            return 0
