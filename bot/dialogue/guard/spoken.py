"""Finds numbers in words: はちごーいちにー, eight five one two, 八千五百十二, 最初が85で次が12."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.dialogue.guard.four import Four
from bot.dialogue.guard.kinds import Seen
from bot.dialogue.guard.place import Place
from bot.dialogue.guard.quoted import is_example, is_well_known
from bot.dialogue.guard.said import EMOJI, NOTHING_ELSE, OTHER_NUMBER, PINS_AFTER, TOLD, UNIT, USED

_DIGIT_WORDS = {
    word: str(digit)
    for digit, words in enumerate(
        (
            "ぜろ れい まる zero oh rei",
            "いち い one ichi",
            "に にい two ni",
            "さん three san",
            "よん four yon",
            "ご ごう ごお five go",
            "ろく six roku",
            "なな しち seven nana",
            "はち ぱち eight hachi",
            "きゅう きゅ nine kyuu kyu",
        )
    )
    for word in words.split()
}
KANA_DIGIT = (
    r"(?:ぜろ|れい|まる|いち|い(?=ー)|に(?:い(?!ち))?|さん|よん|ご[うお]?|ろく|なな|しち|[はぱ]ち|きゅう|きゅ(?=ー))"
)
_ROMAN_DIGIT = (
    r"(?:zero|oh|rei|ichi|nine|ni|san|yon|go|roku|nana|hachi|kyuu|kyu|one|two|three|four|five|six|seven|eight)"
)
_DIGIT_WORD = re.compile(f"{KANA_DIGIT}|{_ROMAN_DIGIT}")
_KANA_FOUR = rf"{KANA_DIGIT}(?:[ー、・ と]{{0,2}}{KANA_DIGIT}){{3}}"
_TWELVE_WORDS = (
    rf"{KANA_DIGIT}(?:[ー、・ ]{{0,2}}{KANA_DIGIT}){{11}}|\b{_ROMAN_DIGIT}(?:[ ,-]{{1,2}}{_ROMAN_DIGIT}){{11}}\b"
)
_JOIN = (
    r"(?:[ 、,…]|あと|それから|そして|次|つぎ|真ん中|まんなか|中|後ろ?|うしろ|最後|最初|おわり|終わり|しっぽ|下|上|"
    r"前半|後半|[6六](?:桁|つ|文字|個)|です。|残り|続いて|そこから|まで|覚えてて|始まって|の|が|は|で|と|から|に|その|"
    r"[1-4一二三四]?(?:桁|けた)|"
    r"[1-4一二三四](?:つ|個|文字|番目)|\([^()0-9]{1,8}\)){0,6}"
)
_TWO_DIGITS = r"(?:の?(?:2桁|2つ|二桁|ほう|方)[がはの、 ]?|[がはの、 ]?)[0-9]{2}(?![0-9])"
_PHONE_IN_WORDS = (
    r"(?:(?:ぜろ|れい|まる)ー?(?:きゅう|きゅー|はち|なな|しち|ご|ごー)(?:ぜろ|れい|まる)|"
    r"(?<![0-9])0[5789]0(?=[ー、・ の-]{0,2}[ぜれまいにさよごろなしはき]))"
    rf"(?:[ー、・ の-]{{0,2}}(?:{KANA_DIGIT}|[0-9])){{8}}ー?|"
    rf"(?<![0-9])0[5789]0(?=[ぁ-ん、]){_JOIN}[0-9]{{4}}{_JOIN}[0-9]{{4}}(?![0-9])"
)
_KANJI = "[一二三四五六七八九壱弐参伍]"
_KANJI_THOUSANDS = rf"(?=(?:[千百十]|{_KANJI}){{4}}){_KANJI}?千(?!千)(?:{_KANJI}?百)?(?:{_KANJI}?十)?{_KANJI}?"
_KANA_THOUSANDS = (
    rf"(?:{KANA_DIGIT}|[はい]っ)?[せぜ]ん(?:{KANA_DIGIT}|[はろ]っ)?[ひびぴ]ゃく"
    rf"(?:{KANA_DIGIT}?じゅう)?(?:{KANA_DIGIT})?"
)
_FOUR = r"(?<![0-9])[0-9]{4}"
_TWELVE_IN_PARTS = (
    rf"(?<![0-9]の){_FOUR}{_JOIN}{_FOUR}{_JOIN}{_FOUR}(?![0-9]|の[0-9])|"
    rf"(?<![0-9])[0-9]{{6}}{_JOIN}(?<![0-9])[0-9]{{6}}(?![0-9])|"
    rf"[0-9]{{4}}-[0-9]{{2}}{_JOIN}[0-9]{{4}}-[0-9]{{2}}(?![0-9])|"
    rf"(?<![0-9])(?:[0-9]{{8}}|[0-9]{{4}}-[0-9]{{4}}){_JOIN}{_FOUR}(?![0-9])"
)
_FOUR_IN_HALVES = (
    rf"(?:最初|初め|はじめ|前半?|上|頭|あたま){_TWO_DIGITS}、?で?、?"
    rf"(?:次|つぎ|あと|後ろ|後半?|残り|下|うしろ|最後|終わり|おしり|お尻|しっぽ){_TWO_DIGITS}|"
    r"(?<![0-9])[0-9]{2}(?:と|に|、)[0-9]{2}(?=を?(?:くっつけ|つな|並べ|続け|合わせ|連結))"
)
_ONE_BY_ONE = (
    rf"(?:最初|初め|はじめ|頭|あたま|[1一]番目|左から)[がはにの、 ]{{0,2}}(?![0-9]{{4}})[0-9]{{1,3}}"
    rf"(?:{_JOIN}(?![0-9]{{4}})[0-9]{{1,3}}){{1,3}}(?![0-9])"
)
_BEGINS = "[ぱぜれまいにさよごろなしはき初最前上頭あ0-9zorisngyhktfe一二三四五六七八九壱弐参伍千]"
"""Passed over quickly otherwise."""
_IN_WORDS = re.compile(
    rf"(?={_BEGINS})(?:(?P<phone>{_PHONE_IN_WORDS})|(?P<twelve>{_TWELVE_WORDS})|"
    rf"(?P<kana>(?<!ばん){_KANA_FOUR}ー?)(?:(?![ぁ-ん])|(?=です|でし|だ|って|と|で|を|に|じゃ|や|か|は|も|が|な|よ|ね))|"
    rf"\b(?P<roman>{_ROMAN_DIGIT}(?:[ -]{_ROMAN_DIGIT}){{3}})\b|(?P<thousands>{_KANJI_THOUSANDS}|{_KANA_THOUSANDS})|"
    rf"(?P<dictated>{_TWELVE_IN_PARTS})|(?P<halves>{_FOUR_IN_HALVES})|"
    rf"(?P<one>{_ONE_BY_ONE}))"
)
_BEFORE_ALL = re.compile(r"(?:^|[。!?\n「、 はがね]|えっと|ええと|えーと|あの)$")
_AFTER_ALL = re.compile(rf"ー?(?:$|[。!?」{EMOJI}]|[、\s]+(?!{KANA_DIGIT})|です|でし|だ|や|じゃ)")
"""はちごーいちに。: all that a sentence says."""
_ANOTHER = re.compile(rf"[ー、・ と]{{0,2}}{KANA_DIGIT}")
_AFTER_ROMAN = re.compile(r",? (?:desu|deshita|da|datta)\b(?! ka)")
_FIGURES, _COUNTED = re.compile("[0-9]+"), re.compile("[1-4](?:つ|個|文字|桁|けた|番目)")
_KATAKANA = re.compile("[ァ-ヶ]")
_HIRAGANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}
_CALLED_PIN = re.compile(r"[ 、]?(?:が|は|って|という|っていう)?(?:暗証|ピン|pin|パス|番号)")
_JAPANESE = re.compile(r"[ぁ-ん一-龯]")
_IN_PARTS = re.compile(r"半|残り|最初|最後|桁|けた|あと")
_INDIVIDUAL_NUMBER = re.compile(r"マイナンバー|個人番号|12桁|まいなんばー")


def in_hiragana(text: str) -> str:
    return text.translate(_HIRAGANA) if _KATAKANA.search(text) else text


def find_numbers_in_words(plain: str, text: str, judged: int) -> Iterator[Seen]:
    """はちごーいちにー, eight five one two, 八千五百十二: only where something says that it is a PIN."""
    text = in_hiragana(text)
    for at, match in enumerate(_IN_WORDS.finditer(text)):
        place = Place(plain, *match.span())
        if at >= judged or match["halves"]:
            yield "pin4", place.start, place.end
        elif match["one"]:
            if _is_told_one_by_one(place):
                yield "pin4", place.start, place.end
        elif match["phone"]:
            yield "phone", place.start, place.end
        elif match["twelve"] or match["dictated"]:
            if match["twelve"] or _is_dictated(text, place):
                yield "mynumber", place.start, place.end
        elif _is_pin(text, place, match):
            yield "pin4", place.start, place.end


def _is_dictated(text: str, place: Place) -> bool:
    """1234、次が5678、最後が9012: rather than three PINs, or three sentences."""
    if not _JAPANESE.search(place.text) or ("です。" in place.text and not _INDIVIDUAL_NUMBER.search(text)):
        return False
    return not (USED.match(place.after) or PINS_AFTER.match(place.after)) or _IN_PARTS.search(place.text) is not None


def _is_told_one_by_one(place: Place) -> bool:
    """最初が6で次が0、そのあと3、最後が8: rather than four steps, or the first ten and the last twenty."""
    parts = _FIGURES.findall(_COUNTED.sub("", place.text))
    digits = "".join(parts)
    if len(digits) != 4 or UNIT.match(place.after) or place.after.startswith("まで"):
        return False
    plain = len(parts) > 2 and digits != "1234"
    return bool(plain or place.named or TOLD.match(place.after) or USED.match(place.after))


def _is_pin(text: str, place: Place, match: re.Match[str]) -> bool:
    is_round = match["thousands"] is not None and match["thousands"][-1] in "十百千くう"
    bare = (
        not is_round
        and len(text) <= len(place.text) + 16
        and NOTHING_ELSE.fullmatch(text[: place.start] + text[place.end :]) is not None
    )
    used = USED.match(place.after) or USED.match(in_hiragana(place.after))
    digits = "".join(_DIGIT_WORDS[word] for word in _DIGIT_WORD.findall(match.group()))
    begins = _BEFORE_ALL.search(text[max(0, place.start - 3) : place.start])
    counted = match["thousands"] and (is_round or OTHER_NUMBER.search(place.before))
    alone = (match["kana"] or match["thousands"]) and not counted and begins and _AFTER_ALL.match(text, place.end)
    alone = alone or (match["roman"] and begins and _AFTER_ROMAN.match(text, place.end))
    said = alone or bare or place.named or _CALLED_PIN.match(place.after) or used
    if UNIT.match(place.after):
        return False
    if not said:
        counts = digits == "1234" or _ANOTHER.match(text, place.end)
        if len(digits) != 4 or counts or not Four(digits, place, bare=False).is_likely_pin():
            return False
    return bare or not is_example(place, len(digits) == 4 and is_well_known(digits))
