"""How a text speaks of its PINs: negation, contrast, what is remembered and what is not."""

from __future__ import annotations

import pytest

from bot.content.loading import load
from bot.matching.forms import Forms
from bot.matching.understanding import PinName
from bot.settings import PROJECT

FORMS = Forms(load(PROJECT).vocabulary)


def read(text: str) -> PinName | None:
    spelled = FORMS.spell(text)
    return FORMS.concepts.understand(spelled, FORMS.concepts.find(spelled))[0].pin


ONE = [
    # what is fine stands first, last, or in another sentence
    ("署名用は大丈夫で利用者証明用がだめ", "user"),
    ("忘れたのは英数字の方で、4桁は覚えています", "sign"),
    ("署名用は忘れていないのですが、券面事項入力補助用を間違えました", "kenmen"),
    ("利用者証明用は控えがあります。署名用は控えがありません", "sign"),
    ("英数字は通ったのにコンビニの4桁で弾かれた", "user"),
    ("署名用は先月再設定したので大丈夫です。今度は利用者証明用を忘れました", "user"),
    ("署名用を覚えていません。利用者証明用は覚えています", "sign"),
    ("数字4桁は生きていますが、英数字6文字以上はロックです", "sign"),
    # said not to be meant
    ("忘れたのは署名用じゃなくて利用者証明用です", "user"),
    ("券面事項入力補助用ではなく住民基本台帳用です", "juki"),
    ("ログインのでも署名のでもない、券面事項入力補助用を忘れた", "kenmen"),
    ("スマホ用電子証明書じゃなくてカードの利用者証明用がロック", "user"),
    # the use tells the PIN
    ("6〜16桁のやつは分かってる、ログインのときの4つの数字が思い出せない", "user"),
    ("コンビニで住民票を取るときの番号を忘れちゃった。署名用はわかる", "user"),
    ("病院の受付の機械で暗証番号がわからない", "user"),
    ("e-Taxの送信でパスワードが違うと出ました", "sign"),
    ("ログインはできるのに署名用だけロック", "sign"),
    # asked, not said
    ("署名用は使えますか", "sign"),
    ("利用者証明用がわかれば署名用は再設定できますか", "sign"),
    ("署名用を忘れたわけではなく変えたい", "sign"),
    # a phone's PIN, and a card that is to be put into a phone
    ("スマホ用電子証明書の暗証番号だけ忘れた。カードの署名用はわかる", "phone"),
    ("スマホに入れたほうの署名用パスワードを忘れた", "phone"),
    ("スマホに入れたほうは大丈夫で、カードの署名用を忘れた", "sign"),
    ("iPhoneに入れたいのですが署名用がわかりません", "sign"),
    # English and romaji
    ("I remember the 4 digit PIN but forgot the signature password", "sign"),
    ("i forgot my signature password but i remember the 4-digit pin", "sign"),
    ("not the signature one, the login 4 digit pin is locked", "user"),
    ("My 4-digit PIN works but the long password is locked", "sign"),
    ("shomei you wa oboeteru kedo login no 4keta wo wasureta", "user"),
    ("eisuuji ja nakute login no 4keta wo wasureta", "user"),
    # both
    ("署名用もログイン用も忘れた", "both"),
    ("4桁も英数字もどれもわからない", "both"),
]

SILENT = [
    "署名用か利用者証明用かわからない",
    "署名用と利用者証明用、どっちを忘れたのかわからない",
    "署名用以外を忘れた",
    "長い方は覚えてるけど短い方を忘れた",
    "英数字は通ったのに4桁で弾かれた",
    "署名用もログイン用も大丈夫です",
    "署名用を忘れたら利用者証明用も使えなくなりますか？4桁も忘れたら？",
    "署名のパスワードじゃないほうの番号がロックされました",
    "コンビニで4桁を再設定できますか",
    "マイナポータルで暗証番号を変えられますか",
    "e-Taxでパスワードを忘れた",
    "住基カードの暗証番号を忘れた",
    "ログインの英数字を忘れた",
    "暗証番号は全部忘れました",
]


@pytest.mark.parametrize(("text", "pin"), ONE)
def test_the_pin_in_trouble_is_read(text: str, pin: str) -> None:
    assert read(text) == pin


@pytest.mark.parametrize("text", SILENT)
def test_doubt_is_silence(text: str) -> None:
    assert read(text) is None
