"""The real program is stopped and killed while people use it, and started again."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from bench.restarting import restart
from bot.assistant import Assistant

pytestmark = [pytest.mark.asyncio(loop_scope="module")]


async def test_who_waits_while_the_program_is_stopped_or_killed_is_answered_after_its_start(
    assistant: Assistant, tmp_path: Path
) -> None:
    outcome = await restart(2, tmp_path, assistant, random.Random(1), people=4)
    assert outcome.holds, outcome
    assert [life.status for life in outcome.lives] == [0, -9]
    assert outcome.verdict.updates >= 8
