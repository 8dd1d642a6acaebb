"""The clerk's commands from outside: what they print, what they leave alone, and their exit codes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.cli import main
from bot.exits import CONFIGURATION, FINE, PROBLEMS
from tests.content.test_broken_content import HERE, lay_over


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(HERE / "good", tmp_path / "city")
    monkeypatch.setenv("MAINAKAGI_CONTENT", str(tmp_path / "city"))
    return tmp_path / "city"


def test_check_fix_corrects_reports_and_is_then_clean(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lay_over("full-width-colon", root)
    assert main(["check"]) == PROBLEMS
    assert "直すとこうなります" in capsys.readouterr().out
    assert main(["check", "--fix"]) == FINE
    assert "1か所を直しました。" in capsys.readouterr().out
    assert (root / "faq" / "ja.yaml").read_bytes() == (HERE / "good" / "faq" / "ja.yaml").read_bytes()


def test_check_fix_touches_no_clean_file(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in root.rglob("*.yaml")}
    main(["check", "--fix"])
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in root.rglob("*.yaml")} == before
    assert "自動で直せる所はありませんでした。" in capsys.readouterr().out


def test_graph_of_an_unknown_guide_names_those_that_exist(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["graph", "nothing"]) == CONFIGURATION
    assert "recover" in capsys.readouterr().err


def test_graph_writes_text_or_a_drawing(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["graph", "recover"]) == FINE
    assert capsys.readouterr().out.startswith("flowchart")
    assert main(["graph", "recover", "--svg", str(tmp_path / "g.svg")]) == FINE
    assert (tmp_path / "g.svg").read_text("utf-8").startswith("<svg")


def test_schema_is_written_once_and_then_current(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "--check"]) == PROBLEMS
    assert main(["schema"]) == FINE
    assert main(["schema", "--check"]) == FINE
    assert (root / ".vscode" / "settings.json").exists()


def test_export_and_import_go_round(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", str(tmp_path / "t.xlsx")]) == FINE
    assert main(["import", str(tmp_path / "t.xlsx")]) == FINE
    assert "何も変えませんでした" in capsys.readouterr().out


def test_a_table_with_a_mistake_is_not_taken(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["export", str(tmp_path / "t")])
    path = tmp_path / "t" / "answers.csv"
    path.write_bytes(path.read_bytes().replace(b"{reset-fee}", b"{no-such-fee}", 1))
    before = (root / "faq" / "ja.yaml").read_bytes()
    assert main(["import", str(tmp_path / "t")]) == PROBLEMS
    assert "取り込みませんでした" in capsys.readouterr().out
    assert (root / "faq" / "ja.yaml").read_bytes() == before


@pytest.mark.parametrize("name", ["no-such.xlsx", "no-such-folder"])
def test_a_table_that_is_not_there_is_said_in_a_sentence(
    name: str, root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", str(tmp_path / name)]) == CONFIGURATION
    assert name in capsys.readouterr().err


def test_diff_shows_a_changed_fee_and_writes_the_page_to_sign(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = tmp_path / "new"
    shutil.copytree(root, new)
    path = new / "faq" / "facts.yaml"
    path.write_text(path.read_text("utf-8").replace("value: 無料", "value: 500円"), "utf-8")
    assert main(["diff", str(root), str(new)]) == PROBLEMS
    assert "500円" in capsys.readouterr().out
    assert main(["diff", str(root), str(root)]) == FINE
    assert main(["diff", str(root), str(new), "--html", str(tmp_path / "d.html")]) == PROBLEMS
    assert "認めた人" in (tmp_path / "d.html").read_text("utf-8")


def test_diff_of_a_questions_file_without_its_heading_says_so(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "q.tsv").write_text("お金は\n", "utf-8")
    assert main(["diff", str(root), str(root), "--questions", str(tmp_path / "q.tsv")]) == CONFIGURATION
    assert "text" in capsys.readouterr().err


def test_links_need_an_address(root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("MAINAKAGI_PUBLIC_URL", raising=False)
    monkeypatch.delenv("MAINAKAGI_BOT_USERNAME", raising=False)
    assert main(["links"]) == CONFIGURATION
    assert "--url" in capsys.readouterr().err


def test_links_write_codes_and_posters(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    assert main(["links", "recover", "--url", "https://a.example.jp", "--out", str(out)]) == FINE
    assert {path.name for path in out.iterdir()} == {f"guide-recover.{kind}" for kind in ("svg", "png", "html")}
    assert "https://a.example.jp/k/" in capsys.readouterr().out
