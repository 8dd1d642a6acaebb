"""A store that is down does not silence the bot: answers go on without memory.

Wraps a store. While that one fails, records are empty, handled updates are remembered in this
process, and nothing asks the failing store again for some seconds. Two things are refused even
so, because pretending would be worse: parking a reply (the update stays with Telegram) and
deleting (it would be a lie).
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TypeVar

from bot.stores.pace import Bucket, LocalPace, Pace
from bot.stores.store import Conversation, LeaseLost, Parcel, Record, Store, StoreError, Turnstile

log = logging.getLogger(__name__)

T = TypeVar("T")

PAUSE_SECONDS = 5.0
REMEMBERED = 10_000
"""Handled updates that are remembered while the store is down."""


class Enduring:
    """`store`, or answers in its place while it is down."""

    def __init__(
        self, store: Store, *, pause: float = PAUSE_SECONDS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._store, self._pause, self._clock = store, pause, clock
        self._own_pace = LocalPace()
        self.pace: Pace = _EnduringPace(self, store.pace, self._own_pace)
        self._turnstile = Turnstile()
        self._down_until: float | None = None
        self._handled: dict[str, None] = {}
        self._failures: Counter[str] = Counter()

    @property
    def is_down(self) -> bool:
        """Whether the last attempt failed."""
        return self._down_until is not None

    @asynccontextmanager
    async def open(self, name: str) -> AsyncIterator[Conversation]:
        async with self._turnstile.pass_through(name), AsyncExitStack() as stack:
            try:
                held = await self.attempt(lambda: stack.enter_async_context(self._store.open(name)))
            except StoreError:
                held = None
            yield _Enduring(self, held)

    async def count_failure(self, update: str) -> int:
        try:
            return await self.attempt(lambda: self._store.count_failure(update))
        except StoreError:
            self._failures[update] += 1
            return self._failures[update]

    async def parked(self) -> tuple[bytes, ...]:
        return await self.attempt(self._store.parked)

    async def sweep(self) -> None:
        self._own_pace.tidy()
        await self.attempt(self._store.sweep)

    async def close(self) -> None:
        await self._store.close()

    async def attempt(self, work: Callable[[], Awaitable[T]]) -> T:
        """Do `work` unless the store was down a moment ago. Raises StoreError."""
        if self._down_until is not None and self._clock() < self._down_until:
            raise StoreError("the store was down a moment ago")
        try:
            result = await work()
        except LeaseLost:
            raise
        except StoreError as error:
            if self._down_until is None:
                log.error("the store is down (%s): answers go on without memory", error)
            self._down_until = self._clock() + self._pause
            raise
        if self._down_until is not None:
            log.warning("the store is back")
            self._down_until = None
            self._failures.clear()
        return result

    def note_handled(self, update: str) -> None:
        self._handled[update] = None
        if len(self._handled) > REMEMBERED:
            del self._handled[next(iter(self._handled))]

    def was_handled(self, update: str) -> bool:
        return update in self._handled


class _EnduringPace:
    """The store's pace; while that is down, one of this process alone."""

    def __init__(self, store: Enduring, pace: Pace, own: LocalPace) -> None:
        self._store, self._pace, self._own = store, pace, own

    async def take(self, buckets: tuple[Bucket, ...], within: float) -> float | None:
        try:
            return await self._store.attempt(lambda: self._pace.take(buckets, within))
        except StoreError:
            return await self._own.take(buckets, within)

    async def shut(self, name: str, seconds: float) -> None:
        try:
            await self._store.attempt(lambda: self._pace.shut(name, seconds))
        except StoreError:
            await self._own.shut(name, seconds)


class _Enduring:
    """A conversation of an Enduring store; `held` is None if it could not be opened."""

    def __init__(self, store: Enduring, held: Conversation | None) -> None:
        self._store, self._held = store, held

    async def load(self) -> Record:
        return await self._or(lambda held: held.load(), Record())

    async def save(self, record: Record, *, handled: str | None = None, park: tuple[bytes, ...] = ()) -> None:
        if park:
            await self._attempt(lambda held: held.save(record, handled=handled, park=park))
            return
        if not await self._or(lambda held: _done(held.save(record, handled=handled)), False) and handled:
            self._store.note_handled(handled)

    async def take_up(self, update: str) -> Record | None:
        if self._store.was_handled(update):
            return None
        return await self._or(lambda held: held.take_up(update), Record())

    async def forget(self) -> None:
        await self._attempt(lambda held: held.forget())

    async def first_parked(self) -> Parcel | None:
        return await self._attempt(lambda held: held.first_parked())

    async def unpark(self, parcel: Parcel) -> bool:
        return await self._attempt(lambda held: held.unpark(parcel))

    async def check(self) -> None:
        await self._or(lambda held: held.check(), None)

    async def _attempt(self, work: Callable[[Conversation], Awaitable[T]]) -> T:
        held = self._held
        if held is None:
            raise StoreError("the store was down a moment ago")
        return await self._store.attempt(lambda: work(held))

    async def _or(self, work: Callable[[Conversation], Awaitable[T]], otherwise: T) -> T:
        try:
            return await self._attempt(work)
        except LeaseLost:
            raise
        except StoreError:
            return otherwise


async def _done(work: Awaitable[None]) -> bool:
    await work
    return True
