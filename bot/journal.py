"""Log lines: one JSON object each for a machine, plain lines at a terminal; and what a crash may say.

The standard library's `logging` with a formatter of our own: structlog would be one more
dependency for what these lines need. Nothing that a citizen typed, no token and no chat gets out,
whoever logs it and at whatever level:

- Our own loggers (`bot.…`) say fixed sentences with names of ours in them; tests/security reads
  every call of theirs.
- What a library says may quote anything (httpx quotes the address with the token, asyncio's debug
  mode the arguments of a call), so it is replaced by the place that says it.
- Of an exception only kind and place are told, never the message, also where it ends the process.
- A crash leaves no core dump: that would hold the memory.
"""

from __future__ import annotations

import json
import logging
import resource
import sys
import threading
from datetime import UTC, datetime

from bot.channels.telegram.quiet import describe, without_tokens

PLAIN = "%(asctime)s %(levelname)s %(name)s %(message)s"

log = logging.getLogger(__name__)


class JsonLines(logging.Formatter):
    """`{"at": …, "level": …, "logger": …, "message": …, "error": …}`; the time in UTC with milliseconds."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _message(record),
        }
        if record.exc_info and record.exc_info[1]:
            line["error"] = describe(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


class PlainLines(logging.Formatter):
    """The same for a person."""

    def format(self, record: logging.LogRecord) -> str:
        line = [self.formatTime(record), record.levelname, record.name, _message(record)]
        if record.exc_info and record.exc_info[1]:
            line.append(f"({describe(record.exc_info[1])})")
        return " ".join(line)


def write_log(form: str = "") -> None:
    """Log to stderr. `form` is `json` or `plain`; else JSON unless stderr is a terminal."""
    handler = logging.StreamHandler()
    plain = form == "plain" or (form != "json" and sys.stderr.isatty())
    handler.setFormatter(PlainLines() if plain else JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.captureWarnings(True)


def keep_crashes_quiet() -> None:
    """From now on whatever ends the process, a thread or a destructor is one log line, and no core is dumped.

    The limit also holds for systemd-coredump and apport, which are handed the core but heed it.
    """
    sys.excepthook = lambda kind, error, trace: log.critical("ended by %s", describe(error))
    threading.excepthook = lambda hook: log.error("a thread ended by %s", _told(hook.exc_value))
    sys.unraisablehook = lambda hook: log.error("ignored: %s", _told(hook.exc_value))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _told(error: BaseException | None) -> str:
    return describe(error) if error is not None else "nothing that is known"


def _message(record: logging.LogRecord) -> str:
    if record.name.partition(".")[0] == "bot":
        return without_tokens(record.getMessage())
    return f"{record.filename}:{record.lineno}"
