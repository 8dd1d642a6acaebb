"""Token buckets: how often something may be done, by one process or by several together.

What the buckets are for (Telegram's limits per chat and overall) is the channel's business. A
store brings the Pace that fits it: LocalPace here, or the one of redis.py, which all workers share.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Bucket:
    """Refilled with `rate` tokens per second up to `burst`. The name tells buckets apart."""

    name: str
    rate: float
    burst: float


class Pace(Protocol):
    """Where the levels of buckets are kept. All methods raise StoreError."""

    async def take(self, buckets: tuple[Bucket, ...], within: float) -> float | None:
        """Take a token from each, ahead of time if need be: whoever asks first comes first.

        Returns the seconds to wait before acting, or None, with nothing taken, if that is more than `within`.
        """
        ...

    async def shut(self, name: str, seconds: float) -> None:
        """Let nobody take from the bucket of this name for so long."""
        ...


class LocalPace:
    """Levels in the memory of this process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._levels: dict[str, tuple[float, float, Bucket]] = {}
        self._shut: dict[str, float] = {}

    async def take(self, buckets: tuple[Bucket, ...], within: float) -> float | None:
        now = self._clock()
        levels = [self._level(bucket, now) for bucket in buckets]
        wait = 0.0
        for bucket, level in zip(buckets, levels, strict=True):
            wait = max(wait, (1 - level) / bucket.rate, self._shut.get(bucket.name, 0.0) - now)
        if wait > within:
            return None
        for bucket, level in zip(buckets, levels, strict=True):
            self._levels[bucket.name] = (level - 1, now, bucket)
        return wait

    async def shut(self, name: str, seconds: float) -> None:
        self._shut[name] = max(self._shut.get(name, 0.0), self._clock() + seconds)

    def tidy(self) -> None:
        """Drop what is known of full and open buckets: they start afresh."""
        now = self._clock()
        self._levels = {
            name: entry for name, entry in self._levels.items() if self._level(entry[2], now) < entry[2].burst
        }
        self._shut = {name: until for name, until in self._shut.items() if until > now}

    def _level(self, bucket: Bucket, now: float) -> float:
        level, at, _ = self._levels.get(bucket.name, (bucket.burst, now, bucket))
        return min(bucket.burst, level + (now - at) * bucket.rate)
