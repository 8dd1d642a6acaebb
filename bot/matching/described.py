"""PINs that people call by what they do with them: 「ポータルに入るほう」, 「住所を書き換えるときに打つ番号」.

    description = place, deed … [when] [typed] の?  and then, not part of it, what is called so: ほう, やつ, 番号 …

Which PIN is typed where: facts/holder.md 1 (1-2 to 1-5).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

Described = Literal["sign", "user", "kenmen", "juki"]

CALLED = (
    r"(?:(?:長い|長か|ながい)?(?:数字|英数字)?"
    r"(?:4桁|四桁|暗証番号|番号|ばんごう|ぱすわー?ど|数字|英数字|長いの|方(?!法)|ほう(?!ほう)|やつ|pin(?![a-z])))"
)
"""What a described PIN is called."""
_WHEN = r"(?:(?:の)?(?:とき|時(?!間)|際|折|ため|場合)(?:に|の|には|だけ)?|用の?)"
_TYPE = (
    r"(?:使う|つかう|使って(?:い)?る|用いる|打つ|うつ|押す|おす|入れる|いれる|入力する"
    r"|聞かれ(?:る|た)|求められ(?:る|た)|要る)"
)
_DO = rf"(?:{_WHEN})?{_TYPE}?の?"
_DO_THERE = rf"(?:{_WHEN}{_TYPE}?|{_TYPE})の?"
_PAPER = r"(?:住民票|印鑑(?:登録)?証明書?|戸籍|証明書)(?:とか|など)?"
_SHOP = r"こんびに(?:えんすすとあ)?"
_TAKE = r"(?:取る|とる|取れる|とれる|出す|だす|もらう|貰う|(?:発行|取得|印刷|交付)(?:する|に|の)?)"
_NAME = r"(?:名前|氏名|住所|生年月日)"
_AND = r"(?:とか|やら|など|や|と|、|も)*"
_MOVE = r"(?:引っ越し|転入|転出|転居|住所変更)"
_COUNTER = r"(?:窓口|市役所|区役所|役所|役場|市民課|かうんたー?)(?:の(?:端末|機械|画面))?"

_DESCRIPTIONS: dict[Described, str] = {
    "user": (
        rf"(?:まいな)?ぽー?たる(?:さいと)?"
        rf"(?:(?:に|へ)?(?:入る|はいる){_DO}|(?:に|へ|の)?{_WHEN}{_TYPE}?の?|で{_TYPE}の?|の?)"
        rf"|{_SHOP}(?:で|の|での)(?:{_PAPER}(?:を|の|が)?{_TAKE}?|{_TAKE}){_DO}"
        rf"|{_PAPER}(?:を|の|が)?(?:{_SHOP}で{_TAKE}?{_DO}|{_TAKE}{_DO_THERE})"
    ),
    "juki": (
        rf"{_MOVE}(?:届け?出?|とどけ|手続き?|てつづき|の|で|に|を|する|した|出す|{_COUNTER})*(?:{_WHEN}(?:{_COUNTER}で)?{_TYPE}?|{_TYPE})の?"
        rf"|(?:引っ越|転入|転居|住所が変わ|届け?出)[^。?]{{0,14}}{_COUNTER}で{_TYPE}の?"
        rf"|(?:住所|かー?どの中身)(?:を|の)?(?:書き換え(?:る|て(?:もらう|くれる))?|書きかえる|変更する){_DO_THERE}"
    ),
    "kenmen": (
        rf"{_NAME}(?:{_AND}{_NAME})*{_AND}(?:を|が|の)?(?:かー?どから)?(?:読み?取って)?"
        rf"(?:(?:自動(?:で|的に)?|勝手に|おー?とで?)(?:入れて?くれる|入れる|入る|入力(?:される|する|してくれる|に)?|写す|うつす)?"
        rf"|読み?取る|読み?込む|読み?込ませる|こぴー?する){_DO}"
    ),
    "sign": (
        r"(?:英字|英語|あるふぁべっと|ろー?ま字)(?:の|が|と数字[のが]?)?"
        r"(?:入り|入った|はいった|入って(?:い)?る|混じり|混じった|まじった|混ざった|交じり|付き|つき)の?"
        r"|(?:さいん(?!いん|あっぷ)|sign(?:ature)?)(?:用の?|の|する)"
        rf"|(?:申告|申請|税金|税務署|書類|e-?tax)(?:書)?(?:の|を|に|へ)?(?:送る|おくる|送信(?:する|に)?|提出する){_DO}|(?:送る|おくる){_DO}"
    ),
}
_PATTERNS = tuple((name, re.compile(f"(?:{pattern})(?={CALLED})")) for name, pattern in _DESCRIPTIONS.items())
_LOGIN = rf"(?:(?:まいな)?ぽー?たる(?:さいと)?(?:に|へ|の)?)?ろぐいん(?:する|に)?{_DO}"
"""Many things are logged in to, so this alone describes no PIN for `pins.py`, which looks at all of the text."""
DESCRIPTION = "|".join((*_DESCRIPTIONS.values(), _LOGIN))


def described(text: str) -> Iterator[tuple[Described, int, int]]:
    """The PINs that a text in hiragana describes, each with the place of its description."""
    for name, pattern in _PATTERNS:
        for found in pattern.finditer(text):
            yield name, *found.span()
