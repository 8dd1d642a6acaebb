"""What counts as a wording too close to a line of a question set, and how the command says so."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bench.leaking import leaks
from bot.settings import PROJECT
from tests.matching.sample import content
from tests.shipped import shipped


def found(line: str, *, strict: bool = False) -> set[str]:
    return {leak.wording.text for leak in leaks(content(), [line], strict=strict)}


def test_the_same_question_in_another_spelling_is_too_close() -> None:
    assert "解除の手数料はいくらですか" in found("解除ノ手数料ハ、いくらですか？？")


def test_one_letter_in_a_short_question_is_too_close_and_two_are_not() -> None:
    assert found("窓口で直すと料金を取られるか") == {"窓口で直すと料金を取られますか"}
    assert found("窓口で料金は取られるの") == set()


def test_twelve_letters_in_a_row_are_too_close_in_any_text() -> None:
    story = "きのうのことですが、夜になって気づきました。"
    wording = "スマホの画面ロックを外したい"
    assert found(story + wording[:12]) == {wording}
    assert found(story + wording[:11]) == set()


def test_an_official_name_is_one_letter_unless_strict() -> None:
    own = content().entries[0].model_copy(update={"also_asked": ("マイナンバーカードの暗証番号とは",)})
    named = content().model_copy(update={"entries": (own,)})
    line = ["母のマイナンバーカードの暗証番号が不安"]
    assert not list(leaks(named, line))
    assert [leak.run for leak in leaks(named, line, strict=True)] == ["まいなんばかどの暗証番号"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("text\tlabel\nあしたの船の時間\tnone\n", 0),
        ("text\tlabel\n{shipped}！\tany\n", 1),
        ("no columns\n", 2),
    ],
    ids=["unlike", "like a shipped wording", "no set"],
)
def test_the_command_ends_with_a_code(tmp_path: Path, text: str, code: int) -> None:
    path = tmp_path / "set.tsv"
    path.write_text(text.format(shipped=shipped().content.entries[0].also_asked[0]), encoding="utf-8")
    command = [sys.executable, str(PROJECT / "bench" / "leak"), "--quiet", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == code, done
    assert str(path) in (done.stderr if code == 2 else done.stdout)
