"""Every regular expression of the program, against 4,096 hostile characters.

`python -m bench.patterns` prints the slowest in milliseconds of CPU and ends with 1 if one takes more
than 5. Patterns are all that the modules of `bot` hold at their top, also inside tuples and dicts, and
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
from pathlib import Path

import bot

LIMIT_MS = 5.0
LENGTH = 4096
SEEDS = (
    "1", "12", "1-", "1 ", "1.", "1、", "a", "a1", "a@", "a.", "a-", "-", " ", "　", "\n", "。", "、", "は", "の", "ー", "~",
    "一", "〇", "千", "①1", "いち", "いちに", "エー", "one ", "one-", "http://", "/", "//", "<", "&", "{", "}", "{a", "(", ")", "[",
    "「", "」", "●", "暗証番号", "暗証番号は", "パスワード", "番号", "その番号は、", "1234とか", "1234", "0120-95-0178", "1月", "1日",
    "年", "円", "時", "10:", "A", "あ", "ア", "ｱ", "漢", "\u200b", "\ud800", "😀", "=", ":", "#", "|", ",", "'", '"', "ab12",
    "母の", "ロック", "わからない", "です", "ます", "1つ", "9時", "月曜", "/start ", "@bot", "_", "+", "*", "?", "http://a.a", "https://a/",
)  # fmt: skip


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Every pattern with the module it is in."""
    seen: set[tuple[str, int]] = set()
    for module in pkgutil.walk_packages(bot.__path__, "bot."):
        if module.name == "bot.__main__":
            continue
        loaded = importlib.import_module(module.name)
        found = [*_in(list(vars(loaded).values())), *_written(Path(loaded.__file__ or ""))]
        for pattern in found:
            if isinstance(pattern.pattern, str) and (pattern.pattern, pattern.flags) not in seen:
                seen.add((pattern.pattern, pattern.flags))
                yield module.name, pattern


def _in(value: object, depth: int = 0) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        yield value
    elif depth < 3 and isinstance(value, list | tuple | set | frozenset | dict):
        for one in [*value.keys(), *value.values()] if isinstance(value, dict) else value:
            yield from _in(one, depth + 1)


def _written(path: Path) -> Iterator[re.Pattern[str]]:
    """Patterns given as a literal to a function of `re`."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "re"
            and node.args
            and isinstance(node.args[0], ast.Constant)
            and isinstance(node.args[0].value, str)
        ):
            yield re.compile(node.args[0].value)


def hostile(seeds: tuple[str, ...] = SEEDS, length: int = LENGTH) -> Iterator[str]:
    """Texts of so many characters: one seed over and over, also with an end that fits nothing."""
    for seed in seeds:
        text = (seed * length)[:length]
        yield text
        yield text[:-1] + "\x01"


def milliseconds(pattern: re.Pattern[str], text: str) -> float:
    """CPU of finding every match, and of matching the whole; the least of two tries."""
    least = float("inf")
    for _ in range(2):
        began = time.process_time()
        for _match in pattern.finditer(text):
            pass
        pattern.fullmatch(text)
        least = min(least, (time.process_time() - began) * 1000)
        if least < LIMIT_MS / 5:
            break
    return least


def main() -> int:
    worst = []
    for module, pattern in patterns():
        slowest = max(((milliseconds(pattern, text), text[:8]) for text in hostile()), key=lambda one: one[0])
        worst.append((*slowest, module, pattern.pattern[:70]))
    worst.sort(reverse=True)
    for taken, seed, module, pattern_ in worst[:12]:
        print(f"{taken:6.2f} ms  {module}  {seed!r}  {pattern_!r}")
    above = sum(taken > LIMIT_MS for taken, *_ in worst)
    print(f"{len(worst)} patterns, {2 * len(SEEDS)} texts of {LENGTH:,} characters: {above} above {LIMIT_MS} ms")
    return 1 if above else 0


if __name__ == "__main__":
    sys.exit(main())
