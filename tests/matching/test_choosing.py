"""Typed answers at an open question."""

from __future__ import annotations

import pytest

from bot.content.model import Question
from bot.matching.understanding import ChoiceMatch
from tests.matching.sample import CASES, PHOTO, VISITOR, matcher


def chosen(text: str, question: Question) -> ChoiceMatch:
    return matcher().choose(text, question)


@pytest.mark.parametrize(
    "text", ["1", "１", "①", "一", "1番", "一番", "1番目", "1です", "1でお願いします", "いち", "ひとつめ", "1️⃣"]
)
def test_a_number_in_any_form_is_exact(text: str) -> None:
    assert chosen(text, VISITOR).exact == ("self",)


@pytest.mark.parametrize("text", ["5", "0", "12", "三十"])
def test_a_number_without_a_choice_is_none(text: str) -> None:
    assert chosen(text, VISITOR).exact == ()


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("本人が行く", "self"),
        ("本人が行きます", ""),
        ("自分で行く。", "self"),
        ("ﾎﾝﾆﾝ ﾊ", ""),
        ("代わりの人が行く", "proxy"),
    ],
)
def test_a_label_or_alias_is_exact(text: str, choice: str) -> None:
    assert chosen(text, VISITOR).exact == ((choice,) if choice else ())


@pytest.mark.parametrize(
    "text", ["はい", "はい！", "うん", "ええ", "そうです", "ある", "あります", "持ってます", "yes", "ok"]
)
def test_yes_is_the_positive_choice(text: str) -> None:
    assert chosen(text, PHOTO).exact == ("yes",)


@pytest.mark.parametrize("text", ["いいえ", "いや", "ううん", "ちがいます", "ない", "ありません", "ないです", "no"])
def test_no_is_the_negative_choice(text: str) -> None:
    assert chosen(text, PHOTO).exact == ("no",)


@pytest.mark.parametrize(
    "text", ["わからない", "分かりません", "わからん", "わからへん", "知らない", "さあ", "不明です", "わかんない"]
)
@pytest.mark.parametrize("question", [VISITOR, PHOTO])
def test_not_knowing_is_the_choice_unknown(text: str, question: Question) -> None:
    assert chosen(text, question).exact == ("unknown",)


def test_yes_says_nothing_where_choices_are_not_yes_and_no() -> None:
    assert chosen("はい", VISITOR).exact == ()


@pytest.mark.parametrize(
    ("text", "choices"),
    [("1と3", ("lost", "abroad")), ("1,2", ("lost", "expired")), ("期限切れと海外にいる", ("expired", "abroad"))],
)
def test_several_choices_are_taken_where_several_are_allowed(text: str, choices: tuple[str, ...]) -> None:
    assert chosen(text, CASES).exact == choices


@pytest.mark.parametrize(
    ("text", "choice"),
    [("本人がいきます", "self"), ("本人は行けません", "proxy"), ("家族といっしょに行く", "together")],
)
def test_something_near_is_near_and_not_exact(text: str, choice: str) -> None:
    found = chosen(text, VISITOR)
    assert found.exact == ()
    assert found.near[0] == choice


@pytest.mark.parametrize("text", ["ラーメン食べたい", "あああいいい", "ほげ", "いいいい", "んんん", "asdf", "てすと"])
@pytest.mark.parametrize("question", [VISITOR, PHOTO, CASES])
def test_nonsense_is_neither(text: str, question: Question) -> None:
    assert chosen(text, question) == ChoiceMatch()


def test_a_few_letters_inside_a_word_of_a_label_are_no_choice() -> None:
    assert chosen("んが", VISITOR).near == ()


@pytest.mark.parametrize(
    "text", ["本人が行くといくら？", "何を持っていくの", "どこに行けばいいですか", "本人じゃないとだめか"]
)
def test_a_question_is_seen_as_one(text: str) -> None:
    assert chosen(text, VISITOR).is_question


@pytest.mark.parametrize("text", ["本人が行く", "はい", "1", "わからない"])
def test_an_answer_is_no_question(text: str) -> None:
    assert not chosen(text, VISITOR).is_question
