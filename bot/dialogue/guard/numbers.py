"""Finds secrets among numbers: 個人番号, PINs, telephones, accounts, cards.

Digits with separators between them form a chunk. A chunk is read as a whole (12 digits are a 個人番号)
and, if that says nothing, in parts, divided at its loosest separators first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Literal

from bot.dialogue.guard.examples import is_example, is_well_known
from bot.dialogue.guard.four import Four
from bot.dialogue.guard.groups import (
    CHUNK,
    COUNTING,
    PUBLISHED,
    TO_ASCII,
    Group,
    Groups,
    around_phones,
    digits_of,
    groups_of,
    is_date,
    is_day,
    is_day_stamp,
    is_phone,
    is_published,
    is_stuck_after,
    is_stuck_before,
    looseness,
    luhn_ok,
    shape_of,
)
from bot.dialogue.guard.kinds import READ_ONE_BY_ONE, Kind, Seen, mynumber_check_digit_ok
from bot.dialogue.guard.said import (
    ACCOUNT_AFTER,
    ACCOUNT_WORD,
    AFTER,
    BEFORE,
    CARD_WORD,
    GIVEN_WORD,
    LINK,
    MONEY_OR_YEAR,
    MYNUMBER_WORD,
    NOTHING_ELSE,
    PHONE_WORD,
    PRESSED_BEFORE,
    SENTENCE_END,
    SOMEONES,
    TOLD,
    UNIT,
    USED,
    sentence_around,
)


def find_numbers(plain: str, text: str) -> Iterator[Seen]:
    """The secrets among all that is written in digits."""
    reader = _Reader(plain, bare=len(text) <= 60 and NOTHING_ELSE.fullmatch(text) is not None)
    left = READ_ONE_BY_ONE
    for chunk in CHUNK.finditer(text):
        left -= 1 + len(chunk.group()) // _LONG
        if left >= 0:
            yield from reader.read(groups_of(text, *chunk.span()))
        elif len(chunk.group()) >= 4:
            digits = sum(map(str.isdecimal, chunk.group().translate(TO_ASCII)))
            if digits >= 4:
                yield "pin4" if digits < 10 else "mynumber", *chunk.span()


_LONG = 30  # characters of a chunk that count as one more
_OFFICE = re.compile(
    r"役所|役場|窓口|センタ[ー-]|ダイヤル|市民課|住民課|支所|出張所|デスク|コ[ー-]ナ[ー-]|コ[ー-]ル|案内|警察|"
    r"総務省|j-lis|代表|[庁院]|署(?!名)|(?<!結)局|"
    r"事務所|保健所|クリニック|問い?合わ?せ|ホームページ|公式|大使館|領事館|図書館|公民館|学校|ショップ|"
    r"\b(?:city|town|ward|village|municipal)\b|\boffice\b|\bhall\b|call cent|help ?(?:desk|line)|hotline|embassy|"
    r"consulate|"
    r"[市区町村県]の(?:番号|電話)|は.{1,8}[市区町村](?:です|の|[?])"
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
    rf"(?:申請書?(?:id)?|ゆうパック|郵便物|追跡|伝票|送り状|荷物|宅配|書留|注文|お客様|予約|法人)(?:の?番号)?{LINK}"
)
_ABROAD = re.compile(r"(?:00|010)?81")
_PLACE = re.compile(r"(?:[町村区市丁目条東西南北字]|住所|番地|場所|住所は|スコアは|得点は)[のは: ]?$")
_PINS_AFTER = re.compile(r"\s?(?:どれ|全部|ぜんぶ|どっち|みんな|とも|の(?:どれ|うち|いずれ|どっち))")
_LIKENED = re.compile(r"[」』]?(?:みたい(?!です(?!か))|のよう|とか|など)")
_ON_A_DAY = re.compile(
    r"[」』)]?(?:まで|に(?!し|設|登|変)|から|の(?!まま)|(?:発|交付|取得|更新|期限|付)|と(?:書|あ|出|表|記|なって))"
)
_NAMED_AFTER = re.compile(r"が.{0,10}パスワ")
_TWELVE = {(4, 4, 4), (3, 3, 3, 3), (6, 6), (2,) * 6, (1,) * 12}


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads chunks of one text; `bare` if the text is nothing but numbers."""

    plain: str
    bare: bool

    def read(self, chunk: Groups) -> Iterator[Seen]:
        """The secrets of one chunk."""
        for part in around_phones(chunk):
            yield from self._read(part)

    def _read(self, chunk: Groups) -> Iterator[Seen]:
        if all(group.kanji for group in chunk) and not digits_of(chunk).strip("0"):
            return  # ○○市, 〇〇〇〇: a blank to fill in
        if len({group.kanji for group in chunk}) == 1:
            yield from self._parts(chunk, self._before(chunk[0]))
        elif len(digits_of(chunk)) == 12:
            yield "mynumber", chunk[0].start, chunk[-1].end
        elif shape_of(chunk) == (1, 1, 1, 1) and {group.gap for group in chunk[1:]} == {""}:
            yield "pin4", chunk[0].start, chunk[-1].end  # 8五1二
        elif len(digits_of(chunk)) == 4 and {group.gap for group in chunk[1:]} == {""} and self._told(chunk):
            yield "pin4", chunk[0].start, chunk[-1].end  # １１二七です
        else:  # "8512一応入れた": kanji digits are often just words
            for _, same in groupby(chunk, key=lambda group: group.kanji):
                yield from self._read(list(same))

    def _told(self, groups: Groups) -> bool:
        before, after = self._before(groups[0]), self._after(groups[-1])
        return bool(self.bare or GIVEN_WORD.search(before) or USED.match(after) or TOLD.match(after))

    def _before(self, group: Group) -> str:
        return self.plain[max(0, group.start - BEFORE) : group.start]

    def _after(self, group: Group) -> str:
        return self.plain[group.end : group.end + AFTER]

    def _parts(self, groups: Groups, before: str) -> Iterator[Seen]:
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
        gaps = [looseness(after.gap, first, after) for first, after in pairwise(groups)]
        loosest = max(gaps)
        if loosest == 0:
            if GIVEN_WORD.search(before) and set(shape_of(groups)) == {4}:
                yield from (("pin4", one.start, one.end) for one in groups if len(one.digits) == 4)
            return
        parts: list[list[Group]] = [[groups[0]]]
        for gap, group in zip(gaps, groups[1:], strict=True):
            if gap == loosest:
                parts.append([group])
            else:
                parts[-1].append(group)
        yield from self._runs(parts, before)

    def _runs(self, parts: list[list[Group]], before: str) -> Iterator[Seen]:
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

    def _run(self, groups: Groups, following: list[list[Group]]) -> Kind | None:
        shape = shape_of(groups)
        if shape == (4, 4, 4, 4) and not self._number_and_pin(groups):
            return "card"
        if shape in _TWELVE and not self._listing(groups):
            return "mynumber"
        if shape == (1, 1, 1, 1) and (not following or shape_of(following[0]) != (1,)):
            return self._spelled(groups)
        if is_phone(groups) and len(shape) in {2, 3}:
            return "phone"
        return None

    def _number_and_pin(self, groups: Groups) -> bool:
        """Four times four digits that are a 個人番号 with a PIN behind it rather than a card's."""
        digits = digits_of(groups)
        if shape_of(groups) != (4, 4, 4, 4) or luhn_ok(digits):
            return False
        card = digits[0] in "3456" or re.search(r"16(?:桁|けた|ケタ)|カード|クレ", self._before(groups[0]))
        return mynumber_check_digit_ok(digits[:12]) or not card

    def _whole(self, groups: Groups, before: str) -> Kind | Literal["harmless"] | None:
        digits, shape = digits_of(groups), shape_of(groups)
        after = self._after(groups[-1])
        if len(digits) == 4:
            return self._four(groups, before, after)
        if is_date(groups) or self._listing(groups):
            return "harmless"
        abroad = before.rstrip(" (").endswith("+") or digits.startswith(("0081", "01081"))
        if abroad and len(digits) in range(8, 17):
            at_home = _ABROAD.sub("0", digits, count=1)
            return "harmless" if at_home in PUBLISHED else self._phone(groups, at_home)
        if (
            digits in COUNTING
            or is_published(digits, shape)
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
        if len(digits) in {14, 15} and shape in {(14,), (15,), (4, 6, 4), (4, 6, 5)} and luhn_ok(digits):
            return "card"
        if len(digits) in range(13, 20) and CARD_WORD.search(before):
            return "card"
        spaced_phone = len(shape) == 3 and is_phone(groups)
        if len(digits) in range(10, 15) and MYNUMBER_WORD.search(before) and not spaced_phone:
            return "mynumber"
        if self.bare and len(shape) == 1 and len(digits) in (11, 13) and not digits.startswith("0"):
            return "mynumber"  # one too few or too many
        if self._account_and_branch(groups, before):
            return "account"
        if is_phone(groups):
            account = len(shape) == 1 and self._account(digits, before, after)
            return None if account else self._phone(groups, digits)
        if shape == (4, 4) and PHONE_WORD.search(before):
            return "phone"
        if self._account(digits[-7:] if shape == (3, 7) else digits, before, after) and not MONEY_OR_YEAR.match(after):
            return "account"
        if len(shape) == 1 and GIVEN_WORD.search(before) and not UNIT.match(after):
            if len(digits) == 5:
                return "pin4"
            if len(digits) in range(6, 17) and not (is_day_stamp(digits) and _ON_A_DAY.match(after)):
                return "signature"
        if len(shape) == 1 and len(digits) in range(6, 17) and _NAMED_AFTER.match(after):
            return "signature"
        return None

    def _pins(self, groups: Groups, before: str, after: str) -> bool:
        """8512、7731、4490を試した: three PINs rather than a 個人番号."""
        named = GIVEN_WORD.search(before) or USED.match(after) or _PINS_AFTER.match(after)
        apart = shape_of(groups) == (4, 4, 4) and all(re.search("[、と]", group.gap) for group in groups[1:])
        return apart and named is not None and not mynumber_check_digit_ok(digits_of(groups))

    def _listing(self, groups: Groups) -> bool:
        """Years or amounts one after the other (2024、2025、2026; 1,000,000円)."""
        listed = len(groups) > 1 and all(re.search(r"[、,・~と]", group.gap) for group in groups[1:])
        if not listed:
            return False
        if MONEY_OR_YEAR.match(self._after(groups[-1])):
            return True
        if _PINS_AFTER.match(self._after(groups[-1])):
            return False
        return all(len(group.digits) == 4 and 1980 <= int(group.digits) <= 2049 for group in groups)

    def _phone(self, groups: Groups, digits: str) -> Kind | Literal["harmless"]:
        """A line of an office is no secret; a mobile phone is never one of an office."""
        sentence = sentence_around(self.plain, groups[0].start, groups[-1].end)
        mobile = digits.startswith(("070", "080", "090"))
        if mobile:
            return "phone"
        itself = _OFFICE_ITSELF.search(self._before(groups[0]).rstrip("+"))
        return "harmless" if itself or (_OFFICE.search(sentence) and not _HOME.search(sentence)) else "phone"

    def _account(self, digits: str, before: str, after: str) -> bool:
        named = ACCOUNT_WORD.search(SENTENCE_END.split(before.rstrip("\n"))[-1]) or ACCOUNT_AFTER.match(after)
        return len(digits) in {7, 8} and named is not None

    def _account_and_branch(self, groups: Groups, before: str) -> bool:
        """ゆうちょ 14520-31234561, 口座 123-4567891."""
        shape = shape_of(groups)
        fits = (
            len(shape) == 2
            and shape[0] in (3, 4, 5)
            and shape[1] in (6, 7, 8)
            and groups[1].gap in {"-", "ー", "の", " "}
        )
        return fits and ACCOUNT_WORD.search(SENTENCE_END.split(before)[-1]) is not None

    def _four(self, groups: Groups, before: str, after: str) -> Kind | Literal["harmless"] | None:
        """Four digits in one, or in several groups."""
        if len(groups) > 1:
            return self._spelled(groups)
        group = groups[0]
        four = Four(self.plain, group, before, after, self.bare)
        return "pin4" if four.is_pin() else "harmless"

    def _spelled(self, groups: Groups) -> Kind | None:
        """8 5 1 2, 85-12: only a date, a score or an address unless something says it is a PIN."""
        before, after = self._before(groups[0]), self._after(groups[-1])
        shape = shape_of(groups)
        single = shape == (1, 1, 1, 1)
        gaps = {group.gap for group in groups[1:]}
        named = GIVEN_WORD.search(before) is not None
        if len(gaps) > 1 or any(re.search(r"[~()|_=]", gap) for gap in gaps) or UNIT.match(after):
            return None
        used = (
            named or USED.match(after) or TOLD.match(after) or PRESSED_BEFORE.search(before) or SOMEONES.search(before)
        )
        if "/" in gaps and not (used and single):
            return None
        if is_stuck_before(self.plain, groups[0]) or is_stuck_after(self.plain, groups[-1]):
            return None
        if (
            not named
            and not (single and gaps == {" "})
            and (_PLACE.search(before) or (digits_of(groups) == "1234" and not (self.bare and gaps <= {" "})))
        ):
            return None  # an address, or four steps
        loose = gaps <= {" ", "  ", "・", "\n"}
        meant = single or (shape == (2, 2) and not is_day(groups) and (loose or gaps <= {"-", "ー", "、", "と"}))
        zero = groups[0].digits.startswith("0") and gaps <= {"-", "ー"}  # 03-27: nobody writes a day so
        sure = (
            named
            or (self.bare and (loose or (single and gaps <= {"-", "ー", "、", ",", ".", "..", "...", "と", "→"})))
            or (single and loose)
            or (meant and used)
            or (loose and USED.match(after))
            or (self.bare and shape == (2, 2) and (meant or zero))
        )
        if not sure or (not (single or shape == (2, 2)) and not named) or ("," in gaps and shape == (1, 3)):
            return None
        return None if self._example(groups[0], groups[-1]) else "pin4"

    def _example(self, first: Group, last: Group) -> bool:
        """A PIN that the sentence speaks of in general."""
        if self.bare:
            return False
        digits = re.sub(r"[^0-9]", "", self.plain[first.start : last.end].translate(TO_ASCII))
        return is_example(self.plain, first.start, last.end, all(map(is_well_known, re.findall("....", digits))))
