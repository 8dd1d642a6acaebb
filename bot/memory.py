"""What the process does about its own memory. Nothing here changes what it answers."""

from __future__ import annotations

import asyncio
import ctypes
import gc

EVERY_SECONDS = 60.0
LARGE_BYTES = 128 * 1024
_M_MMAP_THRESHOLD = -3  # malloc.h of glibc


def keep_large_apart() -> None:
    """Give each large piece of memory pages of its own, which go back to the system with it.

    glibc begins so, but after the first such piece it puts ever larger ones between the small ones that stay. Long
    hostile texts, each with tables of its own, then leave 0.3 MB of gaps for every thousand of them.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # other C libraries have none, or do nothing
    if mallopt is not None:
        mallopt(_M_MMAP_THRESHOLD, LARGE_BYTES)


def settle() -> None:
    """Let go of what served before, and spare the garbage collector what serves now.

    The content, the matcher and the libraries are some 100,000 objects that stay. Looking through all of them again
    and again took a tenth of the time of an answer, and 50 ms at a time.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    give_back()


def give_back() -> None:
    """Give free pages back to the system, within a millisecond or so: glibc keeps those that lie between used ones."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # other C libraries have none
    if trim is not None:
        trim(0)


async def keep_lean(stop: asyncio.Event) -> None:
    """Give back what is free every minute, until `stop` is set."""
    while not stop.is_set():
        try:
            async with asyncio.timeout(EVERY_SECONDS):
                await stop.wait()
        except TimeoutError:
            give_back()
