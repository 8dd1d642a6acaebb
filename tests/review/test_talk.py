"""Talks replay, say what does not hold and where, and can be recorded."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from bot.channels.terminal import chat
from bot.dialogue.conversation import Conversation
from bot.dialogue.engine import Engine
from bot.review.talk import BadTalk, Coverage, Recorder, read, replay
from tests.dialogue.running import NOW

GOOD = """\
題：署名用を忘れた人
利用者：案内
ボット：ご本人は、窓口に行けますか？
［本人が行く］
［英数字6〜16文字］
[運転免許証]
［これで決める］
行き先：office
必要な持ち物：1:card 1:photo-id
決め直す番号：sign
回数：1
費用：0
押した数：3
言う：番号を職員に言わないでください
言わない：コンビニ
"""


def mismatches(tmp_path: Path, engine: Engine, text: str) -> list[str]:
    path = tmp_path / "talk.txt"
    path.write_text(text, encoding="utf-8")
    return [str(wrong) for talk in read(path) for wrong in replay(talk, engine, Coverage())]


def test_a_talk_that_holds(tmp_path: Path, engine: Engine) -> None:
    assert mismatches(tmp_path, engine, GOOD) == []


@pytest.mark.parametrize(
    ("was", "now", "line"),
    [
        ("行き先：office", "行き先：call", 8),
        ("必要な持ち物：1:card 1:photo-id", "必要な持ち物：1:card", 9),
        ("決め直す番号：sign", "決め直す番号：sign user", 10),
        ("回数：1", "回数：2", 11),
        ("費用：0", "費用：500", 12),
        ("押した数：3", "押した数：2", 13),
        ("言う：番号を職員に言わないでください", "言う：番号を職員に伝えます", 14),
        ("言わない：コンビニ", "言わない：マイナンバーカード", 15),
    ],
)
def test_each_line_is_checked(tmp_path: Path, engine: Engine, was: str, now: str, line: int) -> None:
    found = mismatches(tmp_path, engine, GOOD.replace(was, now))
    assert len(found) == 1
    assert found[0].startswith(f"talk.txt:{line}: ")


def test_a_button_that_is_gone_ends_the_talk_and_names_the_others(tmp_path: Path, engine: Engine) -> None:
    found = mismatches(tmp_path, engine, GOOD.replace("［英数字6〜16文字］", "［昔のボタン］"))
    assert len(found) == 1
    assert "英数字6〜16文字" in found[0]


def test_a_line_that_is_no_talk_is_named(tmp_path: Path) -> None:
    path = tmp_path / "talk.txt"
    path.write_text("題：だめな会話\nこんにちは\n", encoding="utf-8")
    with pytest.raises(BadTalk, match=r"talk\.txt:2"):
        list(read(path))


def test_a_recorded_chat_replays(tmp_path: Path, engine: Engine) -> None:
    recorder = Recorder("録音", None)
    conversation = Conversation(lambda: engine, lambda: NOW)
    lines = ["/guide\n", "本人は行けない\n"]
    chat(conversation, lines, io.StringIO(), greet=False, recorder=recorder)
    assert "行き先：letter" in recorder.text()
    assert mismatches(tmp_path, engine, recorder.text()) == []


def test_coverage_names_what_was_reached(tmp_path: Path, engine: Engine) -> None:
    path = tmp_path / "talk.txt"
    path.write_text(GOOD, encoding="utf-8")
    coverage = Coverage()
    for talk in read(path):
        list(replay(talk, engine, coverage))
    assert {"recover visitor.self", "recover route office", "recover item photo-id"} <= coverage.reached
    assert "recover visitor.proxy" not in coverage.reached


def test_going_back_and_the_list_of_answers_are_no_taps(tmp_path: Path, engine: Engine) -> None:
    detour = "［本人が行く］\n［戻る］\n［本人が行く］\n［答えを変える］\n［このまま続ける］\n"
    talk = GOOD.replace("［本人が行く］\n", detour)
    assert mismatches(tmp_path, engine, talk.replace("押した数：3", "押した数：4")) == []


def test_optional_items_are_checked(tmp_path: Path, engine: Engine) -> None:
    found = mismatches(tmp_path, engine, GOOD + "あると安心：1:nothing\n")
    assert len(found) == 1
    assert "あると安心" in found[0]
