"""The benches that stand in for the Bot API still fit the delivery: short forms of two that take minutes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import PROJECT
from tests.needs import needs


@pytest.mark.parametrize(
    "command",
    [
        ["bench/soak", "--hours", "3", "--people", "3"],
        pytest.param(["bench/redeliver", "--people", "5", "--times", "2"], marks=needs("redis-server")),
    ],
    ids=lambda command: Path(command[0]).name,
)
def test_it_runs_and_finds_nothing_wrong(command: list[str]) -> None:
    done = subprocess.run([sys.executable, *command], cwd=PROJECT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr[-500:]
