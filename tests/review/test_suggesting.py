"""`suggest`: what people handed to the office becomes a wording if a person says so, and is then deleted."""

from __future__ import annotations

import io
import shutil
from datetime import date
from pathlib import Path

import pytest

from bot.cli import main
from bot.content.loading import load
from bot.exits import FINE
from bot.matching.understanding import Match
from bot.review.suggesting import Suggestion, shown
from bot.stores.given import GivenFile
from bot.stores.vault import load_vault
from tests.content.test_broken_content import HERE

NEW = "リセットの料金を知りたい"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(HERE / "good", tmp_path / "city")
    monkeypatch.setenv("MAINAKAGI_CONTENT", str(tmp_path / "city"))
    monkeypatch.setenv("MAINAKAGI_STATE_DIR", str(tmp_path / "state"))
    return tmp_path / "city"


@pytest.fixture
def file(root: Path, tmp_path: Path) -> GivenFile:
    file = GivenFile(tmp_path / "state" / "given.sqlite", load_vault(None, tmp_path / "state" / "secret.key"))
    file.keep(NEW)
    return file


@pytest.fixture
def types(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):  # type: ignore[no-untyped-def]
    def run(*lines: str) -> str:
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
        assert main(["suggest"]) == FINE
        return capsys.readouterr().out

    return run


def faq(root: Path) -> str:
    return (root / "faq" / "ja.yaml").read_text("utf-8")


def test_without_anything_it_says_so(root: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["suggest"]) == FINE
    assert "届いた質問はありません" in capsys.readouterr().out
    assert not (tmp_path / "state" / "secret.key").exists()


def test_the_list_shows_score_and_nearest_wording_and_changes_nothing(
    root: Path, file: GivenFile, capsys: pytest.CaptureFixture[str]
) -> None:
    before = faq(root)
    assert main(["suggest", "--list"]) == FINE
    said = capsys.readouterr().out
    assert NEW in said
    assert "近い言い方「" in said
    assert faq(root) == before
    assert len(file.read()) == 1


def test_yes_adds_one_line_to_the_nearest_entry_and_deletes_the_text(root: Path, file: GivenFile, types) -> None:  # type: ignore[no-untyped-def]
    before = faq(root).splitlines()
    assert "加え、届いた文は消しました" in types("y")
    after = faq(root).splitlines()
    assert len(after) == len(before) + 1
    (line,) = [line for line in after if NEW in line]
    assert line.strip() == f"- {NEW}"
    assert [one for one in after if one != line] == before
    assert file.read() == ()
    assert main(["check"]) == FINE


def test_no_deletes_the_text_and_changes_nothing(root: Path, file: GivenFile, types) -> None:  # type: ignore[no-untyped-def]
    before = faq(root)
    assert "消しました" in types("n")
    assert faq(root) == before
    assert file.read() == ()


def test_another_entry_and_another_wording(root: Path, file: GivenFile, types) -> None:  # type: ignore[no-untyped-def]
    import yaml

    other = yaml.safe_load(faq(root))["entries"][0]["id"]
    said = types("no-such-entry", "w いくらでリセットできるか", other)
    assert "「no-such-entry」という答えはありません" in said
    entries = {one["id"]: one for one in yaml.safe_load(faq(root))["entries"]}
    assert "いくらでリセットできるか" in entries[other]["also_asked"]
    assert file.read() == ()


@pytest.mark.parametrize(("score", "far"), [(0.29, True), (0.3, False)])
def test_a_text_that_is_near_to_nothing_is_said_to_be_so(score: float, far: bool, root: Path) -> None:
    content = load(root)
    one = Suggestion("a", NEW, date(2026, 11, 28), (Match(content.entries[0].id, score),))
    assert ("どの答えにも近くありません" in "\n".join(shown(one, content))) == far


@pytest.mark.parametrize("lines", [("s",), ("q",), ()], ids=["later", "quit", "end of input"])
def test_what_is_not_decided_stays(lines: tuple[str, ...], root: Path, file: GivenFile, types) -> None:  # type: ignore[no-untyped-def]
    before = faq(root)
    types(*lines)
    assert faq(root) == before
    assert len(file.read()) == 1


def test_what_check_would_call_a_mistake_is_not_written(root: Path, file: GivenFile, types) -> None:  # type: ignore[no-untyped-def]
    import yaml

    before = faq(root)
    taken = yaml.safe_load(before)["entries"][-1]["also_asked"][0]
    first = yaml.safe_load(before)["entries"][0]["id"]
    said = types(f"w {taken}", first, "w 番号は●●●●です", "y", "s")
    assert said.count("加えませんでした") == 2
    assert faq(root) == before
    assert len(file.read()) == 1
