"""From a text to a decision, on a small content."""

from __future__ import annotations

import pytest

from bot.matching.matcher import TrainedMatcher
from bot.matching.understanding import Understanding
from tests.matching.sample import TOPICS, content, matcher

ODD = [
    "",
    " ",
    "？？？",
    "😱",
    "ｱ",
    "1",
    "\n\n",
    "https://example.jp/",
    "●●●●",
    "a" * 4096,
    "ロック。" * 900,
    "\ud800",
    "한국어",
    "()[]*+?",
]


def understood(text: str) -> Understanding:
    return matcher().understand(text)


@pytest.mark.parametrize(("topic", "texts"), TOPICS.items())
def test_every_wording_finds_its_own_entry_first(topic: str, texts: tuple[str, ...]) -> None:
    assert {understood(text).ranked[0].id for text in texts} == {topic}


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("ﾛｯｸｶｲｼﾞｮ ﾉ ﾃｽｳﾘｮｳ ﾊ ｲｸﾗ", "unlock-cost"),
        ("ろっくかいじょのてすうりょう", "unlock-cost"),
        ("rokku kaijo no tesuuryou wa ikura desuka", "unlock-cost"),
        ("案所番号を忘れた", "pin-forgotten"),
        ("PINを忘れました😭", "pin-forgotten"),
        ("電子証明書の交信のお知らせ", "renewal"),
        ("何回まちがえたらロックされんの？", "attempt-limit"),
    ],
)
def test_other_spellings_find_the_entry_too(text: str, topic: str) -> None:
    assert understood(text).ranked[0].id == topic


@pytest.mark.parametrize("text", ODD)
def test_odd_input_is_an_ordinary_text(text: str) -> None:
    found = understood(text)
    assert len(found.ranked) == 5
    assert [m.score for m in found.ranked] == sorted((m.score for m in found.ranked), reverse=True)
    assert all(0 <= match.score <= 1 for match in found.ranked)


@pytest.mark.parametrize("text", [*ODD, "解除の手数料はいくらですか", "カード", "今日の天気は", "ありがとう"])
def test_answers_choices_and_smalltalk_go_with_the_decision(text: str) -> None:
    found = understood(text)
    assert bool(found.answers) == (found.decision == "answer")
    assert (2 <= len(found.choices) <= 4) == (found.decision == "clarify")
    assert len(set(found.choices)) == len(found.choices)
    assert (found.smalltalk is not None) == (found.decision == "smalltalk")


def test_thanks_are_smalltalk() -> None:
    assert understood("ありがとう！").smalltalk == "thanks"


def test_an_empty_text_is_no_smalltalk() -> None:
    assert understood("").smalltalk is None


def test_despair_is_heard_inside_a_longer_text() -> None:
    assert understood("ロックされてばかりで、もう死にたいです").smalltalk == "distress"


def test_thanks_before_a_question_do_not_hide_it() -> None:
    assert understood("ありがとう。あと解除の手数料はいくらですか").ranked[0].id == "unlock-cost"
    assert understood("ありがとう。あと解除の手数料はいくらですか").smalltalk is None


def test_two_names_of_pins_in_one_phrase_are_asked_back() -> None:
    assert understood("署名用の4桁を忘れました").decision == "clarify"


def test_a_long_story_is_matched_by_its_question() -> None:
    story = (
        "先月、母が退院してから家の中がばたばたしておりまして、庭の草もすっかり伸びてしまいました。"
        "ようやく落ち着いて机に向かっております。ロックの解除には手数料がいくらかかりますか。"
    )
    assert understood(story).ranked[0].id == "unlock-cost"


def test_a_match_explains_itself() -> None:
    best = understood("解除の手数料はいくら").ranked[0]
    assert best.wording == "解除の手数料はいくらですか"
    assert set(best.parts) == {"linear", "lexical", "words", "concepts", "written", "sound"}


def test_one_entry_with_one_wording_is_enough() -> None:
    single = content().model_copy(
        update={
            "entries": (content().entries[0].model_copy(update={"also_asked": ()}),),
            "vocabulary": content().vocabulary.model_copy(update={"out_of_scope": (), "vague": ()}),
        }
    )
    assert [match.id for match in TrainedMatcher(single).understand("手数料").ranked] == [single.entries[0].id]


def test_a_very_long_text_is_read_by_its_question() -> None:
    story = "".join(f"{day}日は庭の草を取って、畑の大根を見てきました。" for day in range(1, 120))
    assert understood(story + "ロックの解除の手数料はいくらですか。").ranked[0].id == "unlock-cost"


def test_building_twice_understands_the_same() -> None:
    texts = ["手数料は", "番号がわからん", "窓口 持ち物", "今日の天気は"]
    other = TrainedMatcher(content())
    assert [other.understand(text) for text in texts] == [understood(text) for text in texts]


def test_a_vocabulary_without_examples_is_enough() -> None:
    bare = content().model_copy(
        update={
            "vocabulary": content().vocabulary.model_copy(update={"out_of_scope": (), "vague": (), "smalltalk": ()})
        }
    )
    assert TrainedMatcher(bare).understand("手数料はいくら").ranked[0].id == "unlock-cost"
