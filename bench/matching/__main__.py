"""Everything about matching in one command, with a table per part and a picture.

    python -m bench.matching [--content ROOT] [--scale] [--picture FILE.svg] QUESTIONS.tsv …

Parts: side by side with simpler matchers (`compare.py`), per style, with fewer wordings, with
the wordings of one style taken away, and, with `--scale`, how time and memory grow with the
wordings. Thresholds and coefficients are the ones in the code (`calibrate.py` estimates them).
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from bench.matching.compare import Row, measure_all, rendered
from bench.matching.picture import draw
from bot.content.loading import load
from bot.content.model import Content
from bot.matching.matcher import TrainedMatcher
from bot.review.evaluate import Labelled, figures, judge, read_questions

_SHOWN = ("top1", "top3", "right_at_once", "right_or_offered", "wrong_of_all", "none_answered", "clarify_answered")
_STYLES: dict[str, Callable[[str], bool]] = {
    "kana": lambda text: re.fullmatch(r"[ぁ-ヿー\s、。？！?!]+", text) is not None,
    "romaji": lambda text: text.isascii(),
    "halfwidth": lambda text: re.search(r"[ｦ-ﾟ]", text) is not None,
    "mixed-english": lambda text: re.search(r"[a-zA-Z]{3,}", text) is not None and not text.isascii(),
    "keywords": lambda text: re.search(r"\S[ 　]\S", text) is not None and not text.isascii(),
    "polite-long": lambda text: len(text) > 60,
}
"""Which wordings of the FAQ are written in a style of the question sets, as far as letters show it."""


def measured(content: Content, lines: Sequence[Labelled]) -> dict[str, Any]:
    """The figures of `evaluate` for a matcher built from this content."""
    return figures(judge(lines, SimpleNamespace(content=content, matcher=TrainedMatcher(content))))


def with_wordings(content: Content, kept: Callable[[str], bool]) -> Content:
    """The content with only the `also_asked` that are kept."""
    entries = tuple(e.model_copy(update={"also_asked": tuple(filter(kept, e.also_asked))}) for e in content.entries)
    return content.model_copy(update={"entries": entries})


def share(content: Content, part: float) -> Content:
    """The content with a share of the `also_asked`, drawn with a fixed seed."""
    rng = random.Random(7)
    return with_wordings(content, lambda _: rng.random() < part)


def line_of(name: str, found: dict[str, Any]) -> str:
    """One row of a table of figures."""
    values = " | ".join("-" if found[key] is None else f"{found[key]:.3f}" for key in _SHOWN)
    pin = found["pin"]
    return f"| {name} | {values} | {pin['right']}/{pin['wrong']}/{pin['silent']} |"


def head(title: str) -> str:
    """The head of a table of figures."""
    return f"| {title} | {' | '.join(_SHOWN)} | pin right/wrong/silent |\n|---|{'---|' * (len(_SHOWN) + 1)}"


def styles(content: Content, lines: Sequence[Labelled]) -> Iterator[str]:
    """Top-1 by style: as it is, and without the wordings that are written in that style."""
    yield "| style | lines | top1 | right_or_offered | wrong | wordings taken away | top1 without them |"
    yield "|---|---|---|---|---|---|---|"
    for style, row in measured(content, lines)["by_style"].items():
        taken = without = ""
        if is_so := _STYLES.get(style):
            fewer = with_wordings(content, lambda text, is_so=is_so: not is_so(text))  # type: ignore[misc]
            taken = str(sum(is_so(text) for entry in content.entries for text in entry.also_asked))
            without = f"{measured(fewer, [line for line in lines if line.style == style])['top1']:.3f}"
        top1 = "-" if row["top1"] is None else f"{row['top1']:.3f}"
        offered = "-" if row["right_or_offered"] is None else f"{row['right_or_offered']:.3f}"
        yield f"| {style} | {row['lines']} | {top1} | {offered} | {row['wrong']} | {taken} | {without} |"


def scaled(content: Content, count: int) -> Content:
    """The content with so many wordings: drawn from its own, or two of one topic joined."""
    rng = random.Random(count)
    total = sum(1 + len(entry.also_asked) for entry in content.entries)
    entries = []
    for entry in content.entries:
        wanted = max(1, round(count * (1 + len(entry.also_asked)) / total)) - 1
        own = list(entry.also_asked)
        rng.shuffle(own)
        made = own[:wanted]
        while len(made) < wanted:
            first, second = rng.choice(own), rng.choice(own)
            made.append(first[: rng.randrange(3, len(first) + 1)] + second[rng.randrange(len(second)) :])
        entries.append(entry.model_copy(update={"also_asked": tuple(made)}))
    return content.model_copy(update={"entries": tuple(entries)})


def scale(content: Content, lines: Sequence[Labelled], counts: Sequence[int]) -> Iterator[str]:
    """Time and memory with so many wordings."""
    yield "| wordings | build s | p50 ms | p99 ms | own memory more MB |"
    yield "|---|---|---|---|---|"
    for count in counts:
        larger = scaled(content, count)
        before = _own_memory()
        begin = time.perf_counter()
        matcher = TrainedMatcher(larger)
        built = time.perf_counter() - begin
        size = _own_memory() - before
        spent = []
        for line in lines:
            begin = time.perf_counter()
            matcher.understand(line.text)
            spent.append((time.perf_counter() - begin) * 1000)
        p50, p99 = np.percentile(spent, [50, 99])
        yield f"| {count:,} | {built:.1f} | {p50:.1f} | {p99:.1f} | {size:.0f} |"


def _own_memory() -> float:
    """The memory of this process that it shares with no other, in MB (Linux)."""
    sizes = re.findall(r"^Private_\w+:\s+(\d+) kB", Path("/proc/self/smaps_rollup").read_text(), re.MULTILINE)
    return sum(map(int, sizes)) / 1000


def main() -> int:
    """Print all parts. Returns 0."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("questions", type=Path, nargs="+")
    parser.add_argument("--content", type=Path, default=Path("."))
    parser.add_argument("--scale", type=int, nargs="*", help="numbers of wordings; none given: 100 to 100,000")
    parser.add_argument("--picture", type=Path, help="an SVG of the first set")
    chosen = parser.parse_args()
    content = load(chosen.content)
    rows: dict[str, list[Row]] = {}
    for path in chosen.questions:
        lines = read_questions(path)
        print(f"\n## {path.name}: {len(lines)} lines\n", flush=True)
        rows[path.name] = []
        for row in measure_all(content, lines):
            rows[path.name] += [row] if isinstance(row, Row) else []
            print(rendered(row), flush=True)
        print(f"\n{head('wordings')}", flush=True)
        for name, part in (("all", 1.0), ("half", 0.5), ("a quarter", 0.25)):
            print(line_of(name, measured(share(content, part), lines)), flush=True)
        print(flush=True)
        for text in styles(content, lines):
            print(text, flush=True)
    if chosen.scale is not None:
        print(flush=True)
        for text in scale(content, read_questions(chosen.questions[0]), chosen.scale or (100, 1000, 10_000, 100_000)):
            print(text, flush=True)
    if chosen.picture:
        chosen.picture.parent.mkdir(parents=True, exist_ok=True)
        chosen.picture.write_text(draw(rows), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
