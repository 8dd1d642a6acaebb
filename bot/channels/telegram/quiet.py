"""Keeps the log free of what must not be in it: texts, chat ids and the bot token."""

from __future__ import annotations

import logging
import re
import traceback
from pathlib import Path

_TOKEN = re.compile(r"\d{1,20}:[A-Za-z0-9_-]{20,}")


class Redact(logging.Filter):
    """Replaces anything that looks like a bot token in a record, and a traceback by its place."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = without_tokens(record.getMessage()), ()
        if record.exc_info and record.exc_info[1]:
            record.msg += f" ({describe(record.exc_info[1])})"
            record.exc_info = record.exc_text = None
        return True


def quieten() -> None:
    """Lets only warnings of the libraries through, without tokens and without exception messages.

    python-telegram-bot is silenced: it logs whole updates when it cannot read them, and what goes
    wrong in it reaches us as an exception anyway.
    """
    logging.getLogger("telegram").setLevel(logging.CRITICAL + 1)
    for name in ("httpx", "httpcore", "aiohttp.client", "aiohttp.internal", "aiohttp.server", "asyncio"):
        logger = logging.getLogger(name)
        logger.setLevel(logging.WARNING)
        if not any(isinstance(known, Redact) for known in logger.filters):
            logger.addFilter(Redact())


def without_tokens(text: str) -> str:
    """The text with `<token>` for whatever looks like a bot token."""
    return _TOKEN.sub("<token>", text)


def describe(error: BaseException) -> str:
    """An error's kind and place, without its message: that may hold what a citizen typed.

    Of a group the errors in it.
    """
    if isinstance(error, BaseExceptionGroup):
        return ", ".join(describe(one) for one in error.exceptions)
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{where}"
