"""The second reader: it silences a reading of which it is not sure, and only that."""

from __future__ import annotations

import pytest

from bot.content.loading import load
from bot.matching import asked
from bot.matching.forms import Forms
from bot.matching.understanding import PinName
from bot.settings import PROJECT

FORMS = Forms(load(PROJECT).vocabulary)


def likely(text: str, pin: PinName) -> bool:
    spelled = FORMS.spell(text).text
    evened, things = FORMS.concepts.named_things(spelled, FORMS.concepts.find(spelled))
    return asked.finds_likely(evened, things, pin)


@pytest.mark.parametrize(
    ("text", "pin", "other"),
    [
        ("署名用のパスワードを忘れました", "sign", "user"),
        ("ログイン用の4桁がロックされました", "user", "kenmen"),
        ("スマホ用電子証明書の暗証番号を忘れた", "phone", "sign"),
        ("署名用も利用者証明用も両方忘れた", "both", "juki"),
    ],
)
def test_what_a_plain_text_asks_for_is_likely_and_nothing_else(text: str, pin: PinName, other: PinName) -> None:
    assert likely(text, pin)
    assert not likely(text, other)


def test_a_pin_beside_the_one_that_is_asked_for_is_not_likely() -> None:
    text = "署名用がロックしてるんだけど、知りたいのはログインのほうなんです"
    assert not likely(text, "sign")


def test_no_judge_is_asked_where_the_others_are_set_aside() -> None:
    text = "住民基本台帳用ではなく券面事項入力補助用です"
    assert not likely(text, "kenmen")
    spelled = FORMS.spell(text).text
    assert FORMS.concepts.understand(spelled, FORMS.concepts.find(spelled))[0].pin == "kenmen"
