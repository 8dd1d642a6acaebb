"""How far a long run is: one line on stderr for each tenth, also where that is a file."""

from __future__ import annotations

import sys
import time


class Progress:
    """Told how many of `total` are done, it says so at each tenth, with the seconds since the start."""

    def __init__(self, total: int) -> None:
        self._total, self._began, self._tenths = total, time.monotonic(), 0

    def __call__(self, done: int) -> None:
        tenths = 10 * done // self._total
        if tenths > self._tenths:
            self._tenths = tenths
            print(f"{tenths * 10} %: {done:,} in {time.monotonic() - self._began:.0f} s", file=sys.stderr, flush=True)
