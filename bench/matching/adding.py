"""Adds wordings that teach something to the situations: `python -m bench.matching.adding FILE.yaml … --sets SET.tsv …`.

A file maps ids of entries to lists of texts. Of these are left out, in this order: what is known
already; what is too close to a line of a set (`bench/leak`), or has four digits in a row; and what the matcher
answers rightly without it at a chance of `SURE`, since that only makes learning longer. File after file: what is
taken from the first is known when the second is looked at. The rest goes to the end of its entry's list.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import yaml

from bench.leaking import too_close
from bot.content.loading import SITUATIONS, load
from bot.content.model import Content
from bot.matching import decision
from bot.matching.matcher import TrainedMatcher
from bot.matching.normalise import bare, clean
from bot.review.evaluate import read_questions
from bot.settings import PROJECT

SURE = 0.97
"""Of 8,477 wordings 5,032 are left by this, and the question sets are answered as well."""
_DIGITS = re.compile(r"\d{4}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wordings", type=Path, nargs="+")
    parser.add_argument("--sets", type=Path, nargs="*", default=[])
    options = parser.parse_args()
    lines = [question.text for path in options.sets for question in read_questions(path)]
    for path in options.wordings:
        content = load(PROJECT)
        left = Counter[str]()
        new = dict(_new(yaml.safe_load(path.read_text("utf-8")), content, lines, left))
        file = PROJECT / SITUATIONS
        file.write_text(with_wordings(file.read_text("utf-8"), new), "utf-8")
        print(f"{path}: {sum(map(len, new.values()))} added, left out: {dict(left)}", flush=True)


def _new(
    given: Mapping[str, Sequence[str]], content: Content, lines: Sequence[str], left: Counter[str]
) -> Iterable[tuple[str, list[str]]]:
    matcher = TrainedMatcher(content)
    known = {bare(clean(text)) for entry in content.entries for text in (entry.question, *entry.also_asked)}
    known |= {bare(clean(text)) for texts in content.situations.values() for text in texts}
    close = too_close(lines)
    for entry_id, texts in given.items():
        if content.entry(entry_id) is None:
            left[f"no entry {entry_id}"] += len(texts)
            continue
        taken = []
        for text in map(str.strip, texts):
            signals, best = matcher.measure(text)
            if bare(clean(text)) in known:
                left["known"] += 1
            elif close(text) or _DIGITS.search(text):
                left["close to a set, or digits"] += 1
            elif best == entry_id and decision.RIGHT.of(signals) >= SURE:
                left["sure without it"] += 1
            else:
                known.add(bare(clean(text)))
                taken.append(text)
        yield entry_id, taken


def with_wordings(file: str, new: Mapping[str, Sequence[str]]) -> str:
    """The text of the situations file with more lines at the end of each entry's list."""
    waiting = dict(new)
    written: list[str] = []
    current = ""
    for line in [*file.splitlines(), "  :"]:
        if begins := re.fullmatch(r"  ([a-z-]*):", line):
            written += _items(waiting.pop(current, ()))
            current = begins[1]
        written.append(line)
    written.pop()
    for entry_id, texts in waiting.items():
        written += [f"  {entry_id}:", *_items(texts)] if texts else []
    return "\n".join(written) + "\n"


def _items(texts: Iterable[str]) -> list[str]:
    return ['    - "' + text.replace("\\", "\\\\").replace('"', '\\"') + '"' for text in texts]


if __name__ == "__main__":
    main()
