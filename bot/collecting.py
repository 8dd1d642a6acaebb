"""Keeps the questions that people hand to the office, and lets them go after their days."""

from __future__ import annotations

import asyncio
import logging

from bot.dialogue.giving import not_kept
from bot.dialogue.replies import Turn
from bot.stores.given import GivenFile
from bot.stores.store import StoreError

log = logging.getLogger(__name__)

SWEEP_SECONDS = 3600.0
"""How often what is past its time is deleted."""


class Collecting:
    """What channels give their turns to. Sweeps also where nothing is collected any more."""

    def __init__(self, file: GivenFile) -> None:
        self._file = file

    async def __call__(self, turn: Turn) -> Turn:
        """Keep what was given in a turn; the turn that says how that went."""
        if turn.given is None:
            return turn
        try:
            kept = await asyncio.to_thread(self._file.keep, turn.given)
        except StoreError as error:
            log.error("a question for the office is not kept: %s", type(error).__name__)
            return not_kept(turn, "failed")
        return turn if kept else not_kept(turn, "full")

    async def sweep(self, stop: asyncio.Event) -> None:
        """Delete what is past its time, now and every hour, until `stop` is set."""
        while not stop.is_set():
            try:
                await asyncio.to_thread(self._file.sweep)
            except StoreError as error:
                log.error("questions for the office are not swept: %s", type(error).__name__)
            try:
                async with asyncio.timeout(SWEEP_SECONDS):
                    await stop.wait()
            except TimeoutError:
                continue
