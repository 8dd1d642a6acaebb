"""The judges of four digits, of letters and digits, of telephones and of accounts: learnt from sentences.

The rules know what somebody thought of; people write more than that. So judges
(`bot.matching.logistic`) were taught with sentences of several authors, each of them marked as giving a
secret or not (`bench/training`): what stands around the digits, as runs of letters, and what digits they
are. They are told which rules hold, too, and weigh those with the rest. How often they are right is in
docs/security.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.dialogue.guard.groups import TOLL_FREE
from bot.dialogue.guard.place import Place
from bot.dialogue.guard.quoted import is_well_known
from bot.matching.logistic import Logistic

PIN_FROM = 0.7
PASSWORD_FROM = 0.6
"""The chances from which four digits are taken for a PIN, and letters and digits for a password."""
PHONE_FROM = 0.5
ACCOUNT_FROM = 0.6
"""The chances from which a telephone is one's own, and seven or eight digits are an account."""

NEAR, FAR = 14, 60
"""Characters on either side: of its sentence, of which the place of each run of letters counts; of the message."""
_FIGURE = re.compile("[0-9]")
_LETTER = re.compile("[a-z]")
_LONG_RUN = re.compile(r"(.)\1{3,}")
_FOUR = re.compile(r"(?<![0-9])[0-9]{4}(?![0-9])")
_HERE = Path(__file__).parent
_PINS, _PASSWORDS = Logistic(_HERE / "pins.npz"), Logistic(_HERE / "passwords.npz")
_PHONES, _ACCOUNTS = Logistic(_HERE / "phones.npz"), Logistic(_HERE / "accounts.npz")


def is_pin(place: Place, digits: str, signs: Sequence[str]) -> bool:
    """Whether four digits (0-9, the place may write them in kanji) are a PIN; `signs` of the reasons that hold."""
    return _PINS.chance(features_of_pin(place, digits, signs)) >= PIN_FROM


def is_password(place: Place, signs: Sequence[str]) -> bool:
    """Whether letters and digits are a password; `signs` of what holds."""
    return _PASSWORDS.chance(features_of_password(place, signs)) >= PASSWORD_FROM


def is_own_phone(place: Place, signs: Sequence[str]) -> bool:
    """Whether a telephone number is a person's rather than an office's; `signs` of what holds."""
    return _PHONES.chance(features_of_number(place, signs)) >= PHONE_FROM


def is_account(place: Place, signs: Sequence[str]) -> bool:
    """Whether seven or eight digits are those of an account; `signs` of what holds."""
    return _ACCOUNTS.chance(features_of_number(place, signs)) >= ACCOUNT_FROM


def features_of_number(place: Place, signs: Sequence[str]) -> Iterator[str]:
    left, right = _sides(place)
    yield from _around(place, left, right)
    yield from _together(signs)


def features_of_pin(place: Place, digits: str, signs: Sequence[str]) -> Iterator[str]:
    left, right = _sides(place)
    yield from _around(place, left, right)
    yield from _together(signs)
    kinds = _kinds(digits)
    for sign in signs or ("none",):
        yield f"R{sign}>{right[:2]}"
        yield f"R{sign}<{left[-2:]}"
        yield from (f"R{sign}{kind}" for kind in kinds)
    for kind in kinds:
        yield f"C{kind}"
        for size in (1, 2, 3):
            yield f"C{kind}{right[:size]}"
            yield f"D{kind}{left[-size:]}"
    yield f"k{min(4, len(_FOUR.findall(place.plain[:400])))}"


def features_of_password(place: Place, signs: Sequence[str]) -> Iterator[str]:
    left, right = _sides(place)
    yield from _around(place, left, right)
    yield from _together(signs)
    shape = _FIGURE.sub("0", place.text)
    yield "S" + _LONG_RUN.sub(r"\1\1\1+", _LETTER.sub("a", shape))
    yield f"l{len(shape)}"
    yield f"al{shape.isalnum()}"
    shape = f"<{shape[:32]}>"
    for size in range(2, 7):
        for at in range(len(shape) - size + 1):
            yield f"T{shape[at : at + size]}"


def _together(signs: Sequence[str]) -> Iterator[str]:
    """Which signs there are, which is the first, and which stand together."""
    yield f"F{signs[0] if signs else ''}"
    for at, sign in enumerate(signs):
        yield f"R{sign}"
        yield from (f"R{sign}&{other}" for other in signs[at + 1 :])


def _sides(place: Place) -> tuple[str, str]:
    """The rest of its sentence on the left and on the right, with marks at their ends, and every digit as 0."""
    return "^" + _FIGURE.sub("0", place.left), _FIGURE.sub("0", place.rest) + "$"


def _around(place: Place, left: str, right: str) -> Iterator[str]:
    after, before = right[:NEAR], left[-NEAR:]
    for size in range(1, 7):
        yield f"A{after[:size]}"
        yield f"B{before[-size:]}"
    message = f"{place.plain[max(0, place.start - FAR) : place.start]}\x01{place.plain[place.end : place.end + FAR]}"
    message = _FIGURE.sub("0", message)
    for name, text, sizes in (("a", after, (1, 2, 3)), ("b", before, (1, 2, 3)), ("m", message, (2, 3))):
        for size in sizes:
            for at in range(len(text) - size + 1):
                yield f"{name}{text[at : at + size]}"
    yield f"w{len(left) > 1}{len(right) > 1}"
    yield f"n{min(6, (len(left) + len(right)) // 8)}"


def _kinds(digits: str) -> list[str]:
    """What four digits look like."""
    first, last = int(digits[:2]), int(digits[2:])
    kinds = {
        "year": 19 <= first <= 20,
        "round": last == 0,
        "tens": last % 10 == 0 and last != 0,
        "clock": first < 24 and last < 60,
        "day": 1 <= first <= 12 and 1 <= last <= 31,
        "toll-free": digits in TOLL_FREE,
        "known": is_well_known(digits),
        "zero": digits[0] == "0",
    }
    return [kind for kind, holds in kinds.items() if holds] or ["odd"]
