"""The names of the PINs however they are spelt: 署命用, 利用車しょうめい, けんめん事項, 住き用, 暗唱番号.

Dictionaries know neither slips nor names that were converted one kanji at a time, so a name is looked for sound
by sound: each may stand there as any kanji that has it (its Sino-Japanese reading, 音読み) or as kana. Forms that
are words of their own (書名, 重機, 著名) count only before what is said of a PIN: 書名のほう, 重機の番号.
"""

from __future__ import annotations

import re

from bot.matching.kana import hiragana

_SOUNDS = {
    "しょ": ("署暑書所初処諸緒庶曙著", "し[ょよ](?!う)"),
    "しょめ": ("", "し[ょよ]め[いえーぃ]?"),
    "めい": ("名明命銘鳴盟迷冥", "め[いえーぃ]"),
    "よう": ("用容洋曜幼陽葉養溶", "要(?![らりるすし])|[よょ][うーぅ]?(?![りね])"),
    "よう様": ("用容洋曜幼陽葉養溶", "要(?![らりるすし])|様(?=の(?:暗|番|ば|ぱ|ほ|方|や|4))|[よょ][うーぅ]?(?![りね])"),
    "りよう": ("", "(?:[利理里裏離履李梨璃]|り)(?:[用要容洋曜幼陽葉養溶]|[よょ][うー]?)"),
    "しゃ": ("者社車写舎謝斜射捨紗", "し[ゃや]|さ(?=し[ょよ])"),
    "しょう": ("証商賞章照小省勝正少消将焼症称象昇承障床松唱傷詳笑召誦", "し[ょよ][うおー]?"),
    "けん": ("券県件検権険兼研健圏剣献懸軒憲", "けん"),
    "めん": ("面綿麺緬免", "めん|めに(?=ょ)"),
    "じ": ("事時次自字治持地", "じ"),
    "こう": ("項校港高公工口効行航功向", "こう?"),
    "にゅうりょく": ("", "入力|にゅう?りょく|入りょく|入緑|乳力"),
    "ほ": ("補保歩穂捕", "ほ"),
    "じょ": ("助女序除徐", "じょ"),
    "じゅう": ("住十重従銃充汁渋柔什", "じ[ゅゆ]う?"),
    "き": ("基期機気記季器喜規貴其", "き"),
    "みん": ("民眠", "みん"),
    "ほん": ("本", "ほん"),
    "だい": ("台第大題代", "だい"),
    "ちょう": ("帳町長調張朝超頂腸", "ち[ょよ]う?"),
    "あん": ("暗案安行杏", "あん"),
    "ばん": ("番晩盤板蛮", "ばん"),
    "ごう": ("号合郷豪業剛", "ご[うー]?"),
    "でんし": ("", "電子|でんし|伝子"),
}
"""How each sound may be spelt: kanji that have it, and its kana with common slips (a pattern)."""

_PIN_AFTER = r"(?=\s?(?:[ぁ-んー、。?!,/・+&()]|方|番号|暗証|4|四|pin|$))"
_PIN_CALLED_AFTER = (
    r"(?=\s?(?:の?\s?(?:ほう|方(?!法)|やつ|番号|ばんごう|暗証|ぱす|ぴん|pin|4|四桁)|の\s?[はがもを]|[、と]))"
)

_NAMES = (
    ("利用者証明用", "りよう しゃ しょう めい よう", ""),
    ("利用者証明", "りよう しゃ しょう めい", ""),
    ("利用者用", "りよう しゃ よう", ""),
    ("利用者", "りよう しゃ", _PIN_AFTER),
    ("署名用", "しょ めい よう様", ""),
    ("署名用", "しょめ よう様", ""),
    ("署名", "しょ めい", "(?!な|だ(?!め|け))" + _PIN_AFTER),
    ("署名", "しょめ", _PIN_AFTER),
    ("券面事項入力補助用", "けん めん じ こう にゅうりょく ほ じょ よう", ""),
    ("券面事項入力補助", "けん めん じ こう にゅうりょく ほ じょ", ""),
    ("券面入力補助用", "けん めん にゅうりょく ほ じょ よう", ""),
    ("券面入力補助", "けん めん にゅうりょく ほ じょ", ""),
    ("券面事項", "けん めん じ こう", ""),
    ("券面用", "けん めん よう様", ""),
    ("券面", "けん めん", _PIN_AFTER),
    ("住民基本台帳用", "じゅう みん き ほん だい ちょう よう", ""),
    ("住民基本台帳", "じゅう みん き ほん だい ちょう", ""),
    ("住基用", "じゅう き よう", ""),
    ("住基", "じゅう き", _PIN_CALLED_AFTER),
    ("電子証明書", "でんし しょう めい しょ", ""),
    ("暗証番号", "あん しょう ばん ごう", ""),
)
"""The names as the vocabulary knows them, by their sounds, and what has to follow; longer ones first."""


def _spelt(sounds: str) -> str:
    spellings = []
    for name in sounds.split():
        kanji, kana = _SOUNDS[name]
        spellings.append(f"(?:[{kanji}]|{kana})" if kanji else f"(?:{kana})")
    return r"\s?".join(spellings)


_NAME = re.compile("|".join(f"({_spelt(sounds)}){after}" for _, sounds, after in _NAMES))


def mended(text: str) -> str:
    """The text with the names of PINs as the vocabulary knows them."""
    pieces: list[str] = []
    at = 0
    for found in _NAME.finditer(hiragana(text)):
        pieces += [text[at : found.start()], _NAMES[(found.lastindex or 1) - 1][0]]
        at = found.end()
    return "".join([*pieces, text[at:]])
