"""A question with the names of its PINs put aside.

「英数字は通ったのに、病院の4桁が…薬はもらえる？」 asks what 「暗証番号が…薬はもらえる？」 asks. Which PIN
it is about is read by `pins.py`; for the topic the names are noise, and most wordings of the FAQ
have none. So such a text is also read without what it says of a PIN that is in order, and with
「暗証番号」 in place of the name of any other.
"""

from __future__ import annotations

import re

from bot.matching.described import CALLED, DESCRIPTION
from bot.matching.normalise import replaced

_NAME = r"(?:署名用|利用者証明用|券面事項入力補助用|住民基本台帳用|英数字|4桁|署名(?!用)|ろぐいん用)"
_USE = r"(?:こんびに|病院|ろぐいん|受付)(?:で(?:使う|押す|打つ|入れる)|の)"
_NOUN = r"(?:電子証明書|暗証番号|ぱすわー?ど|番号|のほう|の方|ほう|方|やつ)"
_PIN = rf"(?:(?:{_NAME}(?:の)?{_NOUN}*)|(?:{_USE}(?:{_NAME}|{_NOUN})+)|(?:{DESCRIPTION}){CALLED})"
_NAMES = re.compile(rf"{_PIN}(?:(?:と|や|、|・|も)?{_PIN})*")
_IN_ORDER = re.compile(
    rf"{_PIN}(?:だけ)?(?:は|も|なら|では|じゃ|で)(?:ちゃんと|まだ|普通に|全部)?"
    r"(?:覚え|大丈夫|問題な|使え(?!な)|通[っり]|合って|いけ|わかる|わかって|思い出し|控え|ある|平気|生き|なくて|なく|ない(?:ほう|方)?|ありません)"
    r"[^、。?]{0,8}(?:、|。|けど|が|のですが|で|て|$)"
)
_ANY = "暗証番号"
_TWICE = re.compile(rf"{_ANY}(?:の?{_ANY})+")
_ENOUGH = 6
"""Characters that must be left for what is said of a PIN in order to be put aside."""


def put_aside(spelled: str) -> str:
    """The spelled text without the names of PINs; the same text if it names none."""
    shorter = replaced(spelled, _IN_ORDER, lambda _: "")
    if len(re.sub(r"[、。?\s]", "", shorter)) < _ENOUGH:
        shorter = spelled
    return _TWICE.sub(_ANY, replaced(shorter, _NAMES, lambda _: _ANY))
