"""`check --fix` corrects what is certain, and not one byte else."""

import random
import re
from datetime import date
from pathlib import Path

import pytest

from bot.content.fixing import fix_all, fixed_bytes
from bot.content.loading import inspect, paths
from bot.content.problems import Problem
from bot.content.report import fixed, report
from bot.settings import PROJECT
from tests.content.test_broken_content import HERE, TODAY, lay_over

BACK_TO_THE_BYTE = [
    "bom", "boolean", "control-character", "crlf", "full-width-colon", "full-width-colon-in-braces",
    "full-width-dash", "full-width-space-after-colon", "full-width-space-indent", "id-full-width", "misspelt-key",
    "nbsp-indent", "no-space-after-colon", "no-space-after-colon-in-braces", "no-space-after-dash", "tab",
    "wrong-indent", "wrong-indent-left", "wrong-list-indent", "wrong-list-indent-deeper",
]  # fmt: skip
CLEAN = [
    "leading-zero", "municipality-code", "nbsp-in-text", "no-is-false", "open-quote", "second-colon", "sexagesimal",
    "smart-quotes", "unquoted-placeholder", "yes-in-a-setting",
]  # fmt: skip
LEFT_TO_A_PERSON = ["swallowed", "month-13", "empty-answer", "unknown-source", "repeated-wording", "open-quote-last"]


def problems_of(root: Path) -> tuple[Problem, ...]:
    return inspect(root, today=TODAY)[1]


def fix(root: Path) -> tuple[tuple[Problem, str], ...]:
    return fix_all(lambda: problems_of(root), paths(root))


@pytest.mark.parametrize("name", [*BACK_TO_THE_BYTE, *CLEAN])
def test_a_certain_mistake_is_corrected(name: str, tmp_path: Path) -> None:
    root = lay_over(name, tmp_path)
    assert fix(root)
    assert problems_of(root) == ()


@pytest.mark.parametrize("name", BACK_TO_THE_BYTE)
def test_the_file_is_again_what_it_was_before_the_slip(name: str, tmp_path: Path) -> None:
    root = lay_over(name, tmp_path)
    fix(root)
    for good in (HERE / "good").rglob("*.yaml"):
        assert (root / good.relative_to(HERE / "good")).read_bytes() == good.read_bytes()


@pytest.mark.parametrize("name", LEFT_TO_A_PERSON)
def test_what_is_not_certain_is_left_alone(name: str, tmp_path: Path) -> None:
    root = lay_over(name, tmp_path)
    before = {name: path.read_bytes() for name, path in paths(root).items() if path.exists()}
    assert fix(root) == ()
    assert {name: path.read_bytes() for name, path in paths(root).items() if path.exists()} == before


def test_the_shipped_files_are_not_touched() -> None:
    assert not [problem for problem in inspect(PROJECT, today=date(2026, 11, 22))[1] if problem.fix is not None]


def test_a_fix_changes_its_lines_and_no_other(tmp_path: Path) -> None:
    """Slips strewn over a file, some of them several on one line."""
    root = lay_over("bom", tmp_path)
    path = root / "faq" / "ja.yaml"
    clean = (HERE / "good" / "faq" / "ja.yaml").read_text("utf-8")
    for seed in range(12):
        chance = random.Random(seed)
        lines = clean.split("\n")
        touched = set()
        for number in chance.sample(range(len(lines)), 4):
            if re.match(r" +(?:- )?[a-z_]+: [^|\[{]", lines[number]):
                lines[number] = lines[number].replace(": ", chance.choice(["：", ":　", ":"]), 1)
                touched.add(number)
        path.write_text("\n".join(lines), "utf-8")
        fix(root)
        after = path.read_text("utf-8").split("\n")
        assert after == clean.split("\n"), (seed, touched)


def test_two_mistakes_of_one_line_take_two_rounds() -> None:
    raw = b"a\nb\n"
    first = Problem("f", 1, 1, "tab", "", fix="A")
    second = Problem("f", 1, 2, "nbsp", "", fix="X")
    assert fixed_bytes(raw, [first, second]) == (b"A\nb\n", [(first, "a")])


def test_the_report_shows_the_corrected_line(tmp_path: Path) -> None:
    root = lay_over("full-width-colon", tmp_path)
    shown = report(problems_of(root), root)
    assert "  直すとこうなります：\n        question: お金はかかりますか\n" in shown


def test_what_was_done_is_told_with_the_line_before_and_after(tmp_path: Path) -> None:
    root = lay_over("misspelt-key", tmp_path)
    told = fixed(fix(root))
    assert "-     qestion: お金" in told
    assert "+     question: お金" in told


@pytest.mark.parametrize(("slip", "why"), [("sour", "sources stands there already"), ("xyz", "near to nothing")])
def test_a_key_is_never_guessed(slip: str, why: str, tmp_path: Path) -> None:
    root = lay_over("misspelt-key", tmp_path)
    path = root / "faq" / "ja.yaml"
    path.write_text(path.read_text("utf-8").replace("qestion", slip, 1), "utf-8")
    assert all(problem.fix is None for problem in problems_of(root)), why
