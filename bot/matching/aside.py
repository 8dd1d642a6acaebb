"""A question with the names of its PINs put aside.

「英数字は通ったのに、病院の4桁が…薬はもらえる？」 asks what 「暗証番号が…薬はもらえる？」 asks. Which PIN
it is about is read by `pins.py`; for the topic the names are noise, and most wordings of the FAQ
have none. So such a text is also read without what it says of a PIN that is in order, and with
「暗証番号」 in place of the name of any other.
"""

from __future__ import annotations

import re

from bot.matching.described import CALLED, DESCRIPTION
from bot.matching.kana import hiragana
from bot.matching.normalise import replaced

_NAME = r"(?:署名用|利用者証明用|券面事項入力補助用|住民基本台帳用|英数字|4桁|署名(?!用)|ろぐいん用|送信用)"
_USE = r"(?:こんびに|病院|ろぐいん|受付|送信)(?:で(?:使う|押す|打つ|入れる)|の)"
_NOUN = r"(?:電子証明書|暗証番号|ぱすわー?ど|番号|のほう|の方|ほう|方|やつ)"
_PIN = rf"(?:(?:{_NAME}(?:の)?{_NOUN}*)|(?:{_USE}(?:{_NAME}|{_NOUN}|長いの)+)|(?:{DESCRIPTION}){CALLED})"
_NAMES = re.compile(rf"{_PIN}(?:(?:と|や|、|・|も)?{_PIN})*")
_OTHER = re.compile(
    rf"{_PIN}|(?:短い|長い)(?:の|ほう|方|やつ)|かーどの(?:ほう|方|番号|やつ)|(?:ほか|他)の?(?:番号|ほう|やつ)?は"
)
_IN_ORDER = re.compile(
    r"覚え[てと]|大丈夫|だいじょう|問題な|支障|使え(?!な|ん|ませ)|通[っり]|合って|いけ[るたまて]|(?:わか|分か)(?:る|って|ります)"
    r"|思い出し|控え|無事|ぶじ|平気|生き[てと]|動く|(?<![a-z])(?:ok|fine)|じゃな[いく]|ではな[いく]|じゃなし|以外|関係な|必要な|あるけど"
)
_IN_TROUBLE = re.compile(
    r"忘れ|わすれ|ろっく|わからな|分からな|間違|だめ|駄目|死ん|止ま|とま[っり]|使えな|できな|入れな|通らな|弾か|切れ|失念|思い出せ|出てこな|[?]|どこ|いくら|何を?"
)
_CLAUSE = re.compile(r"[、。?!,]{2,}|.+?(?:(?:けれ?ど|のに|[るたすいだ]が|[るた]し)、?|(?<![、。?!,])[、。?!,]+|$)")
"""A run of marks is read once: from each of its marks on, 4,096 of them took 42 ms."""
_SPACE = re.compile(r"(?<=[ぁ-ヿ一-鿿]) +(?=[ぁ-ヿ一-鿿])")
_ANY = "暗証番号"
_TWICE = re.compile(rf"{_ANY}(?:の?{_ANY})+")
_ENOUGH = 6
"""Characters that must be left for what is said of a PIN in order to be put aside."""


def put_aside(spelled: str) -> str:
    """The spelled text without the names of PINs; the same text if it names none."""
    joined = _SPACE.sub("", spelled)
    if not _NAMES.search(hiragana(joined)):
        return spelled
    shorter = "".join(clause for clause in _CLAUSE.findall(joined) if not _is_in_order(hiragana(clause)))
    if len(re.sub(r"[、。?!,\s]", "", shorter)) < _ENOUGH:
        shorter = joined
    return _TWICE.sub(_ANY, replaced(shorter, _NAMES, lambda _: _ANY))


def _is_in_order(clause: str) -> bool:
    """Whether a clause only says of a PIN that it is remembered, or not meant."""
    return (
        _OTHER.search(clause) is not None
        and _IN_ORDER.search(clause) is not None
        and _IN_TROUBLE.search(clause) is None
    )
