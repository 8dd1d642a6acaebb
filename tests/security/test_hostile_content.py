"""Hostile YAML is refused within a second of CPU and 150 MB: bombs, depth, size, tags, aliases, odd bytes."""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys

import pytest

from bot.settings import PROJECT

BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(9)
)
PIECES: dict[str, str] = {
    "bomb": BOMB,
    "alias of itself": "a: &a [*a]\n",
    "merge key": "a: &a {x: 1}\nb: {<<: *a}\n",
    "python object": "a: !!python/object/apply:os.system ['true']\n",
    "python name": "a: !!python/name:os.system\n",
    "binary": "a: !!binary aGVsbG8=\n",
    "set": "a: !!set {x, y}\n",
    "unknown tag": "a: !evil x\n",
    "tag directive": "%TAG ! tag:evil,2000:\n---\na: !x y\n",
    "yaml 9.9": "%YAML 9.9\n---\na: b\n",
    "deep list": "[" * 5000 + "]" * 5000,
    "deep map": "{a: " * 3000 + "x" + "}" * 3000,
    "deep indent": "".join(" " * n + "a:\n" for n in range(1500)),
    "wide map": "".join(f"k{n}: v\n" for n in range(60_000)),
    "wide list": "- x\n" * 200_000,
    "long scalar": "a: " + "x" * 5_000_000 + "\n",
    "long key": "x" * 200_000 + ": a\n",
    "open quote": 'a: "' + "x" * 500_000,
    "open brackets": "[" * 100_000,
    "many documents": "---\na: b\n" * 50_000,
    "many anchors": "".join(f"k{n}: &a{n} x\n" for n in range(50_000)),
    "NUL": "a: \x00\n",
    "escape": "a: \x1b[31m\n",
    "BOM inside": "a: x\ufeffy\n",
    "right to left": "a: \u202ex\u202c\n",
    "only comment": "#" * 1_000_000,
    "only spaces": " " * 1_000_000,
    "only newlines": "\n" * 1_000_000,
    "tabs": "\t" * 100_000 + "a: b\n",
    "colons": ":" * 100_000,
    "dashes": "- " * 20_000,
    "question marks": "? " * 20_000,
}
NAMES = ("faq/ja.yaml", "flows/recover.yaml")

CHILD = """
import resource, sys, time
from pathlib import Path
from bot.content.loading import load
from bot.content.problems import BrokenContent
root, names = Path(sys.argv[1]), sys.argv[2:]
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for path in sorted(root.glob("case-*")):
    began = time.process_time()
    try:
        load(path)
        said = "loaded"
    except BrokenContent as broken:
        said = f"refused {len(broken.problems)}"
    except BaseException as error:
        said = f"fell {type(error).__name__}"
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(path.name, round(time.process_time() - began, 3), round(grown), said, flush=True)
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[float, float, str]]:
    """For each hostile file: seconds of CPU, megabytes grown so far, what became of it."""
    root = tmp_path_factory.mktemp("hostile")
    for number, (place, text) in enumerate((place, text) for place in NAMES for text in PIECES.values()):
        case = root / f"case-{number:02}"
        for folder in ("faq", "flows"):
            (case / folder).mkdir(parents=True)
        shutil.copy(PROJECT / "faq" / "facts.yaml", case / "faq")
        (case / place).write_text(text, "utf-8")
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(root)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=300,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (0, 0)),
    )
    assert done.returncode == 0, done.stderr[-1000:]
    lines = [line.split(" ", 3) for line in done.stdout.splitlines()]
    return {name: (float(seconds), float(grown), said) for name, seconds, grown, said in lines}


CASES = [f"{place}, {name}" for place in NAMES for name in PIECES]


def test_there_are_sixty_hostile_files_and_more() -> None:
    assert len(CASES) >= 60


@pytest.mark.parametrize("number", range(len(CASES)), ids=CASES)
def test_a_hostile_file_is_refused_quickly_and_in_little_memory(
    number: int, told: dict[str, tuple[float, float, str]]
) -> None:
    seconds, grown, said = told[f"case-{number:02}"]
    assert said.startswith("refused")
    assert seconds <= 3, "a second is usual; the rest is for a loaded machine"
    assert grown <= 150
