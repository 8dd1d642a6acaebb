"""`diff` between git revisions, and as a page to sign."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest

from bot.review.confusable import Changed
from bot.review.diff import Table, html, markdown, tables
from bot.review.revisions import NoSuchContent, content_folder
from tests.content.test_broken_content import HERE


def git(folder: Path, *arguments: str) -> None:
    name = ["-c", "user.name=t", "-c", "user.email=t@example.jp"]
    subprocess.run(["git", "-C", str(folder), *name, *arguments], check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    shutil.copytree(HERE / "good", tmp_path / "city")
    git(tmp_path / "city", "init", "-q")
    git(tmp_path / "city", "add", ".")
    git(tmp_path / "city", "commit", "-qm", "first")
    return tmp_path / "city"


def test_a_revision_is_read_as_it_was(repository: Path) -> None:
    path = repository / "faq" / "ja.yaml"
    before = path.read_bytes()
    path.write_text("# changed\n" + path.read_text("utf-8"), "utf-8")
    with content_folder("HEAD", repository) as folder:
        assert (folder / "faq" / "ja.yaml").read_bytes() == before
        assert (folder / "flows" / "recover.yaml").exists()
    assert not folder.exists()


def test_a_folder_is_taken_as_it_is(repository: Path) -> None:
    with content_folder(str(repository), repository) as folder:
        assert folder == repository


@pytest.mark.parametrize("name", ["no-such-thing", "--output=x", "HEAD~9"])
def test_what_is_neither_is_refused_in_a_sentence(name: str, repository: Path) -> None:
    with pytest.raises(NoSuchContent, match="ありません"), content_folder(name, repository):
        pass


def test_a_folder_without_content_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NoSuchContent, match="faq フォルダーがありません"), content_folder(str(tmp_path), tmp_path):
        pass


def test_stolen_questions_stand_in_the_table() -> None:
    decisions = [Changed("お金は|いりますか", "cost", "cost", "phone")]
    (table,) = tables([], [], decisions)
    assert table.rows == (("お金は|いりますか", "cost", "cost", "phone", "元の答えを失う"),)
    assert "| お金は｜いりますか | cost | cost | phone | 元の答えを失う |" in list(markdown([], [], decisions))


def test_the_page_escapes_texts_and_has_room_to_sign() -> None:
    page = html([Table("変わる答え", ("答え",), (("<b>a</b>",),))], "HEAD~1", ".", date(2026, 11, 22))
    assert "&lt;b&gt;a&lt;/b&gt;" in page
    assert "2026年11月22日" in page
    assert "認めた人" in page


def test_no_change_is_said() -> None:
    assert "市民に見える変化はありません" in html([], "a", "b", date(2026, 1, 1))
