"""Finds secrets in typed text and takes them out before a log, the matcher or a store sees it.

People in panic type their PIN, their password or their 12-digit 個人番号 into a chat. The guard
says which kinds it saw and returns the text without them. It leaves to others: what to say about
it (engine), and deleting the message (channels). It keeps no state and needs none: no step of a
guide expects more than two digits, so a bare "1234" is a PIN, whatever is open.

How it works:

1. *Fold.* The text becomes cells, one plain character each with its place in the original:
   NFKC, lower case, every digit as 0-9, every hyphen as "-", every space as " ". What cannot be
   seen (zero-width, direction and control characters, lone surrogates, the rest of a keycap
   emoji) joins the cell before it, so it cannot hide a secret.
2. *Look.* Addresses of web pages are set aside; then mail, passwords, and numbers. Digits with
   separators between them form a chunk. A chunk is read as a whole (12 digits are a 個人番号) and,
   if that says nothing, in parts, divided at its loosest separators first.
3. *Redact* each secret, and look again until nothing is found, because a redaction changes what
   stands near the rest. So a redacted text is always clean.

A four-digit number is a PIN unless something says otherwise: a unit (1000円), a name before it
(受付番号), a time (1730に行く), what became of it (1203と出た), a year or a round number. What it was
used for says that it is one all the same (1956って入れた). Well-known sequences in a question
(1234とか0000ってまずい？) and what is marked as an example (ABC12みたいに混ぜる？) are not secrets.

The placeholder has no word and no digit: a word such as 番号 would shift the matching, and
matching drops symbols.

All patterns are tried on slices of fixed length or are made of disjoint parts, hence linear.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, pairwise
from typing import Literal, NamedTuple

Kind = Literal["mynumber", "pin4", "signature", "phone", "mail", "account", "card"]

PLACEHOLDER = "●●●●"
"""Stands for every secret in a redacted text; never found as a secret itself."""


@dataclass(frozen=True)
class Finding:
    """A secret at `text[start:end]` of the text as it was typed."""

    kind: Kind
    start: int
    end: int


@dataclass(frozen=True)
class Guarded:
    """The redacted text, and the findings by their place in the text as it was typed."""

    text: str
    findings: tuple[Finding, ...] = ()

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds found, in order of appearance, each once."""
        return tuple(dict.fromkeys(finding.kind for finding in self.findings))


def guard(text: str) -> Guarded:
    """Take every secret out of a text. Any string is fine; never raises."""
    cells = _fold(text)
    findings: list[Finding] = []
    for _ in range(_ROUNDS):
        seen = _look("".join(cell.plain for cell in cells))
        if not seen:
            break
        findings += [Finding(kind, cells[start].start, cells[end - 1].end) for kind, start, end in seen]
        cells = _cover(cells, seen)
    findings = _merge(findings)
    return Guarded(_redact(text, findings), tuple(findings))


def mynumber_check_digit_ok(digits: str) -> bool:
    """Whether 12 digits (0-9) end in the check digit of 平成26年総務省令第85号第5条.

    Only chooses the wording of a warning: a 個人番号 with a typing error is to be redacted too.
    """
    if not re.fullmatch(r"[0-9]{12}", digits):
        return False
    weights = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
    rest = sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=False)) % 11
    return int(digits[-1]) == (0 if rest <= 1 else 11 - rest)


_ROUNDS = 8  # the second only confirms the first, except in constructed texts

# --- fold ---------------------------------------------------------------------


class _Cell(NamedTuple):
    plain: str
    start: int
    end: int


_KANJI_DIGITS = dict(zip("〇零○◯一壱二弐三参四肆五伍六陸七漆八捌九玖", "0000112233445566778899", strict=True))
_HYPHENS = "−─━⁃˗╴﹘"
_DOTS = "·•‧∙⋅･"
_BLANKS = "\u3164\u2800\u115f\u1160\t\v\f\u2028\u2029"
_NUMERALS = {"Nd", "Nl", "No"}  # ٣, Ⅷ, ㈧; a kanji is none of these
_INVISIBLE = {"Cf", "Cc", "Cs", "Mn", "Me"}
_VOICED = {"\u3099": "\u3099", "\u309a": "\u309a", "ﾞ": "\u3099", "ﾟ": "\u309a", "゛": "\u3099", "゜": "\u309a"}


@lru_cache(maxsize=8192)
def _plain(character: str) -> str:
    """What one character is read as; empty if it cannot be seen."""
    category = unicodedata.category(character)
    if character in "\n\r\x85":
        return "\n"
    if category == "Zs" or character in _BLANKS:
        return " "
    if category in _INVISIBLE:
        return ""
    counted = category in _NUMERALS and character not in _KANJI_DIGITS
    digit = unicodedata.numeric(character, None) if counted else None
    if digit is not None and digit in range(10):
        return str(int(digit))
    if character in "〜～~∼〰":
        return "~"
    if category == "Pd" or character in _HYPHENS:
        return "-"
    if character in _DOTS:
        return "・"
    folded = unicodedata.normalize("NFKC", character).lower()
    return folded if 0 < len(folded) <= 4 and folded.isprintable() else character  # "ﷺ" would be 18


def _enumerates(text: str, place: int) -> bool:
    """Whether ① stands before digits of another kind: ①3617②7163."""
    if not "①" <= text[place] <= "⑳":
        return False
    following = text[place + 1 : place + 2].strip() or text[place + 2 : place + 3]
    return following.isdecimal() or following == PLACEHOLDER[0]


def _fold(text: str) -> list[_Cell]:
    cells: list[_Cell] = []
    for place, character in enumerate(text):
        if cells and character in _VOICED:
            last = cells[-1]
            voiced = unicodedata.normalize("NFC", last.plain + _VOICED[character])
            cells[-1] = _Cell(voiced if len(voiced) == 1 else last.plain, last.start, place + 1)
            continue
        plain = "※" if _enumerates(text, place) else _plain(character)
        if len(plain) == 1:
            cells.append(_Cell(plain, place, place + 1))
        elif plain:
            cells.extend(_Cell(one, place, place + 1) for one in plain)
        elif cells:
            cells[-1] = _Cell(cells[-1].plain, cells[-1].start, place + 1)
    return cells


def _cover(cells: list[_Cell], seen: Sequence[_Seen]) -> list[_Cell]:
    """The cells of the text in which what was seen is redacted, always whole characters (¼ is three cells)."""
    covered: list[_Cell] = []
    at = 0
    for _, start, end in seen:
        while start > at and cells[start - 1].start == cells[start].start:
            start -= 1
        while end < len(cells) and cells[end].start == cells[end - 1].start:
            end += 1
        if start < at:  # begins inside a character that is covered already
            continue
        covered += cells[at:start]
        covered += [_Cell(one, cells[start].start, cells[end - 1].end) for one in PLACEHOLDER]
        at = end
    return covered + cells[at:]


def _merge(findings: list[Finding]) -> list[Finding]:
    """In order, and one for two that share a character (⑩ is two cells)."""
    merged: list[Finding] = []
    for finding in sorted(findings, key=lambda one: (one.start, one.end)):
        if merged and finding.start < merged[-1].end:
            merged[-1] = Finding(merged[-1].kind, merged[-1].start, max(merged[-1].end, finding.end))
        else:
            merged.append(finding)
    return merged


def _redact(text: str, findings: list[Finding]) -> str:
    pieces: list[str] = []
    at = 0
    for finding in findings:
        pieces += [text[at : finding.start], PLACEHOLDER]
        at = finding.end
    return "".join([*pieces, text[at:]])


# --- look ---------------------------------------------------------------------

_Seen = tuple[Kind, int, int]
_Span = tuple[int, int]


def _look(plain: str) -> list[_Seen]:
    """The secrets of a folded text, in order, none overlapping."""
    # A kanji 一 between two digits is a mistyped hyphen.
    plain = re.sub(r"(?<=[0-9])一(?=[0-9])", "-", plain)
    taken: list[_Span] = [match.span() for match in _WEB.finditer(plain)]
    seen: list[_Seen] = []
    for find in (_find_mail, _find_spelled_passwords, _find_passwords, _find_numbers_in_words, _find_numbers):
        hidden = _blank_out(plain, taken)
        found = list(find(plain, hidden))
        taken += [(start, end) for _, start, end in found]
        seen += found
    return sorted(seen, key=lambda one: one[1])


def _blank_out(plain: str, taken: list[_Span]) -> str:
    """The text with what is taken as U+0001, which no pattern matches; places stay."""
    pieces: list[str] = []
    at = 0
    for start, end in sorted(taken):
        pieces += [plain[at:start], "\x01" * (end - start)]
        at = end
    return "".join([*pieces, plain[at:]])


_WEB = re.compile(r"(?:https?://|www\.|t\.me/)[!-~]+")

# --- mail ---------------------------------------------------------------------

_LOCAL_PART_BACKWARDS = re.compile(r" ?[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
_AT_SIGN = re.compile(
    r"@{1,3}|[(\[<{【「] ?(?:at|a|アットマ[ー-]ク|アット|あっと|@) ?[)\]>}】」]|アットマ[ー-]ク|あっとま[ー-]く|"
    r"アット|あっと|★|☆|_at_| at "
)
_DOT = r"(?: ?(?:[.,。]|\(?(?:\bdot\b|ドット|どっと)\)?|\[dot\]) ?)"
_DOMAIN = re.compile(rf" ?[a-z0-9](?:[a-z0-9-]|{_DOT}(?=[a-z0-9])){{0,252}}")
_ENDS_AS_DOMAIN = re.compile(rf"[a-z0-9]{_DOT}[a-z]{{2,}}$")
_KNOWN_DOMAIN_END = re.compile(rf"{_DOT}(?:com|net|org|jp|info|biz|io|me|dev|edu)$")
_PROVIDERS = ("gmail", "yahoo", "docomo", "ezweb", "softbank", "icloud", "hotmail", "outlook")
_MAIL_WORD = re.compile(r"メール|メアド|アドレス|mail")
_OFFICE_DOMAIN = re.compile(r"\.(?:lg|go)\.jp$")


def _find_mail(plain: str, text: str) -> Iterator[_Seen]:
    """taro@example.com, also with (at), アット or ドット. The address of an office is no secret."""
    free_from = 0
    for at in _AT_SIGN.finditer(text):
        local = _LOCAL_PART_BACKWARDS.match(text[max(free_from, at.start() - 65) : at.start()][::-1])
        domain = _DOMAIN.match(text, at.end())
        if not local or not domain:
            continue
        host = domain.group().strip(" .,。-")
        known = host.startswith(_PROVIDERS)
        called = _MAIL_WORD.search(text[max(0, at.start() - 90) : at.start()])
        if at.group() == " at ":
            likely = _KNOWN_DOMAIN_END.search(host) and (known or called or "dot" in host)
        elif "@" in at.group():
            likely = _ENDS_AS_DOMAIN.search(host) or (called and re.search(r"[a-z]", host)) or known
        else:
            likely = _KNOWN_DOMAIN_END.search(host) or known
        if likely and not _OFFICE_DOMAIN.search(host):
            free_from = at.end() + len(domain.group().rstrip(" .,。-"))
            yield "mail", at.start() - local.end(), free_from


# --- words around a secret ----------------------------------------------------

_BEFORE = 28  # characters looked at on either side of a number or a token
_AFTER = 16

_LINK = (
    r"(?:[\s:;=#「『【\[(\"'“‘、,・>→…-]|は|が|を|も|って|というのは|として|のは|に|と|の|"
    r"is|was|should be|might be|could be|ha|wa|no|:|今|たぶん|多分|確か|たしか|(?:生まれた?年|誕生[日年]|西暦|"
    r"記念日)(?:で)?|ー){0,6}$"
)
_PIN_WORD = (
    r"(?:暗証(?:番号|ばんごう|コード|no)?|暗唱番号|暗号番号|あんしょう(?:ばんごう|番号)?|"
    r"anshou? ?bangou?|ansyou? ?bangou?|"
    r"ピン(?:コード|番号|ナンバー)?|ぴん|pin(?: ?(?:コード|番号|ナンバー|code|number))?|"
    r"セキュリティ(?:コード|番号)|認証(?:コード|番号)|"
    r"[4四](?:桁|けた|ケタ)(?:の)?(?:数字|番号|やつ|ほう|方)?|"
    r"数字[4四](?:桁|けた|ケタ)|"
    r"利用者(?:証明)?用?|券面(?:事項)?(?:入力)?(?:補助)?用?|住(?:民)?基(?:本台帳)?用?|"
    r"(?P<plain>(?<![\u3400-\u9fffァ-ヶーせちしみ])番号|数字))"
)
_LONG_WORD = (
    r"(?:パスワ[ー-]?ド|パスコ[ー-]ド|ぱすわ[ー-]?ど|パス|ぱす|pasuwa-?do|password|passwd|passcode|pass|pw|"
    r"(?:6|六)(?:~|から|-)(?:16|十六)(?:桁|けた|ケタ|文字)(?:の)?(?:やつ|英数字|方|ほう)?|英数字|"
    r"署名(?:用)?(?:電子証明書)?(?:用)?)"
)
_GIVEN_WORD = re.compile(f"(?:{_PIN_WORD}|{_LONG_WORD}){_LINK}")
_MYNUMBER_WORD = re.compile(
    rf"(?:マイナンバー|まいなんばー|マイナ番号|個人番号|"
    rf"12(?:桁|けた|ケタ)|mynumber|my number|住民票コード|照合番号b?){_LINK}"
)
_PHONE_WORD = re.compile(rf"(?:電話(?:番号)?|でんわ|携帯(?:番号)?|ケータイ|けいたい|tel|phone(?: number)?|fax){_LINK}")
_ACCOUNT_WORD = re.compile(
    r"口座|普通|当座|振込|振り込|ゆうちょ|郵貯|銀行|信金|通帳|記号|こうざ|コウザ|kou?za|bank|account"
)
_ACCOUNT_AFTER = re.compile(r"(?:の|が)(?:銀行|普通)?口座")
_CARD_WORD = re.compile(
    rf"(?:クレジット(?:カード)?(?:番号)?|クレカ(?:番号)?|カード番号|visa|master(?:card)?|jcb|amex){_LINK}"
)

_UNIT = re.compile(
    r"\s?(?:円|えん|年|ねん|月|日|時|じ[^ゃゅょ]|分|秒|桁|けた|ケタ|文字|もじ|人|名|回|度|件|個|こ[^れのと]|つ|点|"
    r"ポイント|pt|"
    r"番|号|丁目|歳|才|[かカヶケヵ箇][月所国]|週|階|枚|本|通|冊|台|社|ページ|頁|行|店|市|町|村|区|県|自治体|世帯|"
    r"[万億千百]|"
    r"%|パ[ー-]セント|倍|字|種類|生まれ|うまれ|バイト|メートル|キロ|グラム|ドル|歩|便|室|棟|系統|しか|の札|の券|形|"
    r"型|世代|"
    r"の(?!ロック|パス|ピン|カ[ー-]ド|マイナ|ログイン|コ[ー-]ド)[ァ-ヶ][ァ-ヶー]{2,}|に住|運動|問題(?!な)|"
    r"(?:yen|en|nen|nin|kai|keta|moji|times?|digits?|years?|days?|people|points?|km|kg|cm|mm|m|g|gb|mb|kb|mah|px|"
    r"hz|k)\b|"
    r"(?:の|すべての|以上の|くらいの)(?:自治体|市区?町村|世帯|店|人|会社|窓口))"
)
_HARD_UNIT = re.compile(
    r"\s?(?:円|えん|年|ねん|桁|けた|ケタ|文字|もじ|回|ポイント|万|歳|才|%|歩|便|(?:yen|digits?|years?|times?)\b)"
)
_MONEY_OR_YEAR = re.compile(r"\s?(?:円|年|ポイント|万|億|人|件|yen)")
_NO_UNIT_AFTER_PIN = re.compile(r"\s?(?:番(?![がのまに台目]|から)|人に|こ)")
"""After a word for a PIN, no unit: 暗証番号は8512番です, 8512人に教えた."""
_NO_UNIT = re.compile(
    r"しか(?:思|使|浮|覚|入れ|打)|番(?:で(?:入|通|開|ロ)|を(?:入|打|忘)|って(?:入|打)|に(?:し|設定|変|登録))"
)

_GIVEN_AFTER = re.compile(
    r"^[」』】)\"'”’\]]*\s*(?:$|[。!?！？\n]|です(?!か)|でした|だ[よがけっ。]|だった|なん[でだ]|"
    r"(?:って|と|で|を)(?:入れ|入力|打|やっ|試|ログイン|設定|登録|して|し[たま]|は?入れ[なた])|に(?:し[たてま]|"
    r"設定|登録))"
)
# Things that have numbers. Those of the first kind are nobody's PIN, those of the second may be used as one.
_NUMBER_OF = r"(?:の?(?:番号|ナンバー|コード|id|no\.?|番))?"
_OTHER_NUMBER = re.compile(
    r"(?:[¥$€£#〒§]|昭和|平成|令和|大正|明治|約|およそ|第|問|no\.?|ver(?:sion)?\.?|v\.|バージョン|"
    r"(?:エラー|error|ステータス(?:ワード)?|応答|返り値|戻り値|レスポンス|sw1sw2|sw|port|localhost|様式|"
    r"フォ[ー-]ム|form|qa|(?<!my )(?<!pin )code|コード)(?:コード|番号|メッセージ| code)?|"
    r"(?:受付|受け付け|予約|整理|発券|待ち|待合|呼び?出し?|申請|申請書|お客様|管理|製造|シリアル|問い?合わ?せ|お問合せ|"
    r"順番|番号?札|整理券|受付票|券|(?<!民)票|ロッカ[ー-]|駐[車輪]場|号車|(?<!郵)便名?|フライト|バス停?|路線|"
    r"(?<!マイ)(?<!ピン)(?<!車の)ナンバー|会計|レシ[ー-]ト|領収書|車両|タクシ[ー-]|ビル|札|列車|電車|会議室|内線|"
    r"faq|q&a|質問|"
    r"国道|県道|号線|条例|政令|省令|法律|告示|規格|iso|jis(?: x)?|rfc|iec|機種|型|型番|品番|案件|チケット|伝票|注文|"
    rf"flight|bus|train|room|ticket|queue|seat|locker|page|error|appointment|reservation|building|bldg\.?|"
    rf"apartment|apt\.?|unit|suite|counter|window){_NUMBER_OF}|"
    r"定員|価格|値段|税込み?|手数料|[代費金賃額税料]|おつり|釣り|財布|人口|数|フォロワ[ー-]|カロリ[ー-]|残り|suica|"
    r"pasmo|icoca|nanaco|waon|paypay|チャ[ー-]ジ|残高|合計|上限|最大|全部で|株価|ポイント|期限|有効|"
    r"容量|メモリ[ー-]?|気圧|標高|距離|歩数計?|解像度|体重|"
    r"in|since|born|about|until|till|from|by|of)" + _LINK
)
_REUSABLE_NUMBER = re.compile(
    r"(?:西暦(?:で|の)?|(?:誕生日|生年月日|生まれ)(?!の)|大字[^0-9。、]{1,6}|[0-9]階の?|号室|[0-9]{2,3}[ぁ-ん] ?|"
    r"s/n|imei|シリアル|住所|番地|車のナンバー|ナンバープレート|部屋|"
    r"[\u3400-\u9fffァ-ヶー](?<!暗証)(?<!ロック)(?<!カード)(?<!パス)(?<!ワード)(?<!ログイン)(?<!解除)(?<!秘密)(?<!設定)"
    r"番号|id)" + _LINK
)
_TICKET_TALK = re.compile(r"番号?札|整理券|発券|呼ばれ|呼び出|お待ち|待合|何番目|番まで|\b(?:ticket|queue)\b")

_GLOSS = r"^[」』】)\"'”’\]]*(?:\([^)]{0,12}\))?\s?"  # (生まれ年)
_TRIES = r"(?:[をも]?\s?[0-9一二三四五何]+(?:回|かい|度)[もは]?)?"
_USED = re.compile(
    _GLOSS + r"(?:(?:って|て|と|で|を|に|は|も|が|ば|さ|ち|、)\s?)?" + _TRIES + r"\s?"
    r"(?:入れ|いれ[たてるま]|入力|打[っちつ]|うっ[たて]|押し|試し|ためし|ログイン|登録し|設定し|登録$|設定$|使っ|"
    r"やっ[てた]|変え|変更|決め|まちが|間違|覚え|教え|弾かれ|はじかれ|通ら|開か)|"
    + _GLOSS
    + r"(?:に(?:し(?:た(?!ら|い|ほう|方)|て|と|ま|ちょ|ちゃ)|せ)|で(?:入|通|開|ロック|いけ|だめ|ダメ|あか|"
    r"[0-9一二三四五]+回)|のまん?ま|"
    r"から.{0,6}(?:変え|変更[しを])|を?(?:つな|続け)|の順.?[で]?.{0,2}(?:押|打|入)|じゃ(?:だめ|ダメ|なく|なか))|"
    + _GLOSS
    + r"[がを].{0,10}(?:パスワ|暗証|ピン)|"
    r"\s?(?:no mama|ni (?:shi|she)|to (?:ire|utt|nyu)|tte (?:ire|utt|nyu)|de (?:to|hai|lock|rokku|dame)|wo (?:ire|"
    r"tsuka|nyu|utt)|datta|"
    r"(?:is|was|as) (?:my|the|his|her|our) (?:pin|pass|code|number)|(?:does|did)n.?t work|not work|locked)"
)
"""What a PIN is used for, right behind it: 8512って入れた, 1956にしてた, 1234のまま."""
_USED_BEFORE = re.compile(
    r"\b(?:(?:tried|typed|entered|entering|typed in|used|using|chose|picked|put(?: in)?|(?:left|set|changed?|"
    r"reset)(?: it| my pin)?(?: to| at| as)?|"
    r"(?:pin|it|password|code) from|think it(?:'?s| is| was)|should be)(?: (?:my|his|her|the)(?: [a-z]{1,12}){1,3})?) $"
)
_SHOWN = re.compile(
    r"^[」』】)\"']*(?:って|と|が|を)?(?:(?!入|打|で).){0,4}(?:(?<!思い)出[たるま]|(?<!思い)出て(?!こ)|でた|"
    r"でて(?!こ)|でま[すし]|表示|印字|点滅|返って|かか[っりる]|払[っい])|^:.{0,6}エラ[ー-]"
)
_CLOCK = re.compile(
    r"\s?(?:から(?!.{0,10}[変替])|まで|~|-|ごろ|頃|[くぐ]らい|ちょうど|過ぎ|すぎ|集合|[着発]|に(?:行|着|終|始|閉|"
    r"開|出[るか発]|来|予約|待ち|集|会|市|役|窓)|"
    r"の(?:電車|バス|新幹線|便|飛行機|予約|約束)|は(?:休|開|閉|やって|営業|混))"
)
_WHAT_TIME = re.compile(r"what time|when do|何時")
_OCLOCK = re.compile(
    r"(?:[0-9]{3,4} ?(?:から|to|~)|\b(?:at|around|until|till|before|after)|"
    r"(?:昼|朝|夜|午前|午後|夕方|いま|今|[開閉]庁|終了|開始|受付|時刻|時間|始発|終電)[がのは]?) ?$"
)
_YEAR_OF_SOMETHING = re.compile(r".?に(?![しせ])|がのまん?ま")
"""2015に作った, 表示が2024のまま: a year, whatever follows it."""
_REFUSED = re.compile(
    r"\s?(?:は|も|が|って|で)?(?:だめ|ダメ|駄目|違[うっい]|じゃ|です(?!か)|でした|だった|なん[でだ]|ロック|"
    r"通[らっ]|入[らっ]|[、,]?これ|の?ど(?:っち|れ|ちら)|[がは]正[解し])"
)
_REMEMBERED = re.compile(r"\s?(?:だった(?!の)|だめ|ダメ|じゃ|違|ちがう)")
_HAPPENED = re.compile(r"[たるい]の[はが]$")
"""作ったのは2016だったと思う."""
_SOMEONES = re.compile(r"(?<![たるだい])の[はが]$")
_COUNTED = re.compile(r"年|生ま|うま|円|料|ポイント|時|金|費|代|枚|件|電話|期限|ダイヤル|更新|予約|から[^変替か]")
_SENTENCE_END = re.compile(r"[。!?\n]")

_KNOWN_SEQUENCES = frozenset(
    {"2580", "7890", "4649", "5963", "4126", "1192", "2525", "3150", "1129", "0721", "3141", "1415", "0123"}
)
_WEAK_TOKEN = re.compile(r"(?:pass(?:word)?|abc[a-z]{0,8}|([a-z])\1{1,8}|a|qwerty|test)[0-9]{1,8}|(?:[a-f][1-6]){2,6}")
_MARKED_AFTER = re.compile(
    _GLOSS
    + r"(?:みたい(?!です(?!か)|だ)|(?:の|という)よう|といった|とか|など|なんて|なんか|でも(?!だめ|ダメ|駄目|あか|"
    r"[^。]{0,6}(?:なかっ|ない|ません|ました))|(?:って(?:いう)?|は)例|とあるけど)"
)
_MARKED_BEFORE = re.compile(
    r"(?:例えば|たとえば|例:|例は|例に|例|見本に|something like|such as|like|e\.g\.)[\s「『\"']{0,2}$"
)
_SAMPLE_BEFORE = re.compile(r"(?:例|例文|記入例|入力例|見本|サンプル|example)(?:えば|は|が|に|の|:|;|[「『\"' ]){0,3}$")
"""What stands in the sample of a form or a page is nobody's."""
_ADVICE = re.compile(
    r"避け|やめ|ng|だめ|ダメ|駄目|あかん|禁止|断ら|危な|危険|まずい|やば|弱[いく]|バレ|ばれ|簡単|意味|語呂|どう|安全|"
    r"(?:使|設定|登録|変更)(?:え|でき)|あり[?か]|(?:いい|よい|良い|大丈夫|可|ok|こと)(?:です|なん|ん)*[のか?]|"
    r"allowed|accepted|rejected|safe|weak|strong|bad|good|okay|\bok\b"
)
_AS_EXAMPLE = re.compile(
    r"とか|など|なんて|なんか|みたい|ような|といった|例えば|たとえば|連番|連続|ゾロ目|ぞろ目|[0-9]や[0-9]|"
    r"[とて](?:聞|き)い|[とて]書い?て|[とて]言われ|みんな|世界|よく使|人[がはっも]|ランキング|初期|簡単すぎ|危険|"
    r"一番|多い|のどれ|の順|テレビ|ニュース"
)
_ASKED = re.compile(
    r"[?]|か(?:な|ね|い)?[。\n]?$|だろう|よね|(?:[ないるただ]の|だめなん|dame)[。\n]?$|\bka(?: na| ne)?[.。\n]?$|"
    r"^\s*(?:can|could|may|is|are|would|should|do|does|what|which|why|how)\b"
)
_PROPOSED = re.compile(
    r"^[」』】)\"'”’\]]*(?:(?:って|は|も|とか|なら|だと|でも|なんて|を|に)(?:番号|暗証番号|語呂|の|する|した|"
    r"合わせ|は|に){0,4}、?)"
    r".{0,10}(?:どう|あり|アリ|ng|だめ|ダメ|駄目|まずい|やばい|危な|危険|弱い|安全|(?:推測|当て)(?:られ|"
    r"され)(?:やすい|る|ます)?|いい|よい|良い|大丈夫|ok|可能|避け|"
    r"(?:使|登録|設定|変更)(?:え|し|っ|でき)?(?:ても|て)?(?:る|ます|いい|良い|大丈夫)?|でき(?:る|ます))"
    r"(?:もの|こと|べき|んだ)?(?:です|でしょう|なん|なの|の|ん|だろう)*(?:か(?:な|ね|い)?|よね|の|なの)?[?。]*$"
)
"""A number that is proposed, and asked about: 3141はどう？, 2468は使えますか."""
_PROPOSED_BEFORE = re.compile(
    r"\b(?:(?:can|could|may|should) (?:i|we|you|one) (?:use|choose|pick|set|have)|if i (?:use|choose|pick|set)|"
    r"pins? like) $"
)
_OF_MINE = re.compile(
    r"(?:私|わたし|僕|ぼく|俺|自分|うち|母|父|夫|妻|親|主人|息子|娘|祖母|祖父|ばあちゃん|じいちゃん)[のは]|"
    r"[0-9a-z](?:です(?!か)|でした|だった|なんで(?!す)|なんだ|なの[にで])|のまま(?!は)|"
    r"し(?:てる(?!人)|てあ|てい[たま]|てい(?:る)(?!人)|てます|てまし|ました|てた|ちゃ|とっ|とる)|にした(?!い|ら)|"
    r"入れ(?:た|て|まし)|入力し|打っ|試し|"
    r"ロックされ|教え(?:た|て|まし)|(?:って|と|で)入れ(?!ても?(?:い|よ|大丈夫))|合って|じゃない|じゃなか|"
    r"これ[、で]|はず|忘れ|だった|ちがう|違[うっ]|"
    r"で(?:ログイン|ロック|入|開|通|はじ|弾)|通ら|入ら|開か|反応|エラー|"
    r"(?<!can )(?<!should )(?<!could )(?<!may )(?<!if )\bi (?:tried|typed|entered|used|put|set|think|forgot|chose|"
    r"picked|left|have)|"
    r"my (?:pin|password)(?: is| was)? ?[0-9a-z]*[0-9]|\bmine|still us"
)
_NOTHING_ELSE = re.compile(
    f"(?:[{''.join(_KANJI_DIGITS)}"
    r"\s0-9。、,.・!?…「」『』()\[\]\"'/:;~ー●\x01-]|"
    r"です|多分|確か|たしか|だった|だ|よ|でした|かな|かも|けど|が|なん|ね|と|か|たぶん|desu)*"
)


def _sentence(plain: str, start: int, end: int) -> str:
    """The sentence around a place, as far as 40 characters on either side."""
    left = _SENTENCE_END.split(plain[max(0, start - 40) : start])[-1]
    return left + plain[start:end] + _rest(plain, end)


def _rest(plain: str, end: int) -> str:
    """The sentence behind a place, its end too."""
    right = plain[end : end + 40]
    stop = _SENTENCE_END.search(right)
    return right[: stop.end()] if stop else right


def _example(plain: str, start: int, end: int, well_known: bool) -> bool:
    """Whether the sentence speaks of a secret in general: 1234とか0000ってまずい？, ABC12みたいに混ぜる？

    Of a well-known one a question is enough; any other has to be marked as an example, too.
    """
    sentence = _sentence(plain, start, end)
    before, after = plain[max(0, start - _BEFORE) : start], plain[end : end + _AFTER]
    if _SAMPLE_BEFORE.search(before):
        return True
    if _OF_MINE.search(sentence):
        return False
    if well_known:
        letters = re.search(r"[a-z]", plain[start:end])
        asked = _ASKED.search(sentence) and (not letters or _ADVICE.search(sentence))
        if _AS_EXAMPLE.search(sentence) or asked:
            return True
    rest = _rest(plain, end)
    if not _GIVEN_WORD.search(before) and _ASKED.search(sentence) and _PROPOSED.match(rest):
        return True
    if _PROPOSED_BEFORE.search(before):
        return True
    marked = _MARKED_AFTER.match(after) or _MARKED_BEFORE.search(before)
    likened = re.search(r"みたい|よう|例", marked.group()) if marked else None
    return bool(marked and (_ADVICE.search(sentence) or (likened and _ASKED.search(sentence))))


# --- passwords ----------------------------------------------------------------

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
    r"[-_/.]?[0-9][0-9a-z]{0,5}(?:bit)?(?:[-_/.:][0-9a-z]{1,6})*(?:with[a-z]{2,6})?|"
    r"x\.?509|sw1(?:sw2)?|sw[0-9a-f]{4}|0x[0-9a-f]{2,16}|00[0-9a-f]{0,30}[a-f][0-9a-f]{0,30}|kb[0-9]{6,7}|t[0-9]{13}"
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
    r"play|store|sim|esim|suica|pasmo|icoca|paypay|nanaco|waon|aeon|core|err(?:or)?|g|q|s|v)[0-9]{1,4}(?:bit|gb|[a-z])?"
)
_EVENT_AND_YEAR = re.compile(r"[a-z]{3,12}(?:19|20)[0-9]{2}|[a-z]{3,12}'?[0-9]{2}")
_AS_EVENT = re.compile(
    r"[」』】)\"']*(?:に(?:行|い[きっ]|参加|来)|の(?!パスワ|英数|署名|方|ほう|まま|はず|つもり)[ァ-ヶ一-龯]|"
    r"の(?:とき|ため|あと)|"
    r"で(?:見|買|会|もら|働)|記念|開催|大会|会場|へ|行き|はいつ|って(?:いつ|どこ|何)|を見)"
)
"""TOKYO2020の記念カード: one goes there, it has tickets. A password is only typed."""
_AMOUNT = re.compile(
    r"[0-9]{1,6}(?:yen|en|nen|gatsu|nichi|jikan|kagetsu|shuukan|kai|keta|moji|ji|pun|fun|sai|hours?|hrs?|times?|"
    r"digits?|chars?|characters?|letters?|"
    r"years?|days?|minutes?|mins?|months?|weeks?|people|points?|persons?|st|nd|rd|th|am|pm|px|dpi|fps|"
    r"[kmg]bps|gb|mb|kb|tb|pts?|ml|dl|kcal|steps?|mah|mhz|ghz|bit|bits|"
    r"million|percent|nin|ko|mai|ban|goukai|shurui)|[0-9]{2,5}x[0-9]{2,5}|0x[0-9a-f]{2,8}"
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
    r"申請書?(?:番号|id)|url|ファイル|画像|写真|番号札)[^。!?\n]{0,12}$"
)
_FIRMLY = re.compile(r"(?:は|が|[:=→「『\"']|\b(?:is|wa|ha)\b)\s?[「『\"']?$")
_ASKED_WHAT = re.compile(
    r"[」』\"']?(?:(?:って|とは)\s?(?:何(?![でが回度])|なに(?![でが])|なん(?:です|だろう|なの|の|$)|どう|どんな)|"
    r"\s?何これ|の意味|とは|という(?:数字|番号)|は(?:何|なに)(?![でが]))"
)
_NUMBERED = re.compile(r"\s?(?:便|号|系統|線|型|番台)|[はをで]?(?:読め|読み取|対応)")
_NOT_A_PASSWORD = re.compile(
    r"jpki|nfc|puk|pin|qr|iphone|ipad|android|google|apple|line|telegram|windows|safari|chrome|reset|lost|error|forgot|"
    r"forgotten|locked|password|pass|help|please|mynumber|mynaportal|etax|usb|sms|mail|email"
)


def _find_passwords(plain: str, text: str) -> Iterator[_Seen]:
    for match in _TOKEN.finditer(text):
        token, start, end = match.group(), *match.span()
        if not 4 <= len(token) <= 32:
            continue
        letters, digits = re.search(r"[a-z]", token), re.search(r"[0-9]", token)
        if not letters:
            continue
        glued = _GLUED_PIN.fullmatch(token)
        if glued and glued.group("last") and _ordinary(glued.group("last")):
            continue  # 2026de, 1000wo
        if glued:
            yield ("pin4", *_glued_span(glued, start))
            continue
        before, after = plain[max(0, start - _BEFORE) : start], plain[end : end + _AFTER]
        named = _GIVEN_WORD.search(before)
        given = bool(named and _GIVEN_AFTER.match(after))
        if not digits:
            number = _NUMBER_BEHIND.match(text, end)
            if number and (
                _CALLED_PASSWORD.match(plain, number.end())
                or (named and _FIRMLY.search(before) and not named["plain"] and not _DEVICE.match(token))
            ):
                yield "signature", start, number.end()
                continue
            japanese = named and re.search(r"[ぁ-ん]|[:=「]", before[named.start() :])
            if (given or _FAILS.match(after)) and japanese and not _NOT_A_PASSWORD.fullmatch(token):
                yield "signature", start, end
            continue
        said = (named or _ENTERED.match(after)) and (given or len(token) >= 6)
        alone = token.isalnum() and 6 <= len(token) <= 16 and not _DEVICE_OR_ERROR.search(before)
        if not (said or alone) or _named_thing(token, before, after, given):
            continue
        if not _example(plain, start, end, _WEAK_TOKEN.fullmatch(token) is not None):
            yield "signature", start, end


def _named_thing(token: str, before: str, after: str, given: bool) -> bool:
    """Whether letters and digits are the name of a device, an amount, an error or a ticket."""
    if _AMOUNT.fullmatch(token) or before.endswith("@"):
        return True
    named = _GIVEN_WORD.search(before)
    if _ENTERED.match(after) or (named and _FIRMLY.search(before)):
        return False
    if (
        _STANDARD.fullmatch(token)
        or _STAMP.fullmatch(token)
        or (_EVENT_AND_YEAR.fullmatch(token) and _AS_EVENT.match(after))
    ):
        return True
    if _DEVICE.fullmatch(token) or (
        _NAME_AND_NUMBER.fullmatch(token) and not given and not _USED_BEFORE.search(before)
    ):
        return True
    if named and not named["plain"]:
        return False
    context = _SHOWN.match(after) or _ASKED_WHAT.match(after) or _NUMBERED.match(after)
    return bool(context or _OTHER_NUMBER.search(before) or _REUSABLE_NUMBER.search(before))


def _glued_span(match: re.Match[str], offset: int) -> _Span:
    group = "first" if match.group("first") else "last"
    return offset + match.start(group), offset + match.end(group)


_SPELLED = re.compile(r"(?<![a-z0-9])[a-z0-9](?:[ ・、,-][a-z0-9])+(?![a-z0-9])")


_KANA_LETTERS = re.compile(
    r"(?:エー|エイ|ビー|シー|ディー|デー|イー|エフ|ジー|エッチ|エイチ|アイ|ジェー|ジェイ|ケー|ケイ|エル|エム|エヌ|"
    r"オー|ピー|キュー|"
    r"アール|エス|ティー|テー|ユー|ブイ|ダブリュー|エックス|ワイ|ゼット){2,12}+[0-9]{1,8}"
)


def _find_spelled_passwords(plain: str, text: str) -> Iterator[_Seen]:
    """Single characters, letters and digits among them (A B C 1 2 3), or the names of letters (エービーシー123)."""
    for match in _KANA_LETTERS.finditer(text):
        named = _GIVEN_WORD.search(plain[max(0, match.start() - _BEFORE) : match.start()])
        if named or _ENTERED.match(plain, match.end()):
            yield "signature", *match.span()
    for match in _SPELLED.finditer(text):
        spelled = match.group()[::2]
        if 6 <= len(spelled) <= 16 and re.search(r"[a-z]", spelled) and re.search(r"[0-9]", spelled):
            yield "signature", *match.span()


# --- numbers in words ---------------------------------------------------------

_DIGIT_WORDS = {
    word: str(digit)
    for digit, words in enumerate(
        (
            "ぜろ れい まる zero oh rei",
            "いち い one ichi",
            "に two ni",
            "さん three san",
            "よん four yon",
            "ご five go",
            "ろく six roku",
            "なな しち seven nana",
            "はち eight hachi",
            "きゅう きゅ nine kyuu kyu",
        )
    )
    for word in words.split()
}
_KANA_DIGIT = r"(?:ぜろ|れい|まる|いち|い(?=ー)|に|さん|よん|ご|ろく|なな|しち|はち|きゅう|きゅ(?=ー))"
_ROMAN_DIGIT = (
    r"(?:zero|oh|rei|ichi|nine|ni|san|yon|go|roku|nana|hachi|kyuu|kyu|one|two|three|four|five|six|seven|eight)"
)
_DIGIT_WORD = re.compile(f"{_KANA_DIGIT}|{_ROMAN_DIGIT}")
_KANA_FOUR = rf"{_KANA_DIGIT}(?:[ー、・ と]{{0,2}}{_KANA_DIGIT}){{3}}"
_TWELVE_WORDS = (
    rf"{_KANA_DIGIT}(?:[ー、・ ]{{0,2}}{_KANA_DIGIT}){{11}}|\b{_ROMAN_DIGIT}(?:[ ,-]{{1,2}}{_ROMAN_DIGIT}){{11}}\b"
)
_JOIN = (
    r"(?:[ 、,…]|あと|それから|そして|次|つぎ|真ん中|まんなか|中|後ろ?|うしろ|最後|最初|おわり|終わり|しっぽ|下|"
    r"残り|続いて|そこから|まで|覚えてて|始まって|"
    r"の|が|は|で|と|から|に|その|[1-4一二三四]?(?:桁|けた)|\([^()0-9]{1,8}\)){0,6}"
)
_IN_WORDS = re.compile(
    rf"(?P<twelve>{_TWELVE_WORDS})|"
    rf"(?P<kana>{_KANA_FOUR}ー?)(?:(?![ぁ-ん])|(?=です|でし|だ|って|と|で|を|に|じゃ|や|か|は|も|が|な|よ|ね))|"
    rf"\b(?P<roman>{_ROMAN_DIGIT}(?:[ -]{_ROMAN_DIGIT}){{3}})\b|"
    r"(?P<kanji>(?=[一二三四五六七八九千百十]{4})[一二三四五六七八九]?千(?:[一二三四五六七八九]?百)?(?:[一二三四五六七八九]?十)?[一二三四五六七八九]?)|"
    rf"(?P<dictated>(?<![0-9])[0-9]{{4}}{_JOIN}(?<![0-9])[0-9]{{4}}{_JOIN}(?<![0-9])[0-9]{{4}}(?![0-9])|"
    rf"(?<![0-9])(?:[0-9]{{8}}|[0-9]{{4}}-[0-9]{{4}}){_JOIN}(?<![0-9])[0-9]{{4}}(?![0-9]))|"
    r"(?P<halves>(?:最初|初め|はじめ|前|上)(?:の?2桁)?[がはの][0-9]{2}[、で]{0,2}(?:次|つぎ|あと|後|残り|下|"
    r"うしろ)(?:の?2桁)?[がはの][0-9]{2}(?![0-9]))"
)
_HIRAGANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}


def _find_numbers_in_words(plain: str, text: str) -> Iterator[_Seen]:
    """はちごーいちにー, eight five one two, 八千五百十二: only where something says that it is a PIN."""
    for match in _IN_WORDS.finditer(text.translate(_HIRAGANA)):
        start, end = match.span()
        if match["halves"]:
            yield "pin4", start, end
            continue
        if match["dictated"] and (not re.search(r"[ぁ-ん一-龯]", match.group()) or _USED.match(plain[end:])):
            continue
        if match["twelve"] or match["dictated"]:
            yield "mynumber", start, end
            continue
        named = _GIVEN_WORD.search(plain[max(0, start - _BEFORE) : start])
        after = plain[end : end + _AFTER]
        bare = (
            match["kanji"] is None
            and len(text) <= end - start + 16
            and _NOTHING_ELSE.fullmatch(text[:start] + text[end:]) is not None
        )
        if not (named or bare or _USED.match(after)) or _UNIT.match(after):
            continue
        digits = "".join(_DIGIT_WORDS[word] for word in _DIGIT_WORD.findall(match.group()))
        if bare or not _example(plain, start, end, len(digits) == 4 and _well_known(digits)):
            yield "pin4", start, end


# --- numbers ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Group:
    """Digits without a separator; `gap` is what stands between it and the group before it."""

    digits: str
    start: int
    end: int
    kanji: bool
    gap: str


_Groups = Sequence[_Group]
_DIGITS = re.compile(f"[0-9]+|[{''.join(_KANJI_DIGITS)}]+")
_GAP = re.compile(r"[ \n.,、。・/()のと→|_~=ー-]{0,4}")
_TO_ASCII = str.maketrans(_KANJI_DIGITS)


def _find_numbers(plain: str, text: str) -> Iterator[_Seen]:
    reader = _Reader(plain, bare=len(text) <= 60 and _NOTHING_ELSE.fullmatch(text) is not None)
    for place, chunk in enumerate(_chunks(text)):
        if place < _READ_ONE_BY_ONE:
            yield from reader.read(chunk)
        elif len(_digits(chunk)) >= 4:
            yield "pin4" if len(_digits(chunk)) < 10 else "mynumber", chunk[0].start, chunk[-1].end


_READ_ONE_BY_ONE = 40  # no citizen writes more numbers; a hostile text must not take long


def _chunks(text: str) -> Iterator[_Groups]:
    """The numbers of a text, each with what a separator of four characters at most ties to it."""
    chunk: list[_Group] = []
    for match in _DIGITS.finditer(text):
        kanji = not match.group().isascii()
        group = _Group(match.group().translate(_TO_ASCII), *match.span(), kanji, "")
        if chunk:
            gap = text[chunk[-1].end : group.start]
            if len(gap) <= 4 and _GAP.fullmatch(gap):
                chunk.append(_Group(group.digits, group.start, group.end, kanji, gap))
                continue
            yield chunk
        chunk = [group]
    if chunk:
        yield chunk


_TOLL_FREE = ("0120", "0800", "0570")
_PUBLISHED = frozenset({"05038181250", "0364579585", "0367340170"})
"""Numbers of official desks (facts on holders and counters) that do not look like one."""
_COUNTING = frozenset({"0123456789", "1234567890", "9876543210"})
_OFFICE = re.compile(
    r"役所|役場|窓口|センタ[ー-]|ダイヤル|市民課|住民課|支所|出張所|デスク|コ[ー-]ナ[ー-]|コ[ー-]ル|案内|警察|"
    r"総務省|j-lis|代表|[庁院]|署(?!名)|(?<!結)局|"
    r"事務所|保健所|クリニック|問い?合わ?せ|ホームページ|公式|大使館|領事館|図書館|公民館|学校|ショップ|"
    r"\b(?:city|town|ward|village|municipal)\b|\boffice\b|\bhall\b|call cent|help ?(?:desk|line)|hotline|embassy|"
    r"consulate|"
    r"は.{1,8}[市区町村](?:です|の|[?])"
)
_OFFICE_ITSELF = re.compile(
    r"(?:役所|役場|窓口|センタ[ー-]|ダイヤル|[課庁局所署館]|コ[ー-]ナ[ー-]|代表|office|hall|center|centre|"
    r"embassy)[の(は: ,、]{0,2}"
    r"(?:電話(?:番号)?[はが(: ]{0,2})?$"
)
"""Right before a number, it is the office's, even if somebody is to call: 市役所の03-1234-0000にかけてください."""
_HOME = re.compile(
    r"自宅|実家|家電|固定|家の|連絡先は|(?:私|わたし|僕|俺|うち|母|父|夫|妻|親)の|折り?返し|"
    r"(?:電話|連絡)(?:を|して)?(?:ください|くれ|ほし|もら|お願い)|かけて(?:ください|くれ|ほし|もら)"
)
_DELIVERY = re.compile(
    rf"(?:申請書?(?:id)?|ゆうパック|郵便物|追跡|伝票|送り状|荷物|宅配|書留|注文|お客様|予約|法人)(?:の?番号)?{_LINK}"
)
_ABROAD = re.compile(r"(?:00|010)?81")
_TOLD = re.compile(
    r"[」』\"']?\s?(?:です(?!か)|でした|だった|だよ|だと|だめ|ダメ|で(?:ロック|登録|合|あっ)|って押|の順|かも|かな|"
    r"の(?:はず|つもり)|と思|らしい)"
)
_PRESSED_BEFORE = re.compile(r"(?:押し|入れ|打っ|入力し|登録し|設定し)(?:て)?た(?:番号|数字)?のは、?$")
_JOINED = re.compile(r"を?(?:つな|続け|合わせ)")
_PLACE = re.compile(r"(?:[町村区市丁目条東西南北字]|住所|番地|場所|住所は|スコアは|得点は)[のは: ]?$")
_PINS_AFTER = re.compile(r"\s?(?:どれ|全部|ぜんぶ|どっち|みんな|とも|の(?:どれ|うち|いずれ|どっち))")

_LIKENED = re.compile(r"[」』]?(?:みたい(?!です(?!か))|のよう|とか|など)")
_ON_A_DAY = re.compile(
    r"[」』)]?(?:まで|に(?!し|設|登|変)|から|の(?!まま)|(?:発|交付|取得|更新|期限|付)|と(?:書|あ|出|表|記|なって))"
)
_NAMED_AFTER = re.compile(r"が.{0,10}パスワ")

_TWELVE = {(4, 4, 4), (3, 3, 3, 3), (6, 6), (2,) * 6, (1,) * 12}


def _digits(groups: _Groups) -> str:
    return "".join(group.digits for group in groups)


def _shape(groups: _Groups) -> tuple[int, ...]:
    return tuple(len(group.digits) for group in groups)


def _looseness(gap: str, before: _Group, after: _Group) -> int:
    """How much a separator divides: 0 within a number, 1 between words, 2 between things."""
    if re.search(r"[\n、。のと→|]", gap):
        return 2
    if " " in gap or (gap in {"/", "・", ","} and len(before.digits) == len(after.digits) == 4):
        return 1
    return 0


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads chunks of one text; `bare` if the text is nothing but numbers."""

    plain: str
    bare: bool

    def read(self, chunk: _Groups) -> Iterator[_Seen]:
        """The secrets of one chunk."""
        for part in _around_phones(chunk):
            yield from self._read(part)

    def _read(self, chunk: _Groups) -> Iterator[_Seen]:
        if all(group.kanji for group in chunk) and not _digits(chunk).strip("0"):
            return  # ○○市, 〇〇〇〇: a blank to fill in
        if len({group.kanji for group in chunk}) == 1:
            yield from self._parts(chunk, self._before(chunk[0]))
        elif len(_digits(chunk)) == 12:
            yield "mynumber", chunk[0].start, chunk[-1].end
        elif _shape(chunk) == (1, 1, 1, 1) and {group.gap for group in chunk[1:]} == {""}:
            yield "pin4", chunk[0].start, chunk[-1].end  # 8五1二
        elif len(_digits(chunk)) == 4 and {group.gap for group in chunk[1:]} == {""} and self._told(chunk):
            yield "pin4", chunk[0].start, chunk[-1].end  # １１二七です
        else:  # "8512一応入れた": kanji digits are often just words
            for _, same in groupby(chunk, key=lambda group: group.kanji):
                yield from self._read(list(same))

    def _told(self, groups: _Groups) -> bool:
        before, after = self._before(groups[0]), self._after(groups[-1])
        return bool(self.bare or _GIVEN_WORD.search(before) or _USED.match(after) or _TOLD.match(after))

    def _before(self, group: _Group) -> str:
        return self.plain[max(0, group.start - _BEFORE) : group.start]

    def _after(self, group: _Group) -> str:
        return self.plain[group.end : group.end + _AFTER]

    def _parts(self, groups: _Groups, before: str) -> Iterator[_Seen]:
        """Read groups as a whole, else in parts. `before` is what stands before the chunk."""
        kind = self._whole(groups, before)
        if kind == "harmless":
            return
        if kind:
            plus = kind == "phone" and self.plain.startswith("+", max(0, groups[0].start - 1))
            yield kind, groups[0].start - plus, groups[-1].end
            return
        if len(groups) == 1:
            return
        gaps = [_looseness(after.gap, first, after) for first, after in pairwise(groups)]
        loosest = max(gaps)
        if loosest == 0:
            if _GIVEN_WORD.search(before) and set(_shape(groups)) == {4}:
                yield from (("pin4", one.start, one.end) for one in groups if len(one.digits) == 4)
            return
        parts: list[list[_Group]] = [[groups[0]]]
        for gap, group in zip(gaps, groups[1:], strict=True):
            if gap == loosest:
                parts.append([group])
            else:
                parts[-1].append(group)
        yield from self._runs(parts, before)

    def _runs(self, parts: list[list[_Group]], before: str) -> Iterator[_Seen]:
        """Several parts may be one secret (1234 5678 9012 8512); the longest reading wins."""
        at = 0
        while at < len(parts):
            for length in (12, 6, 4, 3, 2):
                run = parts[at : at + length]
                if len(run) < length or len(parts) == length or any(len(part) > 1 for part in run):
                    continue
                groups = [part[0] for part in run]
                kind = self._run(groups, parts[at + length : at + length + 1])
                if kind:
                    yield kind, groups[0].start, groups[-1].end
                    at += length
                    break
            else:
                yield from self._parts(parts[at], before if at == 0 else before + "、")
                at += 1

    def _run(self, groups: _Groups, following: list[list[_Group]]) -> Kind | None:
        shape = _shape(groups)
        if shape == (4, 4, 4, 4) and not self._number_and_pin(groups):
            return "card"
        if shape in _TWELVE and not self._listing(groups):
            return "mynumber"
        if shape == (1, 1, 1, 1) and (not following or _shape(following[0]) != (1,)):
            return self._spelled(groups)
        if _is_phone(groups) and len(shape) in {2, 3}:
            return "phone"
        return None

    def _number_and_pin(self, groups: _Groups) -> bool:
        """Four times four digits that are a 個人番号 with a PIN behind it rather than a card's."""
        digits = _digits(groups)
        if _shape(groups) != (4, 4, 4, 4) or _luhn(digits):
            return False
        card = digits[0] in "3456" or re.search(r"16(?:桁|けた|ケタ)|カード|クレ", self._before(groups[0]))
        return mynumber_check_digit_ok(digits[:12]) or not card

    def _whole(self, groups: _Groups, before: str) -> Kind | Literal["harmless"] | None:
        digits, shape = _digits(groups), _shape(groups)
        after = self._after(groups[-1])
        if len(digits) == 4:
            return self._four(groups, before, after)
        if _is_date(groups) or self._listing(groups):
            return "harmless"
        abroad = before.rstrip(" (").endswith("+") or digits.startswith(("0081", "01081"))
        if abroad and len(digits) in range(8, 17):
            at_home = _ABROAD.sub("0", digits, count=1)
            return "harmless" if at_home in _PUBLISHED else self._phone(groups, at_home)
        if (
            digits in _COUNTING
            or _is_published(digits, shape)
            or (_DELIVERY.search(before) and not mynumber_check_digit_ok(digits))
        ):
            return "harmless"
        listed = set(shape) == {4} and {group.gap for group in groups[1:]} <= {"、", "・", ","}
        if listed and self._example(groups[0], groups[-1]):
            return "harmless"  # 0000、1111、1234はだめ？
        if len(digits) == 12 and not self._pins(groups, before, after):
            invented = digits in "123456789012345" or len(set(digits)) == 1
            likened = invented and _LIKENED.match(after) and not mynumber_check_digit_ok(digits)
            return "harmless" if likened else "mynumber"
        if len(digits) == 16 and len(set(shape)) == 1 and not self._number_and_pin(groups):
            return "card"
        if len(digits) in {14, 15} and shape in {(14,), (15,), (4, 6, 4), (4, 6, 5)} and _luhn(digits):
            return "card"
        if len(digits) in range(13, 20) and _CARD_WORD.search(before):
            return "card"
        spaced_phone = len(shape) == 3 and _is_phone(groups)
        if len(digits) in range(10, 15) and _MYNUMBER_WORD.search(before) and not spaced_phone:
            return "mynumber"
        if self.bare and len(shape) == 1 and len(digits) in (11, 13) and not digits.startswith("0"):
            return "mynumber"  # one too few or too many
        if _is_phone(groups):
            account = len(shape) == 1 and self._account(digits, before, after)
            return None if account else self._phone(groups, digits)
        if shape == (4, 4) and _PHONE_WORD.search(before):
            return "phone"
        if self._account(digits[-7:] if shape == (3, 7) else digits, before, after) and not _MONEY_OR_YEAR.match(after):
            return "account"
        if len(shape) == 1 and _GIVEN_WORD.search(before) and not _UNIT.match(after):
            if len(digits) == 5:
                return "pin4"
            if len(digits) in range(6, 17) and not (_is_day_stamp(digits) and _ON_A_DAY.match(after)):
                return "signature"
        if len(shape) == 1 and len(digits) in range(6, 17) and _NAMED_AFTER.match(after):
            return "signature"
        return None

    def _pins(self, groups: _Groups, before: str, after: str) -> bool:
        """8512、7731、4490を試した: three PINs rather than a 個人番号."""
        named = _GIVEN_WORD.search(before) or _USED.match(after) or _PINS_AFTER.match(after)
        apart = _shape(groups) == (4, 4, 4) and all(re.search("[、と]", group.gap) for group in groups[1:])
        return apart and named is not None and not mynumber_check_digit_ok(_digits(groups))

    def _listing(self, groups: _Groups) -> bool:
        """Years or amounts one after the other (2024、2025、2026; 1,000,000円)."""
        listed = len(groups) > 1 and all(re.search(r"[、,・~と]", group.gap) for group in groups[1:])
        if not listed:
            return False
        if _MONEY_OR_YEAR.match(self._after(groups[-1])):
            return True
        if _PINS_AFTER.match(self._after(groups[-1])):
            return False
        return all(len(group.digits) == 4 and 1980 <= int(group.digits) <= 2049 for group in groups)

    def _phone(self, groups: _Groups, digits: str) -> Kind | Literal["harmless"]:
        """A line of an office is no secret; a mobile phone is never one of an office."""
        sentence = _sentence(self.plain, groups[0].start, groups[-1].end)
        mobile = digits.startswith(("070", "080", "090", "050"))
        if mobile:
            return "phone"
        itself = _OFFICE_ITSELF.search(self._before(groups[0]).rstrip("+"))
        return "harmless" if itself or (_OFFICE.search(sentence) and not _HOME.search(sentence)) else "phone"

    def _account(self, digits: str, before: str, after: str) -> bool:
        named = _ACCOUNT_WORD.search(_SENTENCE_END.split(before.rstrip("\n"))[-1]) or _ACCOUNT_AFTER.match(after)
        return len(digits) in {7, 8} and named is not None

    def _four(self, groups: _Groups, before: str, after: str) -> Kind | Literal["harmless"] | None:
        """Four digits in one, or in several groups."""
        if len(groups) > 1:
            return self._spelled(groups)
        group = groups[0]
        if _stuck_before(self.plain, group) or _stuck_after(self.plain, group) or _HARD_UNIT.match(after):
            return "harmless"
        named = _GIVEN_WORD.search(before)
        if named and named["plain"] and _OTHER_NUMBER.search(before):
            return "harmless"  # 整理券の番号は1234
        other = self._more_than_a_pin(group, after) if named else self._other(group, before, after)
        return "harmless" if other or self._example(group, group) else "pin4"

    def _more_than_a_pin(self, group: _Group, after: str) -> bool:
        """After a word for a PIN: a number of something else all the same (暗証番号は0570の電話で聞けますか)."""
        if _UNIT.match(after):
            return not _NO_UNIT_AFTER_PIN.match(after)
        clock = _is_clock(group.digits) and re.match(r"まで(?!は)|に(?:行|着|来|予約)", after)
        return bool(
            clock or (group.digits in _TOLL_FREE and re.match(r"の(?:電話|番号|ダイヤル)|に(?:電話|かけ)", after))
        )

    def _other(self, group: _Group, before: str, after: str) -> bool:
        """Without such a word: whether it is the number of something else."""
        if _USED_BEFORE.search(before) or _PRESSED_BEFORE.search(before):
            return False
        if _OTHER_NUMBER.search(before):
            return True
        year = 1900 <= int(group.digits) <= 2099
        used = _USED.match(after) and not (year and _YEAR_OF_SOMETHING.match(before[-1:] + after))
        if self.bare or used:
            return False
        if (
            _SHOWN.match(after)
            or _ASKED_WHAT.match(after)
            or (_UNIT.match(after) and not _NO_UNIT.match(after))
            or (_REUSABLE_NUMBER.search(before) and not _REMEMBERED.match(after))
        ):
            return True
        sentence = _sentence(self.plain, group.start, group.end)
        if _is_clock(group.digits) and (_CLOCK.match(after) or _OCLOCK.search(before) or _WHAT_TIME.search(sentence)):
            return True
        if _TICKET_TALK.search(sentence):
            return True
        told = _SOMEONES.search(before) or (_REFUSED.match(after) and not _HAPPENED.search(before))
        return _ordinary(group.digits) and (not told or _COUNTED.search(sentence) is not None)

    def _spelled(self, groups: _Groups) -> Kind | None:
        """8 5 1 2, 85-12: only a date, a score or an address unless something says it is a PIN."""
        before, after = self._before(groups[0]), self._after(groups[-1])
        shape = _shape(groups)
        single = shape == (1, 1, 1, 1)
        gaps = {group.gap for group in groups[1:]}
        named = _GIVEN_WORD.search(before) is not None
        if len(gaps) > 1 or any(re.search(r"[~()|_=]", gap) for gap in gaps) or _UNIT.match(after):
            return None
        used = (
            named
            or _USED.match(after)
            or _TOLD.match(after)
            or _PRESSED_BEFORE.search(before)
            or _SOMEONES.search(before)
        )
        if "/" in gaps and not (used and single):
            return None
        if _stuck_before(self.plain, groups[0]) or _stuck_after(self.plain, groups[-1]):
            return None
        if (
            not named
            and not (single and gaps == {" "})
            and (_PLACE.search(before) or (_digits(groups) == "1234" and not (self.bare and gaps <= {" "})))
        ):
            return None  # an address, or four steps
        loose = gaps <= {" ", "  ", "・", "\n"}
        meant = single or (shape == (2, 2) and not _is_day(groups) and (loose or gaps == {"-"}))
        sure = (
            named
            or (self.bare and (loose or (single and gaps <= {"-", "ー", "、", ",", ".", "..", "...", "と", "→"})))
            or (single and loose)
            or (meant and used)
            or (loose and _USED.match(after))
            or (shape == (2, 2) and (_JOINED.match(after) or (self.bare and meant)))
        )
        if not sure or (not (single or shape == (2, 2)) and not named) or ("," in gaps and shape == (1, 3)):
            return None
        return None if self._example(groups[0], groups[-1]) else "pin4"

    def _example(self, first: _Group, last: _Group) -> bool:
        """A PIN that the sentence speaks of in general."""
        if self.bare:
            return False
        digits = re.sub(r"[^0-9]", "", self.plain[first.start : last.end].translate(_TO_ASCII))
        return _example(self.plain, first.start, last.end, all(map(_well_known, re.findall("....", digits))))


def _stuck_before(plain: str, group: _Group) -> bool:
    """The end of something longer: A1234, E-1234, 12:3456. A PIN after "pin-" is none of these."""
    before = plain[max(0, group.start - 5) : group.start]
    return bool(re.search(r"[a-z][-_.#]?$|[0-9][:.,×-]$|[万億]$|(?<![0-9]{3})[0-9]/$", before)) and not re.search(
        r"(?:pin|pass|word|pw)[-_.#]?$", before
    )


def _stuck_after(plain: str, group: _Group) -> bool:
    """The beginning of something longer: 1234GB, 1234:56."""
    return (
        re.match(
            r"(?!w{1,5}(?![a-z0-9]))[a-z]|[:.,_-][0-9a-z]|×[0-9]|/(?![0-9]{4})[0-9a-z]",
            plain[group.end : group.end + 5],
        )
        is not None
    )


def _is_day(groups: _Groups) -> bool:
    """12-25, 9-17: a day or hours."""
    first, second = (int(group.digits) for group in groups)
    return (1 <= first <= 12 and 1 <= second <= 31) or (first <= 24 and second <= 24)


def _ordinary(digits: str) -> bool:
    """A year, a round number or the beginning of a toll-free number."""
    value = int(digits)
    return digits in _TOLL_FREE or 1900 <= value <= 2099 or (value >= 1000 and value % 100 == 0)


def _is_clock(digits: str) -> bool:
    return int(digits[:2]) < 24 and int(digits[2:]) < 60


def _well_known(digits: str) -> bool:
    """A sequence that people name as an example of a bad PIN: 1111, 1212, 1122, 0001, 1234, 9876."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(digits)}
    pairs = digits[:2] == digits[2:] or (digits[0] == digits[1] and digits[2] == digits[3])
    return steps in ({1}, {9}, {2}, {8}) or pairs or digits.startswith("000") or digits in _KNOWN_SEQUENCES


def _around_phones(chunk: _Groups) -> Iterator[_Groups]:
    """The chunk cut around written-out phone numbers: 0120-95-0178（24時間） has no 12 digits."""
    begin = at = 0
    while at < len(chunk):
        length = next((length for length in (3, 4, 2, 1) if _stands_alone(chunk, at, at + length)), 0)
        if length and length < len(chunk):
            if begin < at:
                yield chunk[begin:at]
            yield chunk[at : at + length]
            begin = at + length
        at += length or 1
    if begin < len(chunk):
        yield chunk[begin:]


def _stands_alone(chunk: _Groups, start: int, end: int) -> bool:
    """A phone number with hyphens or brackets, and none of them next to it."""
    groups = chunk[start:end]
    if end > len(chunk) or chunk[0].digits == "81" or not chunk[start].digits.startswith("0") or not _is_phone(groups):
        return False
    inside = {group.gap for group in groups[1:]}
    outside = {group.gap for group in (*chunk[start:end][:1], *chunk[end : end + 1])}
    return inside <= {"-", "(", ")", ")-"} and not (inside | {"-"}) & outside and (len(groups) > 1 or len(chunk) <= 3)


def _is_date(groups: _Groups) -> bool:
    """2025-12-01, 2026/3, also with a time behind it."""
    if len(groups) < 2 or any(group.gap.strip() not in {"-", "/", ".", ""} for group in groups[1:]):
        return False
    if not groups[1].gap.strip() or any(len(group.digits) > 2 for group in groups[1:3]):
        return False
    year, month = int(groups[0].digits[:4]), int(groups[1].digits)
    day = int(groups[2].digits) if len(groups) > 2 else 1
    return len(groups[0].digits) == 4 and 1868 <= year <= 2199 and 1 <= month <= 12 and 1 <= day <= 31


def _is_day_stamp(digits: str) -> bool:
    """20261128."""
    if len(digits) != 8:
        return False
    return 1868 <= int(digits[:4]) <= 2199 and 1 <= int(digits[4:6]) <= 12 and 1 <= int(digits[6:]) <= 31


def _is_phone(groups: _Groups) -> bool:
    digits, shape = _digits(groups), _shape(groups)
    if not digits.startswith("0") or digits.startswith("00"):
        return False
    mobile = digits.startswith(("070", "080", "090", "050"))
    return len(digits) == (11 if mobile else 10) and (len(shape) <= 4 or set(shape) == {1})


def _is_published(digits: str, shape: tuple[int, ...]) -> bool:
    """A toll-free or official number. 08001234567 may as well be a mobile phone's; 0800-123-4567 may not."""
    if digits.startswith("0800"):
        return shape == (4, 3, 4)
    return digits in _PUBLISHED or (digits.startswith(_TOLL_FREE) and len(digits) == 10)


def _luhn(digits: str) -> bool:
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0
