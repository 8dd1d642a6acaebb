"""`check --watch` tells what a save has changed, and nothing else."""

import shutil
from pathlib import Path

from bot.content.loading import inspect
from bot.content.problems import Problem
from bot.content.report import came_and_went
from bot.content.watching import News, news, stamp, watch
from tests.content.test_broken_content import HERE, TODAY

ONE = Problem("faq/ja.yaml", 3, 1, "tab", "タブがあります。")
OTHER = Problem("faq/ja.yaml", 9, 1, "empty", "空です。")


def test_a_problem_that_only_moved_is_no_news() -> None:
    moved = Problem("faq/ja.yaml", 4, 1, "tab", "タブがあります。")
    assert news([ONE], [moved]) == News((), (), (moved,))


def test_of_two_alike_one_may_go() -> None:
    assert news([ONE, ONE, OTHER], [ONE]) == News((), (ONE, OTHER), (ONE,))


def test_clean_is_said_in_two_words(tmp_path: Path) -> None:
    assert came_and_went(News((), (), ()), tmp_path) == "問題なし\n"
    assert came_and_went(News((), (ONE,), ()), tmp_path) == "直りました：faq/ja.yaml タブがあります。\n問題なし\n"


def test_a_save_is_seen_and_its_mistake_told(tmp_path: Path) -> None:
    shutil.copytree(HERE / "good", tmp_path, dirs_exist_ok=True)
    told = watch(lambda: inspect(tmp_path, today=TODAY)[1], lambda: stamp(tmp_path))
    assert next(told) == News((), (), ())
    path = tmp_path / "faq" / "ja.yaml"
    clean = path.read_text("utf-8")
    path.write_text(clean.replace("    question: お金", "    question：お金"), "utf-8")
    assert [problem.rule for problem in next(told).came] == ["full-width-colon"]
    path.write_text(clean, "utf-8")
    assert [problem.rule for problem in next(told).went] == ["full-width-colon"]
