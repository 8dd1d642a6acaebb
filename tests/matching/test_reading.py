"""Words by their sound."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.content.loading import load
from bot.matching.forms import Forms
from bot.matching.reading import Lexicon, tokens, words_of
from bot.settings import PROJECT

FAQ = [
    "暗証番号を忘れた",
    "ロック解除の手数料",
    "電子証明書の更新",
    "窓口に持っていく書類",
    "署名用の暗証番号",
    "パスワード",
]
LEXICON = Lexicon(Counter(word for text in FAQ for word in words_of(tokens(text))))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("案所番号を忘れた", "暗証番号を忘れた"),
        ("暗唱番号は何", "暗証番号は何"),
        ("証明書の交信", "証明書の更新"),
        ("ろっく開示の手数料", "ロック解除の手数料"),
    ],
)
def test_a_wrongly_converted_word_is_written_as_the_faq_writes_it(typed: str, meant: str) -> None:
    assert LEXICON.correct(typed, tokens(typed)) == meant


@pytest.mark.parametrize("typed", ["署名用を四回間違えた", "もう一回送って、二階へ", "照会書兼回答書を2日前に"])
def test_with_all_words_of_the_shipped_faq_facts_are_not_mended(typed: str) -> None:
    content = load(PROJECT)
    texts = [text for entry in content.entries for text in (entry.question, *entry.also_asked)]
    lexicon = Lexicon(Counter(word for text in texts for word in words_of(tokens(text))))
    assert lexicon.correct(typed, tokens(typed)) == typed


@pytest.mark.parametrize(
    "typed", ["電子証明書なしのカード", "天気予報", "住宅ローン控除", "暗証番号", "商社に住所変更", "初回の登録用"]
)
def test_other_words_are_left_alone(typed: str) -> None:
    assert LEXICON.correct(typed, tokens(typed)) == typed


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("あんしょうばんごうをわすれた", "暗証番号を忘れた"),
        ("アンショウバンゴウ", "暗証番号"),
        ("ぱすわーどのこうしん", "パスワードの更新"),
        ("しょるいは いりますか", "書類は いりますか"),
    ],
)
def test_kana_is_written_back_in_kanji(typed: str, meant: str) -> None:
    assert LEXICON.restore(typed) == meant


def test_a_text_with_kanji_is_not_touched() -> None:
    assert LEXICON.restore("暗証番号のこうしん") == "暗証番号のこうしん"


def test_several_threads_read_at_the_same_time() -> None:
    texts = ["マイナンバーカードの暗証番号を忘れて、区役所の窓口でロックを解除したいのですが" * 20] * 40
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(tokens, texts))
    assert all(one == found[0] for one in found)


def test_words_in_half_width_letters_are_read_by_their_sound_also_beside_kanji() -> None:
    forms = Forms(load(PROJECT).vocabulary, Lexicon({("窓口", "まどぐち"): 1, ("免許証", "めんきょしょ"): 1}))
    assert forms.spell("署名用はﾏﾄﾞｸﾞﾁでﾅｵｼﾏｽか").text.startswith("署名用は窓口で")
    assert "めんきょ" in forms.spell("署名用はめんきょしょうで").text  # full-width kana beside kanji stay
