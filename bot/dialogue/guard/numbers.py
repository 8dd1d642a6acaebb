"""Finds secrets among numbers: 個人番号, PINs, telephones, accounts, cards.

Digits with separators between them form a chunk. A chunk is read as a whole (12 digits are a 個人番号)
and, if that says nothing, in parts, divided at its loosest separators first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Literal

from bot.dialogue.guard import opinion, said
from bot.dialogue.guard.four import Four
from bot.dialogue.guard.groups import (
    CHUNK,
    DIGIT,
    PUBLISHED,
    TO_ASCII,
    Group,
    Groups,
    digits_of,
    groups_of,
    is_date,
    is_day,
    is_phone,
    is_published,
    is_stuck_after,
    is_stuck_before,
    looseness,
    luhn_ok,
    shape_of,
)
from bot.dialogue.guard.kinds import Kind, Seen, mynumber_check_digit_ok
from bot.dialogue.guard.place import Place
from bot.dialogue.guard.quoted import is_example, is_of_a_stranger, is_well_known


def find_numbers(plain: str, text: str, left: int) -> Iterator[Seen]:
    """The secrets among all that is written in digits; what is `left` is judged, the rest taken for one."""
    reader = _Reader(plain, bare=len(text) <= 60 and said.NOTHING_ELSE.fullmatch(text) is not None)
    for chunk in CHUNK.finditer(text):
        if (digits := len(DIGIT.findall(chunk.group()))) < 4:
            continue
        left -= 1 + len(chunk.group()) // _LONG
        if left >= 0:
            yield from reader.read(groups_of(text, *chunk.span()))
        else:
            yield "pin4" if digits < 10 else "mynumber", *chunk.span()


_LONG = 30  # characters of a chunk that count as one more
_OFFICE = re.compile(
    r"役所|役場|窓口|センタ[ー-]|ダイヤル|市民課|住民課|支所|出張所|デスク|コ[ー-]ナ[ー-]|コ[ー-]ル|案内|警察|総務省|"
    r"j-lis|代表|[庁院]|署(?!名)|(?<!結)局(?!番)|事務所|保健所|クリニック|問い?合わ?せ|ホームページ|公式|大使館|領事館|"
    r"図書館|公民館|学校|ショップ|(?<![a-z])hp(?![a-z])|"
    r"\b(?:city|town|ward|village|municipal)\b|\boffice\b|\bhall\b|call cent|"
    r"help ?(?:desk|line)|hotline|embassy|consulate|[市区町村県]の(?:番号|電話|人|職員|方|コ[ー-]ル)|"
    r"は.{1,8}[市区町村](?:です|の|[?])|"
    r"(?:に|へ)(?:電話し|かけ)(?:たら|ても)[^。]{0,10}(?:休み|時間外|話し中|混[んみ]|つなが)"
)
_OFFICE_ITSELF = re.compile(
    r"(?:役所|役場|窓口|センタ[ー-]|ダイヤル|[課庁局所署館]|[都府県市区町村]の?|コ[ー-]ナ[ー-]|代表|office|hall|"
    r"center|centre|embassy)[の(は: ,、]{0,2}(?:電話(?:番号)?[はが(: ]{0,2})?$"
)
"""Right before a number, it is the office's, even if somebody is to call: 市役所の03-1234-0000にかけてください."""
_HOME = re.compile(
    r"の者です|と申し|当方|自宅|実家|届け(?:た|て)|家電|固定|家の|連絡先は|(?:私|わたし|僕|俺|うち|母|父|夫|妻|親)の|折り?返し|(?:電話|"
    r"連絡)(?:を|して)?(?:ください|くれ|ほし|もら|お願い)|かけて(?:ください|くれ|ほし|もら)"
)
_MOBILE = ("070", "080", "090")
_PLUS = re.compile(r"(?<![a-z+])\+[ (]*$")
_SUM = re.compile(" ?(?:円|えん|人|件)")
_IS_IT_RIGHT = re.compile(r"で(?:合って|あって|合っと|いい|よろし|よか)")
_DELIVERY = re.compile(
    rf"(?:申請(?!書に)書?(?:id)?|受付|整理|お?問い?合わ?せ|注文|お客様|予約|法人)(?:の?番号|no\.?)?{said.LINK}"
)
_PARCEL = re.compile(rf"(?:ゆうパック|郵便物|追跡|伝票|送り状|荷物|宅配|書留)(?:の?番号|no\.?)?{said.LINK}")
_ACCOUNT_OF = re.compile(rf"(?:口座|通帳|記号)(?:の?番号|no\.?){said.LINK}")
_IN_HALVES = re.compile(r"前半.?後半|[2二](?:桁|けた|ケタ|つ)ずつ|半分ずつ|(?:[2二]つ|半分)に分け")
_YEARS_PASS = re.compile(r"[でまは、 ]{0,3}[0-9]{1,2}年")
_ABROAD = re.compile(r"(?:00|010)?81")
_PLACE = re.compile(r"(?:[町村区市丁目条東西南北字]|住所|番地|場所|住所は|スコアは|得点は)[のは: ]?$")
_PINS_BEFORE = re.compile("候補[はが:]?$")
_LIKENED = re.compile(r"[」』]?(?:みたい(?!です(?!か))|のよう|とか|など)")
_NAMED_AFTER = re.compile(r"が.{0,10}パスワ")
_SIXTEEN = re.compile(r"16(?:桁|けた|ケタ)|カード|クレ")
_APART = re.compile("[、と]")
_LISTED = re.compile("[、,・~と]")
_TO_BRANCH = {"-", "ー", "の", " "}
_TWELVE = {(4, 4, 4), (3, 3, 3, 3), (6, 6), (2,) * 6, (1,) * 12}


Judged = Kind | Literal["harmless"] | None
"""What digits are; None if they say nothing as a whole."""


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads chunks of one text; `bare` if the text is nothing but numbers."""

    plain: str
    bare: bool

    def read(self, chunk: Groups) -> Iterator[Seen]:
        """The secrets of one chunk."""
        digits = digits_of(chunk)
        if all(group.kanji for group in chunk) and not digits.strip("0"):
            return  # ○○市, 〇〇〇〇: a blank to fill in
        mixed = len({group.kanji for group in chunk}) > 1
        tied = not any(group.gap for group in chunk[1:])
        if not mixed:
            yield from self._parts(chunk, None)
        elif len(digits) == 12:
            yield "mynumber", chunk[0].start, chunk[-1].end
        elif len(digits) == 4 and tied:
            yield "pin4", chunk[0].start, chunk[-1].end  # 8五1二, １１二七です
        else:  # "8512一応入れた": kanji digits are often just words
            for _, same in groupby(chunk, key=lambda group: group.kanji):
                yield from self.read(list(same))

    def _place(self, groups: Groups, list_before: str | None = None) -> Place:
        return Place(self.plain, groups[0].start, groups[-1].end, list_before)

    def _parts(self, groups: Groups, list_before: str | None) -> Iterator[Seen]:
        """Read groups as a whole, else in parts."""
        place = self._place(groups, list_before)
        kind = self._whole(groups, place)
        if kind and kind != "harmless":
            plus = kind == "phone" and self.plain[place.start - 1 : place.start] == "+"
            yield kind, place.start - plus, place.end
        if kind or len(groups) == 1:
            return
        gaps = [looseness(after.gap, first, after) for first, after in pairwise(groups)]
        loosest = max(gaps)
        if loosest == 0:
            if place.named and set(shape_of(groups)) == {4}:
                yield from (("pin4", one.start, one.end) for one in groups)
            return
        parts: list[list[Group]] = [[groups[0]]]
        for gap, group in zip(gaps, groups[1:], strict=True):
            if gap == loosest:
                parts.append([group])
            else:
                parts[-1].append(group)
        yield from self._runs(parts, place.before)

    def _runs(self, parts: list[list[Group]], before: str) -> Iterator[Seen]:
        """Several parts may be one secret (1234 5678 9012 8512); the longest reading wins."""
        at = 0
        while at < len(parts):
            for length in (12, 6, 4, 3, 2):
                run = parts[at : at + length]
                if len(run) < length or len(parts) == length or any(len(part) > 1 for part in run):
                    continue
                groups = [part[0] for part in run]
                kind = self._run(groups)
                if kind:
                    yield kind, groups[0].start, groups[-1].end
                    at += length
                    break
            else:
                yield from self._parts(parts[at], before if at == 0 else before + "、")
                at += 1

    def _run(self, groups: Groups) -> Kind | None:
        if shape_of(groups) == (4, 4, 4, 4) and not self._number_and_pin(groups):
            return "card"
        if shape_of(groups) in _TWELVE and not self._listing(groups) and not self._pins(groups, self._place(groups)):
            return "mynumber"
        return "phone" if is_phone(groups) and len(groups) in {2, 3} else None

    def _number_and_pin(self, groups: Groups) -> bool:
        """Four times four digits that are a 個人番号 with a PIN behind it rather than a card's."""
        digits = digits_of(groups)
        if shape_of(groups) != (4, 4, 4, 4) or luhn_ok(digits):
            return False
        before = self._place(groups).before
        called = _SIXTEEN.search(before) or said.CARD_WORD.search(before)
        return not called and (mynumber_check_digit_ok(digits[:12]) or digits[0] not in "3456")

    def _whole(self, groups: Groups, place: Place) -> Judged:
        digits, shape = digits_of(groups), shape_of(groups)
        long, single = len(digits), len(groups) == 1
        if long == 4 and single:
            return "pin4" if Four(digits, place, self.bare).is_pin() else "harmless"
        if long == 4:
            return self._spelled(groups, place)
        if (is_date(place.text) and not place.after.startswith("回")) or self._listing(groups):  # 暗証 1987 / 3回ミス
            return "harmless"
        abroad = _PLUS.search(place.before) or digits.startswith(("0081", "01081"))
        if abroad and long in range(8, 17):
            at_home = _ABROAD.sub("0", digits, count=1)
            office = _OFFICE.search(place.sentence) and not _HOME.search(place.sentence)
            office = office and not at_home.startswith(_MOBILE)
            return "harmless" if office or at_home in PUBLISHED else _phone(place, at_home)
        sent = _PARCEL.search(place.before) or (_DELIVERY.search(place.before) and not mynumber_check_digit_ok(digits))
        if sent or is_published(digits, shape):
            return "harmless"
        listed = set(shape) == {4} and {group.gap for group in groups[1:]} <= {"、", "・", ","}
        if listed and self._example(place):
            return "harmless"  # 0000、1111、1234はだめ？
        if self._is_bank_account(groups, place):
            return "account"
        if long == 12 and not self._pins(groups, place) and not self._begins_toll_free(digits, shape):
            invented = digits == "123456789012" or len(set(digits)) == 1
            return "harmless" if invented and _LIKENED.match(place.after) else "mynumber"
        if self._is_card(groups, place):
            return "card"
        spaced_phone = len(shape) == 3 and is_phone(groups)
        if long in range(10, 15) and said.MYNUMBER_WORD.search(place.before) and not spaced_phone:
            return "mynumber"
        if self.bare and single and long in (11, 13) and not digits.startswith("0"):
            return "mynumber"  # one too few or too many
        account = self._account(groups, place)
        branch = shape == (3, 7) and not said.PHONE_WORD.search(place.before)
        if is_phone(groups) and not (account and (single or branch)):
            return _phone(place, digits)
        if account:
            return "account"
        if shape == (4, 4) and said.PHONE_WORD.search(place.before):
            return "phone"
        if single and place.named and not said.UNIT.match(place.after) and long in range(5, 17):
            return "pin4" if long == 5 else "signature"
        return "signature" if single and long in range(6, 17) and _NAMED_AFTER.match(place.after) else None

    def _is_card(self, groups: Groups, place: Place) -> bool:
        digits, shape = digits_of(groups), shape_of(groups)
        if len(digits) == 16 and len(set(shape)) == 1:
            return not self._number_and_pin(groups)
        if shape in {(14,), (15,), (4, 6, 4), (4, 6, 5)} and luhn_ok(digits):
            return True
        return len(digits) in range(13, 20) and said.CARD_WORD.search(place.before) is not None

    def _pins(self, groups: Groups, place: Place) -> bool:
        """8512、7731、4490を試した: three PINs rather than a 個人番号."""
        sure = _PINS_BEFORE.search(place.before)
        named = place.named or said.USED.match(place.after) or said.PINS_AFTER.match(place.after) or sure
        apart = all(_APART.search(group.gap) for group in groups[1:]) or len({group.digits for group in groups}) == 1
        apart = apart and shape_of(groups) == (4, 4, 4)
        return apart and named is not None and (sure is not None or not mynumber_check_digit_ok(digits_of(groups)))

    def _listing(self, groups: Groups) -> bool:
        """Years one after the other: 2024、2025、2026."""
        gaps = {group.gap for group in groups[1:]}
        years = gaps == {"→"} and _YEARS_PASS.match(self.plain, groups[-1].end) is not None
        listed = years or (len(groups) > 1 and all(map(_LISTED.search, gaps)))
        return listed and all(len(group.digits) == 4 and 1980 <= int(group.digits) <= 2049 for group in groups)

    def _begins_toll_free(self, digits: str, shape: tuple[int, ...]) -> bool:
        """0120 95 0178、95は: a line of an office, and what is said of it."""
        return len(shape) > 3 and shape[:3] in {(4, 2, 4), (4, 3, 3)} and is_published(digits[:10], shape[:3])

    def _is_bank_account(self, groups: Groups, place: Place) -> bool:
        """Bank, branch and number (0005-318-4462907), or ゆうちょ 12340-5671881."""
        shape = shape_of(groups)
        if shape != (5, 7) or said.MYNUMBER_WORD.search(place.before):
            return shape == (4, 3, 7)
        return said.ACCOUNT_WORD.search(place.before) is not None

    def _account(self, groups: Groups, place: Place) -> bool:
        """口座 1234567, 口座 123-4567891, ゆうちょ 14520-31234561."""
        shape = shape_of(groups)
        if len(shape) > 1:
            branch = len(shape) == 2 and shape[1] in (6, 7, 8) and groups[1].gap in _TO_BRANCH
            called = branch or (sum(shape) in {7, 8} and not said.UNIT.match(place.after))
            return called and bool(_after_bank(place) or said.ACCOUNT_AFTER.match(place.after))
        if shape[0] not in {7, 8} or _SUM.match(place.after):
            return False
        if (is_stuck_before(place) or is_stuck_after(place)) and not _after_bank(place):
            return False
        named = place.named and not place.named["plain"] and not said.ACCOUNT_WORD.search(place.around)
        if named or _NAMED_AFTER.match(place.after):
            return False  # パスワードは19500401です
        return bool(_ACCOUNT_OF.search(place.before)) or opinion.is_account(place, account_signs(place))

    def _spelled(self, groups: Groups, place: Place) -> Kind | None:
        """8 5 1 2, 85-12: only a date, a score or an address unless something says it is a PIN."""
        shape = shape_of(groups)
        single, pair = shape == (1, 1, 1, 1), shape == (2, 2)
        gaps = {group.gap for group in groups[1:]}
        if len(gaps) > 1 or said.UNIT.match(place.after):
            return None
        if is_stuck_before(place) or is_stuck_after(place):
            return None
        used = (
            place.named
            or said.USED.match(place.after)
            or said.TOLD.match(place.after)
            or said.USED_BEFORE.search(place.before)
            or said.SOMEONES.search(place.before)
        )
        steps = digits_of(groups) == "1234" and not (self.bare and gaps <= {" "})
        if not place.named and not (single and gaps == {" "}) and (steps or _PLACE.search(place.before)):
            return None  # an address, or four steps
        loose = gaps <= {" ", "  ", "・", "\n"}
        meant = single or (pair and not is_day(groups) and (loose or gaps <= {"-", "ー", "、", "と"}))
        bare = self.bare or (
            single and not gaps & {"の", "/"} and said.NOTHING_ELSE.fullmatch(place.around) is not None
        )
        zero = groups[0].digits.startswith("0") and gaps <= {"-", "ー"}  # 03-27: nobody writes a day so
        halves = pair and _IN_HALVES.search(place.before)
        named = place.named and not (place.named["plain"] and "の" in gaps)  # 数字10の36種
        sure = named or (single and loose) or (meant and used) or halves
        numbered = place.before.endswith("の") and not place.after  # メニューの3-1-2-4
        dashed = meant and gaps <= {"-", "ー"} and not numbered
        sure = sure or (dashed and Four(digits_of(groups), place, bare=False).is_likely_pin())
        if not sure and not (bare and (meant or (pair and (zero or loose)))):
            return None
        return None if self._example(place) else "pin4"

    def _example(self, place: Place) -> bool:
        """Whether the sentence speaks of PINs in general."""
        if self.bare:
            return False
        digits = re.sub(r"[^0-9]", "", place.text.translate(TO_ASCII))
        return is_example(place, all(map(is_well_known, re.findall("....", digits))))


def _phone(place: Place, digits: str) -> Judged:
    """A line of an office is no secret."""
    if is_of_a_stranger(place):
        return "harmless"
    return "phone" if opinion.is_own_phone(place, phone_signs(place, digits)) else "harmless"


def _after_bank(place: Place) -> object:
    """A word for a bank or an account before it, in its sentence or right above."""
    return said.ACCOUNT_WORD.search(said.SENTENCE_END.split(place.before.rstrip("\n"))[-1])


def phone_signs(place: Place, digits: str) -> list[str]:
    """What the judge is told of a telephone number, by the names of PHONE_SIGNS."""
    return [sign for sign, holds in PHONE_SIGNS.items() if holds(place, digits)]


def account_signs(place: Place) -> list[str]:
    """What the judge is told of seven or eight digits, by the names of ACCOUNT_SIGNS."""
    return [sign for sign, holds in ACCOUNT_SIGNS.items() if holds(place)]


PHONE_SIGNS: dict[str, Callable[[Place, str], object]] = {
    "mobile": lambda at, digits: digits.startswith(_MOBILE),
    "named": lambda at, digits: said.PHONE_WORD.search(at.before),
    "office": lambda at, digits: _OFFICE.search(at.sentence),
    "office-itself": lambda at, digits: _OFFICE_ITSELF.search(at.before.rstrip("+")),
    "office-near": lambda at, digits: _OFFICE.search(at.plain[max(0, at.start - 40) : at.end + 40]),
    "asked": lambda at, digits: _IS_IT_RIGHT.match(at.after),
    "home": lambda at, digits: _HOME.search(at.sentence),
    "invented": lambda at, digits: digits[-8:] in {"12345678", "00000000"} or len(set(digits[3:])) == 1,
    "all": lambda at, digits: at.sentence == at.text,
}
"""What makes a telephone that of an office, or one's own."""
ACCOUNT_SIGNS: dict[str, Callable[[Place], object]] = {
    "bank": _after_bank,
    "bank-after": lambda at: said.ACCOUNT_AFTER.match(at.after),
    "bank-near": lambda at: said.ACCOUNT_WORD.search(at.around),
    "counted": lambda at: said.UNIT.match(at.after),
    "other": lambda at: said.OTHER_NUMBER.search(at.before),
    "delivery": lambda at: _DELIVERY.search(at.before),
    "used": lambda at: said.USED.match(at.after),
    "named": lambda at: at.named,
    "all": lambda at: at.sentence == at.text,
}
"""What makes seven or eight digits those of an account. Teach the judges again after a change
(`python -m bench.training guard`)."""
