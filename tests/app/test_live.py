"""The content that serves survives whatever is saved."""

from __future__ import annotations

import os
import shutil
import threading
from pathlib import Path
from typing import cast

import pytest

from bot.assistant import taught
from bot.content.problems import Problem
from bot.dialogue.replies import Said
from bot.health import Health
from bot.live import Live
from bot.settings import PROJECT
from tests.shipped import shipped

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

    monkeypatch.setattr("bot.live.read", fail)
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


async def test_a_changed_answer_serves_before_anything_is_learnt_from_it(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = Live(root)
    before, may_learn = live.assistant, threading.Event()
    monkeypatch.setattr("bot.live.taught", lambda *those: (may_learn.wait(30), taught(*those))[1])
    path = root / "faq" / "ja.yaml"
    entry = before.content.entries[0]
    path.write_text(path.read_text("utf-8").replace(entry.answer.splitlines()[0], "答えを新しくしました。"), "utf-8")
    await live.renew()
    assert live.assistant.content.entries[0].answer.startswith("答えを新しくしました。")
    assert live.assistant.matcher is before.matcher
    may_learn.set()
    await live.learnt()
    assert live.assistant.content.entries[0].answer.startswith("答えを新しくしました。")
    assert live.assistant.matcher is not before.matcher


async def test_content_with_another_entry_serves_once_it_is_learnt(root: Path) -> None:
    live = Live(root)
    before = live.assistant
    wordings = "".join(f"      - まったく新しい言い方その{number}\n" for number in range(12))
    new = (
        "\n  - id: brand-new\n    question: まったく新しい質問ですか\n    also_asked:\n"
        f"{wordings}    answer: 新しい答えです。\n    sources: [{before.content.entries[0].sources[0]}]\n"
    )
    path = root / "faq" / "ja.yaml"
    path.write_text(path.read_text("utf-8").rstrip("\n") + new, "utf-8")
    await live.renew()
    assert live.problems == ()
    assert live.assistant.content.entries[-1].id == "brand-new"
    assert live.assistant.matcher is not before.matcher


def test_a_text_in_a_language_that_a_save_took_away_is_answered_in_japanese() -> None:
    english, before = Said("I forgot my PIN and it is locked"), shipped()
    assert before.respond(None, english).language == "en"
    without = before.content.model_copy(update={"translations": {}})
    turn = before.with_content(without).respond(None, english)
    assert turn.language == "ja"
    assert turn.replies
