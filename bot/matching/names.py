"""The names of the PINs however they are spelt: 署命用, 利用車しょうめい, けんめん事項, 住き用, 暗唱番号.

Dictionaries know neither slips nor names that were converted one kanji at a time, so a name is looked for sound
by sound: each may stand there as any kanji that has it (its Sino-Japanese reading, 音読み) or as kana. Words of
their own (書名, 重機) count only before what is said of a PIN (書名のほう, 重機の番号), and nothing counts that is the
end of a longer word (事業所名, 条件面).
"""

from __future__ import annotations

import re

from bot.matching.kana import hiragana

_FOLLOWED = r"(?= ?(?:の|番|ばん|暗|あん|ぱす|だけ|[はがもをと、。?!,)]|って|電|でん|$))"
_YOU = "用容洋曜幼陽葉養溶"
_SOUNDS = {
    "しょ": ("署暑書所初処諸緒庶曙著", "し[ょよ](?!う)"),
    "めい": ("名明命銘鳴盟迷冥", "め[いえーぃ]"),
    "しょめ": ("", "し[ょよ]め"),
    "よう": (_YOU, rf"よ[うーぅ](?![なりね])|(?:よ|要){_FOLLOWED}|(?<=めに)ょう?"),
    "さま": ("", "様(?=の(?:暗|番|ば|ぱ|ほ|方|や|4))"),
    "りよう": ("", rf"(?:[利理里裏離履李梨璃]|り)(?:[{_YOU}要]|[よょ][うー]?)"),
    "しゃ": ("者社車写舎謝斜射捨紗", "し[ゃや]|さ(?=し[ょよ])"),
    "しょう": ("証商賞章照小省勝正少消将焼症称象昇承障床松唱傷詳笑召誦", "し[ょよ][うおー]?"),
    "けん": ("券県件検権険兼研健圏剣献懸軒憲", "(?<!ほ)けん|券 (?=面)"),
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
    "_": ("", " ?"),
}
"""How each sound may be spelt: kanji that have it, and its kana with common slips (a pattern); `_` is a space."""

_SAID = r"(?= ?(?:[ぁ-んー、。?!,/・+&()]|方|番号|暗証|4|四|pin|$))"
"""What is said of a name: nearly all but another kanji."""
_PARTED = (
    r"(?= ?(?:の|は|も|が|を|と|って|じゃ|だけ|で|か[、。?]|番号|ばんごう|暗証|ろっく|わすれ|おぼえ|まちが|だめ|pin|4"
    r"|[、。?!,/・+&()]|$))"
)
"""The same for kana that may be two words: けんめん (忘れたけん めんどう), じゅうき (さんじゅうきろ)."""
_CALLED = r"(?= ?(?:の ?(?:ほう|方(?!法)|やつ|番号|ばんごう|暗証|ぱす|ぴん|pin|4|四桁|は|が|も|を)|番号|暗証|ぱす))"
"""What only a PIN is called, for words of their own."""
_OWN = "(?!書名|著名|所名|書命|書明)"
_WORD_ENDS = "(?![一-鿿め])"

_NAMES = (
    ("利用者証明用", "りよう しゃ _ しょう めい _ よう", ""),
    ("利用者証明", "りよう しゃ _ しょう めい", ""),
    ("利用者用", "りよう しゃ _ よう", ""),
    ("利用者", "りよう しゃ", _SAID),
    ("署名用", "しょ めい _ さま", ""),
    ("署名用", "しょ めい _ よう", ""),
    ("署名用", "しょめ よう", ""),
    ("署名", f"{_OWN} しょ めい", _SAID),
    ("署名", "しょ めい", _CALLED),
    ("署名", "しょめ", _CALLED),
    ("券面事項入力補助用", "けん めん _ じ こう _ にゅうりょく _ ほ じょ _ よう", ""),
    ("券面事項入力補助", "けん めん _ じ こう _ にゅうりょく _ ほ じょ", ""),
    ("券面入力補助用", "けん めん _ にゅうりょく _ ほ じょ _ よう", ""),
    ("券面入力補助", "けん めん _ にゅうりょく _ ほ じょ", ""),
    ("券面事項", "けん めん _ じ こう", ""),
    ("券面用", "けん めん _ さま", ""),
    ("券面用", "けん めん _ よう", ""),
    ("券面", "(?!けんめん) けん めん", _SAID),
    ("券面", "けんめん", _PARTED),
    ("住民基本台帳用", "じゅう みん _ き ほん _ だい ちょう _ よう", ""),
    ("住民基本台帳", "じゅう みん _ き ほん _ だい ちょう", ""),
    ("住基用", "じゅう き _ よう", ""),
    ("住基", "じゅう き", _CALLED),
    ("住基", "じゅうき", _PARTED),
    ("電子証明書", "でんし _ しょう めい _ しょ", _WORD_ENDS),
    ("暗証番号", "あん しょう ばん ごう", ""),
)
"""The names as the vocabulary knows them, by their sounds, and what has to follow; longer ones first."""

_BEGINS = "(?<![一-鿿々](?=[一-鿿]))|(?<=電子)"
"""Where a name begins: a kanji of it is not the next one of a longer word, but for 電子署名."""


def _spelt(sounds: str) -> str:
    spellings = []
    for name in sounds.split():
        kanji, kana = _SOUNDS.get(name, ("", name))
        spellings.append(f"(?:[{kanji}]|{kana})" if kanji else f"(?:{kana})")
    return "".join(spellings)


_NAME = re.compile(f"(?:{_BEGINS})(?:" + "|".join(f"({_spelt(sounds)}){after}" for _, sounds, after in _NAMES) + ")")


def mended(text: str) -> str:
    """The text with the names of PINs as the vocabulary knows them."""
    pieces: list[str] = []
    at = 0
    for found in _NAME.finditer(hiragana(text)):
        pieces += [text[at : found.start()], _NAMES[(found.lastindex or 1) - 1][0]]
        at = found.end()
    return "".join([*pieces, text[at:]])
