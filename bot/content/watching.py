"""What changed since the last look: which files were saved, which Problems came and went."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.content.problems import Problem

LOOK_EVERY = 0.2
"""Seconds between two looks at the folder."""

Stamp = frozenset[tuple[str, int, int]]


@dataclass(frozen=True)
class News:
    """The Problems since the last save: `came` are new, `went` are solved, `now` are all there are."""

    came: tuple[Problem, ...]
    went: tuple[Problem, ...]
    now: tuple[Problem, ...]


def stamp(root: Path, municipality: Path | None = None) -> Stamp:
    """When each file was last saved, and its size: another value means that something was saved."""
    files = [*(root / "faq").glob("*"), *(root / "flows").glob("*")]
    if municipality is not None:
        files.append(municipality)
    stamps = set()
    for file in files:
        try:
            status = file.stat()
        except FileNotFoundError:  # saved by renaming, just now
            continue
        stamps.add((str(file), status.st_mtime_ns, status.st_size))
    return frozenset(stamps)


def news(before: Sequence[Problem], now: Sequence[Problem]) -> News:
    """What came and what went. A Problem that only moved to another line is neither."""
    known, left = Counter(map(_gist, before)), Counter(map(_gist, now))
    return News(tuple(_beyond(now, known)), tuple(_beyond(before, left)), tuple(now))


def _gist(problem: Problem) -> tuple[str, str, str]:
    return problem.file, problem.rule, problem.message


def _beyond(problems: Sequence[Problem], known: Counter[tuple[str, str, str]]) -> Iterator[Problem]:
    rest = known.copy()
    for problem in problems:
        if rest[_gist(problem)] > 0:
            rest[_gist(problem)] -= 1
        else:
            yield problem


def watch(look: Callable[[], Sequence[Problem]], stamped: Callable[[], Stamp]) -> Iterator[News]:
    """The Problems now, then the news after each save, without end."""
    seen = stamped()
    told = tuple(look())
    yield News(told, (), told)
    while True:
        time.sleep(LOOK_EVERY)
        if (stamp_now := stamped()) == seen:
            continue
        seen = stamp_now
        now = tuple(look())
        yield news(told, now)
        told = now
