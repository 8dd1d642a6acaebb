"""The figures of `evaluate`, on outcomes made by hand, and its report."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from bot.matching.matcher import TrainedMatcher
from bot.review.asking import PARTS, ask, explain
from bot.review.evaluate import BadQuestions, Labelled, Outcome, evaluate_file, figures, read_questions, render
from tests.matching.sample import content, matcher


class Sample:
    content = content()
    matcher = matcher()


def outcome(label: str, decision: str = "answer", said: str = "a", **more: object) -> Outcome:
    answers = tuple(said.split("+")) if decision == "answer" else ()
    line = Labelled("文", frozenset(label.split("|")), style=str(more.get("style", "plain")), pin=more.get("pin"))  # type: ignore[arg-type]
    return Outcome(
        line=line,
        decision=decision,
        answers=answers,
        choices=tuple(said.split("+")) if decision == "clarify" else (),
        ranked=(*said.split("+"), "x", "y", "z"),
        pins=frozenset(more.get("pins", ())),  # type: ignore[call-overload]
        visitor=None,
        ms=1.0,
    )


def test_an_answer_is_right_only_if_every_entry_is_in_the_label() -> None:
    found = figures([outcome("a"), outcome("a|b", said="a+b"), outcome("a", said="a+b"), outcome("b", said="a")])
    assert found["right_at_once"] == 0.5
    assert found["wrong_of_all"] == 0.5
    assert found["top1"] == 0.75


def test_a_choice_that_holds_the_label_counts_as_offered_and_is_not_wrong() -> None:
    found = figures([outcome("b", "clarify", "a+b"), outcome("c", "clarify", "a+b")])
    assert found["right_or_offered"] == 0.5
    assert found["wrong_of_all"] == 0


def test_answering_what_is_out_of_scope_or_vague_is_wrong() -> None:
    found = figures([outcome("none"), outcome("none", "none"), outcome("clarify"), outcome("clarify", "clarify")])
    assert found["none_answered"] == 0.5
    assert found["clarify_answered"] == 0.5
    assert found["wrong_of_all"] == 0.5
    assert found["top1"] is None


def test_a_pin_outside_the_label_is_wrong_and_no_pin_is_silence() -> None:
    found = figures(
        [
            outcome("a", pin=frozenset({"sign"}), pins={"sign"}),
            outcome("a", pin=frozenset({"sign"}), pins={"user"}),
            outcome("a", pin=frozenset({"sign"})),
            outcome("a", pin=frozenset({"null"})),
            outcome("a", pin=frozenset({"null"}), pins={"user"}),
            outcome("a"),
        ]
    )
    assert found["pin"] == {"lines": 5, "right": 2, "wrong": 2, "silent": 1}


def test_styles_and_confusions_are_listed() -> None:
    found = figures([outcome("b", style="kana"), outcome("b", style="kana"), outcome("a", style="typo")])
    assert found["by_style"]["kana"]["top1"] == 0
    assert found["by_style"]["typo"]["top1"] == 1
    assert found["confused"] == [{"label": "b", "ranked_first": "a", "lines": 2}]


def test_the_report_is_japanese_and_has_every_figure() -> None:
    report = render(figures([outcome("a"), outcome("none", "none")]))
    assert "質問 2 行（対象 1、対象外 1、あいまい 0）" in report
    assert "100.0%  1位が正しい" in report
    assert "暗証番号の読み取り（0 行）" in report


def test_a_file_is_read_with_its_optional_columns(tmp_path: Path) -> None:
    path = tmp_path / "q.tsv"
    path.write_text('text\tlabel\tstyle\tpin\n"引用"は？\ta|b\tplain\tsign|user\nどれ\tnone\t\t\n', encoding="utf-8")
    first, second = read_questions(path)
    assert first.text == '"引用"は？'
    assert first.label == {"a", "b"}
    assert first.pin == {"sign", "user"}
    assert second.pin is None
    assert not second.in_scope


@pytest.mark.parametrize(("text", "says"), [("text\tstyle\nx\ty\n", ":1: "), ("text\tlabel\nx\t\n", ":2: ")])
def test_a_bad_file_is_named_with_its_line(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "q.tsv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadQuestions, match=says):
        read_questions(path)
    out = io.StringIO()
    assert evaluate_file(path, Sample(), out) == 2
    assert says in out.getvalue()


def test_a_file_is_measured_as_table_and_as_json(tmp_path: Path) -> None:
    path = tmp_path / "q.tsv"
    path.write_text("text\tlabel\n解除の手数料はいくら\tunlock-cost\n", encoding="utf-8")
    table, data = io.StringIO(), io.StringIO()
    assert evaluate_file(path, Sample(), table) == 0
    assert evaluate_file(path, Sample(), data, as_json=True) == 0
    assert "1位が正しい" in table.getvalue()
    assert json.loads(data.getvalue())["top1"] == 1


def test_ask_has_the_promised_keys_and_redacts() -> None:
    answer = ask(matcher(), "暗証番号は4829です")
    assert set(answer) >= {"text", "decision", "answers", "choices", "ranked", "understood", "guard", "ms"}
    assert "4829" not in json.dumps(answer, ensure_ascii=False)
    assert answer["guard"] == [{"kind": "pin4"}]
    assert set(answer["understood"]) >= {"pin", "visitor"}
    assert len(answer["ranked"]) >= 5


def test_ask_shows_every_part_of_every_score_and_the_nearest_rival() -> None:
    answer = ask(matcher(), "解除の手数料はいくらですか")
    first, second, *_ = answer["ranked"]
    assert all(match["parts"].keys() == PARTS.keys() for match in answer["ranked"])
    assert answer["rival"] == {"id": second["id"], "behind": round(first["score"] - second["score"], 4)}


def test_ask_has_no_rival_where_there_is_only_one_entry() -> None:
    single = content().model_copy(update={"entries": content().entries[:1]})
    assert ask(TrainedMatcher(single), "手数料")["rival"] is None


def test_explain_says_the_decision_in_japanese() -> None:
    text = explain(ask(matcher(), "解除の手数料はいくらですか"), content())
    assert "unlock-cost「ロックの解除にお金はかかりますか」" in text
    assert "近い言い方「解除の手数料はいくらですか」" in text
