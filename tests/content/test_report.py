"""The printed report points at the mistake."""

from pathlib import Path

from bot.content.problems import Problem
from bot.content.report import counts, report


def test_the_caret_stands_under_the_mistake_also_after_full_width_characters(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("x: 1\nよ: あいう bad\n", "utf-8")
    printed = report([Problem("a.yaml", 2, 8, "rule", "まちがいです。")], tmp_path)
    assert printed == (
        "a.yaml:2:8: まちがいです。\n"
        "    よ: あいう bad\n"
        "    　  　　　 ^\n"
        "まちがい 1件、注意 0件、わかりやすさ 0件、古い可能性 0件が見つかりました。\n"
    )


def test_a_warning_says_that_it_is_one(tmp_path: Path) -> None:
    printed = report([Problem("a.yaml", 1, 1, "rule", "少ないです。", "warning")], tmp_path)
    assert printed.startswith("a.yaml:1:1: 【注意】少ないです。\n")


def test_clean_content_is_said_to_be_clean() -> None:
    assert counts([]) == "問題は見つかりませんでした。"


def test_a_file_of_another_encoding_is_still_shown(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes("名前: 見本".encode("cp932"))
    assert "名前: 見本" in report([Problem("a.yaml", 1, 1, "encoding", "Shift_JIS です。")], tmp_path)
