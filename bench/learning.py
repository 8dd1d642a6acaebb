"""How long learning takes when nothing is kept, and how long when it is: `python -m bench.learning [--times N]`.

Cold: a process is started that reads all texts of the content, learns and keeps it, and it is read back.
Warm: what was kept is read back. The CPU time and the peak of memory are those of the learning processes.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from pathlib import Path

from bot.content.loading import load
from bot.matching.learning import Cache, Source
from bot.matching.matcher import TrainedMatcher
from bot.settings import PROJECT


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=3)
    content = load(PROJECT)
    source = Source.of(content)
    for _ in range(parser.parse_args().times):
        with tempfile.TemporaryDirectory(prefix="learning-") as folder:
            cache = Cache(Path(folder))
            before, begin = _spent(), time.perf_counter()
            cache.make(source)
            cold, spent = time.perf_counter() - begin, _spent() - before
            begin = time.perf_counter()
            TrainedMatcher(content, cache)
            warm = time.perf_counter() - begin
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(f"cold {cold:.2f} s ({spent:.2f} s of CPU, peak {peak:.0f} MB), warm matcher {warm:.2f} s", flush=True)


def _spent() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime


if __name__ == "__main__":
    main()
