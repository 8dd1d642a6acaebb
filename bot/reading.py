"""Reads content in a process of its own, so that this one keeps the content and not what reading it left behind.

Parsing the files needs some 25 MB, of which Python gives little back; and while they are parsed, answers
wait for the interpreter. `python -m bot.reading ROOT [MUNICIPALITY]` is that process: it writes the Content, or
the problems that keep it from serving, to its standard output.
"""

from __future__ import annotations

import logging
import pickle
import subprocess
import sys
from pathlib import Path

from bot.content.loading import load
from bot.content.model import Content
from bot.content.problems import BrokenContent, Problem
from bot.dialogue.token import collisions

log = logging.getLogger(__name__)

_PATIENCE = 60
"""Seconds that reading may take."""


def read(root: Path, municipality: Path | None = None) -> Content:
    """The content under `root`, fit to serve. Raises BrokenContent."""
    content = load(root, municipality)
    if problems := collisions(content):
        raise BrokenContent(problems)
    return content


def read_apart(root: Path, municipality: Path | None = None) -> Content:
    """The same, read by a process of its own; by this one if that does not work. Raises BrokenContent."""
    given = [str(path.absolute()) for path in (root, municipality) if path is not None]
    try:
        found: Content | tuple[Problem, ...] = pickle.loads(  # noqa: S301 - written by this program a moment ago
            subprocess.run(  # noqa: S603 - this interpreter, this module
                [sys.executable, "-m", __name__, *given],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={"PYTHONPATH": str(Path(__file__).resolve().parents[1])},  # no secrets of ours
                timeout=_PATIENCE,
                check=True,
            ).stdout
        )
    except (OSError, subprocess.SubprocessError, pickle.UnpicklingError) as error:
        log.warning("reading in a process of its own failed: %s", type(error).__name__)
        return read(root, municipality)
    if isinstance(found, Content):
        return found
    raise BrokenContent(found)


def _main(root: str, municipality: str | None = None) -> None:
    found: Content | tuple[Problem, ...]
    try:
        found = read(Path(root), Path(municipality) if municipality else None)
    except BrokenContent as broken:
        found = broken.problems
    sys.stdout.buffer.write(pickle.dumps(found, pickle.HIGHEST_PROTOCOL))


if __name__ == "__main__":
    _main(*sys.argv[1:])
