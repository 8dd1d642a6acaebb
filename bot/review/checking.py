"""Everything that `check` says about the content, also while an edit of it is not saved yet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType

from bot.content.loading import inspect
from bot.content.model import Content
from bot.content.problems import Problem
from bot.dialogue.dates import TOKYO
from bot.dialogue.token import collisions


def tokyo_today() -> date:
    """The day in Asia/Tokyo."""
    return datetime.now(TOKYO).date()


def check(
    root: Path,
    municipality: Path | None = None,
    *,
    unsaved: Mapping[str, bytes] = MappingProxyType({}),
    today: date | None = None,
) -> tuple[Content | None, tuple[Problem, ...]]:
    """The content, if it has no mistake of writing, and all its Problems, two codes that meet in a token too.

    `unsaved` are edited files by name, read instead of those on disk. `today` is for the age of sources.
    """
    content, problems = inspect(root, municipality, today=today or tokyo_today(), unsaved=unsaved)
    return content, (*(collisions(content) if content is not None else ()), *problems)
