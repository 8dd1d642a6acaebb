"""Finds passwords: letters and digits, and letters alone where they are called a password.

Names of devices, codes of standards, amounts and events are none, unless they were typed as one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from bot.dialogue.guard import opinion, said
from bot.dialogue.guard.fold import KANJI_DIGITS
from bot.dialogue.guard.groups import TOLL_FREE
from bot.dialogue.guard.kinds import Seen
from bot.dialogue.guard.place import Place
from bot.dialogue.guard.quoted import is_example
from bot.dialogue.guard.spoken import KANA_DIGIT, in_hiragana

_WEAK = re.compile(r"(?:pass(?:word)?|abc[a-z]{0,8}|([a-z])\1{1,8}|a|qwerty|test)[0-9]{1,8}|(?:[a-f][1-6]){2,6}")
"""What people name as an example of a password."""
_JAPANESE = re.compile(r"[ぁ-ん]|[:=「]")
_LETTER = re.compile("[a-z]")
_FIGURE = re.compile("[0-9]")
_CHARACTER = re.compile("[a-z0-9]")
TOKEN = re.compile(r"[a-z0-9]+(?:[-_.!#$%&+*/@][a-z0-9]+)*")
_PRODUCTS = (
    "1password keepass bitwarden iphone ipad ipod macbook android windows pixel galaxy xperia aquos arrows redmi "
    "xiaomi huawei zenfone nothingphone chrome bluetooth mynaportal surface thinkpad playstation basio digno "
    "torque libero kindle switch acrobat zoom teams outlook chatgpt gpt gemini copilot"
)
_SYSTEMS = (
    "ios ipados macos mac watchos win sense wish oppo reno nexus moto ver version rev rakuten edge safari firefox "
    "office excel word phone line wifi wimax bt kb jpki puk etax eltax acr scr iccr rtx gtx cph java python mp covid "
    "dx step page level part no number room file form case test plan faq week day top img image dsc scan photo pdf "
    "doc screenshot mynumber card app play store sim am fm esim suica pasmo icoca paypay nanaco waon aeon core err "
    "error since port build qa g q s v"
)
_STANDARDS = (
    "iso iec jis[a-z]? ansi ieee fips nist itu rfc pkcs sha aes rsa des ecc tls ssl utf cp eal emv icao wpa wep "
    "mifare felica nfc usb ccid http ip ipv cryptrec crypto type html css sql ldap saml oauth fido oid crl ocsp"
)
_MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"


def _any(words: str) -> str:
    return f"(?:{words.replace(' ', '|')})"


_NAME = re.compile(
    rf"(?:{_any(_PRODUCTS)}[-_]?[a-z0-9]{{0,10}}|{_any(_SYSTEMS)}[-_.]?[0-9]{{1,4}}(?:pro|max|promax|plus|mini|ultra|"
    rf"se|air|lite|fold|"
    r"flip|xl|home|bit|gb|[a-z])?)(?:\.[0-9]{1,3}){0,2}|"
    rf"{_any(_STANDARDS)}[-_/.]?[0-9][0-9a-z]{{0,5}}(?:bit)?(?:[-_/.:][0-9a-z]{{1,6}})*(?:(?:with|type)[a-z]{{1,6}})?|"
    r"[a-z]{1,4}-[a-z]?[0-9]{2,5}[a-z]{0,3}|a[0-9]{3}(?:sh|so|zt|xm|fj|fc|op|ky|lg|go)|(?:so|sc|sh|f)[0-9]{2}[a-z]|"
    r"(?:ky|sh|so|sc|fc|xi)[a-z][0-9]{2}|x\.?509|sw1(?:sw2)?|(?:sw1sw2|sw)[0-9a-f]{4}|(?:error)?0x[0-9a-f]{2,16}|"
    r"00(?:a4|b0|ca|2a|c0)(?:[0-9a-f]{2}){2,14}|kb[0-9]{6,7}|t[0-9]{13}|"
    rf"fy[0-9]{{2,4}}|(?:19|20)[0-9]{{2}}(?:q[1-4]|fy|h[12])|[0-9]{{1,2}}{_MONTH}(?:[0-9]{{2}}|[0-9]{{4}})|"
    rf"{_MONTH}[0-9]{{1,2}},?(?:19|20)[0-9]{{2}}"
)
"""iPhone15, iOS18.5, A303SH, ISO14443, SHA256withRSA, 00A4040C, 28Nov2026, FY2026."""
_EVENT_AND_YEAR = re.compile(r"[a-z]{3,12}(?:19|20)[0-9]{2}|(?:19|20)[0-9]{2}[a-z]{3,12}|[a-z]{3,12}'?[0-9]{2}")
_AS_EVENT = re.compile(
    r"[」』】)\"']*(?:に(?:行|い[きっ]|参加|来)|の(?!パスワ|英数|署名|方|ほう|まま|はず|つもり|[大小]文字|[英数]字|頭|後ろ)[ァ-ヶ一-龯]|の(?:とき|"
    r"ため|あと)|で(?:見|買|会|もら|働|作|申)|記念|開催|大会|会場|へ|行き|はいつ|って(?:いつ|どこ|何)|を見)"
)
"""TOKYO2020の記念カード: one goes there, it has tickets. A password is only typed."""
_AMOUNT = re.compile(
    r"(?:(?:ram|rom|ssd|hdd)?[0-9]{1,6}(?:yen|en|nen|gatsu|nichi|jikan|kagetsu|shuukan|kai|keta|moji|ji|pun|fun|sai|"
    r"hours?|hrs?|times?|digits?|chars?|characters?|letters?|years?|days?|minutes?|mins?|months?|weeks?|people|"
    r"points?|persons?|st|nd|rd|th|am|pm|px|dpi|fps|[kmg]bps|gb|mb|kb|tb|pts?|km|kg|cm|mm|cc|ml|dl|kcal|steps?|mah|"
    r"[km]hz|ghz|bit|bits|million|percent|nin|ko|mai|ban|goukai|shurui)){1,3}|[0-9]{2,5}x[0-9]{2,5}|0x[0-9a-f]{2,8}"
)
_ENTERED = re.compile(
    r"[」\"']?(?:(?:って|と)(?:入れ|打|入力)|を自動入力)|[」\"']?(?:が|を|って).{0,10}(?:パスワ|暗証|ピン)|"
    r"\s(?:is|was|as) (?:my|the) pass"
)
_OF_PASSWORDS = re.compile("署名用|パスワ[ー-]?ド|英数字")
_WRITTEN = re.compile(r"[」\"']?(?:って|と)書い")
_MODEL = re.compile(
    r"[0-9]{2,4}(?:esr|lts|h[12])|(?:active|sense|wish|plus|pro|note|lite|mini|basic|style|fold|flip|neo|max|ultra)[0-9]"
    r"{1,2}[a-z]?"
)
_PRODUCT_BEFORE = re.compile(rf"(?<![a-z0-9])(?:{_any(_PRODUCTS)}|{_any(_SYSTEMS)}) $")
"""BASIO active2, Firefox 115ESR."""
_PUT = re.compile(r"[」\"']?\s?を(?:入れ|打|入力)")
_FAILS = re.compile(r"[」\"']?(?:が|は)(?:通ら|だめ|ダメ|違|はじ|弾|入ら|使えな)")
_NUMBER_BEHIND = re.compile(r" [0-9]{2,8}(?![0-9a-z])")
_CALLED_PASSWORD = re.compile(r"[」\"']?\s?(?:が|って|を).{0,4}パスワ")
_IS_ONE = re.compile(
    r"[」\"']?(?:が|って|を)(?:パスワ[ー-]?ド|暗証番号)(?:です(?!か)|でし|だ(?:[よとっ。]|$)|に(?:し[たてま]|登録|設定)|$)"
)
_GLUED_PIN = re.compile(
    r"(?:pin|pincode|pinno|ansyo|ansho|anshou|bangou)(?P<first>[0-9]{4})|(?P<last>[0-9]{4})(?:desu|de|wo|ga|tte|to|da|"
    r"deshita|nanodesu|w{1,5})"
)
_DEVICE_OR_ERROR = re.compile(
    r"(?:エラー|error|code|コード|機種|型番|型式|品番|モデル|端末|リーダー|リーダ|バージョン|スマホ|携帯|パソコン|"
    r"製品|アプリ|申請書?(?:番号|id)|url|ファイル|フォルダ|形式|画像|写真|番号札)[^。!?\n]{0,12}$"
)
_LENGTH = re.compile(r"(?:文字|もじ|桁|けた)")
_FIRMLY = re.compile(r"(?:は|が|[:=→「『\"']|\b(?:is|wa|ha)\b)\s?[「『\"']?$")
_NUMBERED = re.compile(r"\s?(?:便|号|系統|線|型|番台)|[はをで]?(?:読め|読み取|対応)|で(?:行|帰|向か|飛)")
_CODE = re.compile(r"[a-z]{2,6}[0-9]{3,7}[a-z]?")
_FAULT = re.compile(r"[ 」]{0,2}(?:って|という|と|の)[^。、でをが]{0,14}エラ[ー-](?!にな)[^。]{0,4}(?:出|表示|$)")
_FAULT_OF_CODE = re.compile(r"[ 」]{0,2}(?:ログイン|通信|システム|同じ|[^。]{0,16}同じ)エラ[ー-]")
"""MKCZE801E ログインエラーとか出た: a fault has a code, too."""
_NOT_A_PASSWORD = re.compile(
    r"jpki|nfc|puk|pin|qr|iphone|ipad|android|google|apple|line|telegram|windows|safari|chrome|reset|lost|error|"
    r"(?:un)?lock(?:ed|ing)?|forg[eo]t(?:ten)?|password|pass|help|please|mynumber|mynaportal|etax|usb|sms|mail|email|"
    r"birthday|numbers?|code|card|change[ds]?|update[ds]?|expired?|renew(?:al)?|register(?:ed)?|login|retry|again|"
    r"same|different|wrong|(?:in)?correct|(?:in)?valid|unknown|required|necessary|need(?:ed)?|safe|okay|easy|simple|"
    r"strong|weak|missing|blank|empty|random"
)
"""What people who mix in English say of one."""
_SAID_ALL = re.compile(r"[\"']?\s?(?:$|[.!?。、\n])")
_IS_IN_ENGLISH = re.compile(r"password(?: is|:|=) ?[\"']?$")
_STATE = re.compile(
    r"[a-z]{0,7}|[a-z]{1,16}(?:ed|en|ing|ect|ong|able|ible|ary|ial|ent|ant|ive|[iu]d|cult|lost|weak|less|here|thing|"
    r"one|me|same|case|set|out|iar|ous|tion|ment|ure|word|digits?|letters?|numbers?)"
)
"""What a password may be in English: locked, incorrect, required, something."""
_WORD_AND_YEAR = re.compile(r"[a-z]{5,12}[-_][0-9]{2,4}")


def find_passwords(plain: str, text: str, left: int) -> Iterator[Seen]:
    """ABC123, パスワードはsakura39, my password is ilovecats, PIN8512."""
    for match in TOKEN.finditer(text):
        token = match.group()
        if not 4 <= len(token) <= 32 or not _LETTER.search(token):
            continue
        place = Place(plain, *match.span())
        if glued := _GLUED_PIN.fullmatch(token):
            if glued["first"] or not _is_ordinary(glued["last"]):  # 2026de, 1000wo
                group = "first" if glued["first"] else "last"
                yield "pin4", place.start + glued.start(group), place.start + glued.end(group)
        elif _FIGURE.search(token):
            left -= 1
            if left < 0 or _is_password(token, place):
                yield "signature", place.start, place.end
        elif number := _NUMBER_BEHIND.match(text, place.end):
            left -= 1
            if left < 0 or _is_in_two(token, place, number.end()):
                yield "signature", place.start, number.end()
        elif _is_word(token, place):
            yield "signature", place.start, place.end


def _is_ordinary(digits: str) -> bool:
    """A year, a round number or the beginning of a toll-free number."""
    value = int(digits)
    return digits in TOLL_FREE or 1900 <= value <= 2099 or (value >= 1000 and value % 100 == 0)


def _is_in_two(token: str, place: Place, end: int) -> bool:
    """SAKURA 39 がパスワードです."""
    named = _FIRMLY.search(place.before) and not _NAME.match(token) and place.named
    return bool(_CALLED_PASSWORD.match(place.plain, end) or (named and not named["plain"]))


def _is_word(token: str, place: Place) -> bool:
    """A password of letters alone, six at least: my password is ilovecats, パスワードはilovecatsです."""
    if _SAID_ALL.match(place.after) and _IS_IN_ENGLISH.search(place.before):
        return _STATE.fullmatch(token) is None
    given = len(token) >= 6 and (said.GIVEN_AFTER.match(place.after) or _FAILS.match(place.after))
    named = place.named if given and not _NOT_A_PASSWORD.fullmatch(token) else None
    return named is not None and named["long"] is not None and _JAPANESE.search(place.before, named.start()) is not None


def _is_password(token: str, place: Place) -> bool:
    if _LENGTH.match(place.after) and token[-2:-1].isalpha():
        return False  # password8文字以上
    found = signs(place)
    return _is_given_as_one(place, found) or opinion.is_password(place, found)


def _is_given_as_one(place: Place, found: Sequence[str]) -> bool:
    """sakura39, パスワードはsakura39です: nobody has to judge these, unless they look like something else."""
    if _IS_ONE.match(place.after):
        return "general" not in found  # iPhone15がパスワードです
    if "all" in found:
        return "alone" in found and (_ELSE | _BELONGS).isdisjoint(found)
    word = place.named if "given" in found else None
    if word is None or word["plain"] or not _JAPANESE.search(place.before, word.start()):
        return False
    return (_ELSE - _LOOKS if _FIRMLY.search(place.before) else _ELSE).isdisjoint(found)


def signs(place: Place) -> list[str]:
    """What the judge is told of letters and digits, by the names of SIGNS."""
    return [sign for sign, holds in SIGNS.items() if holds(place.text, place)]


SIGNS: dict[str, Callable[[str, Place], object]] = {
    # what is said of it
    "named": lambda token, at: at.named,
    "named-long": lambda token, at: at.named and at.named["long"],
    "named-plain": lambda token, at: at.named and at.named["plain"],
    "called": lambda token, at: at.called_behind,
    "of-passwords": lambda token, at: _OF_PASSWORDS.search(at.around),
    # what was done with it
    "given": lambda token, at: said.GIVEN_AFTER.match(at.after),
    "entered": lambda token, at: _ENTERED.match(at.after),
    "put": lambda token, at: _PUT.match(at.after),
    "used": lambda token, at: said.USED.match(at.after),
    "written": lambda token, at: _WRITTEN.match(at.after),
    # what it looks like
    "all": lambda token, at: at.sentence == token,
    "alone": lambda token, at: 6 <= len(token) <= 16 and (token.isalnum() or _WORD_AND_YEAR.fullmatch(token)),
    "weak": lambda token, at: _WEAK.fullmatch(token),
    "name": lambda token, at: _NAME.fullmatch(token),
    "amount": lambda token, at: _AMOUNT.fullmatch(token),
    "handle": lambda token, at: at.before.endswith("@"),
    "event": lambda token, at: _EVENT_AND_YEAR.fullmatch(token) and _AS_EVENT.match(at.after),
    "model": lambda token, at: _MODEL.fullmatch(token) and _PRODUCT_BEFORE.search(at.before),
    # what it belongs to
    "device": lambda token, at: _DEVICE_OR_ERROR.search(at.before),
    "fault": lambda token, at: _FAULT.match(at.rest) or (_CODE.fullmatch(token) and _FAULT_OF_CODE.match(at.rest)),
    "other": lambda token, at: said.OTHER_NUMBER.search(at.before),
    "personal": lambda token, at: said.REUSABLE_NUMBER.search(at.before),
    "numbered": lambda token, at: _NUMBERED.match(at.after),
    "counted": lambda token, at: said.UNIT.match(at.after),
    # what is asked of it
    "shown": lambda token, at: said.SHOWN.match(at.after),
    "what": lambda token, at: said.ASKED_WHAT.match(at.after),
    "general": lambda token, at: is_example(at, _WEAK.fullmatch(token) is not None),
}
"""What speaks for and against a password, for the judge.

Teach it again after a change (`python -m bench.training guard`).
"""

_LOOKS, _BELONGS = frozenset(("name", "event")), frozenset(("device", "fault", "other"))
_ELSE = _LOOKS | {"amount", "handle", "shown", "what", "general"}
"""Signs of being something else than a password, or an example. Where it is called one, little hangs on what it looks
like (Galaxy0123), and nothing on what stands before; alone on a line, it may be the code of the line above."""


_SPELLED = re.compile(r"(?<![a-z0-9])[a-z0-9](?:[ ・、,-][a-z0-9])+(?![a-z0-9])")
_LETTER_NAME = (
    r"(?:えー|えい|びー|しー|でぃー|でー|いー|えふ|じー|えっち|えいち|あい|じぇー|じぇい|けー|けい|える|えむ|えぬ|"
    r"おー|ぴー|きゅー|あーる|えす|てぃー|てー|ゆー|ぶい|だぶりゅー|えっくす|わい|ぜっと)"
)
_THEN = (
    r"[ 、]{0,2}(?:(?:の?(?:あと|後ろ?|うしろ|次|つぎ)に?|それから|そして)(?:[ 、]{0,2}(?:数字|すうじ)[のでは]{0,2})?|"
    r"[とで]?[ 、]{0,2}(?:数字|すうじ)[のでは]{1,2})[ 、]{0,2}"
)
_NAMES = rf"{_LETTER_NAME}(?:[ 、]{{0,2}}(?:[大小]文字の)?{_LETTER_NAME}){{1,11}}+"
_DICTATED = re.compile(
    rf"(?=[あいえおけきしじだてでびぴぶゆわぜa-z])(?:(?P<names>{_NAMES}(?:{_THEN}|[ 、]{{0,2}}))|"
    rf"(?<![a-z0-9])[a-z]{{2,12}}{_THEN})"
    rf"(?:[0-9](?: ?[0-9]){{0,7}}|[{''.join(KANJI_DIGITS)}]{{2,8}}|(?:{KANA_DIGIT}ー?){{2,8}})(?![0-9])"
)
"""えーびーしー123, abcのあとに123."""
_NEXT = r"[のでがはに、 ]{0,2}(?:そのあと|あと|次|つぎ|それから|最後|続け|そして)[てのでがはに、 ]{0,3}"
_CHAINED = re.compile(
    rf"(?:(?:[大小]文字|最初|初め|はじめ|頭)[でがはに、 ]{{1,2}}|(?P<bare>(?<![a-z0-9])))"
    rf"(?P<all>[a-z0-9]{{1,12}}(?:、[a-z0-9]){{0,8}}{_NEXT}[a-z0-9]{{1,8}}(?:(?:、|{_NEXT})[a-z0-9]{{1,8}}){{0,4}})(?![a-z0-9])"
)
"""大文字でnanami、そのあと31."""


def find_spelled_passwords(plain: str, text: str, judged: int) -> Iterator[Seen]:
    """Single characters, letters and digits among them (A B C 1 2 3), or the names of letters (エービーシー123)."""
    for at, match in enumerate(_DICTATED.finditer(in_hiragana(text))):
        place = Place(plain, *match.span())
        given = at >= judged or place.named or _ENTERED.match(place.after)
        given = given or said.GIVEN_AFTER.match(place.after)
        if given or not (match["names"] or said.UNIT.match(place.after)):
            yield "signature", place.start, place.end
    for at, match in enumerate(_CHAINED.finditer(text)):
        start, end = match.span("all")
        if _is_mixed("".join(_CHARACTER.findall(match["all"]))) and (
            at >= judged or match["bare"] is None or Place(plain, start, end).named
        ):
            yield "signature", start, end
    for match in _SPELLED.finditer(text):
        if _is_mixed(match.group()[::2]):
            yield "signature", *match.span()


def _is_mixed(spelled: str) -> bool:
    return 6 <= len(spelled) <= 16 and bool(_LETTER.search(spelled) and _FIGURE.search(spelled))
