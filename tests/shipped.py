"""The shipped content, assembled as `run` does it: what is learnt is kept, so only the first time takes seconds."""

from __future__ import annotations

from pathlib import Path

from bot.assistant import Assistant, assemble
from bot.settings import PROJECT, Settings

LEARNT = Settings().learnt


def shipped() -> Assistant:
    """The assistant of the shipped content."""
    return assemble(PROJECT, learnt=LEARNT)


def know_what_was_learnt(state: Path) -> None:
    """Let a program with this state folder find what was learnt before."""
    LEARNT.mkdir(parents=True, exist_ok=True, mode=0o700)
    state.mkdir(parents=True, exist_ok=True)
    if not (state / "learnt").exists():
        (state / "learnt").symlink_to(LEARNT)
