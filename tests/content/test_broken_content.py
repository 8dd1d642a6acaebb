"""One small broken file per content mistake, beside its exact message.

`broken/NAME/` holds the files that differ from `good/`, and `expected.txt` what is said of them.
"""

import shutil
from datetime import date
from pathlib import Path

import pytest

from bot.content.loading import inspect, load
from bot.content.problems import BrokenContent, Problem

HERE = Path(__file__).parent
TODAY = date(2026, 11, 22)
CASES = sorted(path.name for path in (HERE / "broken").iterdir())


def lay_over(name: str, root: Path) -> Path:
    """The good content with the broken files of `name` in its place."""
    shutil.copytree(HERE / "good", root, dirs_exist_ok=True)
    shutil.copytree(HERE / "broken" / name, root, dirs_exist_ok=True)
    return root


def written(problem: Problem) -> str:
    mark = "" if problem.severity == "error" else f" ({problem.severity})"
    return f"{problem}{mark} [{problem.rule}]"


@pytest.mark.parametrize("name", CASES)
def test_a_mistake_is_reported_at_its_place_in_these_words(name: str, tmp_path: Path) -> None:
    _, problems = inspect(lay_over(name, tmp_path), today=TODAY)
    expected = (HERE / "broken" / name / "expected.txt").read_text("utf-8").splitlines()
    assert expected
    assert [written(problem) for problem in problems] == expected


@pytest.mark.parametrize("name", ["misspelt-key", "several-files", "second-colon", "shift-jis"])
def test_broken_content_is_refused_with_all_its_errors(name: str, tmp_path: Path) -> None:
    root = lay_over(name, tmp_path)
    content, problems = inspect(root, today=TODAY)
    assert content is None
    with pytest.raises(BrokenContent) as refused:
        load(root)
    assert refused.value.problems == problems


@pytest.mark.parametrize("name", ["bom", "crlf", "few-wordings", "old-check-date", "city-is-old"])
def test_a_warning_or_an_old_source_never_blocks(name: str, tmp_path: Path) -> None:
    root = lay_over(name, tmp_path)
    content, problems = inspect(root, today=TODAY)
    assert {problem.severity for problem in problems} <= {"warning", "stale"}
    assert content == load(root)
