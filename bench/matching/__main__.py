"""Everything about matching in one command and one run.

    python -m bench.matching [--into FILE.md] [--pictures FOLDER] [--quick] [--without MATCHER] SET.tsv …

Side by side with simpler matchers, with fewer wordings, by style and with a style held out, how true the
estimated chances are, and how time and memory grow with the wordings. Every matcher has a process of its
own and two run at a time; progress goes to stderr, the tables to stdout, or into a page between two marks.
Thresholds and coefficients of ours are those in the code. Each rival gets the threshold that is best for
it *on the questions themselves* at no more than 2 % wrong answers of all lines, which flatters it. A
library that is not installed (requirements/bench.txt) is named as not measured. `--quick` leaves out the slow
ones: a look after a change.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import sys
import time
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import datetime
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path

from bench.matching import pictures, tables, vectors
from bench.matching.measuring import OURS, OURS_WITH_VECTORS, Job, measure
from bench.matching.rivals import RIVALS
from bench.matching.tables import Results
from bench.matching.variations import ALL, SHARES, STYLES
from bot.content.loading import load
from bot.matching.decision import ANSWER_AT

COUNTS = (100, 1_000, 10_000, 100_000)
SCALED_RIVALS = ("rapidfuzz ratio", "BM25 (bm25s), Sudachi", "SQLite FTS5 trigram")
BAR = 20.0
"""Milliseconds that a question may take at 100,000 wordings."""
PICTURES = {
    "matching": "1位が正しい割合",
    "matching-calibration": "見込みの目盛り",
    "matching-scale": "言い方の数と時間",
}
_AT_A_TIME = 2
_SLOW = {"rapidfuzz WRatio", "ChatterBot (difflib)", OURS_WITH_VECTORS}
_BEGIN, _END = "<!-- bench.matching -->", "<!-- /bench.matching -->"


def jobs(sets: Sequence[Path], *, quick: bool, without: Collection[str] = ()) -> tuple[list[Job], list[str]]:
    """What is measured, in the order of the tables; and the matchers that are not."""
    missing = [name for name, rival in RIVALS.items() if not rival.is_installed]
    missing += [] if find_spec(vectors.NEEDS) else [OURS_WITH_VECTORS]
    missing += sorted({*without, *(_SLOW if quick else ())} - set(missing))
    chosen = [Job(name, every=rival.every) for name, rival in RIVALS.items()] + [Job(OURS), Job(OURS_WITH_VECTORS)]
    chosen += [Job(OURS, variation) for variation in (*SHARES, *(f"without {style}" for style in STYLES))]
    chosen += [Job(OURS, f"unlike {path}") for path in sets]
    counts = COUNTS[:2] if quick else COUNTS
    # With 100,000 wordings a rival takes up to half a second a line: these are asked a part of the lines.
    chosen += [Job(name, f"{count} wordings", 24) for name in SCALED_RIVALS for count in counts]
    chosen += [Job(OURS, f"{count} wordings") for count in counts]
    return [job for job in chosen if job.matcher not in missing], missing


def run(chosen: Sequence[Job], root: Path, sets: Sequence[Path]) -> Results:
    """Measures all, the longest first, and says on stderr what is done."""
    begin = time.monotonic()
    results = {}
    slowest = sorted(chosen, key=lambda job: (job.matcher not in _SLOW, "100000" not in job.variation))
    context = get_context("spawn")
    with ProcessPoolExecutor(_AT_A_TIME, mp_context=context, max_tasks_per_child=1) as pool:
        running = {pool.submit(measure, job, root, sets): job for job in slowest}
        for number, future in enumerate(as_completed(running), start=1):
            results[running[future]] = future.result()
            took = time.monotonic() - begin
            print(f"[{number:2}/{len(chosen)}] {took:4.0f} s  {running[future].name}", file=sys.stderr, flush=True)
    return {job: results[job] for job in chosen}


def report(results: Results, missing: Sequence[str], root: Path, seconds: float) -> Iterator[str]:
    """The whole page part, line by line."""
    content = load(root)
    sets = list(next(iter(results.values())).outcomes)
    today = datetime.now().astimezone().date().isoformat()
    yield (
        f"{today}、{os.cpu_count()} コア、Python {platform.python_version()}、通しで {seconds / 60:.0f} 分"
        "（`python -m bench.matching`）。時間は CPU 時間です。記憶の「全体」には、ほかのプロセスと共有する"
        "辞書などのファイルも入ります。"
    )
    if missing:
        yield f"\n測らなかったもの：{'、'.join(missing)}"
    yield ""
    yield from tables.goals(results)
    for name in sets:
        lines = len(results[Job(OURS)].outcomes[name])
        yield f"\n### {name}（{lines} 行）\n"
        yield from tables.side_by_side(results, name)
        chosen = tables.at_limit(results[Job(OURS)], name)
        yield f"\nours も、ほかの方法と同じようにこの質問でしきい値を選べば、すぐ正しく答えるのは {chosen:.3f} です。"
        yield "\n言い方（`also_asked` と situations）を減らしたとき。「近い」は `bench/leak` の基準：\n"
        yield from tables.fewer_wordings(results, name)
        yield "\n書き方ごと。右の二列は、その書き方の言い方（字づらで分かるもの）をすべて外して学んだとき：\n"
        yield from tables.styles(results, name, content)
    yield "\n### 見込みの目盛り\n"
    yield "言った見込みごとの、1 位が正しかった割合（行の数）：\n"
    yield from tables.calibration(results)
    yield "\n### 言い方の数\n"
    ours = results[Job(OURS)]
    yield f"いまの内容を学ぶのは CPU で {ours.learning:.1f} 秒、残した結果を読むのは {ours.load:.1f} 秒です。\n"
    yield from tables.scale(results, COUNTS)


def draw(results: Results, folder: Path) -> None:
    """Writes the three pictures."""
    sets = list(next(iter(results.values())).outcomes)
    shown = {
        name: {
            job.matcher: (tables.figures(m.outcomes[name])["top1"] or 0.0, *tables.interval(m.outcomes[name]))
            for job, m in results.items()
            if job.variation == ALL
        }
        for name in sets
    }
    lines: dict[str, list[tuple[int, float]]] = {}
    for job, measured in results.items():
        if found := re.fullmatch(r"(\d+) wordings", job.variation):
            lines.setdefault(job.matcher, []).append((int(found[1]), tables.percentile(measured.spent, 99)))
    curves = {name: tables.curve(pairs) for name, pairs in results[Job(OURS)].chances.items()}
    folder.mkdir(parents=True, exist_ok=True)
    drawn = (pictures.bars(shown), pictures.calibration(curves, ANSWER_AT), pictures.scale(lines, BAR))
    for name, picture in zip(PICTURES, drawn, strict=True):
        (folder / f"{name}.svg").write_text(picture, encoding="utf-8")


def put_into(page: Path, text: str) -> None:
    """Replaces what stands between the two marks of the page."""
    before, rest = page.read_text(encoding="utf-8").split(_BEGIN)
    page.write_text(f"{before}{_BEGIN}\n\n{text}\n\n{_END}{rest.split(_END)[1]}", encoding="utf-8")


def main() -> int:
    """Measure, print, draw. Returns 0."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("sets", type=Path, nargs="+", metavar="SET.tsv")
    parser.add_argument("--content", type=Path, default=Path("."))
    parser.add_argument("--into", type=Path, metavar="FILE.md", help="a page with the two marks")
    parser.add_argument("--pictures", type=Path, metavar="FOLDER")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--without", action="append", default=[], choices=[*RIVALS, OURS_WITH_VECTORS])
    options = parser.parse_args()
    os.environ |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}  # a question is to take one core
    begin = time.monotonic()
    chosen, missing = jobs(options.sets, quick=options.quick, without=options.without)
    results = run(chosen, options.content, options.sets)
    text = "\n".join(report(results, missing, options.content, time.monotonic() - begin))
    if options.pictures:
        draw(results, options.pictures)
    if options.into:
        shown = os.path.relpath(options.pictures, options.into.parent) if options.pictures else None
        links = [f"![{title}]({shown}/{name}.svg)" for name, title in PICTURES.items()] if shown else []
        put_into(options.into, "\n\n".join([text, *links]))
    else:
        print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
