"""`diff` between git revisions, and as a page to sign."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest

from bot.cli import main
from bot.content.loading import load
from bot.exits import PROBLEMS
from bot.review.confusable import Changed
from bot.review.diff import Table, Titles, changed_entries, diff, html, markdown, tables
from bot.review.questions import UnreadableQuestions, read_questions
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


def test_a_wording_that_is_asked_back_has_not_lost_its_entry() -> None:
    assert not Changed("お金は", "cost", "cost", "聞き返す：cost・phone").stolen
    assert not Changed("お金は", "cost", "cost", "聞き返す：phone・cost").stolen
    assert Changed("お金は", "cost", "聞き返す：cost・phone", "（答えなし）").stolen


def test_the_page_escapes_texts_and_has_room_to_sign() -> None:
    page = html([Table("変わる答え", ("答え",), (("<b>a</b>",),))], "HEAD~1", ".", date(2026, 11, 22))
    assert "&lt;b&gt;a&lt;/b&gt;" in page
    assert "2026年11月22日" in page
    assert "認めた人" in page


def test_no_change_is_said() -> None:
    assert "市民に見える変化はありません" in html([], "a", "b", date(2026, 1, 1))


def test_with_titles_the_tables_speak_in_questions_and_labels(repository: Path) -> None:
    old = load(repository)
    path = repository / "faq" / "ja.yaml"
    path.write_text(
        path.read_text("utf-8").replace("急ぐときは", "夜は").replace("- 人と話したい", "- 代表は"), "utf-8"
    )
    flow = repository / "flows" / "recover.yaml"
    flow.write_text(flow.read_text("utf-8").replace("text: マイナンバーカード,", "text: カード,"), "utf-8")
    new = load(repository)
    decisions = [Changed("代表は", "phone", "（答えなし）", "聞き返す：cost・phone")]
    answers, results, questions = tables(diff(old, new), changed_entries(old, new), decisions, titles=Titles(old, new))
    ((title, sign, before, after),) = answers.rows
    assert (title, sign) == ("どこに電話すればいいですか（phone）", "± 変わる")
    assert "急ぐときは" in before
    assert "言い方：人と話したい" in before
    assert "言い方：代表は" in after
    assert "本人が行く" in results.rows[0][1]
    assert "1回目 カード" in results.rows[0][4]
    assert questions.rows[0][3] == "聞き返す：お金はかかりますか（cost）・どこに電話すればいいですか（phone）"


def test_the_city_s_own_questions_are_always_compared(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (repository / "faq" / "questions.tsv").write_text("text\tlabel\n印鑑はどこで売っていますか\tphone\n", "utf-8")
    path = repository / "faq" / "ja.yaml"
    path.write_text(path.read_text("utf-8").replace("- 人と話したい", "- 印鑑はどこで買えますか"), "utf-8")
    monkeypatch.setenv("MAINAKAGI_CONTENT", str(repository))
    assert main(["diff", "HEAD", str(repository)]) == PROBLEMS
    assert "| 印鑑はどこで売っていますか | 市の質問 |" in capsys.readouterr().out
    assert read_questions(repository / "faq" / "questions.tsv") == ["印鑑はどこで売っていますか"]


def test_a_table_without_texts_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "q.tsv").write_text("question\nx\n", "utf-8")
    with pytest.raises(UnreadableQuestions, match="text という見出し"):
        read_questions(tmp_path / "q.tsv")
