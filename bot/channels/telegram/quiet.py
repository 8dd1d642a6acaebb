"""Keeps the log free of what must not be in it: texts, chat ids and the bot token."""

from __future__ import annotations

import logging
import re
import traceback
from pathlib import Path

_TOKEN = re.compile(r"\b(?:bot)?\d{3,}:[A-Za-z0-9_-]{3,}")


class RedactToken(logging.Filter):
    """Replaces anything that looks like a bot token in a record, its traceback included."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = _TOKEN.sub("<token>", record.getMessage()), ()
        if record.exc_info:
            record.exc_text = None
            record.exc_info = None
            record.msg += " (traceback left out)"
        return True


def quieten() -> None:
    """Lets only warnings of the libraries through, and those without token and traceback."""
    for name in ("telegram", "httpx", "httpcore", "aiohttp.client", "aiohttp.internal", "asyncio"):
        logger = logging.getLogger(name)
        logger.setLevel(logging.WARNING)
        if not any(isinstance(filter_, RedactToken) for filter_ in logger.filters):
            logger.addFilter(RedactToken())


def describe(error: BaseException) -> str:
    """An error's kind and place, without its message: that may hold what a citizen typed."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{where}"
