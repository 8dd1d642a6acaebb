"""Every store that the shared suite runs over, each opened and closed around a test."""

from __future__ import annotations

import asyncio
import gc
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from cryptography.fernet import Fernet

from bot.stores.redis import RedisStore
from bot.stores.sqlite import SqliteStore
from bot.stores.store import Record, Store
from bot.stores.vault import Vault
from tests.needs import needs

KEY = Fernet.generate_key().decode()


@dataclass
class FakeClock:
    """Unix time that stands still until a test moves it."""

    now: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


def in_memory(token: str) -> list[Record]:
    """The records with this token that this process still has."""
    gc.collect()
    return [one for one in gc.get_objects() if isinstance(one, Record) and one.token == token]


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def vault() -> Vault:
    return Vault([KEY])


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A redis-server of our own on a free loopback port, empty and without a file."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = shutil.which("redis-server")
    assert program, "redis-server is missing although MAINAKAGI_TEST_ALL=1 asks for it"
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    server = subprocess.Popen(command, cwd=tmp_path_factory.mktemp("redis"), stdout=subprocess.DEVNULL)
    try:
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait(10)


async def connect_redis(url: str, vault: Vault, clock: FakeClock, *, lease_seconds: float = 10.0) -> RedisStore:
    """A store on `url`; the server may need a moment to start."""
    for _ in range(100):
        try:
            return await RedisStore.connect(url, vault, clock, lease_seconds=lease_seconds)
        except Exception:
            await asyncio.sleep(0.05)
    return await RedisStore.connect(url, vault, clock)


@pytest_asyncio.fixture(params=["sqlite", pytest.param("redis", marks=needs("redis-server"))])
async def store(request: pytest.FixtureRequest, tmp_path: Path, vault: Vault, clock: FakeClock) -> AsyncIterator[Store]:
    """One store of each kind, empty."""
    opened: Store
    if request.param == "sqlite":
        opened = SqliteStore(tmp_path / "store.sqlite", vault, clock)
    else:
        opened = redis = await connect_redis(request.getfixturevalue("redis_url"), vault, clock)
        await redis.ask(redis._client.flushall())
    yield opened
    await opened.close()
