"""What only Redis promises: several processes, and a writer that lost its lease is stopped."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path

import pytest

from bot.stores.opening import open_store
from bot.stores.store import LeaseLost, Record, StoreError
from bot.stores.vault import Vault
from tests.needs import needs
from tests.stores.conftest import FakeClock, connect_redis, in_memory

pytestmark = needs("redis-server")
NAME = "telegram:7:1001"


async def test_two_processes_take_turns_on_one_conversation(redis_url: str, vault: Vault, clock: FakeClock) -> None:
    first, second = await connect_redis(redis_url, vault, clock), await connect_redis(redis_url, vault, clock)
    seen: list[str] = []

    async def hold(store: object, mark: str) -> None:
        async with store.open(NAME):  # type: ignore[attr-defined]
            seen.append(mark)
            await asyncio.sleep(0.05)
            seen.append(mark)

    await asyncio.gather(*(hold(store, mark) for store, mark in ((first, "1"), (second, "2"), (first, "3"))))
    assert [seen[i] == seen[i + 1] for i in (0, 2, 4)] == [True, True, True]
    await first.close()
    await second.close()


async def test_what_another_process_deletes_stays_in_no_memory(redis_url: str, vault: Vault, clock: FakeClock) -> None:
    first, second = await connect_redis(redis_url, vault, clock), await connect_redis(redis_url, vault, clock)
    async with first.open(NAME) as conversation:
        await conversation.save(Record("deleted elsewhere"))
    async with second.open(NAME) as conversation:
        await conversation.forget()
    assert in_memory("deleted elsewhere") == []
    await first.close()
    await second.close()


async def test_a_process_that_lost_its_lease_can_neither_write_nor_go_on(
    redis_url: str, vault: Vault, clock: FakeClock
) -> None:
    slow, heir = await connect_redis(redis_url, vault, clock), await connect_redis(redis_url, vault, clock)
    async with slow.open(NAME) as lost:
        await slow.ask(slow._client.delete(f"mainakagi:lease:{vault.address(NAME)}"))  # as if it had run out
        async with heir.open(NAME) as conversation:
            await conversation.save(Record("heir"))
            with pytest.raises(LeaseLost):
                await lost.save(Record("slow"))
            with pytest.raises(LeaseLost):
                await lost.forget()
            with pytest.raises(LeaseLost):
                await lost.check()
            assert await conversation.load() == Record("heir")
    await slow.close()
    await heir.close()


async def test_a_lease_is_renewed_while_it_is_held(redis_url: str, vault: Vault, clock: FakeClock) -> None:
    store = await connect_redis(redis_url, vault, clock, lease_seconds=0.3)
    async with store.open(NAME) as conversation:
        await asyncio.sleep(0.7)
        await conversation.check()
    await store.close()


async def test_neither_names_nor_values_are_readable_in_the_database(
    redis_url: str, vault: Vault, clock: FakeClock
) -> None:
    store = await connect_redis(redis_url, vault, clock)
    async with store.open(NAME) as conversation:
        await conversation.save(Record("secret-token"), park=(b"secret-reply",))
    keys = await store.ask(store._client.keys("*"))
    assert not any(b"1001" in key for key in keys)
    value = await store.ask(store._client.get(f"mainakagi:record:{vault.address(NAME)}"))
    assert b"secret" not in value
    assert 0 < await store.ask(store._client.pttl(f"mainakagi:record:{vault.address(NAME)}")) <= 24 * 3600 * 1000
    await store.close()


async def test_a_server_that_does_not_answer_is_named_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="Redis に接続できません"):
        await open_store("redis://127.0.0.1:1/0", tmp_path)


async def test_more_conversations_than_connections_wait_for_one_another(
    redis_url: str, vault: Vault, clock: FakeClock
) -> None:
    store = await connect_redis(redis_url, vault, clock)

    async def use(number: int) -> None:
        async with store.open(f"chat {number}") as conversation:
            await conversation.save(Record(f"token {number}"))
            await asyncio.sleep(0.05)
            assert await conversation.load() == Record(f"token {number}")

    await asyncio.gather(*(use(number) for number in range(300)))
    await store.close()


async def test_a_conversation_is_left_even_if_the_client_swallows_a_cancellation(
    redis_url: str, vault: Vault, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As redis-py was seen to do with all its connections in use: the lease was renewed for ever."""
    store = await connect_redis(redis_url, vault, clock, lease_seconds=0.06)
    renewing, ask = asyncio.Event(), store.ask

    async def swallow(answer: object) -> object:
        if asyncio.current_task() is holder:
            return await ask(answer)
        renewing.set()
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(60)
        return await ask(answer)

    holder = asyncio.current_task()
    monkeypatch.setattr(store, "ask", swallow)
    async with asyncio.timeout(30):
        async with store.open(NAME):
            await renewing.wait()
    await store.close()
