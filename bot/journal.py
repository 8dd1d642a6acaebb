"""Log lines: one JSON object each for a machine, plain lines at a terminal.

The standard library's `logging` with a formatter of our own: structlog would be one more
dependency for what these lines need. Whatever a library logs, no exception message gets out,
since it may quote what a citizen typed: only the kind of the exception and its place.
"""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

from bot.channels.telegram.quiet import describe

PLAIN = "%(asctime)s %(levelname)s %(name)s %(message)s"


class JsonLines(logging.Formatter):
    """`{"at": …, "level": …, "logger": …, "message": …, "error": …}`; the time in UTC with milliseconds."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info and record.exc_info[1]:
            line["error"] = describe(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


class PlainLines(logging.Formatter):
    """The same for a person."""

    def __init__(self) -> None:
        super().__init__(PLAIN)

    def formatException(self, ei: object) -> str:
        error = ei[1] if isinstance(ei, tuple) else None
        return describe(error) if isinstance(error, BaseException) else ""


def write_log(form: str = "") -> None:
    """Log to stderr. `form` is `json` or `plain`; else JSON unless stderr is a terminal."""
    handler = logging.StreamHandler()
    plain = form == "plain" or (form != "json" and sys.stderr.isatty())
    handler.setFormatter(PlainLines() if plain else JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
