"""What the bot does while its store is down."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.stores.enduring import Enduring
from bot.stores.sqlite import SqliteStore
from bot.stores.store import Record, StoreError
from bot.stores.vault import Vault
from tests.stores.conftest import FakeClock

NAME = "telegram:7:1001"


class Breakable(SqliteStore):
    """A SQLite store whose disk can fail."""

    broken = False
    asked = 0

    async def run(self, work, *, erases=False):  # type: ignore[no-untyped-def]
        self.asked += 1
        if self.broken:
            raise StoreError("disk I/O error")
        return await super().run(work, erases=erases)


@pytest.fixture
def disk(tmp_path: Path, vault: Vault) -> Breakable:
    return Breakable(tmp_path / "store.sqlite", vault)


async def test_a_working_store_is_used_as_it_is(disk: Breakable) -> None:
    store = Enduring(disk)
    async with store.open(NAME) as conversation:
        await conversation.save(Record("token"), handled="7:1", park=(b"one",))
        assert await conversation.load() == Record("token")
        assert await conversation.take_up("7:1") is None
    assert await store.parked() == (b"one",)
    assert not store.is_down
    await store.close()


async def test_a_failing_store_is_an_empty_one_that_remembers_handled_updates(
    disk: Breakable, caplog: pytest.LogCaptureFixture
) -> None:
    store = Enduring(disk)
    disk.broken = True
    for _ in range(2):
        async with store.open(NAME) as conversation:
            assert await conversation.load() == Record()
            await conversation.save(Record("token"), handled="7:1")
            await conversation.check()
            assert await conversation.take_up("7:1") is None
            assert await conversation.take_up("7:2") is not None
    assert [await store.count_failure("7:1") for _ in range(3)] == [1, 2, 3]
    assert store.is_down
    assert len([record for record in caplog.records if "without memory" in record.getMessage()]) == 1
    await store.close()


async def test_a_failing_store_neither_parks_nor_pretends_to_delete(disk: Breakable) -> None:
    store = Enduring(disk)
    disk.broken = True
    async with store.open(NAME) as conversation:
        with pytest.raises(StoreError):
            await conversation.save(Record(), park=(b"one",))
        with pytest.raises(StoreError):
            await conversation.forget()
    await store.close()


async def test_a_failing_store_is_left_alone_for_a_while_and_then_used_again(disk: Breakable) -> None:
    clock = FakeClock()
    store = Enduring(disk, pause=5, clock=clock)
    disk.broken = True
    async with store.open(NAME) as conversation:
        await conversation.load()
        asked = disk.asked
        await conversation.load()
        assert disk.asked == asked
        disk.broken, clock.now = False, clock.now + 6
        await conversation.save(Record("token"))
        assert await conversation.load() == Record("token")
    assert not store.is_down
    await store.close()
