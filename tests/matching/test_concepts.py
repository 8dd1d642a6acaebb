"""Which PIN and which visitor a text is about. When in doubt: neither."""

from __future__ import annotations

import pytest

from bot.content.model import Concept
from bot.matching.concepts import Concepts
from bot.matching.normalise import Spelling, clean
from bot.matching.understanding import Understood
from tests.matching.sample import VOCABULARY

SPELLING = Spelling(VOCABULARY.synonyms, VOCABULARY.fillers)
CONCEPTS = Concepts(VOCABULARY.concepts, SPELLING)


def understood(text: str) -> tuple[Understood, bool]:
    spelled = SPELLING.apply(clean(text))
    return CONCEPTS.understand(spelled, CONCEPTS.find(spelled))


@pytest.mark.parametrize(
    ("text", "pin"),
    [
        ("署名用を忘れた", "sign"),
        ("長い方がロックされた", "sign"),
        ("6〜16桁のほうがわからない", "sign"),
        ("利用者証明用の4桁を忘れた", "user"),
        ("マイナポータルにログインする4桁がロックされた", "user"),
        ("コンビニ交付の暗証番号を忘れた", "user"),
        ("住基の番号がわからない", "juki"),
        ("券面の暗証番号がロックした", "kenmen"),
        ("スマホ用電子証明書のパスワードを忘れた", "phone"),
        ("4桁も英数字もどちらも忘れた", "both"),
        ("署名用と利用者証明用を忘れた", "both"),
        # contrast
        ("署名用は覚えているけど利用者証明用を忘れた", "user"),
        ("利用者証明用じゃなくて署名用のほうがロック", "sign"),
        ("署名用はロックされてないけど、利用者証明用がロックされた", "user"),
        ("利用者証明用は大丈夫で、署名用だけ忘れた", "sign"),
        ("4桁じゃなくて英数字のほうを忘れた", "sign"),
        # silence
        ("4桁を忘れた", None),
        ("暗証番号を忘れた", None),
        ("署名用じゃない方を忘れた", None),
        ("署名用は覚えてるけど4桁を忘れた", None),
        ("署名用と利用者証明用の違いは何ですか", None),
        ("英数字と4桁のどちらですか", None),
        ("署名用の4桁を忘れた", None),
        ("ログインできない", None),
    ],
)
def test_the_pin_in_trouble_is_understood_and_doubt_is_silence(text: str, pin: str | None) -> None:
    assert understood(text)[0].pin == pin


@pytest.mark.parametrize("text", ["署名用の4桁を忘れた", "英数字の4桁がロックされた", "署名用の利用者証明用"])
def test_one_phrase_naming_two_pins_is_a_conflict(text: str) -> None:
    assert understood(text)[1]


@pytest.mark.parametrize("text", ["署名用と4桁の違いは", "署名用を忘れた", "利用者証明用の4桁", "4桁も英数字も忘れた"])
def test_comparing_or_listing_pins_is_no_conflict(text: str) -> None:
    assert not understood(text)[1]


@pytest.mark.parametrize(
    ("text", "visitor"),
    [
        ("お母さんの代わりに行けますか", "proxy"),
        ("父の暗証番号がロックされた", "proxy"),
        ("代理人でもできますか", "proxy"),
        ("7歳の娘のカードがロックした", "parent_of_child"),
        ("15歳未満の子の手続き", "parent_of_child"),
        ("成年後見人です", "guardian"),
        ("本人が窓口に行きます", "self"),
        ("30歳の息子のカード", None),
        ("娘に聞いてここに来ました", None),
        ("暗証番号の代わりに顔認証", None),
        ("本人が行くのは無理です", None),
        ("ロックされました", None),
    ],
)
def test_the_visitor_is_understood(text: str, visitor: str | None) -> None:
    assert understood(text)[0].visitor == visitor


def test_a_denied_concept_is_not_listed() -> None:
    assert understood("署名用じゃなくて利用者証明用を忘れた")[0].concepts == ("user",)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("my signing password is locked", ["sign"]),
        ("Is the (signing  password) locked?", ["sign"]),
        ("signing passwords", []),
        ("designing password rules", []),
        ("署名用のsigning passwordを忘れた", ["sign"]),
        ("署 名 用 を忘れた", ["sign"]),
    ],
)
def test_a_name_of_several_latin_words_is_found_as_whole_words(text: str, found: list[str]) -> None:
    english = Concepts(
        [Concept(id="sign", name="署名用", kind="pin", pin="sign", words=("signing password",))], SPELLING
    )
    assert [mention.concept for mention in english.find(SPELLING.apply(clean(text)))][:1] == found
