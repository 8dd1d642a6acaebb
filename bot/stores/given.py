"""Questions that people handed to the office, in a small SQLite file beside the store, for `suggest`.

A row has nothing that leads to a person: no chat, no key of a conversation, no time of day. Its address is a keyed
hash of the day and the text (the same text twice on a day is kept once), its value the text, encrypted and stamped
with the beginning of the day. A file of its own, because the store belongs to the running bot alone, and `suggest`
reads beside it. Calls block.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path

from bot.dialogue.dates import TOKYO
from bot.dialogue.giving import GIVEN_DAYS
from bot.stores.store import StoreError
from bot.stores.vault import Vault

_SCHEMA = """
CREATE TABLE IF NOT EXISTS given (address TEXT PRIMARY KEY, value BLOB NOT NULL, day TEXT NOT NULL) WITHOUT ROWID
"""

MOST = 1000
"""Texts that are kept at most; more are refused, and the person is told."""


@dataclass(frozen=True)
class Given:
    """A kept text, the day (Asia/Tokyo) on which it came, and the address under which it can be removed."""

    address: str
    text: str
    day: date


class GivenFile:
    """The kept texts in the file `path`, which is made when the first one comes. All methods raise StoreError."""

    def __init__(self, path: Path, vault: Vault, clock: Callable[[], float] = time.time, *, most: int = MOST) -> None:
        self._path, self._vault, self._clock, self._most = path, vault, clock, most

    def keep(self, text: str) -> bool:
        """Keep a text that the guard has seen; False if there is no room for it."""
        day = self._today()
        address = self._vault.address(f"given:{day}:{text}")
        begins = datetime.combine(day, clock_time(), TOKYO).timestamp()
        with self._open() as db:
            number, known = db.execute("SELECT count(*), sum(address = ?) FROM given", (address,)).fetchone()
            if known:
                return True
            if number >= self._most:
                return False
            value = self._vault.seal(text.encode(), begins)
            db.execute("INSERT INTO given VALUES (?, ?, ?)", (address, value, day.isoformat()))
        return True

    def read(self) -> tuple[Given, ...]:
        """What is kept, the oldest day first; what is past its time, or of a forgotten key, is left out."""
        if not self._path.exists():
            return ()
        with self._open() as db:
            rows = db.execute("SELECT address, value, day FROM given WHERE day > ? ORDER BY day", (self._last(),))
            found = rows.fetchall()
        now, keep = self._clock(), (GIVEN_DAYS + 1) * 86400
        opened = ((address, self._vault.open(value, now, keep), day) for address, value, day in found)
        return tuple(Given(address, text.decode(), date.fromisoformat(day)) for address, text, day in opened if text)

    def remove(self, address: str) -> None:
        """Delete one text for good."""
        with self._open() as db:
            db.execute("DELETE FROM given WHERE address = ?", (address,))

    def sweep(self) -> None:
        """Delete what is past its time."""
        if self._path.exists():
            with self._open() as db:
                db.execute("DELETE FROM given WHERE day <= ?", (self._last(),))

    def _today(self) -> date:
        return datetime.fromtimestamp(self._clock(), TOKYO).date()

    def _last(self) -> str:
        """The latest day that is past its time."""
        return (self._today() - timedelta(days=GIVEN_DAYS)).isoformat()

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """One transaction. Deleted rows are overwritten."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._path.touch(mode=0o600)
            os.chmod(self._path, 0o600)
            with closing(sqlite3.connect(self._path, timeout=5)) as db:
                db.execute("PRAGMA secure_delete = ON")
                with db:
                    db.execute("BEGIN IMMEDIATE")
                    db.execute(_SCHEMA)
                    yield db
        except (sqlite3.Error, OSError) as error:
            raise StoreError(type(error).__name__) from error
