"""The daily counts."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.stores.counts import KEEP_DAYS, Counted, CountsError, CountsFile

DAY = date(2026, 11, 28)
COST, ASKED = Counted(DAY, "answer", "cost", "0.8"), Counted(DAY, "asked", "recover/visitor")


def test_counts_add_up_over_processes_and_restarts(tmp_path: Path) -> None:
    path = tmp_path / "counts.sqlite"
    workers = [threading.Thread(target=lambda: CountsFile(path).add({COST: 2, ASKED: 1})) for _ in range(5)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert CountsFile(path).read(DAY, DAY) == {COST: 10, ASKED: 5}


def test_days_are_read_from_first_to_last(tmp_path: Path) -> None:
    counts = CountsFile(tmp_path / "counts.sqlite")
    assert counts.read(DAY, DAY) == {}
    days = [Counted(DAY + timedelta(days=number), "none", "cost") for number in range(4)]
    counts.add(dict.fromkeys(days, 1))
    assert list(counts.read(days[1].day, days[2].day)) == days[1:3]


def test_old_days_are_dropped(tmp_path: Path) -> None:
    counts = CountsFile(tmp_path / "counts.sqlite")
    old, kept = Counted(DAY, "none", "cost"), Counted(DAY + timedelta(days=1), "none", "cost")
    counts.add({old: 1, kept: 1})
    new = Counted(DAY + timedelta(days=KEEP_DAYS + 1), "none", "cost")
    counts.add({new: 1})
    assert list(counts.read(DAY, new.day)) == [kept, new]


def test_a_file_that_is_none_is_an_error_of_ours(tmp_path: Path) -> None:
    (tmp_path / "counts.sqlite").write_text("this is no database" * 100)
    with pytest.raises(CountsError):
        CountsFile(tmp_path / "counts.sqlite").add({COST: 1})
    with pytest.raises(CountsError):
        CountsFile(tmp_path / "counts.sqlite").read(DAY, DAY)
