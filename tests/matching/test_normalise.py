"""Typed and compared: one row per way of writing."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.model import Vocabulary
from bot.matching.aside import put_aside
from bot.matching.forms import Forms
from bot.matching.kana import from_romaji, read_romaji, sound
from bot.matching.normalise import _ENDINGS, Spelling, asks, bare, clauses, clean, plain, sentences
from tests.matching.sample import VOCABULARY

SPELLING = Spelling(VOCABULARY.synonyms, VOCABULARY.fillers)


def compared(text: str) -> str:
    return plain(bare(SPELLING.apply(clean(text))))


@pytest.mark.parametrize(
    ("typed", "same_as"),
    [
        ("ﾛｯｸ", "ロック"),
        ("ロック", "ろっく"),
        ("４桁", "4桁"),
        ("４けた", "四桁"),
        ("6～16桁", "英数字"),
        ("暗証番号😱😱", "暗証番号"),
        ("ロックされたwww", "ロックされた"),
        ("ロックされた（泣）", "ロックされた"),
        ("ええええ暗証番号", "え暗証番号"),
        ("ロ―ック", "ローーック"),
        ("手数料はいくらですか？", "手数料はいくら"),
        ("手数料はいくらでしょうか。", "手数料はいくら"),
        ("手数料はいくらやろか", "手数料はいくら"),
        ("手数料はなんぼですか", "手数料はいくら"),
        ("お世話になっております。手数料はいくらですか", "手数料はいくら"),
        ("できひん", "できない"),
        ("わからへん", "わからない"),
        ("どないしたらええ", "どうしたらええ"),
        ("忘れてしまいました", "忘れてた"),
        ("PINをresetしたい", "暗証番号を再設定したい"),
        ("rokku sareta", "ろっくされた"),
        ("お母さんの番号", "母の番号"),
        ("なんで止まるの", "なぜ止まるの"),
        ("\u200b暗証\u200b番号", "暗証番号"),
    ],
)
def test_two_ways_of_writing_are_compared_as_one(typed: str, same_as: str) -> None:
    assert compared(typed) == compared(same_as)


@pytest.mark.parametrize(
    ("one", "other"),
    [("4桁", "4回"), ("署名用", "利用者証明用"), ("忘れた", "忘れない"), ("解除", "再設定"), ("spin", "暗証番号")],
)
def test_what_differs_stays_different(one: str, other: str) -> None:
    assert compared(one) != compared(other)


@pytest.mark.parametrize("text", ["なんですか", "何でしょう", "なんでも"])
def test_nandesuka_is_not_a_why(text: str) -> None:
    assert "なぜ" not in SPELLING.apply(clean(text))


@pytest.mark.parametrize(
    ("romaji", "kana"),
    [
        ("rokku", "ろっく"),
        ("anshoubangou", "あんしょうばんごう"),
        ("pasuwa-do", "ぱすわーど"),
        ("konbini", "こんびに"),
        ("kinnen", "きんねん"),
        ("shinsei", "しんせい"),
        ("matchi", "まっち"),
        ("jouhou", "じょうほう"),
        ("lock", None),
        ("card", None),
    ],
)
def test_romaji_is_read(romaji: str, kana: str | None) -> None:
    assert from_romaji(romaji) == kana


def test_english_and_japanese_texts_are_no_romaji() -> None:
    assert read_romaji("what is the difference") == "what is the difference"
    assert read_romaji("pinを忘れた no ni") == "pinを忘れた no ni"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("あんしょうばんごう", "あんしょばんご"),
        ("コーヒー", "こうひい"),
        ("せんせい", "せんせー"),
        ("つづき", "つずき"),
        ("こんにちは", "こんにちわ"),
    ],
)
def test_spellings_of_one_sound_are_equal(one: str, other: str) -> None:
    assert sound(one) == sound(other)


def test_sentences_end_at_marks_lines_and_emoji() -> None:
    assert sentences(clean("忘れた！どうする？\n急ぎ😢です")) == ["忘れた", "どうする?", "急ぎ", "です"]


def test_a_very_long_sentence_is_read_in_parts() -> None:
    text = "先日市役所から封筒が届いて中を読んだのですが、目が悪くてよく読めなかったので、更新には何がいりますか"
    assert clauses(text)[-1] == "更新には何がいりますか"


def test_questions_and_statements_are_told_apart() -> None:
    assert asks("いくらですか")
    assert asks("必要な書類を教えてください")
    assert not asks("先日カードを受け取りました")


@pytest.mark.parametrize(
    ("spelled", "left"),
    [
        ("英数字は通った、病院で使う4桁だけだめ。薬はもらえる?", "暗証番号だけだめ。薬はもらえる?"),
        ("署名用と利用者証明用を忘れた", "暗証番号を忘れた"),
        ("署名用は覚えています", "暗証番号は覚えています"),
        ("手数料はいくら", "手数料はいくら"),
    ],
)
def test_names_of_pins_are_put_aside_for_the_topic(spelled: str, left: str) -> None:
    assert put_aside(spelled) == left


def test_a_half_width_text_is_read_like_hiragana() -> None:
    forms = Forms(Vocabulary())
    assert forms.spell("ﾄﾞｺﾍ ｲｹﾊﾞ ｲｲ").text == "どこへ いけば いい"


def test_a_long_a_in_romaji_is_that_of_a_foreign_word() -> None:
    assert read_romaji("kaado wa okaasan") == "かーど は おかあさん"


_SEARCHED = re.compile("(?:" + "|".join(sorted(_ENDINGS, key=len, reverse=True)) + "){1,6}$")


@given(st.lists(st.one_of(st.sampled_from([*_ENDINGS, "番号", "\n", "い"]), st.characters()), max_size=14).map("".join))
def test_looking_at_the_tail_finds_the_ending_that_a_search_of_all_finds(text: str) -> None:
    shorter = _SEARCHED.sub("", text)
    assert plain(text) == (shorter if len(shorter) >= 2 else text)
    long = "の" * 200 + text
    assert plain(long) == _SEARCHED.sub("", long)
