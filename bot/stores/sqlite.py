"""The default store: one SQLite file, used by one process.

Statements take microseconds and run in the event loop, in order of arrival; only the commit, which
waits for the disk, is a thread's. Whatever has gathered while one was being written shares the next
one (group commit), because `synchronous=FULL` costs a disk flush per commit. (With the statements in
the thread too, it asked for Python's lock at each of them, and the bot idled.) Deleted rows are
overwritten and the write-ahead log is cut to nothing, so that "deleted" is true of the file as well.
Several processes need redis.py.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from bot.stores.pace import LocalPace
from bot.stores.store import (
    KEEP_SECONDS,
    REMEMBER_SECONDS,
    Clock,
    Conversation,
    Parcel,
    Record,
    Records,
    StoreError,
    StoreInUse,
    Turnstile,
)
from bot.stores.vault import Vault

T = TypeVar("T")

SCHEMA = """
CREATE TABLE IF NOT EXISTS conversation (address TEXT PRIMARY KEY, value BLOB NOT NULL, at REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS handled (address TEXT PRIMARY KEY, at REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS failure (address TEXT PRIMARY KEY, times INTEGER NOT NULL, at REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS parcel (
    number INTEGER PRIMARY KEY AUTOINCREMENT, address TEXT NOT NULL, value BLOB NOT NULL, at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS parcel_of ON parcel (address, number);
"""


@dataclass(frozen=True)
class _Job:
    work: Callable[[sqlite3.Connection], Any]
    done: asyncio.Future[Any]
    erases: bool = False

    def give(self, result: Any) -> None:
        """Tell who waits; nobody may any more."""
        if not self.done.done():
            self.done.set_result(result)

    def refuse(self, error: Exception) -> None:
        """As `give`, with a StoreError."""
        if not self.done.done():
            self.done.set_exception(StoreError(type(error).__name__))


class SqliteStore:
    """Conversations in one file, or in memory for the path `:memory:`.

    Raises StoreInUse if another process has the file open, StoreError if it cannot be used.
    """

    def __init__(self, path: Path | str, vault: Vault, clock: Clock = time.time) -> None:
        self._vault, self._clock, self.records = vault, clock, Records(vault)
        self.pace = LocalPace()
        self._turnstile = Turnstile()
        self._waiting: list[_Job] = []
        self._reading: list[_Job] = []
        self._writer: asyncio.Task[None] | None = None
        self._connection = _connect(path)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store")

    @asynccontextmanager
    async def open(self, name: str) -> AsyncIterator[Conversation]:
        async with self._turnstile.pass_through(name):
            yield _Held(self, self._vault.address(name))

    async def count_failure(self, update: str) -> int:
        address, now = self._vault.address(update), self._clock()

        def work(db: sqlite3.Connection) -> int:
            row = db.execute(
                "INSERT INTO failure VALUES (?, 1, ?) ON CONFLICT DO UPDATE"
                " SET times = CASE WHEN at < ? THEN 1 ELSE times + 1 END, at = excluded.at RETURNING times",
                (address, now, now - REMEMBER_SECONDS),
            ).fetchone()
            return int(row[0])

        return await self.run(work)

    async def parked(self) -> tuple[bytes, ...]:
        now = self._clock()
        rows = await self.read(
            lambda db: db.execute(
                "SELECT value, min(number) FROM parcel WHERE at > ? GROUP BY address",  # value: of that row
                (now - KEEP_SECONDS,),
            ).fetchall()
        )
        opened = (self._vault.open(row[0], now, KEEP_SECONDS) for row in rows)
        return tuple(payload for payload in opened if payload is not None)

    async def sweep(self) -> None:
        now = self._clock()

        def work(db: sqlite3.Connection) -> None:
            db.execute("DELETE FROM conversation WHERE at <= ?", (now - KEEP_SECONDS,))
            db.execute("DELETE FROM parcel WHERE at <= ?", (now - KEEP_SECONDS,))
            db.execute("DELETE FROM handled WHERE at <= ?", (now - REMEMBER_SECONDS,))
            db.execute("DELETE FROM failure WHERE at <= ?", (now - REMEMBER_SECONDS,))

        self.pace.tidy()
        self.records.sweep(now)
        await self.run(work, erases=True)

    async def close(self) -> None:
        """Finish what is waiting and give the file free. Calling it twice is fine."""
        while self._writer is not None:
            await asyncio.wait([self._writer])
        self._thread.shutdown()
        self._connection.close()

    async def run(self, work: Callable[[sqlite3.Connection], T], *, erases: bool = False) -> T:
        """Do `work` in the next transaction; returns once that is on the disk.

        With `erases` the write-ahead log is emptied after it. Raises StoreError.
        """
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Job(work, done, erases))
        if self._writer is None:
            self._writer = asyncio.create_task(self._write())
        return await done

    async def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do `work`, which writes nothing, as soon as nothing is being written. Raises StoreError."""
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._reading.append(_Job(work, done))
        if self._writer is None:
            self._read()
        return await done

    def _read(self) -> None:
        """Do what has gathered to be read."""
        for job in self._reading:
            try:
                job.give(job.work(self._connection))
            except Exception as error:  # whatever it is, the others are read
                job.refuse(error)
        self._reading = []

    async def _write(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while self._waiting:
                batch, self._waiting = self._waiting, []
                try:
                    results = self._do(batch)
                    await loop.run_in_executor(self._thread, self._commit, any(job.erases for job in batch))
                except Exception as error:  # whatever it is, nobody may wait for ever
                    for job in batch:
                        job.refuse(error)
                else:
                    for job, result in zip(batch, results, strict=True):
                        job.give(result)
                self._read()
        finally:
            self._writer = None

    def _do(self, batch: list[_Job]) -> list[Any]:
        """The work of a batch in a transaction, which stays open."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            return [job.work(self._connection) for job in batch]
        except BaseException:
            self._connection.rollback()
            raise

    def _commit(self, erases: bool) -> None:
        """Runs in the thread, for it waits for the disk."""
        try:
            self._connection.execute("COMMIT")
        except BaseException:
            self._connection.rollback()
            raise
        if erases:
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


class _Held:
    """A conversation of a SqliteStore, held through its turnstile."""

    def __init__(self, store: SqliteStore, address: str) -> None:
        self._store, self._vault, self._clock, self._address = store, store._vault, store._clock, address

    async def load(self) -> Record:
        return self._record(await self._store.read(self._select))

    async def take_up(self, update: str) -> Record | None:
        address, since = self._vault.address(update), self._clock() - REMEMBER_SECONDS

        def work(db: sqlite3.Connection) -> tuple[bool, tuple[bytes] | None]:
            handled = db.execute("SELECT 1 FROM handled WHERE address = ? AND at > ?", (address, since)).fetchone()
            return handled is not None, self._select(db)

        handled, row = await self._store.read(work)
        return None if handled else self._record(row)

    def _select(self, db: sqlite3.Connection) -> tuple[bytes] | None:
        row: tuple[bytes] | None = db.execute(
            "SELECT value FROM conversation WHERE address = ?", (self._address,)
        ).fetchone()
        return row

    def _record(self, row: tuple[bytes] | None) -> Record:
        return self._store.records.open(self._address, row and row[0], self._clock())

    async def save(self, record: Record, *, handled: str | None = None, park: tuple[bytes, ...] = ()) -> None:
        now = self._clock()
        value = self._store.records.seal(self._address, record, now)
        handled_address = self._vault.address(handled) if handled else None
        parcels = [(self._address, self._vault.seal(payload, now), now) for payload in park]

        def work(db: sqlite3.Connection) -> None:
            if value is None:
                db.execute("DELETE FROM conversation WHERE address = ?", (self._address,))
            else:
                db.execute("INSERT OR REPLACE INTO conversation VALUES (?, ?, ?)", (self._address, value, now))
            if handled_address:
                db.execute("INSERT OR REPLACE INTO handled VALUES (?, ?)", (handled_address, now))
            db.executemany("INSERT INTO parcel (address, value, at) VALUES (?, ?, ?)", parcels)

        await self._store.run(work)

    async def forget(self) -> None:
        self._store.records.drop(self._address)

        def work(db: sqlite3.Connection) -> None:
            db.execute("DELETE FROM conversation WHERE address = ?", (self._address,))
            db.execute("DELETE FROM parcel WHERE address = ?", (self._address,))

        await self._store.run(work, erases=True)

    async def first_parked(self) -> Parcel | None:
        now = self._clock()
        row = await self._store.read(
            lambda db: db.execute(
                "SELECT number, value FROM parcel WHERE address = ? AND at > ? ORDER BY number LIMIT 1",
                (self._address, now - KEEP_SECONDS),
            ).fetchone()
        )
        payload = row and self._vault.open(row[1], now, KEEP_SECONDS)
        if row is None or payload is None:
            return None
        return Parcel(str(row[0]).encode(), payload)

    async def unpark(self, parcel: Parcel) -> bool:
        def work(db: sqlite3.Connection) -> bool:
            db.execute("DELETE FROM parcel WHERE number = ?", (int(parcel.key),))
            left = db.execute("SELECT 1 FROM parcel WHERE address = ? LIMIT 1", (self._address,))
            return left.fetchone() is not None

        return await self._store.run(work)

    async def check(self) -> None:
        """Always true: the file is this process's alone."""


def _connect(path: Path | str) -> sqlite3.Connection:
    if str(path) != ":memory:":
        path = Path(path)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
        os.chmod(path, 0o600)
    try:
        connection = sqlite3.connect(path, timeout=1.0, isolation_level=None, check_same_thread=False)
        try:
            # Exclusive before WAL: no shared memory file, and the lock is held until we close or die.
            for pragma in (
                "locking_mode=EXCLUSIVE",
                "journal_mode=WAL",
                "synchronous=FULL",
                "secure_delete=ON",
                "temp_store=MEMORY",
            ):
                connection.execute(f"PRAGMA {pragma}").fetchall()
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("COMMIT")
            connection.executescript(SCHEMA)
        except BaseException:
            connection.close()
            raise
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise StoreInUse(
                f"保存ファイル {path} は、すでに動いている別のプロセスが使っています。"
                "先にそちらを止めるか、MAINAKAGI_STORE に別のファイルか redis://… を指定してください。"
            ) from None
        raise StoreError(f"保存ファイル {path} を開けません（{error}）。") from error
    except sqlite3.DatabaseError as error:
        raise StoreError(f"保存ファイル {path} は SQLite のファイルではないか、壊れています。") from error
    return connection
