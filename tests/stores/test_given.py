"""Questions handed to the office: kept for 30 days, without anything that leads to a person."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from bot.stores.given import GivenFile
from bot.stores.store import StoreError
from bot.stores.vault import Vault
from tests.stores.conftest import FakeClock

DAY = 24 * 3600
TEXT = "印鑑登録証明書はコンビニで出せますか"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "given.sqlite"


@pytest.fixture
def file(path: Path, vault: Vault, clock: FakeClock) -> GivenFile:
    return GivenFile(path, vault, clock)


def rows(path: Path) -> list[tuple[str, bytes, str]]:
    with closing(sqlite3.connect(path)) as db:
        return db.execute("SELECT address, value, day FROM given").fetchall()


def test_a_text_is_kept_with_its_day_and_removed_for_good(file: GivenFile, path: Path) -> None:
    assert file.keep(TEXT)
    (kept,) = file.read()
    assert (kept.text, kept.day) == (TEXT, date(2027, 1, 15))
    file.remove(kept.address)
    assert file.read() == ()
    assert rows(path) == []


def test_before_the_first_text_there_is_no_file(file: GivenFile, path: Path) -> None:
    assert file.read() == ()
    file.sweep()
    assert not path.exists()


def test_the_file_has_neither_the_text_nor_the_time_of_day(
    file: GivenFile, path: Path, vault: Vault, clock: FakeClock
) -> None:
    file.keep(TEXT)
    clock.now += 4 * 3600
    file.keep("ほかの文")
    body = path.read_bytes()
    for word in (TEXT, TEXT[:6], "ほかの文"):
        for encoding in ("utf-8", "utf-16-le", "shift_jis"):
            assert word.encode(encoding) not in body
    stamps = {vault._cipher.extract_timestamp(value) for _, value, _ in rows(path)}
    assert {stamp % DAY for stamp in stamps} == {15 * 3600}, "midnight in Tokyo"
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_same_text_twice_on_a_day_is_kept_once(file: GivenFile, clock: FakeClock) -> None:
    assert [file.keep(TEXT), file.keep(TEXT)] == [True, True]
    assert len(file.read()) == 1
    clock.now += DAY
    file.keep(TEXT)
    assert len(file.read()) == 2


def test_after_30_days_it_is_not_read_and_the_sweep_deletes_it(file: GivenFile, path: Path, clock: FakeClock) -> None:
    file.keep(TEXT)
    clock.now += 29 * DAY
    file.sweep()
    assert [one.text for one in file.read()] == [TEXT]
    clock.now += DAY
    assert file.read() == ()
    assert len(rows(path)) == 1
    file.sweep()
    assert rows(path) == []


def test_a_full_file_takes_no_more(path: Path, vault: Vault, clock: FakeClock) -> None:
    file = GivenFile(path, vault, clock, most=2)
    assert [file.keep(text) for text in ("a", "b", "c", "a")] == [True, True, False, True]


def test_a_forgotten_key_opens_nothing(file: GivenFile, path: Path, clock: FakeClock) -> None:
    file.keep(TEXT)
    assert GivenFile(path, Vault(["B" * 43 + "="]), clock).read() == ()


def test_what_is_no_database_is_an_error_of_the_store(file: GivenFile, path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"x" * 5000)
    for work in (lambda: file.keep(TEXT), file.read, file.sweep, lambda: file.remove("a")):
        with pytest.raises(StoreError):
            work()
