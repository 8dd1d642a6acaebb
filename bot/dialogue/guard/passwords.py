"""Finds passwords: letters and digits, and letters alone where they are called a password.

Names of devices, codes of standards, amounts and events are none, unless they were typed as one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.dialogue.guard.examples import WEAK_TOKEN, is_example
from bot.dialogue.guard.four import is_ordinary
from bot.dialogue.guard.kinds import Seen, Span
from bot.dialogue.guard.said import (
    AFTER,
    ASKED_WHAT,
    BEFORE,
    GIVEN_AFTER,
    GIVEN_WORD,
    OTHER_NUMBER,
    REUSABLE_NUMBER,
    SHOWN,
    USED_BEFORE,
)

_LETTER = re.compile("[a-z]")
_FIGURE = re.compile("[0-9]")
_TOKEN = re.compile(r"[a-z0-9]+(?:[-_.!#$%&+*?/@][a-z0-9]+)*")
_DEVICE = re.compile(
    r"(?:(?:iphone|ipad|ipod|macbook|android|windows|pixel|galaxy|xperia|aquos|arrows|redmi|xiaomi|huawei|zenfone|"
    r"nothingphone|chrome|bluetooth|mynaportal|surface|thinkpad|playstation|basio|digno|torque|libero|kindle|switch|"
    r"acrobat|zoom|teams|outlook|chatgpt|gpt|gemini|copilot)[a-z0-9]{0,10}|"
    r"(?:ios|ipados|macos|mac|watchos|win|sense|wish|oppo|reno|nexus|moto|ver|version|rev)"
    r"[0-9]{1,4}(?:pro|max|promax|plus|mini|ultra|se|air|lite|fold|flip|xl|home|[a-z])?|"
    r"[a-z]{1,4}-[a-z]?[0-9]{2,5}[a-z]{0,3}|a[0-9]{3}(?:sh|so|zt|xm|fj|fc|op|ky|lg|go)|"
    r"(?:so|sc|sh|f)[0-9]{2}[a-z]|(?:ky|sh|so|sc|fc|xi)[a-z][0-9]{2})(?:\.[0-9]{1,3}){0,2}"
)
"""Names of devices and systems: iPhone15, iOS18.5, SO-53C, A303SH."""
_STANDARD = re.compile(
    r"(?:iso|iec|jis[a-z]?|ansi|ieee|fips|nist|itu|rfc|pkcs|sha|aes|rsa|des|ecc|tls|ssl|utf|cp|eal|emv|icao|wpa|wep|"
    r"mifare|felica|nfc|usb|ccid|http|ip|ipv|cryptrec|crypto|type|html|css|sql|ldap|saml|oauth|fido|oid|crl|ocsp)"
    r"[-_/.]?[0-9][0-9a-z]{0,5}(?:bit)?(?:[-_/.:][0-9a-z]{1,6})*(?:(?:with|type)[a-z]{1,6})?|"
    r"x\.?509|sw1(?:sw2)?|sw[0-9a-f]{4}|0x[0-9a-f]{2,16}|00(?:a4|b0|ca|2a|c0)(?:[0-9a-f]{2}){2,14}|kb[0-9]{6,7}|t[0-9]{13}"
)
"""Codes that a standard or a protocol writes: ISO14443, SHA256withRSA, SW1SW2, 00A4040C; an invoice's number."""
_STAMP = re.compile(
    r"fy[0-9]{2,4}|(?:19|20)[0-9]{2}(?:q[1-4]|fy|h[12])|"
    r"[0-9]{1,2}(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}(?:[0-9]{2}|[0-9]{4})|"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}[0-9]{1,2},?(?:19|20)[0-9]{2}"
)
"""28Nov2026, FY2026."""
_NAME_AND_NUMBER = re.compile(
    r"(?:rakuten|edge|safari|firefox|office|excel|word|line|wifi|wimax|bluetooth|bt|kb|jpki|puk|etax|eltax|acr|scr|"
    r"iccr|rtx|gtx|cph|"
    r"java|python|mp|covid|dx|step|page|level|part|no|number|room|file|form|case|"
    r"test|plan|faq|week|day|top|img|image|dsc|scan|photo|pdf|doc|screenshot|mynumber|card|app|"
    r"play|store|sim|am|fm|esim|suica|pasmo|icoca|paypay|nanaco|waon|aeon|core|err(?:or)?|g|q|s|v)[0-9]{1,4}(?:bit|gb|[a-z])?"
)
_EVENT_AND_YEAR = re.compile(r"[a-z]{3,12}(?:19|20)[0-9]{2}|[a-z]{3,12}'?[0-9]{2}")
_AS_EVENT = re.compile(
    r"[」』】)\"']*(?:に(?:行|い[きっ]|参加|来)|の(?!パスワ|英数|署名|方|ほう|まま|はず|つもり)[ァ-ヶ一-龯]|"
    r"の(?:とき|ため|あと)|"
    r"で(?:見|買|会|もら|働|作|申)|記念|開催|大会|会場|へ|行き|はいつ|って(?:いつ|どこ|何)|を見)"
)
"""TOKYO2020の記念カード: one goes there, it has tickets. A password is only typed."""
_AMOUNT = re.compile(
    r"(?:(?:ram|rom|ssd|hdd)?[0-9]{1,6}(?:yen|en|nen|gatsu|nichi|jikan|kagetsu|shuukan|kai|keta|moji|ji|pun|fun|sai|hours?|hrs?|times?|"
    r"digits?|chars?|characters?|letters?|"
    r"years?|days?|minutes?|mins?|months?|weeks?|people|points?|persons?|st|nd|rd|th|am|pm|px|dpi|fps|"
    r"[kmg]bps|gb|mb|kb|tb|pts?|ml|dl|kcal|steps?|mah|[km]hz|ghz|bit|bits|"
    r"million|percent|nin|ko|mai|ban|goukai|shurui)){1,3}|[0-9]{2,5}x[0-9]{2,5}|0x[0-9a-f]{2,8}"
)
_ENTERED = re.compile(
    r"[」\"']?(?:って|と)(?:入れ|打|入力)|"
    r"[」\"']?(?:が|を|って).{0,10}(?:パスワ|暗証|ピン)|\s(?:is|was|as) (?:my|the) pass"
)
_FAILS = re.compile(r"[」\"']?(?:が|は)(?:通ら|だめ|ダメ|違|はじ|弾|入ら|使えな)")
_NUMBER_BEHIND = re.compile(r" [0-9]{2,8}(?![0-9a-z])")
_CALLED_PASSWORD = re.compile(r"[」\"']?\s?(?:が|って|を).{0,4}パスワ")
_GLUED_PIN = re.compile(
    r"(?:pin|pincode|pinno|ansyo|ansho|anshou|bangou)(?P<first>[0-9]{4})|"
    r"(?P<last>[0-9]{4})(?:desu|de|wo|ga|tte|to|da|deshita|nanodesu|w{1,5})"
)
_DEVICE_OR_ERROR = re.compile(
    r"(?:エラー|error|code|コード|機種|型番|型式|品番|モデル|端末|リーダー|リーダ|バージョン|スマホ|携帯|パソコン|"
    r"製品|アプリ|"
    r"申請書?(?:番号|id)|url|ファイル|フォルダ|形式|画像|写真|番号札)[^。!?\n]{0,12}$"
)
_FIRMLY = re.compile(r"(?:は|が|[:=→「『\"']|\b(?:is|wa|ha)\b)\s?[「『\"']?$")
_NUMBERED = re.compile(r"\s?(?:便|号|系統|線|型|番台)|[はをで]?(?:読め|読み取|対応)")
_NOT_A_PASSWORD = re.compile(
    r"jpki|nfc|puk|pin|qr|iphone|ipad|android|google|apple|line|telegram|windows|safari|chrome|reset|lost|error|forgot|"
    r"forgotten|locked|password|pass|help|please|mynumber|mynaportal|etax|usb|sms|mail|email"
)
_SAID_ALL = re.compile(r"[\"']?\s?(?:$|[.!?。、\n])")
_IS_IN_ENGLISH = re.compile(r"password(?: is|:|=) ?[\"']?$")
_STATE = re.compile(
    r"[a-z]{0,7}|[a-z]{1,16}(?:ed|en|ing|ect|ong|able|ible|ary|ial|ent|ant|ive|[iu]d|cult|lost|weak|less|here|thing|one|"
    r"me|same|case|set|out|iar|ous|tion|ment|ure|word|digits?|letters?|numbers?)"
)
"""What a password may be in English: locked, incorrect, required, something."""
_WORD_AND_YEAR = re.compile(r"[a-z]{5,12}[-_][0-9]{4}")


def find_passwords(plain: str, text: str) -> Iterator[Seen]:
    for match in _TOKEN.finditer(text):
        token, start, end = match.group(), *match.span()
        if not 4 <= len(token) <= 32:
            continue
        if not _LETTER.search(token):
            continue
        glued = _GLUED_PIN.fullmatch(token)
        if glued and glued.group("last") and is_ordinary(glued.group("last")):
            continue  # 2026de, 1000wo
        if glued:
            yield ("pin4", *_glued_span(glued, start))
            continue
        before, after = plain[max(0, start - BEFORE) : start], plain[end : end + AFTER]
        named = GIVEN_WORD.search(before)
        given = bool(named and GIVEN_AFTER.match(after))
        if not _FIGURE.search(token):
            number = _NUMBER_BEHIND.match(text, end)
            if number and (
                _CALLED_PASSWORD.match(plain, number.end())
                or (named and _FIRMLY.search(before) and not named["plain"] and not _DEVICE.match(token))
            ):
                yield "signature", start, number.end()
                continue
            if _IS_IN_ENGLISH.search(before) and _SAID_ALL.match(after) and not _STATE.fullmatch(token):
                yield "signature", start, end  # my password is ilovecats
                continue
            japanese = named and re.search(r"[ぁ-ん]|[:=「]", before[named.start() :])
            if (given or _FAILS.match(after)) and japanese and not _NOT_A_PASSWORD.fullmatch(token):
                yield "signature", start, end
            continue
        said = (named or _ENTERED.match(after)) and (given or len(token) >= 6)
        alone = (
            (token.isalnum() or _WORD_AND_YEAR.fullmatch(token))
            and 6 <= len(token) <= 16
            and not _DEVICE_OR_ERROR.search(before)
        )
        if not (said or alone) or _named_thing(token, before, after, given):
            continue
        if not is_example(plain, start, end, WEAK_TOKEN.fullmatch(token) is not None):
            yield "signature", start, end


def _named_thing(token: str, before: str, after: str, given: bool) -> bool:
    """Whether letters and digits are the name of a device, an amount, an error or a ticket."""
    if _AMOUNT.fullmatch(token) or before.endswith("@"):
        return True
    named = GIVEN_WORD.search(before)
    if _ENTERED.match(after) or (named and _FIRMLY.search(before)):
        return False
    if (
        _STANDARD.fullmatch(token)
        or _STAMP.fullmatch(token)
        or (_EVENT_AND_YEAR.fullmatch(token) and _AS_EVENT.match(after))
    ):
        return True
    if _DEVICE.fullmatch(token) or (_NAME_AND_NUMBER.fullmatch(token) and not given and not USED_BEFORE.search(before)):
        return True
    if named and not named["plain"]:
        return False
    context = SHOWN.match(after) or ASKED_WHAT.match(after) or _NUMBERED.match(after)
    return bool(context or OTHER_NUMBER.search(before) or REUSABLE_NUMBER.search(before))


def _glued_span(match: re.Match[str], offset: int) -> Span:
    group = "first" if match.group("first") else "last"
    return offset + match.start(group), offset + match.end(group)


_SPELLED = re.compile(r"(?<![a-z0-9])[a-z0-9](?:[ ・、,-][a-z0-9])+(?![a-z0-9])")
_KANA_LETTERS = re.compile(
    r"(?:エー|エイ|ビー|シー|ディー|デー|イー|エフ|ジー|エッチ|エイチ|アイ|ジェー|ジェイ|ケー|ケイ|エル|エム|エヌ|"
    r"オー|ピー|キュー|"
    r"アール|エス|ティー|テー|ユー|ブイ|ダブリュー|エックス|ワイ|ゼット){2,12}+[0-9]{1,8}"
)


def find_spelled_passwords(plain: str, text: str) -> Iterator[Seen]:
    """Single characters, letters and digits among them (A B C 1 2 3), or the names of letters (エービーシー123)."""
    for match in _KANA_LETTERS.finditer(text):
        named = GIVEN_WORD.search(plain[max(0, match.start() - BEFORE) : match.start()])
        if named or _ENTERED.match(plain, match.end()):
            yield "signature", *match.span()
    for match in _SPELLED.finditer(text):
        spelled = match.group()[::2]
        if 6 <= len(spelled) <= 16 and re.search(r"[a-z]", spelled) and re.search(r"[0-9]", spelled):
            yield "signature", *match.span()
