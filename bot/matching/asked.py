"""A second reader of which PIN a text asks for: it only keeps the grammar of `pins.py` from being sure.

A text may name two PINs in a way the grammar does not know, or call one by words that nobody thought of; then
the grammar takes the wrong one, and a citizen goes to the wrong counter. Two judges (`logistic.py`), taught
with questions of which somebody said what they ask for (`bench/training`), have to find its reading likely:
one compares the PINs that are named by what stands around them, the other reads the whole text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.matching.logistic import Logistic
from bot.matching.pins import Name, Named
from bot.matching.understanding import PinName

PINS: tuple[Name, ...] = ("sign", "user", "kenmen", "juki", "phone")

LIKELY_BESIDE = 0.5
UNLIKELY_BESIDE = 0.4
"""At least so likely a PIN has to be that is read among others that are named, and these at most so."""
LIKELY = 0.4
"""At least so likely it has to be by the whole text, and the others at most so unlikely not to be."""

_MEANT: dict[PinName, tuple[set[Name], set[Name]]] = {
    "both": ({"sign", "user"}, {"sign", "user", "both"}),
    "phone": ({"phone"}, {"phone", "sign", "user"}),
}
"""The PINs that are asked for, and those that fit: a phone has 署名用 and 利用者証明用, too."""
_HERE = Path(__file__).parent
_BESIDE, _WHOLE = Logistic(_HERE / "asked-beside.npz"), Logistic(_HERE / "asked-whole.npz")
_CLAUSE_ENDS = re.compile("[。?、]")
_THIS, _OTHER, _FOUR = "ＡＢＦ"


def finds_likely(text: str, things: Sequence[Named], pin: PinName) -> bool:
    """Whether both judges find it likely that an evened text asks for this PIN."""
    asked, fitting = _MEANT.get(pin, ({pin}, {pin}))
    named = named_in(things)
    if len(named) > 1:
        beside = {name: _BESIDE.chance(features_beside(text, things, name)) for name in named}
        if any(chance < LIKELY_BESIDE for name, chance in beside.items() if name in asked):
            return False
        if any(chance > UNLIKELY_BESIDE for name, chance in beside.items() if name not in fitting):
            return False
    whole = {name: _WHOLE.chance(features_of_whole(text, things, name)) for name in PINS}
    return all(chance >= LIKELY for name, chance in whole.items() if name in asked) and all(
        chance <= 1 - LIKELY for name, chance in whole.items() if name not in fitting
    )


def named_in(things: Sequence[Named]) -> list[Name]:
    """The PINs that are named, each once, and `both`; 4桁 names none."""
    return [name for name in (*PINS, "both") if any(thing.name == name for thing in things)]


def features_beside(text: str, things: Sequence[Named], name: Name) -> Iterator[str]:
    """What stands around the places of this PIN, and around those of the others."""
    masked = "^" + _masked(text, things, name) + "$"
    these = [at for at, letter in enumerate(masked) if letter == _THIS]
    others = [at for at, letter in enumerate(masked) if letter == _OTHER]
    for at in these:
        yield from _around("", masked[max(0, at - 10) : at], masked[at + 1 : at + 15], 5)
    for at in others:
        yield from _around("O", masked[max(0, at - 8) : at], masked[at + 1 : at + 13], 4)
    if these and others:
        yield f"first{these[0] < others[0]}"
        yield f"last{these[-1] > others[-1]}"
        yield "order" + "".join(letter for letter in masked if letter in (_THIS, _OTHER))[:5]
    last = _CLAUSE_ENDS.split(masked.rstrip("$").rstrip("。?、"))[-1]
    yield f"in last{_THIS in last}{_OTHER in last}"
    yield f"name{name}"


def features_of_whole(text: str, things: Sequence[Named], name: Name) -> Iterator[str]:
    """The runs of letters of the whole text, each for this PIN alone, and whether it is named."""
    present = any(thing.name in (name, "both" if name in ("sign", "user") else name) for thing in things)
    yield f"{name}{present}"
    yield f"others{len({thing.name for thing in things} - {name, 'four'})}"
    text = f"^{text}$"
    for size in (2, 3, 4):
        for at in range(len(text) - size + 1):
            yield f"{name}|{text[at : at + size]}"


def _around(mark: str, before: str, after: str, longest: int) -> Iterator[str]:
    for size in range(1, longest + 1):
        yield f"{mark}A{after[:size]}"
        yield f"{mark}B{before[-size:]}"
    for size in (2, 3, 4):
        for at in range(len(after) - size + 1):
            yield f"{mark}a{after[at : at + size]}"
        if not mark:
            for at in range(len(before) - size + 1):
                yield f"b{before[at : at + size]}"


def _masked(text: str, things: Sequence[Named], name: Name) -> str:
    """The text with a letter for each thing: this PIN, another one, or 4桁."""
    pieces: list[str] = []
    at = 0
    for thing in sorted(things, key=lambda thing: (thing.begin, -thing.end)):
        if thing.begin >= at:
            letter = _THIS if thing.name == name else _FOUR if thing.name == "four" else _OTHER
            pieces += [text[at : thing.begin], letter]
            at = thing.end
    return "".join([*pieces, text[at:]])
