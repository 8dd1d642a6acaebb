"""The parts of `bench.matching`: rivals, variations of the content, thresholds, tables and pictures."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from bench.matching import generate, pictures, tables
from bench.matching.measuring import OURS, Job, Measured, best_threshold
from bench.matching.rivals import RIVALS
from bench.matching.variations import unlike, varied, written_in
from bot.content.model import Content
from bot.review.evaluate import Labelled, Outcome
from tests.matching.sample import TOPICS, content

INSTALLED = {name: rival for name, rival in RIVALS.items() if rival.is_installed}


def asked(some: Content) -> list[str]:
    return [text for entry in some.entries for text in entry.also_asked]


def outcome(*, right: bool) -> Outcome:
    line = Labelled("文", frozenset({"a"}), "plain")
    topic = "a" if right else "b"
    return Outcome(line, "answer", (topic,), (), (topic, "c", "d"), frozenset(), None, 2.0)


@pytest.mark.parametrize("name", INSTALLED)
def test_every_rival_knows_the_wordings_it_learnt(name: str) -> None:
    rank = INSTALLED[name].build(content())
    for topic, texts in TOPICS.items():
        assert rank(texts[0])[0][0] == topic
        assert {found for found, _ in rank(texts[0])} == set(TOPICS)


@pytest.mark.parametrize("name", INSTALLED)
def test_no_rival_fails_at_a_text_it_knows_nothing_of(name: str) -> None:
    scores = [score for _, score in INSTALLED[name].build(content())("ｑ")]
    assert scores == sorted(scores, reverse=True)


def test_the_best_threshold_leaves_two_wrong_of_a_hundred() -> None:
    scored = [(1 - number / 100, number not in (10, 20, 30)) for number in range(100)]
    assert best_threshold(scored) == scored[29][0]


def test_of_equal_scores_all_or_none_are_answered() -> None:
    assert best_threshold([(0.9, True), (0.5, True), (0.5, False)]) == 0.9


@pytest.mark.parametrize("count", [5, 12, 500])
def test_a_content_has_as_many_wordings_as_wanted(count: int) -> None:
    made = varied(content(), f"{count} wordings")
    assert len(asked(made)) + len(made.entries) == pytest.approx(count, abs=len(made.entries))
    assert all(len(text) > 0 for text in asked(made))


def test_a_style_is_taken_from_wordings_and_situations() -> None:
    told = content().model_copy(update={"situations": {"documents": ("なにを もっていけば", "窓口で何を出す")}})
    fewer = varied(told, "without kana")
    assert written_in(told, "kana") == 2
    assert fewer.situations == {"documents": ("窓口で何を出す",)}
    assert set(asked(told)) - set(asked(fewer)) == {"パスワードがわからなくなった"}


def test_half_of_the_wordings_is_about_half_and_always_the_same() -> None:
    half = asked(varied(content(), "half"))
    assert len(asked(content())) * 0.3 < len(half) < len(asked(content())) * 0.7
    assert half == asked(varied(content(), "half"))


def test_wordings_like_a_line_are_taken_away_and_no_others() -> None:
    fewer = unlike(content(), ["再設定は無料ですか？", "粗大ごみの出し方"])
    assert set(asked(content())) - set(asked(fewer)) == {"再設定は無料ですか"}
    assert set(content().vocabulary.out_of_scope) - set(fewer.vocabulary.out_of_scope) == {"粗大ごみの出し方"}


def test_a_table_has_the_share_with_its_interval_and_the_times() -> None:
    results = {Job(OURS): Measured({"set.tsv": [outcome(right=True)] * 9 + [outcome(right=False)]}, 0.5, (90.0, 40.0))}
    *_, row = tables.side_by_side(results, "set.tsv")
    assert row.startswith("| ours | 0.900 [0.700, 1.000] | 0.900 |")
    assert "| 2.0 / 2.0 | 90 / 40 | 0.5 |" in row


def test_what_is_reached_stands_beside_what_is_wanted() -> None:
    results = {Job(OURS): Measured({"set.tsv": [outcome(right=True)] * 3 + [outcome(right=False)]}, 0.5, (90.0, 40.0))}
    rows = list(tables.goals(results))
    assert "| 1位が正しい | ≥ 0.92 | 0.750 |" in rows
    assert "| 暗証番号 正 / 誤 / 読まず | 誤 0 | – |" in rows
    assert "| いちばん低い書き方の1位 | ≥ 0.85 | 0.750（plain） |" in rows


def test_a_calibration_curve_counts_every_line_once() -> None:
    points = tables.curve([(0.05, False), (0.95, True), (1.0, True), (0.91, False)])
    assert [count for *_, count in points] == [1, 0, 0, 0, 0, 0, 0, 0, 0, 3]
    assert points[-1][1] == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    "picture",
    [
        pictures.bars({"a<b": {"ours": (0.9, 0.8, 1.0)}, "c": {"ours": (0.7, 0.6, 0.8), "x": (0.1, 0.0, 0.2)}}),
        pictures.calibration({"set": [(0.05, 0.0, 3), (0.5, 0.0, 0), (0.97, 1.0, 60)]}, 0.87),
        pictures.scale({"ours": [(100, 3.0), (1000, 30.0)]}, 20.0),
    ],
)
def test_a_picture_is_a_well_formed_svg(picture: str) -> None:
    assert ElementTree.fromstring(picture).tag.endswith("svg")


@pytest.mark.parametrize("kind", generate.KINDS)
def test_generated_wordings_are_new_learnt_as_situations_and_the_same_every_time(kind: str) -> None:
    made = generate.with_generated(content(), kind)
    known = {text for texts in TOPICS.values() for text in texts}
    assert asked(made) == asked(content())
    assert made.situations == generate.with_generated(content(), kind).situations
    assert any(made.situations.values())
    assert not known & {text for texts in made.situations.values() for text in texts}


def test_a_held_out_wording_is_asked_once_and_not_learnt() -> None:
    questions = [
        line.text for fewer, lines in generate.folds(content()) for line in lines if not asked(fewer).count(line.text)
    ]
    assert sorted(questions) == sorted(asked(content()))
