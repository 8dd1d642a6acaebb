"""What counts as plain: where a sentence ends, what is a double negative, what explains a word, what a reason does."""

from pathlib import Path

import pytest

from bot.content.loading import inspect, load
from bot.content.model import Jargon, PlainLanguage, PlainLimits
from bot.content.municipality import Municipality
from bot.content.nodes import Document
from bot.content.plain import check, sentences
from bot.content.texts import Names
from bot.settings import PROJECT
from tests.content.test_broken_content import HERE, TODAY, lay_over

NAMES = Names({"help-line": "0120-95-0178"}, Municipality())
RULES = PlainLanguage(
    limits=PlainLimits(sentence=50, commas=3, kanji=7, label=20),
    official_names=("券面事項入力補助用", "署名用電子証明書"),
    jargon=(
        Jargon(term="署名用", means="英数字6〜16文字", plain=("英数字",)),
        Jargon(term="電子証明書", means="カードの中の証明", plain=("の中の電子証明書",)),
        Jargon(term="署名用電子証明書", means="英数字で使う証明"),
    ),
)


def rules(answer: str, more: str = "") -> list[str]:
    row = {"answer": answer, **({"more": more} if more else {})}
    document = Document("faq/ja.yaml", {"entries": [row]})
    found = check({"faq/ja.yaml": document}, {"faq/ja.yaml": "entries"}, NAMES, RULES)
    return [problem.rule.removeprefix("plain-") for problem in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("行きます。書きます。", ["行きます。", "書きます。"]),
        ("見出し\n・一つ\n・二つ", ["見出し", "一つ", "二つ"]),
        ("① 撮ります。\n② 打ちます。", ["撮ります。", "打ちます。"]),
        ("1. 撮ります\n２．打ちます", ["撮ります", "打ちます"]),
        ("行けますか？ それとも行けませんか？", ["行けますか？", "それとも行けませんか？"]),
        ("本当ですか！？はい。", ["本当ですか！？", "はい。"]),
        ("「行けますか？」と聞きます。", ["「行けますか？」と聞きます。"]),
        ("「見ました。故障ですか？ 何が要りますか？」", ["「見ました。", "故障ですか？", "何が要りますか？」"]),
        ("「行きます。」「書きます。」", ["「行きます。」", "「書きます。」"]),
        ("行けますか？（付き添いがいてもかまいません）", ["行けますか？", "（付き添いがいてもかまいません）"]),
        ("　続きの行です", ["続きの行です"]),
        ("2026年です", ["2026年です"]),
        ("12けたです。1.5倍です。", ["12けたです。", "1.5倍です。"]),
        ("", []),
        ("\n\n。\n", ["。"]),
    ],
)
def test_a_sentence_ends_at_its_mark_or_its_line(text: str, expected: list[str]) -> None:
    assert [text[begin:end] for begin, end in sentences(text)] == expected


def test_a_long_sentence_is_measured_as_it_is_read_with_its_values() -> None:
    assert rules("あ" * 40 + "{help-line}") == ["sentence"]
    assert rules("あ" * 38 + "{help-line}") == []


def test_a_sentence_in_another_language_is_not_measured() -> None:
    assert rules("English: If only your PIN is locked, go to the city hall where you are registered.") == []


def test_three_commas_are_too_many_for_one_sentence_and_not_for_two() -> None:
    assert rules("紙、本、箱、袋です。") == ["commas"]
    assert rules("紙、本です。箱、袋です。") == []


def test_a_run_of_seven_kanji_is_too_long_unless_it_is_an_official_name() -> None:
    assert rules("暗証番号再設定です。") == ["kanji"]
    assert rules("暗証番号再設です。") == []
    assert rules("券面事項入力補助用です。") == []
    assert rules("券面事項入力補助用申請手続期限日です。") == ["kanji"]


@pytest.mark.parametrize(
    "text",
    [
        "使えないわけではありません。",
        "直せないことはないです。",
        "行けなくはありません。",
        "要らないものはありません。",
        "書類が足りないと、手続きできません。",
        "カードがなければ直せません。",
        "予約なしには受け付けません。",
        "持ってこなければならない書類です。",
        "書けない人はいません。",
    ],
)
def test_two_negations_that_undo_each_other_are_named(text: str) -> None:
    assert rules(text) == ["negative"]


@pytest.mark.parametrize(
    "text",
    [
        "番号が分からないときは、打たないでください。",
        "ほかの番号までロックされるわけではありません。",
        "窓口でしか直せません。",
        "自信がなければ打たずに窓口へ行ってください。",
        "書けない方は、その日に終わらないことがあります。",
        "分からないと答えた方は、行かないでください。",
        "足りないときは、電話してください。",
    ],
)
def test_one_negation_or_two_of_two_things_are_left_alone(text: str) -> None:
    assert rules(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "署名用（英数字6〜16文字）です。",
        "「署名用」（長い番号）です。",
        "長い番号（署名用）です。",
        "英数字の番号です。署名用といいます。",
        "署名用とは、長い番号のことです。",
        "署名用は英数字です。",
        "カードの中の電子証明書です。",
        "署名用電子証明書（英数字で使う証明）です。",
    ],
)
def test_a_word_is_explained_by_a_bracket_or_by_plain_words(text: str) -> None:
    assert rules(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "署名用です。",
        "署名用です。英数字です。",
        "電子証明書です。",
        "署名用電子証明書です。",
        "（長い番号）署名用です。",
    ],
)
def test_a_word_without_its_explanation_is_named_once(text: str) -> None:
    assert rules(text) == ["jargon"]


def test_an_answer_explains_the_words_of_its_details() -> None:
    assert rules("長い番号（署名用）です。", "署名用を忘れた方へ。") == []
    assert rules("長い番号です。", "署名用を忘れた方へ。") == ["jargon"]


def test_a_reason_silences_its_own_rule_and_no_other(tmp_path: Path) -> None:
    root = lay_over("plain-unused", tmp_path)
    path = root / "flows" / "recover.yaml"
    long = (
        "窓口で、"
        + "申込書を受け取り、" * 2
        + "あなたのお名前とご住所とお電話の番号をていねいに書いてから係の人に渡します。"
    )
    path.write_text(path.read_text("utf-8").replace("窓口で申し込みます。", long), "utf-8")
    _, problems = inspect(root, today=TODAY)
    assert [problem.rule for problem in problems] == ["plain-commas"]


def test_a_reason_above_a_key_holds_for_a_text_of_several_lines(tmp_path: Path) -> None:
    root = lay_over("plain-commas", tmp_path)
    path = root / "faq" / "ja.yaml"
    text = path.read_text("utf-8").replace("    answer: |", "    # plain 読点: 公式の並べ方のまま\n    answer: |")
    path.write_text(text, "utf-8")
    content, problems = inspect(root, today=TODAY)
    assert content is not None
    assert problems == ()


@pytest.mark.parametrize("name", sorted(path.name for path in (HERE / "broken").glob("plain-*")))
def test_unplain_content_goes_live(name: str, tmp_path: Path) -> None:
    content, problems = inspect(lay_over(name, tmp_path), today=TODAY)
    assert content is not None
    assert {problem.severity for problem in problems} == {"plain"}


def test_without_the_rules_nothing_is_said(tmp_path: Path) -> None:
    root = lay_over("plain-sentence", tmp_path)
    (root / "faq" / "plain.yaml").unlink()
    assert inspect(root, today=TODAY)[1] == ()


@pytest.mark.parametrize(
    "text", ["limits: {sentence: many, commas: 3, kanji: 7, label: 20}\n", "limits: [\n", "x: 1\n", ""]
)
def test_a_mistake_in_the_rules_holds_nothing_back(text: str, tmp_path: Path) -> None:
    root = lay_over("plain-sentence", tmp_path)
    (root / "faq" / "plain.yaml").write_text(text, "utf-8")
    content, problems = inspect(root, today=TODAY)
    assert content == load(root)
    assert {(problem.file, problem.severity) for problem in problems} == {("faq/plain.yaml", "warning")}


def test_the_shipped_texts_are_plain_or_give_their_reason() -> None:
    _, problems = inspect(PROJECT, today=TODAY)
    assert [str(problem) for problem in problems if problem.severity == "plain"] == []
