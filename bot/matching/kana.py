"""Kana: folding of spellings, the sound of a text, romaji.

Pure character work. Which words a sound may mean is for `reading.py` and `concepts.py`.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import product

_KATAKANA = re.compile("[ァ-ヶ]+")
_TO_HIRAGANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}

_VOWELS = {
    "a": "あかさたなはまやらわがざだばぱぁゃゎ",
    "i": "いきしちにひみりぎじぢびぴぃ",
    "u": "うくすつぬふむゆるぐずづぶぷぅゅゔ",
    "e": "えけせてねへめれげぜでべぺぇ",
    "o": "おこそとのほもよろをごぞどぼぽぉょ",
}
_LENGTHENS = {"a": "あ", "i": "い", "u": "う", "e": "えい", "o": "おう"}
_LONG = re.compile(
    "|".join(f"[{_LENGTHENS[vowel]}ー](?<=[{row}].)[{_LENGTHENS[vowel]}ー]*" for vowel, row in _VOWELS.items()) + "|ー+"
)
"""What lengthens the kana before it."""
_SAME_SOUND = str.maketrans("をづぢへわ", "おずじえは")
"""は and へ are spelt わ and え by people who write as they hear; both sides are folded alike."""


def hiragana(text: str) -> str:
    """The text with katakana as hiragana; the length stays the same."""
    return _KATAKANA.sub(lambda run: run.group().translate(_TO_HIRAGANA), text)


def sound(text: str) -> str:
    """A spelling-free form of a kana text: long vowels shortened, を=お, づ=ず, は=わ."""
    return _LONG.sub("", hiragana(text)).translate(_SAME_SOUND)


def sounds(text: str) -> tuple[str, list[int]]:
    """Like `sound`, and where in the text each character is."""
    spelled = hiragana(text)
    places = list(range(len(spelled)))
    for found in reversed(list(_LONG.finditer(spelled))):
        del places[found.start() : found.end()]
    return "".join(spelled[place] for place in places).translate(_SAME_SOUND), places


# --- romaji -----------------------------------------------------------------------


def _syllables() -> dict[str, str]:
    rows = {
        "": "あいうえお", "k": "かきくけこ", "s": "さしすせそ", "t": "たちつてと", "n": "なにぬねの",
        "h": "はひふへほ", "m": "まみむめも", "r": "らりるれろ", "l": "らりるれろ", "g": "がぎぐげご",
        "z": "ざじずぜぞ", "d": "だぢづでど", "b": "ばびぶべぼ", "p": "ぱぴぷぺぽ",
    }  # fmt: skip
    table = {
        consonant + vowel: kana for consonant, row in rows.items() for vowel, kana in zip("aiueo", row, strict=True)
    }
    table |= {"ya": "や", "yu": "ゆ", "yo": "よ", "wa": "わ", "wo": "を", "n": "ん", "n'": "ん", "nn": "ん", "-": "ー"}
    table |= {"shi": "し", "chi": "ち", "tsu": "つ", "fu": "ふ", "ji": "じ", "fa": "ふぁ", "fi": "ふぃ", "fe": "ふぇ"}
    table |= {
        "fo": "ふぉ",
        "ti": "てぃ",
        "di": "でぃ",
        "vi": "び",
        "va": "ば",
        "she": "しぇ",
        "je": "じぇ",
        "che": "ちぇ",
    }
    rows_y = {
        "k": "き",
        "s": "し",
        "t": "ち",
        "n": "に",
        "h": "ひ",
        "m": "み",
        "r": "り",
        "g": "ぎ",
        "z": "じ",
        "b": "び",
    }
    rows_y |= {"p": "ぴ", "j": "じ"}
    small = {"a": "ゃ", "u": "ゅ", "o": "ょ"}
    for (consonant, kana), (vowel, end) in product(rows_y.items(), small.items()):
        table[f"{consonant}y{vowel}"] = kana + end
    for (consonant, kana), (vowel, end) in product({"sh": "し", "ch": "ち", "j": "じ"}.items(), small.items()):
        table[consonant + vowel] = kana + end
    for spelt in [spelt for spelt in table if spelt[0] in "kstpgdbzc" and len(spelt) > 1]:
        table[spelt[0] + spelt] = "っ" + table[spelt]
    return table | {"tchi": "っち", "tcha": "っちゃ", "tcho": "っちょ", "tchu": "っちゅ"}


_ROMAJI = _syllables()
_ONE_SYLLABLE = re.compile(
    "n(?![aiueoy'n])|n(?=n[aiueoy])|" + "|".join(sorted((re.escape(s) for s in _ROMAJI), key=len, reverse=True))
)
_WORD = re.compile(r"[a-z][a-z'\-]*")


def from_romaji(word: str) -> str | None:
    """The hiragana of one lower-case romaji word, or None if it is no romaji."""
    kana: list[str] = []
    position = 0
    while position < len(word):
        found = _ONE_SYLLABLE.match(word, position)
        if found is None:
            return None
        kana.append(_ROMAJI.get(found.group(), "ん"))
        position = found.end()
    return "".join(kana)


def read_romaji(text: str, keep: frozenset[str] = frozenset()) -> str:
    """A romaji message as hiragana; any other text (English, Japanese) unchanged.

    Words of `keep` (pin, card …) stay as they are. A message counts as romaji if it has no
    Japanese characters and two thirds of its letters are in words that can be read as kana.
    """
    if re.search(r"[ぁ-ヿ一-鿿]", text):
        return text
    words = Counter(word for word in _WORD.findall(text) if word not in keep)
    readable = sum(len(word) * times for word, times in words.items() if from_romaji(word))
    total = sum(len(word) * times for word, times in words.items())
    if total < 3 or readable < total * 2 / 3:
        return text
    read = {word: _one_word(word) for word in words}
    return _WORD.sub(lambda found: read.get(found.group(), found.group()), text)


def _one_word(word: str) -> str:
    return _PARTICLES.get(word) or from_romaji(_LONG_A.sub("a-", word)) or word


_PARTICLES = {"wa": "は", "o": "を"}
_LONG_A = re.compile(r"aa(?!san)")
"""The long a of foreign words: kaado is カード; okaasan stays おかあさん."""
