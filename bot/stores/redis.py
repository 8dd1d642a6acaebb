"""The store for several processes: Redis or Valkey.

A conversation is held under a lease of some seconds that is renewed while it is held. Every write
is one script that first compares the lease's owner, so a process that was paused for longer than
its lease cannot overwrite what its successor did (it gets LeaseLost instead). Times to live do
the sweeping. Needs the extra `redis`; imported only when MAINAKAGI_STORE asks for it.
"""

from __future__ import annotations

import asyncio
import random
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from redis.asyncio import BlockingConnectionPool, Redis
from redis.exceptions import RedisError

from bot.stores.pace import Bucket
from bot.stores.store import (
    KEEP_SECONDS,
    REMEMBER_SECONDS,
    Clock,
    Conversation,
    LeaseLost,
    Parcel,
    Record,
    StoreError,
    Turnstile,
    open_record,
    seal_record,
)
from bot.stores.vault import Vault

LEASE_SECONDS = 3.0
"""How long a conversation stays held by a process that died; renewed at a third of it.

Short, because a citizen waits that long after a crash. A process that merely stood still for
longer loses nothing: it gets LeaseLost, and the update is taken up again.
"""

CONNECTIONS = 32
"""At most so many to the server, shared by all conversations of this process."""

_OWNED = "if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end "

_SAVE = (
    _OWNED
    + """
local keep = tonumber(ARGV[2])
if ARGV[3] == '' then redis.call('del', KEYS[2]) else redis.call('set', KEYS[2], ARGV[3], 'PX', keep) end
if KEYS[5] then redis.call('set', KEYS[5], '1', 'PX', tonumber(ARGV[4])) end
for i = 5, #ARGV do
  redis.call('rpush', KEYS[3], ARGV[i])
  redis.call('pexpire', KEYS[3], keep)
  redis.call('sadd', KEYS[4], KEYS[3])
  redis.call('pexpire', KEYS[4], keep)
end
return 1
"""
)
_FORGET = _OWNED + "redis.call('del', KEYS[2], KEYS[3]) redis.call('srem', KEYS[4], KEYS[3]) return 1"
_UNPARK = (
    _OWNED
    + """
redis.call('lrem', KEYS[3], 1, ARGV[2])
if redis.call('exists', KEYS[3]) == 1 then return 2 end
redis.call('srem', KEYS[4], KEYS[3])
return 1
"""
)
_RENEW = _OWNED + "return redis.call('pexpire', KEYS[1], tonumber(ARGV[2]))"
_RELEASE = _OWNED + "return redis.call('del', KEYS[1])"

_PARKED = "mainakagi:parked"

_TAKE = """
local time = redis.call('time')
local now = time[1] + time[2] / 1000000
local wait, levels = 0, {}
for i = 1, #KEYS do
  local rate, burst = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
  local kept = redis.call('hmget', KEYS[i], 'level', 'at', 'shut')
  levels[i] = math.min(burst, (tonumber(kept[1]) or burst) + (now - (tonumber(kept[2]) or now)) * rate)
  wait = math.max(wait, (1 - levels[i]) / rate, (tonumber(kept[3]) or 0) - now)
end
if wait > tonumber(ARGV[#ARGV]) then return false end
for i = 1, #KEYS do
  local rate, burst = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
  redis.call('hset', KEYS[i], 'level', tostring(levels[i] - 1), 'at', string.format('%.6f', now))
  local left = math.ceil(((burst - levels[i] + 1) / rate + wait) * 1000) + 1000
  redis.call('pexpire', KEYS[i], math.max(left, redis.call('pttl', KEYS[i])))
end
return tostring(wait)
"""
_SHUT = """
local time = redis.call('time')
local till = time[1] + time[2] / 1000000 + tonumber(ARGV[1])
if till > (tonumber(redis.call('hget', KEYS[1], 'shut')) or 0) then
  redis.call('hset', KEYS[1], 'shut', string.format('%.6f', till))
  local left = math.max(redis.call('pttl', KEYS[1]), math.ceil(tonumber(ARGV[1]) * 1000) + 60000)
  redis.call('pexpire', KEYS[1], left)
end
return 1
"""


class RedisStore:
    """Conversations in a Redis database that several processes share."""

    def __init__(self, client: Redis, vault: Vault, clock: Clock, lease_seconds: float = LEASE_SECONDS) -> None:
        self._client, self._vault, self._clock, self._lease = client, vault, clock, lease_seconds
        self.pace = RedisPace(self, client, vault)
        self._turnstile = Turnstile()

    @classmethod
    async def connect(
        cls, url: str, vault: Vault, clock: Clock = time.time, *, lease_seconds: float = LEASE_SECONDS
    ) -> RedisStore:
        """A store on the server at `url`. Raises StoreError if it does not answer."""
        # The default pool refuses the 101st connection at once; this one lets the caller wait for a free one.
        pool = BlockingConnectionPool.from_url(
            url, max_connections=CONNECTIONS, timeout=5, socket_timeout=5.0, socket_connect_timeout=3.0
        )
        client = Redis.from_pool(pool)
        store = cls(client, vault, clock, lease_seconds)
        try:
            await store.ask(client.ping())
        except StoreError as error:
            await client.aclose()
            raise StoreError(f"Redis に接続できません（{error}）。MAINAKAGI_STORE を確かめてください。") from error
        return store

    @asynccontextmanager
    async def open(self, name: str) -> AsyncIterator[Conversation]:
        address = self._vault.address(name)
        async with self._turnstile.pass_through(name):
            held = _Held(self, address, secrets.token_hex(8))
            await held.acquire()
            renewing = asyncio.create_task(held.keep_renewing())
            try:
                yield held
            finally:
                held.is_left = True
                renewing.cancel()
                await asyncio.wait([renewing])
                with suppress(StoreError):  # the lease ends by itself
                    await held.release()

    async def count_failure(self, update: str) -> int:
        key = f"mainakagi:failure:{self._vault.address(update)}"
        times = await self.ask(self._client.incr(key))
        await self.ask(self._client.expire(key, REMEMBER_SECONDS))
        return int(times)

    async def parked(self) -> tuple[bytes, ...]:
        payloads = []
        for key in await self.ask(self._client.smembers(_PARKED)):
            sealed = await self.ask(self._client.lindex(key, 0))
            payload = sealed and self._vault.open(sealed, self._clock(), KEEP_SECONDS)
            if payload:
                payloads.append(payload)
        return tuple(payloads)

    async def sweep(self) -> None:
        """Nothing to do: every key has its time to live."""

    async def close(self) -> None:
        await self._client.aclose()

    async def ask(self, answer: Any) -> Any:
        """Wait for the server's answer (untyped: the library's types join its two flavours).

        Raises StoreError instead of the library's errors.
        """
        try:
            return await answer
        except (RedisError, OSError) as error:
            raise StoreError(type(error).__name__) from error


class RedisPace:
    """Buckets on the server: all workers keep one limit together. The clock is the server's."""

    def __init__(self, store: RedisStore, client: Redis, vault: Vault) -> None:
        self._store, self._vault = store, vault
        self._take, self._shut = client.register_script(_TAKE), client.register_script(_SHUT)

    async def take(self, buckets: tuple[Bucket, ...], within: float) -> float | None:
        names = [self._key(bucket.name) for bucket in buckets]
        numbers = [number for bucket in buckets for number in (bucket.rate, bucket.burst)]
        wait = await self._store.ask(self._take(keys=names, args=[*numbers, within]))
        return None if wait is None else float(wait)

    async def shut(self, name: str, seconds: float) -> None:
        await self._store.ask(self._shut(keys=[self._key(name)], args=[seconds]))

    def _key(self, name: str) -> str:
        return f"mainakagi:pace:{self._vault.address(name)}"


class _Held:
    """A conversation of a RedisStore, held by a lease that `owner` names."""

    def __init__(self, store: RedisStore, address: str, owner: str) -> None:
        self._store, self._client, self._vault, self._clock = store, store._client, store._vault, store._clock
        self.is_left = False
        self._owner, self._milliseconds = owner, int(store._lease * 1000)
        self._lock = f"mainakagi:lease:{address}"
        self._record = f"mainakagi:record:{address}"
        self._parcels = f"mainakagi:parcels:{address}"

    async def acquire(self) -> None:
        """Wait until no other process holds the conversation; that one may die, so this asks again."""
        while not await self._store.ask(self._client.set(self._lock, self._owner, nx=True, px=self._milliseconds)):
            pause = random.uniform(0.01, 0.04)  # noqa: S311 - spreads waiting processes
            await asyncio.sleep(pause)

    async def keep_renewing(self) -> None:
        """Until it is cancelled or the conversation `is_left`: a client in the middle of a call may swallow the
        cancellation, and then this would hold the conversation for ever."""
        while not self.is_left:
            await asyncio.sleep(self._milliseconds / 3000)
            with suppress(StoreError):  # a lost lease shows at the next write or check
                await self._owned(_RENEW, (), (self._milliseconds,))

    async def release(self) -> None:
        await self._run(_RELEASE, (), ())

    async def load(self) -> Record:
        return self._read(await self._store.ask(self._client.get(self._record)))

    async def take_up(self, update: str) -> Record | None:
        sealed, handled = await self._store.ask(self._client.mget(self._record, self._handled(update)))
        return None if handled is not None else self._read(sealed)

    def _read(self, sealed: bytes | None) -> Record:
        return open_record(self._vault, sealed, self._clock())

    async def save(self, record: Record, *, handled: str | None = None, park: tuple[bytes, ...] = ()) -> None:
        now = self._clock()
        value = seal_record(self._vault, record, now) or b""
        await self._owned(
            _SAVE,
            (self._handled(handled),) if handled else (),
            (
                KEEP_SECONDS * 1000,
                value,
                REMEMBER_SECONDS * 1000,
                *(self._vault.seal(payload, now) for payload in park),
            ),
        )

    async def forget(self) -> None:
        await self._owned(_FORGET, (), ())

    async def first_parked(self) -> Parcel | None:
        while True:
            sealed = await self._store.ask(self._client.lindex(self._parcels, 0))
            if sealed is None:
                return None
            payload = self._vault.open(sealed, self._clock(), KEEP_SECONDS)
            if payload is not None:
                return Parcel(sealed, payload)
            await self.unpark(Parcel(sealed, b""))

    async def unpark(self, parcel: Parcel) -> bool:
        return await self._owned(_UNPARK, (), (parcel.key,)) == 2

    async def check(self) -> None:
        if await self._store.ask(self._client.get(self._lock)) != self._owner.encode():
            raise LeaseLost

    def _handled(self, update: str) -> str:
        return f"mainakagi:handled:{self._vault.address(update)}"

    async def _run(self, script: str, keys: tuple[str, ...], arguments: tuple[Any, ...]) -> int:
        names = (self._lock, self._record, self._parcels, _PARKED, *keys)
        return int(await self._store.ask(self._client.eval(script, len(names), *names, self._owner, *arguments)))

    async def _owned(self, script: str, keys: tuple[str, ...], arguments: tuple[Any, ...]) -> int:
        """What the script returns. Raises LeaseLost."""
        if not (done := await self._run(script, keys, arguments)):
            raise LeaseLost
        return done
