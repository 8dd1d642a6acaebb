"""Digits as they are written: groups, the separators between them, and shapes that say what they are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from bot.dialogue.guard.fold import KANJI_DIGITS
from bot.dialogue.guard.place import Place


class Group(NamedTuple):
    """Digits without a separator; `gap` is what stands between it and the group before it."""

    digits: str
    start: int
    end: int
    kanji: bool
    gap: str


Groups = Sequence[Group]
_DIGIT = f"0-9{''.join(KANJI_DIGITS)}"
DIGIT = re.compile(f"[{_DIGIT}]")
_PHONE = r"(?<![0-9-])(?=0[0-9]+[(-])(?:[0-9][()-]{0,2}){9,10}[0-9](?![0-9-])"
_HOW_MANY = r"(?<=\()[46四六](?:桁|けた|ケタ|文字)"
CHUNK = re.compile(rf"{_PHONE}|[{_DIGIT}](?:[ \n.,、。・/()のと→|_~=ー-]{{0,4}}(?!{_PHONE})(?!{_HOW_MANY})[{_DIGIT}])*")
"""A number with all that a separator of four characters at most ties to it, but for the telephone of an office:
0120-95-0178（24時間） has no 12 digits; nor is 4093（4桁の方です） one of five."""
_DIGITS = re.compile(f"[0-9]+|[{''.join(KANJI_DIGITS)}]+")
TO_ASCII = str.maketrans(KANJI_DIGITS)


def groups_of(text: str, start: int, end: int) -> Groups:
    """The groups of the chunk at `text[start:end]`."""
    groups: list[Group] = []
    for match in _DIGITS.finditer(text, start, end):
        gap = text[groups[-1].end : match.start()] if groups else ""
        groups.append(Group(match.group().translate(TO_ASCII), *match.span(), not match.group().isascii(), gap))
    return groups


TOLL_FREE = ("0120", "0800", "0570")
PUBLISHED = frozenset({"05038181250", "0364579585", "0367340170", "0123456789", "1234567890", "9876543210"})
"""Numbers of official desks (facts on holders and counters) that do not look like one, and the digits in order."""


def digits_of(groups: Groups) -> str:
    return "".join([group.digits for group in groups])


def shape_of(groups: Groups) -> tuple[int, ...]:
    return tuple(len(group.digits) for group in groups)


def looseness(gap: str, before: Group, after: Group) -> int:
    """How much a separator divides: 0 within a number, 1 between words, 2 between things."""
    if re.search(r"[\n、。のと→|]|\.\.", gap):
        return 2
    if " " in gap or (gap in {"/", "・", ","} and len(before.digits) == len(after.digits) == 4):
        return 1
    return 0


_LONGER_BEFORE = re.compile(r"(?:[a-z][-_.#]?|[にのでを]-|[0-9][:.,×-]|[万億]|(?<![0-9]{3})[0-9]/)$")
_WORD_BEFORE = re.compile(
    r"(?:pin|pass|word|pw|暗証no)[-_.#]?$|\b(?:is|was|to|as|code|number|account|entered|typed|used)$"
)
_LONGER_AFTER = re.compile(
    r"(?!w{1,5}(?![a-z0-9])|(?:but|and|for|is|does|did|not|it|on|at)(?![a-z0-9]))[a-z]|[:.,_-][0-9a-z]|×[0-9]|/(?![0-9]{4})[0-9a-z]"
)


def is_stuck_before(place: Place) -> bool:
    """The end of something longer: A1234, E-1234, 12:3456. A PIN after "pin-" is none of these, nor is is8402but."""
    before = place.plain[max(0, place.start - 8) : place.start]
    return _LONGER_BEFORE.search(before) is not None and not _WORD_BEFORE.search(before)


def is_stuck_after(place: Place) -> bool:
    """The beginning of something longer: 1234GB, 1234:56."""
    return _LONGER_AFTER.match(place.plain, place.end) is not None


def is_day(groups: Groups) -> bool:
    """12-25, 9-17: a day or hours."""
    first, second = (int(group.digits) for group in groups)
    return (1 <= first <= 12 and 1 <= second <= 31) or (first <= 24 and second <= 24)


_DATE = re.compile(
    r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[-_ ][0-9]{3,6}|(?:186[89]|18[7-9][0-9]|19[0-9]{2}|"
    r"2[01][0-9]{2}) ?[-/.] ?(?:0?[1-9]|1[0-2])(?: ?[-/.] ?(?:0?[1-9]|[12][0-9]|3[01])(?:[-/. ]{1,3}[0-9]+)*)?"
)


def is_date(text: str) -> bool:
    """2025-12-01, 2026/3, also with a time behind it; 20251201_0930."""
    return _DATE.fullmatch(text) is not None


def is_phone(groups: Groups) -> bool:
    digits, shape = digits_of(groups), shape_of(groups)
    if not digits.startswith("0") or digits.startswith("00"):
        return False
    mobile = digits.startswith(("070", "080", "090", "050"))
    return len(digits) == (11 if mobile else 10) and (len(shape) <= 4 or set(shape[1:]) in ({1}, {2}))


def is_published(digits: str, shape: tuple[int, ...]) -> bool:
    """A toll-free or official number. 08001234567 may as well be a mobile phone's; 0800-123-4567 may not."""
    if digits.startswith("0800"):
        return shape == (4, 3, 4)
    return digits in PUBLISHED or (digits.startswith(TOLL_FREE) and len(digits) == 10)


def luhn_ok(digits: str) -> bool:
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0
