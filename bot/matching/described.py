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
    r"(?:4桁|四桁|暗証番号|番号|ばんごう|ぱすわー?ど|数字|すうじ|英数字|長いの|方(?!法)|ほう(?!ほう)|やつ|なんば|pin(?![a-z])"
    r"|の(?:は|が|を|も|だけ)(?![るらりれ])))"
)
"""What a described PIN is called."""
_NUMBER = r"(?=4桁|四桁|暗証番号|番号|ばんごう|ぱすわー?ど|数字|すうじ|やつ|pin(?![a-z])|ぴん)"
"""What a place is called by alone: 病院の番号, but not 病院のほう."""
_WHEN = r"(?:(?:の)?(?:とき|時(?!間)|際|折|ため|場合|とこ|ところ|画面|機能)(?:に|の|で|には|だけ)?|用の?)"
_TYPE = (
    r"(?:使う|つかう|使って(?:い)?る|つかって(?:い)?る|使える|用いる|打つ|うつ|打ち込む|たたく|叩く|押す|おす|入れる|いれる|入力する|入力した"
    r"|打った|入れた|押した|打てと?(?:言|い)われた|(?:入力を?)?(?:聞かれ|きかれ|求められ)(?:る|た)|聞いてくる|聞く|言う|要る)"
)
_DO = rf"(?:{_WHEN})?{_TYPE}?の?"
_DO_THERE = rf"(?:{_WHEN}{_TYPE}?|{_TYPE})の?"
_PAPER = r"(?:住民票|印鑑(?:登録)?証明書?|いんかん証明|戸籍|所得証明書?|課税証明書?|証明書?|紙)(?:とか|など)?"
_SHOP = r"(?:こんびに(?:えんすすとあ)?|まるちこぴー?機)"
_TAKE = r"(?:取る|とる|取れる|とれる|出す|だす|もらう|貰う|(?:発行|取得|印刷|交付)(?:する|に|の)?)"
_OF = "(?:を|の|が|ば|さ)?"
_CLINIC = (
    r"(?:病院|びょういん|医者|歯医者|歯科|くりにっく|診療所|医療機関|薬局|受診|診察|(?:健康)?保険(?:証|しょう)(?:代わり|がわり)?"
    r"|hospital|clinic)"
)
_READER = r"(?:の|で|に)?(?:受付機?|うけつけ|機械|きかい|端末|りー?だー?|かー?どりー?だー?|読み取り機)(?:など|とか)?"
_FACE = r"(?:顔|かお)(?:の|認証)*(?:の)?(?:代わり|かわり)(?:に|の)?"
_NAME = r"(?:名前|氏名|住所|生年月日|なまえ|じゅうしょ|本人情報|個人情報)"
_AND = r"(?:とか|やら|など|や|と|、|も|・)*"
_TO_APP = r"(?:あぷりに|あぷりへ|かー?どから|自動(?:で|的に)?|じどうで?|勝手に|ひとりでに|おー?とで?|ぱっと|ぴっと)"
_COPIED = (
    r"(?:入れて?くれる|入れる|入る|入力(?:される|する|してくれる|に)?|写(?:す|して?くれる)|うつ(?:す|して?くれる|し取る)|読み?取(?:る|り|ってくれる|らせる)"
    r"|読み?込(?:む|み|ませる)|読ま?(?:む|せる|す)|よむ|こぴー?(?:する)?|転記(?:する|される)?|吸わせる|取り込む)"
)
_MOVE = r"(?:引っ越し|転入|転出|転居|住所変更|住民異動)"
_COUNTER = r"(?:窓口|市役所|区役所|役所|役場|市民課|支所|職員(?:さん|の方)?|かうんたー?)(?:の(?:端末|機械|画面))?"
_CHANGE = r"(?:書き換え|書きかえ|変え|替え|かえ|直し|なお[すし]|直す|変更|移|うつ|書い|書く|更新)"

_DESCRIPTIONS: dict[Described, str] = {
    "user": (
        rf"(?:まいな)?ぽー?たる(?:さいと)?"
        rf"(?:(?:に|へ)?(?:入る|はいる){_DO}|(?:に|へ|の)?{_WHEN}{_TYPE}?の?|で{_TYPE}の?|の?(?:入口で{_TYPE})?)"
        rf"|{_SHOP}(?:で|の|での)(?:{_PAPER}{_OF}{_TAKE}?|{_TAKE}){_DO}"
        rf"|{_SHOP}(?:用の?|で{_DO_THERE})"
        rf"|{_PAPER}{_OF}(?:{_SHOP}で{_TAKE}?{_DO}|{_TAKE}{_DO_THERE})"
        rf"|{_CLINIC}(?:(?:{_READER})?(?:で|に|として)?{_DO_THERE}|(?:{_READER})?の{_NUMBER})"
        rf"|{_FACE}{_TYPE}の?|(?:顔|かお)(?:認証)?が[^。?、]{{0,6}}(?:とき|時)に?{_TYPE}の?"
    ),
    "juki": (
        rf"{_MOVE}(?:届け?出?|とどけ|手続き?|てつづき|の|で|に|を|する|した|出す|{_COUNTER})*(?:{_WHEN}(?:に)?(?:{_COUNTER}(?:で|に|から|が)?)?{_TYPE}?|{_TYPE})の?"
        rf"|(?:引っ越|転入|転居|住所が変わ|届け?出)[^。?]{{0,14}}{_COUNTER}(?:で|に|から|が)?{_TYPE}の?"
        rf"|(?:住所|かー?どの中身){_OF}{_CHANGE}[^。?、]{{0,8}}?{_DO_THERE}"
        rf"|(?:住所|かー?どの中身){_OF}(?:{_CHANGE}[^。?、]{{0,8}}?)?{_COUNTER}(?:で|の|に)?(?:{_TYPE})?の?"
        rf"|{_COUNTER}(?:で|に)?住所{_OF}{_CHANGE}[^。?、]{{0,8}}?(?:{_DO_THERE})?"
        rf"|(?:窓口で)?住所{_OF}(?:直す|なおす|変える|かえる|替える|書き換える|書きかえる|変更する|移す|うつす)の?"
        r"|台帳(?:用)?の?"
    ),
    "kenmen": (
        rf"{_NAME}(?:{_AND}{_NAME})*{_AND}{_OF}(?:{_TO_APP}|読み?取って)*{_COPIED}{_DO}"
        rf"|{_NAME}(?:{_AND}{_NAME})*{_AND}{_OF}(?:{_TO_APP})+(?:{_WHEN}{_TYPE}?|{_TYPE})の?"
        rf"|(?:あぷり|すまほ|口座)[^。?、]{{0,6}}{_NAME}(?:{_AND}{_NAME})*{_OF}{_COPIED}{_DO}"
        rf"|自動(?:で)?(?:入力|転記)(?:する|用)?(?:の|{_DO_THERE})"
    ),
    "sign": (
        r"(?:英字|英文字|英語|あるふぁべっと|ろー?ま字|大文字|おおもじ)(?:の|が|と数字[のが]?)?"
        r"(?:入り|入った|はいった|入って(?:い)?る|はいってる|入る|混じり|まじり|混じった|まじった|混ざった|まざった|交じり|付き|つき|混在)の?"
        r"|(?:英字|英文字|おおもじ|おおもじとすうじ)の?"
        r"|(?:さいん(?!いん|あっぷ)|sign(?:ature)?)(?:用の?|の|する)"
        r"|(?:はんこ|印鑑|判子)(?:の)?(?:代わり|がわり)(?:の|に(?:する|なる|使う|入れる))?"
        rf"|(?:申告|申請|税金|税務署|書類|e-?tax)(?:書)?(?:の|を|に|へ|ば)?(?:送る|おくる|送信(?:する|に)?|提出する|出す){_DO}|(?:送る|おくる){_DO}"
        rf"|(?:申告|申請|e-?tax)(?:書)?(?:に|で|のとき)(?:に)?{_TYPE}の?(?=長い|英数字|英字)"
        rf"|(?:申告|申請|e-?tax)(?:書)?の(?:いちばん|一番)?最後(?:に|で|の画面で)?{_TYPE}の?"
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
