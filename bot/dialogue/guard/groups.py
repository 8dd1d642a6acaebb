"""Digits as they are written: groups, the separators between them, and shapes that say what they are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.dialogue.guard.fold import KANJI_DIGITS


class Group(NamedTuple):
    """Digits without a separator; `gap` is what stands between it and the group before it."""

    digits: str
    start: int
    end: int
    kanji: bool
    gap: str


Groups = Sequence[Group]
_DIGIT = f"0-9{''.join(KANJI_DIGITS)}"
CHUNK = re.compile(rf"[{_DIGIT}](?:[ \n.,、。・/()のと→|_~=ー-]{{0,4}}[{_DIGIT}])*")
"""A number with all that a separator of four characters at most ties to it."""
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
PUBLISHED = frozenset({"05038181250", "0364579585", "0367340170"})
"""Numbers of official desks (facts on holders and counters) that do not look like one."""
COUNTING = frozenset({"0123456789", "1234567890", "9876543210"})


def digits_of(groups: Groups) -> str:
    return "".join([group.digits for group in groups])


def shape_of(groups: Groups) -> tuple[int, ...]:
    return tuple(len(group.digits) for group in groups)


def looseness(gap: str, before: Group, after: Group) -> int:
    """How much a separator divides: 0 within a number, 1 between words, 2 between things."""
    if re.search(r"[\n、。のと→|]", gap):
        return 2
    if " " in gap or (gap in {"/", "・", ","} and len(before.digits) == len(after.digits) == 4):
        return 1
    return 0


def is_stuck_before(plain: str, group: Group) -> bool:
    """The end of something longer: A1234, E-1234, 12:3456. A PIN after "pin-" is none of these."""
    before = plain[max(0, group.start - 5) : group.start]
    return bool(re.search(r"[a-z][-_.#]?$|[0-9][:.,×-]$|[万億]$|(?<![0-9]{3})[0-9]/$", before)) and not re.search(
        r"(?:pin|pass|word|pw)[-_.#]?$", before
    )


def is_stuck_after(plain: str, group: Group) -> bool:
    """The beginning of something longer: 1234GB, 1234:56."""
    return (
        re.match(
            r"(?!w{1,5}(?![a-z0-9]))[a-z]|[:.,_-][0-9a-z]|×[0-9]|/(?![0-9]{4})[0-9a-z]",
            plain[group.end : group.end + 5],
        )
        is not None
    )


def is_day(groups: Groups) -> bool:
    """12-25, 9-17: a day or hours."""
    first, second = (int(group.digits) for group in groups)
    return (1 <= first <= 12 and 1 <= second <= 31) or (first <= 24 and second <= 24)


def around_phones(chunk: Groups) -> Iterator[Groups]:
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


def _stands_alone(chunk: Groups, start: int, end: int) -> bool:
    """A phone number with hyphens or brackets, and none of them next to it."""
    groups = chunk[start:end]
    if end > len(chunk) or chunk[0].digits == "81" or not chunk[start].digits.startswith("0") or not is_phone(groups):
        return False
    inside = {group.gap for group in groups[1:]}
    outside = {group.gap for group in (*chunk[start:end][:1], *chunk[end : end + 1])}
    return inside <= {"-", "(", ")", ")-"} and not (inside | {"-"}) & outside and (len(groups) > 1 or len(chunk) <= 3)


def is_date(groups: Groups) -> bool:
    """2025-12-01, 2026/3, also with a time behind it."""
    if len(groups) < 2 or any(group.gap.strip() not in {"-", "/", ".", ""} for group in groups[1:]):
        return False
    if not groups[1].gap.strip() or any(len(group.digits) > 2 for group in groups[1:3]):
        return False
    year, month = int(groups[0].digits[:4]), int(groups[1].digits)
    day = int(groups[2].digits) if len(groups) > 2 else 1
    return len(groups[0].digits) == 4 and 1868 <= year <= 2199 and 1 <= month <= 12 and 1 <= day <= 31


def is_day_stamp(digits: str) -> bool:
    """20261128."""
    if len(digits) != 8:
        return False
    return 1868 <= int(digits[:4]) <= 2199 and 1 <= int(digits[4:6]) <= 12 and 1 <= int(digits[6:]) <= 31


def is_phone(groups: Groups) -> bool:
    digits, shape = digits_of(groups), shape_of(groups)
    if not digits.startswith("0") or digits.startswith("00"):
        return False
    mobile = digits.startswith(("070", "080", "090", "050"))
    return len(digits) == (11 if mobile else 10) and (len(shape) <= 4 or set(shape) == {1})


def is_published(digits: str, shape: tuple[int, ...]) -> bool:
    """A toll-free or official number. 08001234567 may as well be a mobile phone's; 0800-123-4567 may not."""
    if digits.startswith("0800"):
        return shape == (4, 3, 4)
    return digits in PUBLISHED or (digits.startswith(TOLL_FREE) and len(digits) == 10)


def luhn_ok(digits: str) -> bool:
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0
