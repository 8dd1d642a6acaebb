"""SudachiPy's small dictionary: a packed one (packing.py) if there is one, else as it was installed.

A packed one is data only: `system.dic`, and `unk.def` with its ids of classes. What decides which code runs and which
other files are read, `sudachi.json`, is the installed one, with absolute paths; nothing else in the folder is read.
"""

from __future__ import annotations

import json
import logging
import os
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

from sudachipy import Dictionary

log = logging.getLogger(__name__)

SYSTEM, UNKNOWN = "system.dic", "unk.def"
_LAYOUT = 2
"""Of a packed one; another number is another folder."""

_packed_in: Path | None = None


def look_in(folder: Path) -> None:
    """Let the dictionary be opened from this folder, if it is there; before any text is read."""
    global _packed_in
    _packed_in = folder


@cache
def dictionary() -> Dictionary:
    """The dictionary: packed, if there is such a one, else as installed."""
    found = map(opened, (place(folder) for folder in (Path(__file__).parent, _packed_in) if folder))
    return next(filter(None, found), None) or installed()


@cache
def installed() -> Dictionary:
    """The dictionary as it was installed."""
    return Dictionary(dict="small")


def is_packed(folder: Path) -> bool:
    """Whether there is one that opens, here or where this was installed."""
    return any(opened(place(where)) for where in (folder, Path(__file__).parent))


def place(folder: Path) -> Path:
    """Where in this folder a packed one is."""
    versions = "-".join(version(package) for package in ("SudachiPy", "sudachidict-small"))
    return folder.absolute() / f"sudachi-{_LAYOUT}-{versions}"


def opened(place: Path) -> Dictionary | None:
    """The packed one in this place; None if it is missing, damaged, or others may have changed it."""
    if not _is_ours(place):
        return None
    try:
        return Dictionary(
            config=_config(place / UNKNOWN), resource_dir=str(resources("sudachipy")), dict=str(place / SYSTEM)
        )
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic in Rust is no Exception
        log.warning("the packed dictionary cannot be opened: %s", type(error).__name__)
        return None


def _is_ours(place: Path) -> bool:
    """Whether it was packed by this user or by root, whole, and nobody else may have changed it."""
    try:
        folder, *data = [path.lstat() for path in (place, place / SYSTEM, place / UNKNOWN)]
    except OSError:
        return False
    is_ours = all(one.st_uid in (0, os.getuid()) and not one.st_mode & 0o022 for one in (folder, *data))
    return is_ours and all(one.st_size > 0 for one in data)


def _config(unknown: Path) -> str:
    """The installed configuration, for the classes of a packed one."""
    config = installed_config()
    rules = resources("sudachipy")
    config["characterDefinitionFile"] = str(rules / config["characterDefinitionFile"])
    left, right = default_ids(unknown.read_text("utf-8"))
    for plugin in config["oovProviderPlugin"]:
        if "unkDef" in plugin:
            plugin["charDef"], plugin["unkDef"] = str(rules / plugin["charDef"]), str(unknown)
        if "leftId" in plugin:
            plugin["leftId"], plugin["rightId"] = left, right
    return json.dumps(config)


def installed_config() -> dict[str, Any]:
    """What `sudachi.json` says, as installed."""
    config: dict[str, Any] = json.loads((resources("sudachipy") / "sudachi.json").read_bytes())
    return config


def default_ids(unknown: str) -> tuple[int, int]:
    """The left and the right class of the words that are like no others, of an `unk.def`. Raises ValueError."""
    for line in unknown.splitlines():
        name, left, right, _ = line.split(",", 3)
        if name == "DEFAULT":
            return int(left), int(right)
    raise ValueError("no row DEFAULT")


def resources(package: str) -> Path:
    """The folder with a package's data."""
    return Path(str(files(package))) / "resources"
