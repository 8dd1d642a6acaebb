"""The content that serves survives whatever is saved."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import cast

import pytest

from bot.content.problems import Problem
from bot.health import Health
from bot.live import Live
from bot.settings import PROJECT

SMALL = PROJECT / "tests" / "dialogue" / "content"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copytree(SMALL, tmp_path, dirs_exist_ok=True)
    return tmp_path


def save(root: Path) -> None:
    path = root / "faq" / "ja.yaml"
    os.utime(path, ns=(1, path.stat().st_mtime_ns + 1))


async def test_ids_that_share_a_code_never_go_live(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    live = Live(root)
    before = live.assistant
    problem = Problem("faq/ja.yaml", 1, 1, "same-code", "「a」と「b」の短い符号が同じです。")
    monkeypatch.setattr("bot.assistant.collisions", lambda content: (problem,))
    save(root)
    await live.renew()
    assert live.assistant.content.entries is before.content.entries
    assert live.problems == (problem,)


async def test_our_own_mistake_does_not_end_the_process(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    live = Live(root)
    before = live.assistant

    def fail(*_: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("bot.live.assemble", fail)
    save(root)
    await live.renew()
    assert live.assistant is before
    assert "不具合" in live.problems[0].message


async def test_why_saved_content_does_not_serve_stands_at_healthz(root: Path) -> None:
    live = Live(root)
    health = Health(live, None)
    assert "content_reasons" not in health.report()
    path = root / "faq" / "ja.yaml"
    path.write_text(path.read_text("utf-8").replace("question: ", "question：", 1), "utf-8")
    await live.renew()
    report = health.report()
    assert (report["status"], report["content_problems"]) == ("impaired", 1)
    (reason,) = cast("list[str]", report["content_reasons"])
    assert reason.startswith("faq/ja.yaml:")
    assert "全角" in reason
