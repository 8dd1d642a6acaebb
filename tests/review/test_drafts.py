"""An edited file before it is saved: what blocks it, who was faster, and what both wrote."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from bot.content.loading import ENTRIES, FACTS, MUNICIPALITY, NOTICES
from bot.review.drafts import Draft, Folder, Overtaken, Refused, corrected, merged
from tests.content.test_broken_content import HERE


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    shutil.copytree(HERE / "good", tmp_path / "city")
    return Folder(tmp_path / "city")


def edited(folder: Folder, file: str, old: str, new: str) -> Draft:
    draft = folder.begin(file)
    assert old in draft.text
    return replace(draft, text=draft.text.replace(old, new, 1))


def test_a_draft_without_mistakes_is_saved_as_it_is(folder: Folder) -> None:
    draft = edited(folder, ENTRIES, "お金はかかりますか", "費用はかかりますか")
    folder.save(draft)
    assert folder.text(ENTRIES) == draft.text


def test_a_draft_with_a_mistake_is_not_saved(folder: Folder) -> None:
    before = folder.text(ENTRIES)
    with pytest.raises(Refused) as refused:
        folder.save(edited(folder, ENTRIES, "question: お金", "question：お金"))
    assert [problem.rule for problem in refused.value.problems] == ["full-width-colon"]
    assert folder.text(ENTRIES) == before


def test_a_draft_that_breaks_another_file_is_not_saved(folder: Folder) -> None:
    with pytest.raises(Refused) as refused:
        folder.save(edited(folder, FACTS, "  reset-fee:", "  reset-cost:"))
    assert {problem.file for problem in refused.value.problems} >= {ENTRIES}


def test_a_notice_is_saved_while_another_file_has_a_mistake(folder: Folder) -> None:
    path = folder.files()[ENTRIES]
    path.write_text(path.read_text("utf-8").replace("question: お金", "question：お金"), "utf-8")
    notice = "notices:\n  - text: 本日は15時までです。\n    from: 2026-09-10\n    until: 2026-09-10\n"
    folder.save(Draft(NOTICES, folder.text(NOTICES), notice))
    assert folder.text(NOTICES) == notice


def test_who_comes_second_overwrites_nothing(folder: Folder) -> None:
    first = edited(folder, ENTRIES, "お金はかかりますか", "費用はかかりますか")
    second = edited(folder, ENTRIES, "急ぐときは", "お急ぎのときは")
    folder.save(first)
    with pytest.raises(Overtaken) as overtaken:
        folder.save(second)
    assert overtaken.value.now == first.text
    both = merged(second, first.text)
    assert both is not None
    folder.save(both)
    assert "費用はかかりますか" in both.text
    assert "お急ぎのときは" in both.text


def test_two_changes_of_one_line_are_not_merged(folder: Folder) -> None:
    first = edited(folder, ENTRIES, "お金はかかりますか", "費用はかかりますか")
    second = edited(folder, ENTRIES, "お金はかかりますか", "無料ですか、お金は")
    assert merged(second, first.text) is None


def test_a_certain_correction_changes_its_line_alone(folder: Folder) -> None:
    good = folder.begin(ENTRIES)
    broken = edited(folder, ENTRIES, "question: お金", "question：お金")
    problems = folder.problems(broken)
    assert corrected(broken, problems, problems[0].line) == good
    assert corrected(broken, problems, problems[0].line + 1) == broken


def test_a_city_begins_with_the_questionnaire_and_is_checked_before_there_is_a_file(folder: Folder) -> None:
    assert folder.begin(MUNICIPALITY).base is None
    draft = Draft(MUNICIPALITY, None, "name: 見本市\nself_id_rule: card_onlyy\n")
    assert [problem.rule for problem in folder.blocking(draft)] == ["value"]
    folder.save(replace(draft, text="name: 見本市\nself_id_rule: card_only\n"))
    assert folder.content().municipality.name == "見本市"


def test_only_files_of_the_content_can_be_edited(folder: Folder) -> None:
    for name in ("../secret", "/etc/passwd", "faq/../../x", "faq/samples/x.yaml", "flows/talks/x.txt"):
        with pytest.raises(KeyError):
            folder.begin(name)


def test_the_changed_lines_are_shown_with_their_numbers(folder: Folder) -> None:
    draft = edited(folder, ENTRIES, "お金はかかりますか", "費用はかかりますか")
    assert [line for line in draft.lines(0) if line[0] in "+-"] == [
        ("-", 3, "    question: お金はかかりますか"),
        ("+", 3, "    question: 費用はかかりますか"),
    ]
