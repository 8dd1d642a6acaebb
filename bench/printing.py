"""How long it takes to print: every route's wordiest result, as PDF, tall picture and album.

`python -m bench.printing` prints one line per kind: cold start, then median, slowest and bytes.
`python -m bench.printing FOLDER` also writes the files there, to be looked at.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

from bot.content.loading import load
from bot.dialogue.explaining import explain
from bot.dialogue.replies import PictureName
from bot.printing.pictures import draw
from bot.printing.press import Press
from bot.printing.sheet import Sheet
from bot.settings import PROJECT
from tests.printing.sheets import wordiest


def measure(make: Callable[[Sheet], list[bytes]], sheets: list[Sheet]) -> tuple[list[float], list[int]]:
    """Seconds and bytes of each sheet, made once: Typst remembers what it has laid out before."""
    seconds, sizes = [], []
    for sheet in sheets:
        began = perf_counter()
        made = make(sheet)
        seconds.append(perf_counter() - began)
        sizes.append(sum(map(len, made)))
    return seconds, sizes


def main(folder: Path | None) -> None:
    printed = wordiest()
    sheets = [one.sheet for one in printed]
    began = perf_counter()
    press = Press()
    press.pdf(sheets[0])
    print(f"first PDF, cold: {perf_counter() - began:.2f} s")
    kinds: dict[str, Callable[[Sheet], list[bytes]]] = {
        "pdf": lambda sheet: [press.pdf(sheet)],
        "picture": lambda sheet: [press.picture(sheet)],
        "album": lambda sheet: list(press.pictures(sheet)),
    }
    for name, make in kinds.items():
        seconds, sizes = measure(make, sheets)
        print(
            f"{name}: {len(sheets)} results, median {median(seconds):.3f} s, slowest {max(seconds):.3f} s, "
            f"median {median(sizes) / 1000:.0f} kB, largest {max(sizes) / 1000:.0f} kB"
        )
    content = load(PROJECT)
    names: tuple[PictureName, ...] = ("pins", "kiosk")
    for name in names:
        picture = explain(name, content)
        assert picture is not None
        svg = draw(picture, standalone=True)
        began = perf_counter()
        photo = press.photo(svg)
        print(f"{name}: {perf_counter() - began:.3f} s, {len(photo) / 1000:.0f} kB; SVG {len(svg) / 1000:.1f} kB")
        if folder:
            (folder / f"{name}.png").write_bytes(photo)
    if folder:
        for one in printed:
            stem = one.name.replace("/", "-")
            (folder / f"{stem}.pdf").write_bytes(press.pdf(one.sheet))
            (folder / f"{stem}.png").write_bytes(press.picture(one.sheet))


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    if target:
        target.mkdir(parents=True, exist_ok=True)
    main(target)
