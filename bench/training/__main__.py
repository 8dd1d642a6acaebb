"""Teaches the judges that are kept as files: `python -m bench.training guard|asked [--without AUTHOR …]`.

With `--without` no file is written: the sentences of those authors are left out and judged afterwards. So
one sees what a judge does with an author it has never seen. `python -m bench.training asked --each` does so with
each author in turn and says how the PINs are read (8 minutes), `--far SET.tsv …` how those lines of a set are read
that are close to none that was taught.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from bench.training import asked, guard
from bench.training.fitting import Lesson, chances, fit
from bot.matching.logistic import save


def main() -> None:
    schools = {"guard": guard, "asked": asked}
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("judge", choices=sorted(schools))
    parser.add_argument("--without", metavar="AUTHOR", nargs="+", default=[])
    parser.add_argument("--each", action="store_true")
    parser.add_argument("--far", metavar="SET.tsv", type=Path, nargs="+", default=[])
    options = parser.parse_args()
    if options.each or options.far:
        if options.judge != "asked" or options.without or (options.each and options.far):
            parser.error("--each and --far read PINs, each alone: asked --each, asked --far SET.tsv")
        _read(asked.read_by_others() if options.each else ((file.stem, asked.read_far(file)) for file in options.far))
        return
    school = schools[options.judge]
    if unknown := set(options.without) - set(school.AUTHORS):
        parser.error(f"no such author: {', '.join(sorted(unknown))}; there are {', '.join(sorted(school.AUTHORS))}")
    for file, lesson in school.lessons(frozenset(options.without)):
        _teach(file, lesson, write=not options.without)


def _read(found: Iterable[tuple[str, asked.Read]]) -> None:
    print("author          right  wrong  silent   read though none is asked for")
    total = asked.Read(0, 0, 0, 0, 0)
    for author, read in found:
        print(_line(author, read), flush=True)
        total = asked.Read(*(a + b for a, b in zip(total, read, strict=True)))
    print(_line("all", total))


def _line(author: str, read: asked.Read) -> str:
    return f"{author:14} {read.right:6} {read.wrong:6} {read.silent:7}   {read.read_of_others} of {read.others}"


def _teach(file: Path, lesson: Lesson, *, write: bool) -> None:
    learnt = fit(lesson)
    print(f"{file.stem}: {len(lesson.examples)} examples, {sum(one.holds for one in lesson.examples)} of them hold")
    if write:
        save(file, *learnt)
        return
    if not lesson.unseen:
        return
    found, holds = chances(learnt, lesson.unseen), np.array([one.holds for one in lesson.unseen])
    for side in (True, False):
        wrong = {least: int(((found >= least) != side)[holds == side].sum()) for least in (0.2, 0.5, 0.6, 0.7, 0.8)}
        said = ", ".join(f"{count} at {least}" for least, count in wrong.items())
        print(
            f"  of {(holds == side).sum()} unseen that {'hold' if side else 'do not hold'}, on the wrong side: {said}"
        )


if __name__ == "__main__":
    main()
