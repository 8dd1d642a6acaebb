"""Every regular expression of the program, against 4,096 hostile characters.

`python -m bench.patterns` prints the slowest in milliseconds of CPU and ends with 1 if one takes more
than 5, or the whole guard, which reads every text first, more than 10. Patterns are all that the modules of `bot` hold at their top, also inside tuples and dicts, and
all that they compile or match by literal in a function.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bot
from bot.dialogue.guard import guard

LIMIT_MS = 5.0
GUARD_LIMIT_MS = 10.0
LENGTH = 4096
SEEDS = (
    "1", "12", "1-", "1 ", "1.", "1、", "a", "a1", "a@", "a.", "a-", "-", " ", "　", "\n", "。", "、", "は", "の", "ー", "~",
    "一", "〇", "千", "①1", "いち", "いちに", "エー", "one ", "one-", "http://", "/", "//", "<", "&", "{", "}", "{a", "(", ")", "[",
    "「", "」", "●", "暗証番号", "暗証番号は", "パスワード", "番号", "その番号は、", "1234とか", "1234", "0120-95-0178", "1月", "1日",
    "年", "円", "時", "10:", "A", "あ", "ア", "ｱ", "漢", "\u200b", "\ud800", "😀", "=", ":", "#", "|", ",", "'", '"', "ab12",
    "母の", "ロック", "わからない", "です", "ます", "1つ", "9時", "月曜", "/start ", "@bot", "_", "+", "*", "?", "http://a.a", "https://a/",
)  # fmt: skip
FINDS = (
    "ABC123 ", "taro1234とか", "パスワードABC123", "暗証番号1234とか", "8512みたい", "8512って入れた。", "8512、", "123 ", "1234 5678 9012 ",
    "口座1234567 ", "電話03-1234-5678 ", "a@gmail.com ", "a アット gmail.com ", "はちごーいちにー ", "最初が85次が12", "千二百三十四 ",
    "「build 8512」", "2027に切れる", "①8512", "詐欺a@b.com ", "sakura 39 がパスワード、", "エービーシー123 ", "4-5-0-6。",
)  # fmt: skip
"""What the guard finds, over and over: each find is judged."""


@dataclass(frozen=True)
class Use:
    """A pattern of a module; `anchored` if it is only ever matched from the start of a text."""

    module: str
    pattern: re.Pattern[str]
    anchored: bool


def uses() -> Iterator[Use]:
    """Every pattern of the program, once."""
    seen: set[tuple[str, int]] = set()
    for module in pkgutil.walk_packages(bot.__path__, "bot."):
        if module.name == "bot.__main__":
            continue
        loaded = importlib.import_module(module.name)
        source = Path(loaded.__file__ or "").read_text("utf-8")
        for pattern, anchored in [*_held(vars(loaded), source), *_written(source)]:
            if isinstance(pattern.pattern, str) and (pattern.pattern, pattern.flags) not in seen:
                seen.add((pattern.pattern, pattern.flags))
                yield Use(module.name, pattern, anchored)


def _held(names: dict[str, Any], source: str) -> Iterator[tuple[re.Pattern[str], bool]]:
    for name, value in list(names.items()):
        methods = set(re.findall(rf"\b{name}\.(\w+)", source))
        for pattern in _in(value):
            yield pattern, bool(methods) and methods <= {"match", "fullmatch", "pattern"}


def _in(value: object, depth: int = 0) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        yield value
    elif depth < 3 and isinstance(value, list | tuple | set | frozenset | dict):
        for one in [*value.keys(), *value.values()] if isinstance(value, dict) else value:
            yield from _in(one, depth + 1)


def _written(source: str) -> Iterator[tuple[re.Pattern[str], bool]]:
    """Patterns given as a literal to a function of `re`."""
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "re"
            and node.func.attr != "compile"
            and node.args
            and isinstance(node.args[0], ast.Constant)
            and isinstance(node.args[0].value, str)
        ):
            yield re.compile(node.args[0].value), node.func.attr in ("match", "fullmatch")


def hostile(seeds: tuple[str, ...] = SEEDS, length: int = LENGTH) -> Iterator[str]:
    """Texts of so many characters: one seed over and over, also with an end that fits nothing."""
    for seed in seeds:
        text = (seed * length)[:length]
        yield text
        yield text[:-1] + "\x01"


def milliseconds(use: Use, text: str) -> float:
    """CPU of finding every match, unless the pattern is anchored, and of matching; the least of three tries."""
    least = float("inf")
    for _ in range(3):
        began = time.process_time()
        if not use.anchored:
            for _match in use.pattern.finditer(text):
                pass
        use.pattern.match(text)
        use.pattern.fullmatch(text)
        least = min(least, (time.process_time() - began) * 1000)
        if least < LIMIT_MS / 2:
            break
    return least


def guarding(text: str) -> float:
    """Milliseconds of CPU of the whole guard; the least of three tries."""
    tries = []
    for _ in range(3):
        began = time.process_time()
        guard(text)
        tries.append((time.process_time() - began) * 1000)
    return min(tries)


def main() -> int:
    worst = []
    for use in uses():
        slowest = max(((milliseconds(use, text), text[:8]) for text in hostile()), key=lambda one: one[0])
        worst.append((*slowest, use.module, use.pattern.pattern[:90]))
    worst.sort(reverse=True)
    for taken, seed, module, pattern_ in worst[: max(12, sum(taken > LIMIT_MS for taken, *_ in worst))]:
        print(f"{taken:6.2f} ms  {module}  {seed!r}  {pattern_!r}")
    above = sum(taken > LIMIT_MS for taken, *_ in worst)
    print(f"{len(worst)} patterns, {2 * len(SEEDS)} texts of {LENGTH:,} characters: {above} above {LIMIT_MS} ms")
    taken, seed = max((guarding(text), text[:8]) for text in [*hostile(), *hostile(FINDS)])
    print(f"{taken:6.2f} ms  the whole guard  {seed!r}, at most {GUARD_LIMIT_MS} ms")
    return 1 if above or taken > GUARD_LIMIT_MS else 0


if __name__ == "__main__":
    sys.exit(main())
