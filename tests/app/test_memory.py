"""What the process does about its own memory."""

from __future__ import annotations

import asyncio
import ctypes
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot import memory
from bot.settings import PROJECT


def resident_mb() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_trim"), reason="only glibc keeps and gives back")
def test_what_lies_free_between_used_pieces_is_given_back() -> None:
    pieces: list[bytes | None] = [bytes(1000) for _ in range(40_000)]
    for number in range(len(pieces)):
        if number % 200:
            pieces[number] = None
    before = resident_mb()
    memory.give_back()
    assert resident_mb() < before - 20


async def test_it_is_given_back_again_and_again_until_the_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    stop, given = asyncio.Event(), 0

    def give_back() -> None:
        nonlocal given
        given += 1
        if given == 3:
            stop.set()

    monkeypatch.setattr(memory, "EVERY_SECONDS", 0.001)
    monkeypatch.setattr(memory, "give_back", give_back)
    await asyncio.wait_for(memory.keep_lean(stop), 10)
    assert given == 3


def test_the_content_is_read_before_the_channels_are_imported() -> None:
    """Their code fills the gaps that reading leaves (bot/running.py)."""
    words = "import sys, bot.cli, bot.running; sys.exit(bool({'telegram', 'aiohttp', 'jinja2'} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", words], cwd=PROJECT, check=False).returncode == 0
