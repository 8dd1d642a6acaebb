"""PINs that people call by what they do with them: 「ポータルに入るほう」, 「住所を書き換えるときに打つ番号」.

    description = place, deed … [when] [typed] の?  and then, not part of it, what is called so: ほう, やつ, 番号 …

Which PIN is typed where: facts/holder.md 1 (1-2 to 1-5).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

Described = Literal["sign", "user", "kenmen", "juki"]

CALLED = r"(?:(?:数字)?(?:4桁|四桁)|暗証番号|番号|ばんごう|ぱすわー?ど|数字|方(?!法)|ほう(?!ほう)|やつ|pin(?![a-z]))"
"""What a described PIN is called."""
_WHEN = r"(?:(?:の)?(?:とき|時(?!間)|際|ため|場合)(?:に|の|には|だけ)?|用の?)"
_TYPE = (
    r"(?:使う|つかう|使って(?:い)?る|打つ|うつ|押す|おす|入れる|いれる|入力する|聞かれ(?:る|た)|求められ(?:る|た)|要る)"
)
_PAPER = r"(?:住民票|印鑑(?:登録)?証明書?|戸籍|証明書)(?:とか|など)?"
_TAKE = r"(?:取る|とる|出す|だす|もらう|貰う|発行する|取得する|印刷する)"
_NAME = r"(?:名前|氏名|住所|生年月日)"
_AND = r"(?:とか|やら|など|や|と|、|も)*"
_MOVE = r"(?:引っ越し|転入|転出|転居|住所変更)"
_COUNTER = r"(?:窓口|市役所|区役所|役所|役場|市民課|かうんたー?)"

_DESCRIPTIONS: dict[Described, str] = {
    "user": (
        rf"(?:まいな)?ぽー?たる(?:さいと)?(?:(?:に|へ)?(?:入る|はいる)(?:{_WHEN})?{_TYPE}?|(?:に|へ|の)?{_WHEN}{_TYPE}?|で{_TYPE})の?"
        rf"|こんびに(?:で|の)(?:{_PAPER}を?{_TAKE}?|{_TAKE})(?:{_WHEN})?{_TYPE}?の?"
        rf"|{_PAPER}(?:を)?こんびにで{_TAKE}?(?:{_WHEN})?{_TYPE}?の?"
    ),
    "juki": (
        rf"{_MOVE}(?:届け?出?|とどけ|手続き?|てつづき|の|で|に|を|する|した|出す|{_WHEN}|{_COUNTER})*{_TYPE}の?"
        rf"|(?:引っ越|転入|転居)[^。?]{{0,14}}{_COUNTER}で{_TYPE}の?"
        rf"|(?:住所|かー?どの中身)(?:を|の)?(?:書き換え(?:る)?|書きかえる|変更する)(?:{_WHEN}{_TYPE}?|{_TYPE})の?"
    ),
    "kenmen": (
        rf"{_NAME}(?:{_AND}{_NAME})*{_AND}(?:を|が)?(?:かー?どから)?(?:読み?取って)?(?:自動(?:で|的に)?|勝手に|おー?とで?)"
        rf"(?:入れて?くれる|入れる|入る|入力(?:される|する|してくれる)?|写す|うつす|こぴー?する)?(?:{_WHEN})?{_TYPE}?の?"
    ),
    "sign": (
        r"(?:英字|英語|あるふぁべっと|ろー?ま字)(?:の|が|と数字[のが]?)?"
        r"(?:入り|入った|はいった|入って(?:い)?る|混じり|混じった|まじった|混ざった|交じり|付き|つき)の?"
        r"|さいん(?!いん|あっぷ)(?:用の?|の|する)"
    ),
}
_PATTERNS = tuple((name, re.compile(f"(?:{pattern})(?={CALLED})")) for name, pattern in _DESCRIPTIONS.items())
_LOGIN = rf"(?:(?:まいな)?ぽー?たる(?:さいと)?(?:に|へ|の)?)?ろぐいん(?:する)?(?:{_WHEN})?{_TYPE}?の?"
"""Many things are logged in to, so this alone describes no PIN for `pins.py`, which looks at all of the text."""
DESCRIPTION = "|".join((*_DESCRIPTIONS.values(), _LOGIN))


def described(text: str) -> Iterator[tuple[Described, int, int]]:
    """The PINs that a text in hiragana describes, each with the place of its description."""
    for name, pattern in _PATTERNS:
        for found in pattern.finditer(text):
            yield name, *found.span()
