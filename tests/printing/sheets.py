"""Results to print: of every route its wordiest one, under whichever municipality that is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from bot.content.loading import load
from bot.content.model import Content
from bot.dialogue.dates import TOKYO
from bot.dialogue.results import Results
from bot.dialogue.standing import Standing
from bot.dialogue.walk import Result, conclude, paths
from bot.printing.sheet import Sheet
from bot.settings import PROJECT

NOW = datetime(2026, 12, 1, 10, 0, tzinfo=TOKYO)
LINK = "https://pin.example.lg.jp/k/" + "AQAAAADcACKZ-YKv88S0h1raUjvpUw" * 2


@dataclass(frozen=True)
class Printed:
    """A sheet and the result on it."""

    name: str
    sheet: Sheet
    result: Result


@cache
def wordiest() -> tuple[Printed, ...]:
    """One sheet per route of every guide."""
    found: dict[str, tuple[int, Result, Path | None]] = {}
    for city, result in _results():
        name = f"{result.flow.id}/{result.route.id}"
        words = len(result.items) + len(result.notes) + len(result.steps)
        if name not in found or words > found[name][0]:
            found[name] = (words, result, city)
    return tuple(Printed(name, _sheet(result, city), result) for name, (_, result, city) in found.items())


@cache
def _content(city: Path | None) -> Content:
    return load(PROJECT, city)


def _results() -> Iterator[tuple[Path | None, Result]]:
    for city in (None, *sorted((PROJECT / "faq" / "samples").glob("*.yaml"))):
        content = _content(city)
        for flow in content.flows.values():
            for answers in paths(flow, content.municipality):
                result = conclude(flow, answers, content.municipality)
                if result.route.goto is None:
                    yield city, result


def _sheet(result: Result, city: Path | None) -> Sheet:
    content = _content(city)
    return Sheet(Results(content, Standing(content)).blocks(result, NOW), NOW.date(), LINK)
