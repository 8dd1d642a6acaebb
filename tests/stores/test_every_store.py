"""What is true of every store."""

from __future__ import annotations

import asyncio

import pytest

from bot.stores.store import SEALED_KEPT, Record, Records, Store, Ticked, pack_record, unpack_record
from bot.stores.vault import Vault
from tests.stores.conftest import FakeClock, in_memory

A, B = "telegram:7:1001", "telegram:7:1002"
HOUR = 3600


async def test_an_unknown_conversation_has_an_empty_record(store: Store) -> None:
    async with store.open(A) as conversation:
        assert await conversation.load() == Record()


async def test_a_saved_record_is_loaded_again_and_only_under_its_own_name(store: Store) -> None:
    lists = (Ticked(9, ("aaa", "aab"), ("aab",)),)
    record = Record("token", parked=True, ticked=lists)
    async with store.open(A) as conversation:
        await conversation.save(record)
    async with store.open(A) as conversation:
        assert await conversation.load() == record
    async with store.open(B) as conversation:
        assert await conversation.load() == Record()


async def test_a_record_is_gone_after_24_hours(store: Store, clock: FakeClock) -> None:
    async with store.open(A) as conversation:
        await conversation.save(Record("token"))
        clock.now += 24 * HOUR - 60
        assert await conversation.load() == Record("token")
        clock.now += 120
        assert await conversation.load() == Record()


async def test_a_handled_update_is_remembered_with_the_record_it_changed(store: Store) -> None:
    async with store.open(A) as conversation:
        assert await conversation.take_up("7:1") is not None
        await conversation.save(Record("token"), handled="7:1")
        assert await conversation.take_up("7:1") is None
        assert await conversation.take_up("7:2") == Record("token")


async def test_forgetting_deletes_record_and_parcels_but_not_that_the_update_was_handled(store: Store) -> None:
    async with store.open(A) as conversation:
        await conversation.save(Record("token"), handled="7:1", park=(b"one",))
        await conversation.forget()
        assert await conversation.load() == Record()
        assert await conversation.first_parked() is None
        assert await conversation.take_up("7:1") is None
    assert await store.parked() == ()


async def test_parcels_come_out_in_order_and_only_once(store: Store) -> None:
    async with store.open(A) as conversation:
        await conversation.save(Record(parked=True), park=(b"one", b"two"))
        await conversation.save(Record(parked=True), park=(b"three",))
        seen = []
        while parcel := await conversation.first_parked():
            seen.append((parcel.payload, await conversation.unpark(parcel)))
        assert seen == [(b"one", True), (b"two", True), (b"three", False)]


async def test_one_parcel_of_each_waiting_conversation_is_found_after_a_restart(store: Store) -> None:
    for name, payloads in ((A, (b"a1", b"a2")), (B, (b"b1",))):
        async with store.open(name) as conversation:
            await conversation.save(Record(parked=True), park=payloads)
    assert sorted(await store.parked()) == [b"a1", b"b1"]
    async with store.open(B) as conversation:
        parcel = await conversation.first_parked()
        assert parcel
        await conversation.unpark(parcel)
    assert await store.parked() == (b"a1",)


async def test_a_parcel_is_gone_after_24_hours(store: Store, clock: FakeClock) -> None:
    async with store.open(A) as conversation:
        await conversation.save(Record(parked=True), park=(b"one",))
        clock.now += 24 * HOUR + 60
        assert await conversation.first_parked() is None
    assert await store.parked() == ()


async def test_failures_are_counted_per_update(store: Store) -> None:
    assert [await store.count_failure("7:1") for _ in range(3)] == [1, 2, 3]
    assert await store.count_failure("7:2") == 1


async def test_a_conversation_is_held_by_one_at_a_time_and_others_do_not_wait(store: Store) -> None:
    seen: list[str] = []

    async def hold(name: str, mark: str) -> None:
        async with store.open(name):
            seen.append(f"{mark} in")
            await asyncio.sleep(0.05)
            seen.append(f"{mark} out")

    await asyncio.gather(hold(A, "first"), hold(A, "second"), hold(B, "other"))
    assert [mark for mark in seen if "other" not in mark] == ["first in", "first out", "second in", "second out"]
    assert seen.index("other in") < seen.index("first out")


async def test_many_writers_lose_nothing(store: Store) -> None:
    async def count_up() -> None:
        async with store.open(A) as conversation:
            record = await conversation.load()
            await conversation.save(Record(str(int(record.token or 0) + 1)))

    await asyncio.gather(*(count_up() for _ in range(50)))
    async with store.open(A) as conversation:
        assert await conversation.load() == Record("50")


async def test_an_error_while_holding_lets_go(store: Store) -> None:
    with pytest.raises(ZeroDivisionError):
        async with store.open(A):
            raise ZeroDivisionError
    async with asyncio.timeout(2), store.open(A) as conversation:
        assert await conversation.load() == Record()


def test_the_ticks_of_the_last_lists_are_kept_and_replaced() -> None:
    record = Record()
    for message in range(6):
        record = record.with_ticked(Ticked(message, ("aaa",), ()))
    record = record.with_ticked(Ticked(4, ("aaa",), ("aaa",)))
    assert [one.message_id for one in record.ticked] == [2, 3, 5, 4]
    assert record.ticked_on(4) == Ticked(4, ("aaa",), ("aaa",))
    assert record.ticked_on(0) is None
    assert unpack_record(pack_record(record)) == record


def test_a_record_of_an_earlier_version_is_read() -> None:
    assert unpack_record(b'["token",[[5,null,1]],true]') == Record("token", parked=True)


async def test_a_deleted_record_is_not_in_memory_either(store: Store) -> None:
    async with store.open(A) as conversation:
        await conversation.save(Record("deleted soon"))
        await conversation.load()
    async with store.open(A) as conversation:
        await conversation.forget()
    assert in_memory("deleted soon") == []


def test_what_was_sealed_last_is_known_and_anything_else_is_opened(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    records, others = Records(vault), Records(vault)
    older, newer = records.seal("a", Record("1"), 0.0), others.seal("a", Record("2"), 0.0)
    assert records.open("a", newer, 1.0) == Record("2")
    opened: list[bytes] = []
    monkeypatch.setattr(vault, "open", lambda sealed, now, keep: opened.append(sealed))
    assert records.open("a", older, 1.0) == Record("1")
    assert opened == []
    assert records.open("a", older, 25.0 * HOUR) == Record()
    records.sweep(25.0 * HOUR)
    assert records.open("a", older, 1.0) == Record()
    assert opened == [older, older]


def test_only_some_records_are_kept_in_memory(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    records = Records(vault)
    sealed = [records.seal(str(number), Record("x"), 0.0) for number in range(SEALED_KEPT + 1)]
    monkeypatch.setattr(vault, "open", lambda sealed, now, keep: None)
    assert records.open("0", sealed[0], 1.0) == Record()
    assert records.open("1", sealed[1], 1.0) == Record("x")
