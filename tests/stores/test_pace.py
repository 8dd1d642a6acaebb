"""Buckets, in one process and shared by several."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.stores.enduring import Enduring
from bot.stores.pace import Bucket, LocalPace
from bot.stores.sqlite import SqliteStore
from bot.stores.store import Store, StoreError
from bot.stores.vault import Vault
from tests.needs import needs
from tests.stores.conftest import FakeClock, connect_redis

ALL, ANN, BEN = Bucket("all", 10, 5), Bucket("ann", 1, 2), Bucket("ben", 1, 2)


async def test_a_burst_is_free_and_then_everybody_waits_in_the_order_of_asking(store: Store) -> None:
    waits = [await store.pace.take((ANN,), 9) for _ in range(4)]
    assert waits[:2] == [0, 0]
    assert waits[2:] == pytest.approx([1, 2], abs=0.2)


async def test_whoever_cannot_wait_that_long_takes_nothing(store: Store) -> None:
    for _ in range(2):
        await store.pace.take((ANN,), 9)
    assert await store.pace.take((ANN,), 0.5) is None
    assert await store.pace.take((ANN,), 9) == pytest.approx(1, abs=0.2)


async def test_an_action_takes_from_all_its_buckets_or_from_none(store: Store) -> None:
    for _ in range(2):
        await store.pace.take((ALL, ANN), 9)
    assert await store.pace.take((ALL, ANN), 0.1) is None
    assert [await store.pace.take((ALL, bucket), 0) for bucket in (BEN, BEN)] == [0, 0]
    assert await store.pace.take((ALL,), 0) == 0


async def test_a_bucket_that_is_shut_delays_only_its_own(store: Store) -> None:
    await store.pace.shut("ann", 5)
    await store.pace.shut("ann", 1)
    assert await store.pace.take((ALL, ANN), 9) == pytest.approx(5, abs=0.2)
    assert await store.pace.take((ALL, ANN), 1) is None
    assert await store.pace.take((BEN,), 0) == 0


@needs("redis-server")
async def test_workers_on_one_redis_keep_one_limit(redis_url: str, vault: Vault, clock: FakeClock) -> None:
    one, other = [await connect_redis(redis_url, vault, clock) for _ in range(2)]
    await one.ask(one._client.flushall())
    shared = Bucket("all", 1, 10)
    waits = await asyncio.gather(*(worker.pace.take((shared,), 0.5) for worker in (one, other) * 10))
    assert sum(wait == 0 for wait in waits) == 10
    assert await one.ask(one._client.pttl(f"mainakagi:pace:{vault.address('all')}")) > 0, "it does not stay for ever"
    await one.close()
    await other.close()


async def test_while_the_store_is_down_this_process_keeps_the_limit_alone(
    tmp_path: Path, vault: Vault, clock: FakeClock
) -> None:
    class Down(LocalPace):
        async def take(self, buckets: tuple[Bucket, ...], within: float) -> float | None:
            raise StoreError("connection refused")

        async def shut(self, name: str, seconds: float) -> None:
            raise StoreError("connection refused")

    store = SqliteStore(tmp_path / "store.sqlite", vault, clock)
    store.pace = Down()
    pace = Enduring(store).pace
    assert [await pace.take((ANN,), 0) for _ in range(3)] == [0, 0, None]
    await pace.shut("ben", 5)
    assert await pace.take((BEN,), 1) is None
    await store.close()
