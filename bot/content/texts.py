"""Which texts citizens read, and the filling of their placeholders.

Phones, sums, times and shops live in `facts.yaml`, what differs between cities in
`municipality.yaml`; texts name them as `{mynumber-line}` and `{city.phone}`. They are
filled when content loads, so nothing after loading knows of placeholders. What a wrong
name means for staff is for `checks.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.content.municipality import LISTS, Municipality
from bot.content.nodes import Path
from bot.content.schema import Kind
from bot.content.words import IN_JAPANESE, Words

PLACEHOLDER = re.compile(r"\{([^{}\n]*)\}")

_READ_BY_CITIZENS: dict[Kind, tuple[str, ...]] = {
    "entries": ("groups/*/title", "entries/*/question", "entries/*/short", "entries/*/answer", "entries/*/more"),
    "situations": (),
    "facts": (),
    "municipality": (),
    "notices": ("notices/*/text",),
    "vocabulary": ("smalltalk/*/reply",),
    "language": (),
    "plain": (),
    "flow": (
        "title",
        "start",
        "intro",
        "questions/*/ask",
        "questions/*/why",
        "questions/*/hints/*/text",
        "questions/*/short",
        "questions/*/choices/*/label",
        "routes/*/title",
        "routes/*/fee/text",
        "routes/*/steps/*/text",
        "routes/*/alternatives/*/if_text",
        "items/*/text",
        "items/*/note",
        "items/*/why",
        "notes/*/text",
    ),
}
CITY_NAMES = ("name", "phone", "hours", "dv_consult_phone", *LISTS)
"""The settings of a city that texts may name: each has words that are true without a city."""


@dataclass(frozen=True)
class Names:
    """What placeholders stand for."""

    facts: Mapping[str, str]
    municipality: Municipality
    words: Words = IN_JAPANESE

    def value(self, name: str) -> str | None:
        """The words for `{name}`, or None if there is no such name."""
        if name.startswith("city."):
            key = name.removeprefix("city.")
            return self.municipality.text(key, self.words) if key in CITY_NAMES else None
        return self.facts.get(name)

    def all(self) -> tuple[str, ...]:
        """Every name that texts may use."""
        return (*self.facts, *(f"city.{key}" for key in CITY_NAMES))

    def fill(self, text: str) -> str:
        """`text` with its placeholders filled; an unknown one stays."""
        return PLACEHOLDER.sub(lambda found: self.value(found[1]) or found[0], text)


def citizen_texts(kind: Kind, data: Any) -> Iterator[tuple[Path, str]]:
    """The texts of a file that citizens read, with their paths."""
    for pattern in _READ_BY_CITIZENS[kind]:
        yield from strings_at(data, pattern)


def strings_at(data: Any, pattern: str) -> Iterator[tuple[Path, str]]:
    """The texts at `pattern`: keys separated by `/`, where `*` is every element of a list or mapping."""
    for path, value in values_at(data, pattern):
        if isinstance(value, str):
            yield path, value


def values_at(data: Any, pattern: str) -> Iterator[tuple[Path, Any]]:
    """Like `strings_at`, for values of any shape. What is not there is passed over."""
    yield from _values_at(data, tuple(pattern.split("/")), ())


def _values_at(data: Any, steps: tuple[str, ...], path: Path) -> Iterator[tuple[Path, Any]]:
    if not steps:
        yield path, data
        return
    step, rest = steps[0], steps[1:]
    if step != "*":
        if isinstance(data, dict) and step in data:
            yield from _values_at(data[step], rest, (*path, step))
    elif isinstance(data, list):
        for number, one in enumerate(data):
            yield from _values_at(one, rest, (*path, number))
    elif isinstance(data, dict):
        for key, one in data.items():
            yield from _values_at(one, rest, (*path, key))


def copied(data: Any) -> Any:
    """A copy of a file's values, which are dicts and lists of texts."""
    if isinstance(data, dict):
        return {key: copied(one) for key, one in data.items()}
    if isinstance(data, list):
        return [copied(one) for one in data]
    return data


def filled(kind: Kind, data: Any, names: Names) -> Any:
    """A copy of a file's values with the placeholders of all citizen texts filled."""
    data = copied(data)
    for path, text in list(citizen_texts(kind, data)):
        if "{" in text:
            *parents, last = path
            holder = data
            for step in parents:
                holder = holder[step]
            holder[last] = names.fill(text)
    return data
