"""Daily counts in a small SQLite file, for `report`: how often, of what, on which day. Nothing about who or what.

A row says on which day (Asia/Tokyo) how often `kind` happened to `name` (an entry's id, FLOW/ROUTE or
FLOW/QUESTION) with `detail` (a band of scores, or nothing). bot/counting.py says which kinds there are. Several
processes may write to one file: each adds what it has counted.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

_SCHEMA = """
CREATE TABLE IF NOT EXISTS tally (
    day TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, detail TEXT NOT NULL, number INTEGER NOT NULL,
    PRIMARY KEY (day, kind, name, detail)) WITHOUT ROWID
"""

KEEP_DAYS = 400
"""Days that counts are kept: a report compares with the same month of the year before."""


class CountsError(Exception):
    """The counts cannot be read or written now."""


@dataclass(frozen=True)
class Counted:
    """What is counted."""

    day: date
    kind: str
    name: str
    detail: str = ""


class CountsFile:
    """The counts in the file `path`, which is made when it is first written to. Calls block."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, counts: Mapping[Counted, int]) -> None:
        """Add these to what is there, in one transaction, and drop what is older than KEEP_DAYS. Raises CountsError."""
        if not counts:
            return
        rows = [(c.day.isoformat(), c.kind, c.name, c.detail, number) for c, number in counts.items()]
        newest = max(c.day for c in counts)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with closing(sqlite3.connect(self._path, timeout=5)) as db, db:
                db.execute(_SCHEMA)
                db.executemany(
                    "INSERT INTO tally VALUES (?, ?, ?, ?, ?)"
                    " ON CONFLICT DO UPDATE SET number = number + excluded.number",
                    rows,
                )
                db.execute("DELETE FROM tally WHERE julianday(?) - julianday(day) > ?", (newest.isoformat(), KEEP_DAYS))
        except (sqlite3.Error, OSError) as error:
            raise CountsError(type(error).__name__) from error

    def read(self, first: date, last: date) -> dict[Counted, int]:
        """What was counted from `first` to `last`, both included; empty without a file. Raises CountsError."""
        if not self._path.exists():
            return {}
        try:
            with closing(sqlite3.connect(f"file:{self._path}?mode=ro", uri=True, timeout=5)) as db:
                rows = db.execute(
                    "SELECT day, kind, name, detail, number FROM tally WHERE day BETWEEN ? AND ? ORDER BY 1, 2, 3, 4",
                    (first.isoformat(), last.isoformat()),
                ).fetchall()
        except sqlite3.Error as error:
            raise CountsError(type(error).__name__) from error
        return {
            Counted(date.fromisoformat(day), kind, name, detail): number for day, kind, name, detail, number in rows
        }
