"""Old sources in `check`: announced a month before, never in the way, and as young as whoever looked last."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from bot.content.loading import load
from bot.content.problems import Problem
from bot.review.checking import check
from tests.content.test_broken_content import HERE


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copytree(HERE / "good", tmp_path / "city")
    return tmp_path / "city"


def said(root: Path, days: int) -> list[Problem]:
    first = min(source.read_on for source in load(root).sources.values())
    found = check(root, today=first + timedelta(days=days))[1]
    return [problem for problem in found if problem.rule.startswith("stale")]


@pytest.mark.parametrize(
    ("days", "rules"), [(334, set()), (335, {"stale-soon"}), (365, {"stale-soon"}), (366, {"stale"})]
)
def test_a_source_is_old_after_a_year_and_that_is_said_a_month_before(days: int, rules: set[str], root: Path) -> None:
    assert {problem.rule for problem in said(root, days)} >= rules
    assert all(problem.severity == "stale" for problem in said(root, days))
    if not rules:
        assert said(root, days) == []


def test_what_the_city_confirmed_later_counts_from_then(root: Path) -> None:
    path = root / "faq" / "facts.yaml"
    first = min(source.read_on for source in load(root).sources.values())
    later = first + timedelta(days=300)
    text = path.read_text("utf-8").replace(f"read_on: {first}", f"read_on: {first}, confirmed_by_city_on: {later}")
    path.write_text(text, "utf-8")
    assert said(root, 400) == []
    assert "市が確認した日から366日" in said(root, 666)[0].message
