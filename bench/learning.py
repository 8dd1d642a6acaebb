"""How long learning takes when nothing is kept, and when it is: `python -m bench.learning [--times N] [--busy]`.

Cold: a process is started that reads all texts of the content, learns and keeps it, and it is read back.
Warm: what was kept is read back. The CPU time and the peak of memory are those of the learning processes.
The dictionary is packed before, as it is once where learning is kept. With `--busy` another process works on one of
the cores all the while.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.content.loading import load
from bot.matching import packing
from bot.matching.learning import Cache, Source
from bot.matching.matcher import TrainedMatcher
from bot.settings import PROJECT


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--busy", action="store_true")
    chosen = parser.parse_args()
    content = load(PROJECT)
    source = Source.of(content)
    with (
        TemporaryDirectory(prefix="learning-") as folder,
        _packed(Path(folder), [text for _, text in source.examples]),
        _busy() if chosen.busy else nullcontext(),
    ):
        cache = Cache(Path(folder))
        for _ in range(chosen.times):
            for kept in cache.folder.glob("learnt-*"):
                kept.unlink()
            before, begin = _spent(), time.perf_counter()
            cache.make(source)
            cold, spent = time.perf_counter() - begin, _spent() - before
            begin = time.perf_counter()
            TrainedMatcher(content, cache)
            warm = time.perf_counter() - begin
            peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
            print(
                f"cold {cold:.2f} s ({spent:.2f} s of CPU, peak {peak:.0f} MB), warm matcher {warm:.2f} s", flush=True
            )


def _spent() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime


@contextmanager
def _packed(folder: Path, texts: Sequence[str]) -> Iterator[None]:
    """The dictionary packed in the folder, by a process that counts among the children only when all is over."""
    command = [sys.executable, "-m", packing.__name__, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, text=True) as process:
        if process.stdin:
            process.stdin.write("\n".join(texts))
            process.stdin.close()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        yield


@contextmanager
def _busy() -> Iterator[None]:
    """A process that only works, on the first of the cores that we may use."""
    worker = multiprocessing.Process(target=_work, args=(min(os.sched_getaffinity(0)),), daemon=True)
    worker.start()
    try:
        yield
    finally:
        worker.kill()
        worker.join()


def _work(core: int) -> None:
    os.sched_setaffinity(0, {core})
    while True:
        pass


if __name__ == "__main__":
    main()
