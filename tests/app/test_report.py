"""The report for the office: the right numbers, on one page, and nothing that a citizen wrote."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.cli import main
from bot.content.loading import load
from bot.content.model import Content
from bot.exits import CONFIGURATION, FINE
from bot.printing.typesetting import Typesetter
from bot.review.checking import tokyo_today
from bot.settings import PROJECT
from bot.stores.counts import Counted, CountsFile
from bot.usage import page
from bot.usage.figures import Asked, Figures, Said, Unanswered, Walked, figures, freshness
from tests.needs import needs

LAST = date(2026, 11, 28)
FIRST = LAST - timedelta(days=29)


@pytest.fixture(scope="module")
def content() -> Content:
    return load(PROJECT)


def figures_of(content: Content, counts: Mapping[tuple[str, str, str], int]) -> Figures:
    return figures({Counted(LAST, *what): number for what, number in counts.items()}, content, FIRST, LAST)


COUNTS = {
    ("answer", "unlock-cost", "0.8"): 5,
    ("none", "unlock-cost", "0.2"): 2,
    ("none", "unlock-cost", "0.4"): 3,
    ("none", "", ""): 1,
    ("steered", "", ""): 4,
    ("understood", "unlock-cost", ""): 7,
    ("not-yet", "recover/kiosk", ""): 2,
    ("started", "recover", ""): 9,
    ("finished", "recover/kiosk", ""): 3,
    ("finished", "recover/office-one", ""): 2,
    ("asked", "recover/visitor", ""): 9,
    ("answered", "recover/visitor", ""): 6,
    ("left", "recover/visitor", ""): 1,
}


def test_each_number_comes_from_its_counts(content: Content) -> None:
    found = figures_of(content, COUNTS)
    assert found.decisions == {"answer": 5, "clarify": 0, "none": 6, "smalltalk": 0, "steered": 4}
    assert found.unanswered == (Unanswered("unlock-cost", (0, 2, 3, 0, 0)), Unanswered("", (1, 0, 0, 0, 0)))
    assert found.feedback == (Said("recover/kiosk", 0, 2), Said("unlock-cost", 7, 0))
    assert found.guides == (Walked("recover", 9, 5),)
    assert found.questions == (Asked("recover", "visitor", 9, 6, 1),)
    assert found.questions[0].dropped == 3


def test_the_terminal_shows_names_and_numbers(content: Content) -> None:
    said = "\n".join(page.lines(figures_of(content, COUNTS), content))
    for word in ("書かれた文（15件）", "近い答えなし", "結果：", "2026年10月30日から2026年11月28日まで（30日間）"):
        assert word in said


def test_an_id_that_the_content_no_longer_has_stands_for_itself(content: Content) -> None:
    gone = {("none", "gone-entry", "0.4"): 1, ("asked", "gone/question", ""): 1, ("not-yet", "gone/route", ""): 1}
    said = "\n".join(page.lines(figures_of(content, gone), content))
    for name in ("gone-entry", "gone/question", "gone/route"):
        assert name in said


def test_without_counts_it_says_so_and_shows_the_sources(content: Content) -> None:
    said = page.html(figures_of(content, {}), content, LAST)
    assert page.NOTHING in said
    assert f"出典の新しさ（{len(content.sources)}件）" in said


def test_sources_grow_old_after_a_year_and_are_announced_a_month_before(content: Content) -> None:
    source = next(iter(content.sources.values()))
    read_on = source.read_on
    one = content.model_copy(update={"sources": {"a": source}})
    for days, state in ((334, "fresh"), (335, "soon"), (365, "soon"), (366, "old")):
        found = freshness(one, read_on + timedelta(days=days))
        assert (len(found.old), len(found.soon), found.fresh) == tuple(
            state == name for name in ("old", "soon", "fresh")
        )


def test_what_the_city_confirmed_later_is_as_young_as_that(content: Content) -> None:
    source = next(iter(content.sources.values()))
    confirmed = source.model_copy(update={"confirmed_by_city_on": source.read_on + timedelta(days=300)})
    one = content.model_copy(update={"sources": {"a": confirmed}})
    assert freshness(one, source.read_on + timedelta(days=400)).fresh == 1


def crowded(content: Content) -> Figures:
    """More of everything than a page has room for, with the longest names, every source old."""
    long = sorted(content.entries, key=lambda entry: -len(entry.question))[:12]
    asks = [(flow.id, one) for flow in content.flows.values() for one in flow.questions]
    longest = sorted(asks, key=lambda pair: -len(pair[1].ask))[:12]
    counts = {("none", entry.id, "0.4"): 9999 for entry in long} | {("not-yet", entry.id, ""): 9999 for entry in long}
    counts |= {("asked", f"{flow}/{one.id}", ""): 9999 for flow, one in longest}
    counts |= {("started", flow, ""): 9999 for flow in (*content.flows, "a", "b", "c")}
    found = figures_of(content, counts)
    return replace(found, freshness=freshness(content, LAST + timedelta(days=500)))


@needs("pdftotext")
def test_the_pdf_is_one_page_however_much_there_is(content: Content) -> None:
    typesetter = Typesetter()
    try:
        (body,) = typesetter(page.job(crowded(content), content, LAST))
    finally:
        typesetter.close()
    told = subprocess.run(["pdftotext", "-", "-"], input=body, capture_output=True, check=True)
    text = told.stdout.decode()
    assert text.count("\f") == 1
    assert "9999" in text
    assert "古い可能性" in text


def test_names_cannot_break_the_page(content: Content) -> None:
    said = page.html(figures_of(content, {("none", "<script>", "0.4"): 1}), content, LAST)
    assert "<script>" not in said


def test_the_command_writes_what_it_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MAINAKAGI_STATE_DIR", str(tmp_path))
    CountsFile(tmp_path / "counts.sqlite").add(
        {Counted(tokyo_today(), "answer", "unlock-cost", "0.8"): 3, Counted(date(2026, 1, 1), "none", "x", "0.0"): 8}
    )
    assert main(["report", "--days", "7"]) == FINE
    said = capsys.readouterr().out
    assert "書かれた文（3件）" in said
    assert "（7日間）" in said
    assert main(["report", "--html", str(tmp_path / "r.html")]) == FINE
    assert "<svg" in (tmp_path / "r.html").read_text("utf-8")
    assert main(["report", "--days", "0"]) == CONFIGURATION
