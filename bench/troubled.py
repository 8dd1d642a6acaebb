"""The real program, in which everything goes wrong that can: `python -m bench.troubled run`.

With PYTHONASYNCIODEBUG=1 every logger is at DEBUG.

A text in which 困 and a number stand makes that trouble, with the text itself in the exception, the
log record or the warning. With 植 in it the text is planted in four places, which a search must
find: so a search that finds nothing is known to look. On SIGTERM the program ends by an exception
that holds the last text.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
import sys
import tempfile
import threading
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from prometheus_client import Counter

import bot.channels.telegram.bot
import bot.running
import bot.serving
from bot.cli import main
from bot.counting import Counting
from bot.dialogue.replies import Event, Said, Turn

PLANTED = Counter("canary_planted", "What a careless hand would count.", ["text"])
PLANTED_PLACES = ("log", "temporary file in UTF-16", "metric label", "state folder")
_last = ""


def _fail(text: str) -> NoReturn:
    raise RuntimeError(text)


async def _fail_later(text: str) -> NoReturn:
    raise RuntimeError(text)


class _Unraisable:
    def __init__(self, text: str) -> None:
        self.text = text

    def __del__(self) -> None:
        raise RuntimeError(self.text)


def _chained(text: str) -> NoReturn:
    try:
        raise KeyError(text)
    except KeyError as error:
        raise ValueError("see above") from error


def _grouped(text: str) -> NoReturn:
    raise ExceptionGroup(text, [RuntimeError(text), OSError(5, text, text)])


def _library_talks(text: str) -> None:
    address = f"https://api.telegram.org/bot{os.environ['TELEGRAM_BOT_TOKEN']}/sendMessage"
    logging.getLogger("httpx").info('HTTP Request: %s %s "%s"', "POST", address, text)
    logging.getLogger("telegram.Bot").debug("Calling Bot API endpoint with parameters %s", {"text": text})
    logging.getLogger("telegram.ext.Application").critical(f"No error handlers: {text}")  # as careless ones do
    try:
        _fail(text)
    except RuntimeError:
        logging.getLogger("aiohttp.server").exception("Error handling request %s", text, stack_info=True)


def _lost_task(text: str) -> None:
    asyncio.get_running_loop().create_task(_fail_later(text))


def _lost_thread(text: str) -> None:
    threading.Thread(target=_fail, args=(text,), name=text).start()


TROUBLES: tuple[Callable[[str], None], ...] = (
    _fail,
    _chained,
    _grouped,
    _library_talks,
    _lost_task,
    _lost_thread,
    lambda text: _Unraisable(text) and None,
    lambda text: asyncio.get_running_loop().call_soon(_fail, text) and None,
    lambda text: warnings.warn(text, stacklevel=2),
)
"""By number. Those that raise make an update fail, or a page answer 500."""


def _plant(text: str) -> None:
    logging.getLogger("bot.planted").error("careless: %s", text)
    Path(tempfile.mkstemp()[1]).write_text(text, "utf-16-le")
    PLANTED.labels(text).inc()
    Path(os.environ["MAINAKAGI_STATE_DIR"], "planted").write_text(text, "utf-8")


def make_trouble() -> None:
    """Put the troubles into the program."""
    respond, write_log = Counting.respond, bot.running.write_log

    def respond_(self: Counting, token: str | None, event: Event) -> Turn:
        global _last
        if isinstance(event, Said):
            _last = event.text
            if "植" in event.text:
                _plant(event.text)
            if found := re.search("困([0-9])", event.text):
                TROUBLES[int(found[1]) % len(TROUBLES)](event.text)
        return respond(self, token, event)

    def write_log_(form: str = "") -> None:
        write_log(form)
        if os.environ.get("PYTHONASYNCIODEBUG"):
            logging.getLogger().setLevel(logging.DEBUG)

    async def end_badly(stop: asyncio.Event) -> None:
        await stop.wait()
        raise RuntimeError(_last)

    running: Any = bot.running
    serving: Any = bot.serving
    Counting.respond = respond_  # type: ignore[method-assign]
    running.write_log, serving._tell_stopping = write_log_, end_badly
    bot.channels.telegram.bot.quieten = lambda: None


if __name__ == "__main__":
    make_trouble()
    sys.exit(main())
