"""The spreadsheet round trip keeps the YAML to the byte, and changes only what a person changed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from bot.content.keeping import loaded, written
from bot.content.loading import load
from bot.review.exchange import BLANK, export, take
from bot.review.sheets import CITY, BadTable
from bot.review.workbook import UnreadableSheet, csv_bytes, read_csv, restored, safe
from bot.settings import PROJECT
from tests.content.test_broken_content import HERE, TODAY

FILES = sorted([*(PROJECT / "faq").glob("*.yaml"), *(PROJECT / "flows").glob("*.yaml")])


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copytree(HERE / "good", tmp_path / "city")
    return tmp_path / "city"


def bytes_of(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*.yaml"))}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_our_form_of_yaml_is_written_as_it_was_read(path: Path) -> None:
    text = path.read_text("utf-8")
    assert written(loaded(text)) == text


def test_an_unchanged_table_of_the_shipped_content_leaves_every_byte(tmp_path: Path) -> None:
    root = tmp_path / "shipped"
    for folder in ("faq", "flows"):
        shutil.copytree(PROJECT / folder, root / folder)
    before = bytes_of(root)
    export(tmp_path / "tables", root, None)
    taken = take(tmp_path / "tables", root, None, today=TODAY)
    assert (taken.edits.done, taken.edits.notes, taken.problems) == ([], [], ())
    assert bytes_of(root) == before


def test_an_unchanged_workbook_leaves_every_byte(root: Path) -> None:
    before = bytes_of(root)
    export(root.parent / "table.xlsx", root, None)
    assert take(root.parent / "table.xlsx", root, None, today=TODAY).edits.done == []
    assert bytes_of(root) == before


def change_csv(root: Path, table: str, change: Callable[[str], str]) -> Path:
    """Export, change the text of one table, and return the folder."""
    folder = root.parent / "tables"
    export(folder, root, None)
    path = folder / f"{table}.csv"
    text = path.read_bytes().decode("utf-8-sig")
    changed = change(text)
    assert changed != text
    path.write_bytes(changed.encode("utf-8-sig"))
    return folder


def test_a_new_wording_changes_one_line(root: Path) -> None:
    before = (root / "faq" / "ja.yaml").read_text("utf-8").split("\n")
    folder = change_csv(root, "wordings", lambda text: text + "cost,手数料っていくら\r\n")
    assert take(folder, root, None, today=TODAY).edits.done == [
        "答え「cost」に言い方「手数料っていくら」を加えました。"
    ]
    after = (root / "faq" / "ja.yaml").read_text("utf-8").split("\n")
    assert [line for line in after if line not in before] == ["      - 手数料っていくら"]
    assert len(after) == len(before) + 1


def test_a_wording_whose_row_is_gone_is_removed(root: Path) -> None:
    wording = load(root).entries[0].also_asked[1]
    folder = change_csv(root, "wordings", lambda text: text.replace(f"cost,{wording}\r\n", ""))
    take(folder, root, None, today=TODAY)
    assert wording not in load(root).entries[0].also_asked


def test_an_answer_keeps_its_block_and_its_neighbours(root: Path) -> None:
    before = (root / "faq" / "ja.yaml").read_text("utf-8")
    folder = change_csv(
        root, "answers", lambda text: text.replace("再設定は{reset-fee}です。", "手数料は{reset-fee}です。")
    )
    take(folder, root, None, today=TODAY)
    after = (root / "faq" / "ja.yaml").read_text("utf-8")
    assert after == before.replace("再設定は{reset-fee}です。", "手数料は{reset-fee}です。")


def test_a_phone_number_is_changed_in_its_row_only(root: Path) -> None:
    before = (root / "faq" / "facts.yaml").read_text("utf-8")
    folder = change_csv(root, "facts", lambda text: text.replace("0120-95-0178", "0120-95-0179"))
    take(folder, root, None, today=TODAY)
    assert (root / "faq" / "facts.yaml").read_text("utf-8") == before.replace("0120-95-0178", "0120-95-0179")


def test_a_mistake_is_told_as_check_tells_it_and_nothing_is_written(root: Path) -> None:
    before = bytes_of(root)
    folder = change_csv(
        root,
        "answers",
        lambda text: text.replace("{reset-fee}", "1,000円", 1).replace(
            "再設定は1,000円です。", '"再設定は1,000円です。"'
        ),
    )
    taken = take(folder, root, None, today=TODAY)
    assert taken.refused
    assert [problem.rule for problem in taken.problems] == ["bare-money"]
    assert bytes_of(root) == before


def test_a_row_that_is_missing_removes_no_answer(root: Path) -> None:
    folder = change_csv(root, "facts", lambda text: "\r\n".join(text.split("\r\n")[:1]) + "\r\n")
    taken = take(folder, root, None, today=TODAY)
    assert taken.edits.done == []
    assert any("消していません" in note for note in taken.edits.notes)


def test_a_new_answer_comes_with_its_wordings(root: Path) -> None:
    folder = change_csv(
        root,
        "answers",
        lambda text: text + "parking,駐車場はありますか,,駐車場は市の窓口でおたずねください。,,,city-page,\r\n",
    )
    path = folder / "wordings.csv"
    path.write_bytes(
        path.read_bytes() + "".join(f"parking,駐車場{number}\r\n" for number in "一二三四五六七八九十百千").encode()
    )
    taken = take(folder, root, None, today=TODAY)
    assert not taken.problems
    entry = load(root).entry("parking")
    assert entry is not None
    assert len(entry.also_asked) == 12


def test_the_settings_of_a_city_begin_with_the_questionnaire(root: Path) -> None:
    shutil.copyfile(PROJECT / BLANK, root / BLANK)

    def answer(text: str) -> str:
        text = text.replace("name,市区町村の名前,未確認", "name,市区町村の名前,見本市")
        lines = []
        for line in text.split("\r\n"):
            if line.startswith("self_id_rule,"):
                line = line.replace("未確認", "card_only")
            if line.startswith("closed_days,"):
                line = line.replace("未確認", '"2026/12/29\n2027/1/4"')
            if line.startswith("proxy.poa_first_visit,"):
                line = line.replace("未確認", "false")
            lines.append(line)
        return "\r\n".join(lines)

    folder = change_csv(root, "city", answer)
    taken = take(folder, root, None, today=TODAY)
    assert not taken.refused, taken.problems
    city = load(root).municipality
    assert (city.name, city.self_id_rule, city.proxy.poa_first_visit) == ("見本市", "card_only", False)
    assert [str(day) for day in city.closed_days] == ["2026-12-29", "2027-01-04"]


def test_what_excel_makes_of_numbers_and_dates_is_read_back(root: Path) -> None:
    path = root.parent / "table.xlsx"
    export(path, root, None)
    book = load_workbook(path)
    for row in book["出典"].iter_rows(min_row=2):
        row[4].value = datetime(2026, 11, 21)  # noqa: DTZ001 - a cell has no zone
    book.save(path)
    taken = take(path, root, None, today=TODAY)
    assert not taken.refused
    assert {str(source.read_on) for source in load(root).sources.values()} == {"2026-11-21"}


def test_a_dry_run_writes_nothing(root: Path) -> None:
    before = bytes_of(root)
    folder = change_csv(root, "wordings", lambda text: text + "cost,手数料っていくら\r\n")
    assert take(folder, root, None, today=TODAY, dry=True).edits.done
    assert bytes_of(root) == before


@given(st.text(st.characters(exclude_characters="\r", exclude_categories=["Cs", "Cc"]) | st.sampled_from("=+-@'\n\t")))
def test_a_cell_is_never_a_formula_and_comes_back_as_it_was(text: str) -> None:
    cell = safe(text)
    assert not cell.startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t"))
    assert restored(cell) == text
    assert read_csv(csv_bytes([[text, "x"]]), "t.csv") == [[text, "x"]]


def test_a_shift_jis_table_is_refused_with_what_to_do(root: Path) -> None:
    folder = root.parent / "tables"
    export(folder, root, None)
    (folder / "facts.csv").write_bytes("id,値\r\nx,～\r\n".encode("cp932"))
    with pytest.raises(UnreadableSheet, match="CSV UTF-8"):
        take(folder, root, None, today=TODAY)


def test_a_table_without_headings_is_refused(root: Path) -> None:
    folder = root.parent / "tables"
    export(folder, root, None)
    (folder / "city.csv").write_bytes(csv_bytes([["name", "見本市"]]))
    with pytest.raises(BadTable, match=CITY):
        take(folder, root, None, today=TODAY)


def test_what_is_no_workbook_is_refused(root: Path) -> None:
    (root.parent / "table.xlsx").write_bytes(b"PK no")
    with pytest.raises(UnreadableSheet, match=r"\.xlsx"):
        take(root.parent / "table.xlsx", root, None, today=TODAY)
