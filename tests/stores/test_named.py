"""Every key in Redis has its name on docs/privacy.md (for SQLite: tests/security/test_privacy_page.py)."""

from __future__ import annotations

import re

from bot.settings import PROJECT
from bot.stores.pace import Bucket
from bot.stores.store import Record
from bot.stores.vault import Vault
from tests.needs import needs
from tests.stores.conftest import FakeClock, connect_redis

pytestmark = needs("redis-server")


async def test_every_key_in_redis_is_named(redis_url: str, vault: Vault, clock: FakeClock) -> None:
    page = (PROJECT / "docs" / "privacy.md").read_text("utf-8")
    row = re.findall(r"^\| Redis の鍵 \|.*$", page, re.MULTILINE)
    named = set(re.findall(r"`mainakagi:(\w+):?`", "".join(row)))
    store = await connect_redis(redis_url, vault, clock)
    await store.ask(store._client.flushall())
    await store.pace.take((Bucket("overall", 30, 30),), 1)
    await store.count_failure("7:2")
    async with store.open("telegram:7:1001") as conversation:
        await conversation.save(Record("token"), handled="7:1", park=(b"reply",))
        keys = [key.decode() for key in await store.ask(store._client.keys("*"))]
    await store.close()
    assert {key.split(":")[1] for key in keys} == named
    assert all(re.fullmatch(r"mainakagi:(?:parked|[a-z]+:[0-9a-f]{32})", key) for key in keys)
