"""Adds wordings that teach something: `python -m bench.matching.adding FILE … --sets SET.tsv …`.

A file is a table of questions (`.tsv`, the lines with one label), or maps ids of entries to lists of texts (`.yaml`).
They go to the situations; those of `none` to the vocabulary's examples of what is out of scope. Left out are, in this
order: what is known already; what is too close to a line of a set (`bench/leak`), or has four digits in a row; and
what the matcher decides rightly without it by far, since that only makes learning longer. File after file: what is
taken from the first is known when the second is looked at. The rest goes to the end of its list.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import yaml

from bench.leaking import too_close
from bot.content.loading import SITUATIONS, VOCABULARY, load
from bot.content.model import Content
from bot.matching import decision
from bot.matching.matcher import TrainedMatcher
from bot.matching.normalise import bare, clean
from bot.review.evaluate import CLARIFY, NONE, read_questions
from bot.settings import PROJECT

SURE = 0.97
"""Of 8,477 wordings 5,032 are left by this, and the question sets are answered as well."""
SURE_OUT = 0.05
"""The same chance of being in scope for what is out of it."""
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
        new = dict(_new(_given(path), content, lines, left))
        outside = new.pop(NONE, [])
        _write(SITUATIONS, with_wordings(_read(SITUATIONS), new))
        _write(VOCABULARY, with_examples(_read(VOCABULARY), outside))
        added = sum(map(len, new.values()))
        print(f"{path}: {added} added, and {len(outside)} out of scope; left out: {dict(left)}", flush=True)


def _read(name: str) -> str:
    return (PROJECT / name).read_text("utf-8")


def _write(name: str, text: str) -> None:
    (PROJECT / name).write_text(text, "utf-8")


def _given(path: Path) -> dict[str, list[str]]:
    if path.suffix != ".tsv":
        return {entry_id: list(texts) for entry_id, texts in yaml.safe_load(path.read_text("utf-8")).items()}
    given: dict[str, list[str]] = {}
    for question in read_questions(path):
        if len(question.label) == 1 and CLARIFY not in question.label:
            given.setdefault(min(question.label), []).append(question.text)
    return given


def _new(
    given: Mapping[str, Sequence[str]], content: Content, lines: Sequence[str], left: Counter[str]
) -> Iterable[tuple[str, list[str]]]:
    matcher = TrainedMatcher(content)
    known = {bare(clean(text)) for entry in content.entries for text in (entry.question, *entry.also_asked)}
    known |= {bare(clean(text)) for texts in content.situations.values() for text in texts}
    known |= {bare(clean(text)) for text in content.vocabulary.out_of_scope}
    close = too_close(lines)
    for entry_id, texts in given.items():
        if entry_id != NONE and content.entry(entry_id) is None:
            left[f"no entry {entry_id}"] += len(texts)
            continue
        taken = []
        for text in map(str.strip, texts):
            signals, best = matcher.measure(text)
            if bare(clean(text)) in known:
                left["known"] += 1
            elif close(text) or _DIGITS.search(text):
                left["close to a set, or digits"] += 1
            elif (
                decision.IN_SCOPE.of(signals) <= SURE_OUT
                if entry_id == NONE
                else best == entry_id and decision.RIGHT.of(signals) >= SURE
            ):
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
            written += _items(waiting.pop(current, ()), 4)
            current = begins[1]
        written.append(line)
    written.pop()
    for entry_id, texts in waiting.items():
        written += [f"  {entry_id}:", *_items(texts, 4)] if texts else []
    return "\n".join(written) + "\n"


def with_examples(file: str, outside: Sequence[str]) -> str:
    """The text of the vocabulary with more lines at the end of its examples of what is out of scope."""
    lines = file.splitlines()
    begin = lines.index("out_of_scope:") + 1
    end = next((at for at in range(begin, len(lines)) if not lines[at].startswith("  - ")), len(lines))
    return "\n".join([*lines[:end], *_items(outside, 2), *lines[end:]]) + "\n"


def _items(texts: Iterable[str], indent: int) -> list[str]:
    return [" " * indent + '- "' + text.replace("\\", "\\\\").replace('"', '\\"') + '"' for text in texts]


if __name__ == "__main__":
    main()
