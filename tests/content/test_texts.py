"""What may and may not stand in a sentence for citizens, and what placeholders become."""

import pytest

from bot.content.checks import check_texts, nearest, width, wording_key
from bot.content.municipality import Municipality
from bot.content.nodes import Document
from bot.content.texts import Names, filled

NAMES = Names({"help-line": "0120-95-0178"}, Municipality())


def rules(text: str) -> list[str]:
    document = Document("faq/ja.yaml", {"entries": [{"answer": text}]})
    return [problem.rule for problem in check_texts(document, "entries", NAMES)]


@pytest.mark.parametrize(
    "text",
    [
        "数字4桁と、英数字6〜16文字です。",
        "3回まちがえるとロックされます。",
        "24時間以内に手続きします。",
        "何時でもかまいません。",
        "5年ごとに更新します。誕生日を5回迎えたら切れます。",
        "12けたのマイナンバーとはちがいます。",
        "写真のない書類は2点いります。",
        "{help-line}へお電話ください。",
        "受付は{city.hours}。",
    ],
)
def test_plain_numbers_and_named_values_may_stand_in_a_sentence(text: str) -> None:
    assert rules(text) == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("0120-95-0178へ。", "bare-phone"),
        ("０１２０−９５−０１７８へ。", "bare-phone"),
        ("警察は#9110です。", "bare-phone"),
        ("消費者ホットラインは188です。", "bare-phone"),
        ("1,000円です。", "bare-money"),
        ("千円です。", "bare-money"),
        ("17:15までです。", "bare-clock"),
        ("午後５時までです。", "bare-clock"),
        ("令和7年からです。", "bare-date"),
        ("12月2日からです。", "bare-date"),
        ("2025/12/2からです。", "bare-date"),
        ("〒100の庁舎です。", "bare-address"),
        ("霞が関1丁目です。", "bare-address"),
        ("https://example.jp/a を見ます。", "bare-url"),
        ("jpki.go.jpを見ます。", "bare-url"),
        ("<b>無料</b>です。", "html"),
        ("無料&nbsp;です。", "html"),
        ("{help-lime}へ。", "unknown-name"),
        ("{city.fees.reset}です。", "unknown-name"),
        ("｛help-line｝へ。", "brace"),
    ],
)
def test_what_belongs_to_the_facts_is_refused_in_a_sentence(text: str, rule: str) -> None:
    assert set(rules(text)) == {rule}


def test_a_value_is_reported_once() -> None:
    assert rules("2025年12月1日に変わりました。") == ["bare-date"]


def test_every_name_that_texts_may_use_has_words_without_a_city() -> None:
    assert all(NAMES.value(name) for name in NAMES.all())


def test_filling_leaves_the_wordings_of_citizens_alone() -> None:
    data = {"entries": [{"question": "{help-line}とは", "also_asked": ["{help-line}"], "answer": "{help-line}です。"}]}
    (entry,) = filled("entries", data, NAMES)["entries"]
    assert entry == {"question": "0120-95-0178とは", "also_asked": ["{help-line}"], "answer": "0120-95-0178です。"}
    assert data["entries"][0]["answer"] == "{help-line}です。"


@pytest.mark.parametrize(
    ("one", "other"),
    [("いくらですか？", "いくらですか"), ("ﾛｯｸ 解除", "ロック解除"), ("ＰＩＮを、忘れた", "pinを忘れた")],
)
def test_wordings_that_differ_in_width_case_or_punctuation_are_one(one: str, other: str) -> None:
    assert wording_key(one) == wording_key(other)


def test_wordings_that_differ_in_a_long_vowel_are_two() -> None:
    assert wording_key("カード") != wording_key("カド")


def test_a_half_width_character_is_half_as_wide() -> None:
    assert width("4桁の番号") == 4.5


def test_a_slip_finds_the_name_that_was_meant_and_a_strange_word_none() -> None:
    assert nearest("qestion", ["question", "answer"]) == "question"
    assert nearest("zzz", ["question", "answer"]) is None
