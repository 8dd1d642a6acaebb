"""`run`: reads the content, then serves it until told to stop."""

from __future__ import annotations

import gc
import sys

from bot.dialogue.presenting import Operator
from bot.journal import keep_crashes_quiet, write_log
from bot.live import Live
from bot.memory import keep_large_apart, settle
from bot.settings import Settings

SWITCH_SECONDS = 0.0005
"""How long a thread waits for its turn. At Python's 0.005 the event loop, which lets go at each call of the system,
waits so long for each next turn while saved content is read in a thread beside it."""


YOUNG_OBJECTS = 20_000
"""How many objects are made before the garbage collector looks for circles among them. At Python's 700 it looks in the
middle of every third answer, at objects that are all in use: that was a twentieth of an answer's time."""


async def run(settings: Settings) -> int:
    """Serve until SIGTERM or SIGINT. Returns the exit code; raises ConfigurationError or BrokenContent.

    The channels and their libraries are imported once the content is read. Their code stays for good, and fills the
    gaps in memory that reading leaves, which nothing else would: 8 MB less.
    """
    write_log(settings.log)
    keep_crashes_quiet()
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.set_threshold(YOUNG_OBJECTS)
    keep_large_apart()
    operator = Operator(settings.operator, settings.contact, settings.collect)
    live = Live(settings.content, settings.municipality, operator, settings.learnt)
    from bot.serving import serve_all

    settle()
    return await serve_all(settings, live)
