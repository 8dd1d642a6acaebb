"""Kanji that sound alike, by which a name that was converted one kanji at a time (暑名用, 利用者商命) is found.

The dictionary reads such a name by its meaning (あつ・な), so its sound says nothing; kanji by kanji it does.
Only kanji of the PINs' names stand here, with the commoner ones of the same Sino-Japanese reading (音読み).
"""

from __future__ import annotations

_ALIKE = (
    "署暑所書初処諸緒庶曙",
    "名明命銘鳴盟迷冥",
    "用要様容洋曜幼陽葉養溶",
    "利理里裏離履李梨璃",
    "者社車写舎謝斜射捨",
    "証商賞章照小省勝正少消将焼症称象昇承障床松唱傷詳笑召",
    "暗案安行杏",
    "番晩盤板蛮",
    "号合郷豪業剛",
    "券県件検権険兼研健圏",
    "面綿麺免",
    "事時次字自治持地",
    "項校港高公工口効行航功向",
    "入乳",
    "力緑",
    "補保歩穂捕",
    "助女序除徐",
    "住十重従銃充",
    "民眠",
    "基期機気記季器喜規貴",
    "台第大題代",
    "帳町長調張朝超頂",
)
_SOUND = {kanji: alike[0] for alike in reversed(_ALIKE) for kanji in alike}


def _as_heard(word: str) -> str:
    """The word with one kanji for all that sound like it."""
    return "".join([_SOUND.get(character, character) for character in word])


_NAMES = {
    _as_heard(name): name
    for line in (
        "署名用 証明用 利用者証明 利用者証明用 利用者用 券面事項 入力補助用 券面事項入力補助用",
        "住民基本台帳 住民基本台帳用 電子証明書 暗証番号",
    )
    for name in line.split()
}


def name_of(word: str) -> str | None:
    """The name that a word sounds like kanji by kanji, if it is not that name."""
    name = _NAMES.get(_as_heard(word))
    return None if name == word else name
