"""What good content becomes, and that no file, however odd, gets past as an exception."""

import shutil
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.content.loading import inspect, load, load_notices
from bot.content.problems import BrokenContent

GOOD = Path(__file__).parent / "good"
TODAY = date(2026, 11, 22)
TOKYO = ZoneInfo("Asia/Tokyo")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copytree(GOOD, tmp_path, dirs_exist_ok=True)
    return tmp_path


def write(root: Path, name: str, text: str) -> None:
    (root / name).write_text(text, "utf-8")


def change(root: Path, name: str, old: str, new: str) -> None:
    text = (root / name).read_text("utf-8")
    assert old in text
    write(root, name, text.replace(old, new))


def test_good_content_loads_without_a_problem() -> None:
    content, problems = inspect(GOOD, today=TODAY)
    assert problems == ()
    assert content is not None
    assert [entry.id for entry in content.entries] == ["cost", "phone"]
    assert list(content.flows) == ["recover"]
    assert content.retired == {"recover visitor family"}


def test_facts_are_filled_into_the_texts_of_citizens() -> None:
    content = load(GOOD)
    assert content.entries[0].answer == "再設定は無料です。"
    fee = content.flows["recover"].routes[0].fee
    assert fee is not None
    assert fee.text == "手数料は無料です。"


def test_without_a_city_a_text_names_the_town_hall_and_no_number() -> None:
    content = load(GOOD)
    assert not content.municipality.known
    assert content.entries[1].answer.startswith("住民票のある市区町村の代表電話へお電話ください。")


def test_a_city_file_fills_its_phone_into_texts(root: Path) -> None:
    write(root, "faq/municipality.yaml", 'name: 見本市\nphone: "00-0000-0000"\n')
    content = load(root)
    assert content.municipality.name == "見本市"
    assert content.entries[1].answer.startswith("00-0000-0000へお電話ください。")


def test_a_city_file_given_by_name_wins_over_the_one_in_the_folder(root: Path, tmp_path: Path) -> None:
    write(root, "faq/municipality.yaml", "name: 見本市\n")
    sample = tmp_path / "other.yaml"
    sample.write_text("name: 別の市\nself_id_rule: 未確認\n", "utf-8")
    city = load(root, sample).municipality
    assert city.name == "別の市"
    assert not city.confirmed("self_id_rule")


def test_a_city_file_that_is_missing_is_a_problem(root: Path) -> None:
    with pytest.raises(BrokenContent) as refused:
        load(root, root / "faq/samples/nowhere.yaml")
    assert [problem.rule for problem in refused.value.problems] == ["no-file"]


def test_scalars_are_the_text_that_was_written(root: Path) -> None:
    change(root, "faq/ja.yaml", "      - 有料ですか\n", "      - 188\n      - 2026-11-22\n      - 1.50\n      - true\n")
    assert load(root).entries[0].also_asked[1:5] == ("188", "2026-11-22", "1.50", "true")


def test_an_empty_optional_value_counts_as_not_written(root: Path) -> None:
    change(root, "faq/ja.yaml", "    see_also: [phone]\n", "    see_also:\n    more: ~\n")
    entry = load(root).entries[0]
    assert entry.see_also == ()
    assert entry.more is None


def test_the_digest_is_the_same_for_the_same_files_and_another_after_any_change(root: Path) -> None:
    assert load(root).digest == load(GOOD).digest
    change(root, "flows/retired.txt", "family", "friend")
    assert load(root).digest != load(GOOD).digest


def test_loading_twice_gives_equal_content() -> None:
    assert load(GOOD) == load(GOOD)


def test_an_empty_folder_is_told_which_files_are_missing(tmp_path: Path) -> None:
    _, problems = inspect(tmp_path, today=TODAY)
    assert [(problem.file, problem.rule) for problem in problems] == [
        ("faq/facts.yaml", "no-file"),
        ("faq/ja.yaml", "no-file"),
    ]


def test_problems_are_sorted_by_place(root: Path) -> None:
    change(root, "faq/ja.yaml", "see_also: [phone]", "see_also: [fone, phome]")
    change(root, "faq/facts.yaml", "2026-11-22", "2026-11-32")
    _, problems = inspect(root, today=TODAY)
    assert list(problems) == sorted(problems)
    assert len(problems) == 3


# --- notices ------------------------------------------------------------------


def test_notices_load_while_other_files_are_broken(root: Path) -> None:
    write(root, "faq/ja.yaml", "entries： []\n")
    write(root, "faq/facts.yaml", "facts: [")
    notices, problems = load_notices(root)
    assert [notice.text for notice in notices] == ["台風のため、窓口は15時までです。"]
    assert problems == ()


def test_one_broken_notice_does_not_hold_back_the_next(root: Path) -> None:
    change(root, "faq/notices.yaml", "notices:\n", "notices:\n  - {text: 休みです, from: あした, until: 2026-11-23}\n")
    notices, problems = load_notices(root)
    assert [notice.text for notice in notices] == ["台風のため、窓口は15時までです。"]
    assert [(problem.line, problem.rule) for problem in problems] == [(2, "value")]


def test_without_a_file_there_is_no_notice(root: Path) -> None:
    (root / "faq/notices.yaml").unlink()
    assert load_notices(root) == ((), ())


@pytest.mark.parametrize(
    ("now", "shown"),
    [
        (datetime(2026, 11, 22, 8, 29, tzinfo=TOKYO), False),
        (datetime(2026, 11, 22, 8, 30, tzinfo=TOKYO), True),
        (datetime(2026, 11, 22, 14, 59, tzinfo=TOKYO), True),
        (datetime(2026, 11, 22, 15, 0, tzinfo=TOKYO), False),
    ],
)
def test_a_notice_is_shown_between_its_two_moments(now: datetime, shown: bool) -> None:
    assert load(GOOD).notices[0].shown_at(now) is shown


def test_a_notice_until_a_day_is_shown_to_the_end_of_that_day(root: Path) -> None:
    change(root, "faq/notices.yaml", "2026-11-22 15:00", "2026-11-22")
    (notice,) = load(root).notices
    assert notice.shown_at(datetime(2026, 11, 22, 23, 59, tzinfo=TOKYO))
    assert not notice.shown_at(datetime(2026, 11, 23, 0, 0, tzinfo=TOKYO))


# --- odd files ----------------------------------------------------------------


def odd_edits(text: str) -> Iterator[str]:
    """A file after one careless edit, for every line of its own kind."""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if line.startswith("      - ") and lines[number - 1].startswith("      - "):
            continue  # one wording is like the next
        for new in ([], [" " + line], [line, line], ["- " + line], [line + "{"]):
            yield "\n".join([*lines[:number], *new, *lines[number + 1 :]])


@pytest.mark.parametrize("name", sorted(path.relative_to(GOOD).as_posix() for path in GOOD.rglob("*.yaml")))
def test_any_careless_edit_gives_content_or_problems_and_never_an_exception(name: str, root: Path) -> None:
    text = (GOOD / name).read_text("utf-8")
    for edited in odd_edits(text):
        write(root, name, edited)
        content, problems = inspect(root, today=TODAY)
        last = edited.count("\n") + 2
        assert (content is None) == any(problem.severity == "error" for problem in problems)
        assert all(1 <= problem.line <= last and problem.column >= 1 for problem in problems if problem.file == name)


@pytest.mark.parametrize(
    "text", ["", "[]", "- a", "text", "~", "{}", "entries: x", "entries: [x, [y], {z: 1}]", "a: {"]
)
@pytest.mark.parametrize("name", ["faq/ja.yaml", "faq/facts.yaml", "flows/recover.yaml", "faq/vocabulary.yaml"])
def test_a_file_of_another_shape_is_a_problem(name: str, text: str, root: Path) -> None:
    write(root, name, text)
    content, problems = inspect(root, today=TODAY)
    if name == "faq/vocabulary.yaml" and text == "{}":
        assert content is not None
    else:
        assert any(problem.file == name and problem.severity == "error" for problem in problems)
