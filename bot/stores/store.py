"""What is kept of a conversation, and the interface that every store offers.

Buttons carry the conversation themselves; a store keeps only what typed text and redelivery
need, for 24 hours. Addresses are keyed hashes and values are encrypted (vault.py), and nothing
that a citizen typed, no name and no plain Telegram id is ever among them. The implementations
(sqlite.py, redis.py) share one test suite; what the fields mean to Telegram is the channel's
business.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Protocol

from bot.stores.pace import Pace
from bot.stores.vault import Vault

KEEP_SECONDS = 24 * 3600
"""How long a record or a parcel may live after it was last written."""

REMEMBER_SECONDS = 48 * 3600
"""How long a handled update is remembered: Telegram redelivers for 24 hours."""

Clock = Callable[[], float]
"""Unix time in seconds; passed in so that tests can let a day pass."""


class StoreError(Exception):
    """The store cannot be read or written now."""


class StoreInUse(StoreError):
    """Another process has this store open."""


class LeaseLost(StoreError):
    """Another process took this conversation over; what was computed must not be sent."""


@dataclass(frozen=True)
class Ticked:
    """What is ticked on the checklist that a message shows: codes of all its items, and of the ticked ones."""

    message_id: int
    items: tuple[str, ...]
    on: tuple[str, ...]


@dataclass(frozen=True)
class Asked:
    """That it was asked at the Unix time `at` whether an answer or result helped, and whether someone said so."""

    about: str
    at: int
    heard: bool = False


@dataclass(frozen=True)
class Record:
    """What is kept of one conversation. An empty record is not stored at all."""

    token: str | None = None
    parked: bool = False
    ticked: tuple[Ticked, ...] = ()
    asked: tuple[Asked, ...] = ()

    def ticked_on(self, message_id: int) -> Ticked | None:
        """What is ticked on this message's checklist, if anything was."""
        return next((one for one in self.ticked if one.message_id == message_id), None)

    def with_ticked(self, ticked: Ticked) -> Record:
        """This record with the ticks of a message in place of its earlier ones; the oldest lists are let go."""
        others = tuple(one for one in self.ticked if one.message_id != ticked.message_id)
        return replace(self, ticked=(*others, ticked)[-LISTS_KEPT:])

    def asked_about(self, about: str, now: float) -> Asked | None:
        """What was asked about this in the last 24 hours, if anything was."""
        return next((one for one in self.asked if one.about == about and one.at > now - KEEP_SECONDS), None)

    def with_asked(self, asked: Asked) -> Record:
        """This record with `asked` in place of what was asked about the same; the oldest are let go."""
        others = tuple(one for one in self.asked if one.about != asked.about and one.at > asked.at - KEEP_SECONDS)
        return replace(self, asked=(*others, asked)[-ASKED_KEPT:])


ASKED_KEPT = 32
"""Answers and results of one conversation that are not asked about again; more are not read in a day."""

SEALED_KEPT = 512
"""Conversations whose last record is not opened again: they go on soon, or not at all."""

LISTS_KEPT = 4
"""Checklists of one conversation whose ticks are kept; older ones still show theirs on their buttons."""


@dataclass(frozen=True)
class Parcel:
    """A parked piece of a reply: opaque to the store, which encrypts it. `key` names it for `unpark`."""

    key: bytes
    payload: bytes


class Conversation(Protocol):
    """One conversation, held by the caller alone until it lets go. All methods raise StoreError."""

    async def load(self) -> Record:
        """The record as last saved, empty if there is none or it is older than 24 hours."""
        ...

    async def save(self, record: Record, *, handled: str | None = None, park: tuple[bytes, ...] = ()) -> None:
        """Write the record, the name of a handled update and new parcels in one transaction."""
        ...

    async def take_up(self, update: str) -> Record | None:
        """The record as `load` gives it; None if this update was marked handled in the last 48 hours."""
        ...

    async def forget(self) -> None:
        """Delete the record and the parcels for good: nothing is left on the disk."""
        ...

    async def first_parked(self) -> Parcel | None:
        """The oldest parcel younger than 24 hours."""
        ...

    async def unpark(self, parcel: Parcel) -> bool:
        """Remove a parcel that was delivered or is undeliverable. Returns whether others are left."""
        ...

    async def check(self) -> None:
        """Raises LeaseLost if another process holds the conversation by now: call before each send."""
        ...


class Store(Protocol):
    """Where conversations are kept. All methods raise StoreError."""

    @property
    def pace(self) -> Pace:
        """Buckets shared by every process that uses this store."""
        ...

    def open(self, name: str) -> AbstractAsyncContextManager[Conversation]:
        """Hold the conversation of this name; waits while another holds it."""
        ...

    async def count_failure(self, update: str) -> int:
        """Count one more failure of this update and return how many there are within 48 hours."""
        ...

    async def parked(self) -> tuple[bytes, ...]:
        """One payload of each conversation that has parcels, so that their delivery can go on."""
        ...

    async def sweep(self) -> None:
        """Delete what is past its time."""
        ...

    async def close(self) -> None: ...


def pack_record(record: Record) -> bytes:
    """The record as bytes, before encryption."""
    lists = [[one.message_id, one.items, one.on] for one in record.ticked]
    asked = [[one.about, one.at, one.heard] for one in record.asked]
    return json.dumps([record.token, record.parked, lists, asked], separators=(",", ":")).encode()


def unpack_record(data: bytes) -> Record:
    """The inverse of `pack_record`, also for records of earlier versions. Raises ValueError on anything else."""
    try:
        token, *more = json.loads(data)
        if isinstance(more[0], list):  # it had updates in it that were not yet fully answered
            del more[0]
        parked, lists, asked = (*more, [], [])[:3]
        ticked = tuple(Ticked(int(message), tuple(items), tuple(on)) for message, items, on in lists)
        about = tuple(Asked(str(code), int(at), bool(heard)) for code, at, heard in asked)
    except (TypeError, IndexError) as error:
        raise ValueError("not a record") from error
    return Record(token, bool(parked), ticked, about)


def seal_record(vault: Vault, record: Record, now: float) -> bytes | None:
    """What is to be kept of a record; None, and nothing is, for an empty one."""
    return vault.seal(pack_record(record), now) if record != Record() else None


def open_record(vault: Vault, sealed: bytes | None, now: float) -> Record:
    """What was sealed; empty if nothing was, or if it is not to be read, or too old."""
    data = vault.open(sealed, now, KEEP_SECONDS) if sealed else None
    return unpack_record(data) if data else Record()


class Records:
    """Records as a store writes them: packed and sealed. What was sealed here last is not opened again.

    Only for a store that this process alone writes to: what another one deleted would stay in this one's memory.
    """

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._sealed: dict[str, tuple[bytes, float, Record]] = {}

    def seal(self, address: str, record: Record, now: float) -> bytes | None:
        """What is to be kept at the address; None, and nothing is, for an empty record."""
        self.drop(address)
        if (sealed := seal_record(self._vault, record, now)) is None:
            return None
        self._sealed[address] = sealed, now, record
        if len(self._sealed) > SEALED_KEPT:
            self.drop(next(iter(self._sealed)))
        return sealed

    def open(self, address: str, sealed: bytes | None, now: float) -> Record:
        """The record that is kept at the address; empty if there is none, or none to be read, or it is too old."""
        known, at, record = self._sealed.get(address, (b"", 0.0, Record()))
        if known == sealed and 0 <= now - at < KEEP_SECONDS:
            return record
        return open_record(self._vault, sealed, now)

    def drop(self, address: str) -> None:
        """Keep nothing of it in memory."""
        self._sealed.pop(address, None)

    def sweep(self, now: float) -> None:
        """Keep nothing in memory that is past its time."""
        self._sealed = {address: one for address, one in self._sealed.items() if now - one[1] < KEEP_SECONDS}


class Turnstile:
    """Lets one at a time through per name, in order of arrival, within this process."""

    def __init__(self) -> None:
        self._locks: dict[str, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def pass_through(self, name: str) -> AsyncIterator[None]:
        lock, users = self._locks.get(name, (None, 0))
        lock = lock or asyncio.Lock()
        self._locks[name] = (lock, users + 1)
        try:
            async with lock:
                yield
        finally:
            lock, users = self._locks[name]
            if users == 1:
                del self._locks[name]
            else:
                self._locks[name] = (lock, users - 1)
