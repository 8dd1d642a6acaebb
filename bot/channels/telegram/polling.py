"""Fetching updates so that none is confirmed before it is answered.

Telegram forgets an update when getUpdates is called with a higher offset. Here the offset is the
oldest update still in hand, so a crash brings back everything unanswered. While a slow chat holds
the offset, the loop keeps looking behind it every PEEK seconds, so that others do not wait for it.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections import deque
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.channels.telegram.incoming import KINDS
from bot.channels.telegram.request import AT_MOST, Api
from bot.channels.telegram.sender import seconds_of

log = logging.getLogger(__name__)

PEEK = 0.2
"""Seconds between two looks while updates are in hand."""

SOON = 0.02
"""So long after one was answered the next look is worth it: others shall not wait until PEEK for the slowest."""

ENOUGH = 50
"""So many answered updates make it worth it at once, or half of those in hand."""

AT_ONCE = 8
"""So many updates are begun before others go on: the oldest holds the offset, so it shall not wait for 100 new ones."""

CONFLICT_SECONDS = 60.0
"""Conflicts count for so long."""


class TelegramRefused(Exception):
    """Telegram does not let this bot work; the message says in Japanese what to do. The process should end."""


@dataclass(frozen=True)
class Patience:
    """How long we wait for what, in seconds; `conflicts` is how often another poller is endured within a minute.

    A process endures that until it has `settled`, then three times as much: so the one that was
    started by mistake ends, and the other goes on.

    `budget` is from taking an update up to its parking: with the store's work it stays below 5 s.
    `drain` is what a stop gives to updates in hand.
    """

    long_poll: int = 25
    first_pause: float = 1.0
    longest_pause: float = 30.0
    conflicts: int = 4
    settled: float = 60.0
    budget: float = 4.0
    drain: float = 4.0


UNAUTHORIZED = (
    "Telegram がボットのトークンを受け付けません。"
    "TELEGRAM_BOT_TOKEN を BotFather で確かめて、もう一度起動してください。"
)
SECOND_POLLER = (
    "同じトークンのボットが、別の場所でも動いています。片方を止めてから、もう一度起動してください"
    "（複数で動かすときは、ウェブフックと Redis を使います）。"
)


class Polling:
    """The receiving loop. `handle` answers one raw update and returns when it may be confirmed."""

    def __init__(
        self,
        api: Api,
        handle: Callable[[dict[str, Any]], Coroutine[Any, Any, None]],
        patience: Patience,
    ) -> None:
        self._api, self._handle, self._patience = api, handle, patience
        self._in_hand: dict[int, asyncio.Task[None]] = {}
        self._done: set[int] = set()
        self._looked_at = self._unanswered = self._answered = self._enough = 0
        self._worth_a_look = asyncio.Event()
        self._offset: int | None = None
        self._errors = 0
        self._conflicts: deque[float] = deque()
        self._began = time.monotonic()

    async def run(self, stop: asyncio.Event) -> None:
        """Fetch and hand out updates until `stop`; then finish and confirm what is in hand.

        Raises TelegramRefused if the token is refused or another process polls with it.
        """
        stopping = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                fetching = asyncio.create_task(self._fetch())
                await asyncio.wait({fetching, stopping}, return_when=asyncio.FIRST_COMPLETED)
                if not fetching.done():
                    fetching.cancel()
                    await asyncio.wait({fetching})
                    break
                pause = await self._take(fetching)
                if self._in_hand:
                    await self._wait_for_answers()
                    self._move_offset()
                if pause:
                    await asyncio.wait({stopping}, timeout=pause)
        finally:
            stopping.cancel()
            await self._drain()

    async def _fetch(self) -> list[dict[str, Any]]:
        return await self._api.fetch_updates(self._offset, 0 if self._in_hand else self._patience.long_poll, KINDS)

    async def _take(self, fetching: asyncio.Task[list[dict[str, Any]]]) -> float:
        """Start on what was fetched; returns the seconds to wait before fetching again."""
        try:
            updates = fetching.result()
        except InvalidToken:
            raise TelegramRefused(UNAUTHORIZED) from None
        except Conflict:
            if self._is_too_much():
                raise TelegramRefused(SECOND_POLLER) from None
            log.warning("another getUpdates is running; trying again")
            return self._patience.first_pause * 2
        except RetryAfter as error:
            return seconds_of(error)
        except TelegramError as error:
            pause = min(self._patience.first_pause * 1.5**self._errors, self._patience.longest_pause)
            self._errors += 1
            log.warning("getUpdates failed (%s); trying again", type(error).__name__)
            return random.uniform(0.7, 1.0) * pause  # noqa: S311 - spreads retries
        self._errors, self._looked_at = 0, len(updates)
        for raw in updates:
            update_id = int(raw["update_id"])
            if update_id not in self._in_hand and update_id not in self._done:
                self._in_hand[update_id] = asyncio.create_task(self._handle(raw))
                self._in_hand[update_id].add_done_callback(self._note_answer)
                self._unanswered += 1
                if len(self._in_hand) % AT_ONCE == 0:
                    await asyncio.sleep(0)
        if not updates and not self._in_hand:
            # All is confirmed. Ask without an offset from now on: ids restart anywhere after a quiet week.
            self._offset = None
            self._done.clear()
            return PEEK / 4  # in case the server does not wait
        return 0.0

    def _is_too_much(self) -> bool:
        """Count one more conflict with another poller; whether it is one too many."""
        now = time.monotonic()
        self._conflicts.append(now)
        while self._conflicts[0] < now - CONFLICT_SECONDS:
            self._conflicts.popleft()
        settled = now - self._began > self._patience.settled
        return len(self._conflicts) > self._patience.conflicts * (3 if settled else 1)

    async def _wait_for_answers(self) -> None:
        """Until half of those in hand are answered, or ENOUGH of them, or SOON after one was, or PEEK is over.

        If the last look brought as many as there can be, the next brings the same ones until the oldest is answered,
        and mostly the same ones SOON after that: then half is waited for.
        """
        self._answered, self._enough = 0, min(ENOUGH, (self._unanswered + 1) // 2)
        self._worth_a_look.clear()
        if self._unanswered:
            with suppress(TimeoutError):
                async with asyncio.timeout(PEEK):
                    await self._worth_a_look.wait()
                    if self._looked_at == AT_MOST:
                        await asyncio.wait({self._in_hand[min(self._in_hand)]})

    def _note_answer(self, _: asyncio.Task[None]) -> None:
        self._unanswered -= 1
        self._answered += 1
        if self._answered >= self._enough:
            self._worth_a_look.set()
        elif self._answered == 1 and self._looked_at < AT_MOST:
            asyncio.get_running_loop().call_later(SOON, self._worth_a_look.set)

    def _move_offset(self) -> None:
        for update_id in [update_id for update_id, task in self._in_hand.items() if task.done()]:
            del self._in_hand[update_id]
            self._done.add(update_id)
        self._offset = min(self._in_hand) if self._in_hand else max(self._done, default=-1) + 1
        self._done = {update_id for update_id in self._done if update_id >= self._offset - 1}

    async def _drain(self) -> None:
        if self._in_hand:
            await asyncio.wait(self._in_hand.values(), timeout=self._patience.drain)
            self._move_offset()
        unfinished = list(self._in_hand.values())
        for task in unfinished:  # unconfirmed, so they come again after the restart
            task.cancel()
        if unfinished:
            await asyncio.wait(unfinished)
        if self._offset is not None:
            try:
                async with asyncio.timeout(1.0):
                    await self._api.fetch_updates(self._offset, 0, KINDS)
            except (TelegramError, TimeoutError):
                log.info("the last updates stay unconfirmed; they are known as handled")
