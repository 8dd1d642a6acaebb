"""A second reader of which PIN a text asks for: it has learnt from questions of which somebody said so.

The grammar of `pins.py` knows what it was told. A text may name a PIN by words that nobody thought of, or speak of two
in a way it does not know, and then a citizen goes to the wrong counter. A judge (`logistic.py`), taught by
`bench/training`, has read some 17,000 questions: of each PIN it says how likely it is asked for, by what stands
around its places and by all of the text. What the grammar reads has to be likely by the judge, too; where the
grammar has nothing to go by, the judge has to be all but sure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from bot.matching import pins
from bot.matching.logistic import Logistic, columns, columns_under
from bot.matching.pins import Name, Named
from bot.matching.understanding import PinName

JUDGED: tuple[Name, ...] = ("sign", "user", "kenmen", "juki", "phone", "four")
"""What the judge is asked of: each PIN, and whether any of those of four digits is asked for."""

LIKELY = 0.7
"""At least so likely a PIN has to be that the grammar reads, and the others at most so unlikely not to be."""
LIKELY_OF_SEVERAL = 0.85
"""The same where others are named beside it."""
LIKELY_OTHERS_ASIDE = 0.2
"""The same where the text sets these aside (「覚えている」, 「じゃなくて」): then the grammar is hardly ever wrong."""
SURE = 0.97
"""The same where the grammar reads no PIN."""
UNLIKELY = 0.3
"""At most so likely a PIN is that a text which names some hardly asks for."""

_MEANT: dict[PinName, tuple[set[Name], set[Name]]] = {
    "sign": ({"sign"}, {"sign"}),
    "user": ({"user"}, {"user", "four"}),
    "kenmen": ({"kenmen"}, {"kenmen", "four"}),
    "juki": ({"juki"}, {"juki", "four"}),
    "both": ({"sign", "user"}, {"sign", "user", "four"}),
    "phone": ({"phone"}, {"phone", "sign", "user", "four"}),
}
"""What is asked for with each PIN, and what fits it: a phone has 署名用 and 利用者証明用, too."""
_JUDGE = Logistic(Path(__file__).with_name("asked.npz"))
_CLAUSE_ENDS = re.compile("[。?、]")
_THIS, _OTHER, _FOUR = "ＡＢＦ"


class Asked(NamedTuple):
    """The PIN that a text asks for, and those that it hardly asks for."""

    pin: PinName | None = None
    unlikely: frozenset[Name] = frozenset()


def read(text: str, things: Sequence[Named], grammar: PinName | None) -> Asked:
    """What an evened text asks for, by what the grammar reads and by the judge."""
    if not things:
        return Asked()
    chances = Told(text, things).chances()
    unlikely = {name for name, chance in chances.items() if chance <= UNLIKELY}
    if _one_is_told_later(text, things):
        unlikely.add("both")
    return Asked(settled(text, things, grammar, chances), frozenset(unlikely))


def settled(
    text: str, things: Sequence[Named], grammar: PinName | None, chances: Mapping[Name, float]
) -> PinName | None:
    """The PIN that it asks for, where it is known how likely the judge finds each."""
    names = {thing.name for thing in things}
    judged = {name: chance for name, chance in chances.items() if name != "four" or name in names}
    if grammar is not None:
        pin = grammar if _is(grammar, judged, _least(text, things, grammar)) else None
    else:
        pin = next((pin for pin in _MEANT if _is(pin, judged, SURE) and _is_named(names, pin)), None)
        if pin and (_MEANT[pin][0] & pins.ruled_out(text, things) or pins.compares(text)):
            return None
    return None if pin == "both" and _one_is_told_later(text, things) else pin


def _least(text: str, things: Sequence[Named], pin: PinName) -> float:
    """How likely the judge has to find the PIN that the grammar reads."""
    if pins.sets_others_aside(text, things, pin):
        return LIKELY_OTHERS_ASIDE
    beside = {thing.name for thing in things} - {pin, "four"} - _MEANT[pin][1]
    return LIKELY_OF_SEVERAL if beside else LIKELY


def _is(pin: PinName, chances: Mapping[Name, float], least: float) -> bool:
    asked, fitting = _MEANT[pin]
    return all(
        chance >= least if name in asked else name in fitting or chance <= 1 - least for name, chance in chances.items()
    )


def _is_named(names: Set[Name], pin: PinName) -> bool:
    """Whether all that is asked for with a PIN is named: a bare 4桁 is any of three."""
    return _MEANT[pin][0] <= (names | {"sign", "user"} if "both" in names else names)


def _one_is_told_later(text: str, things: Sequence[Named]) -> bool:
    """Whether one PIN is told of after both: 「両方忘れたと思ったら、4桁は出てきた」, not 「両方。署名用と4桁」."""
    both = [thing.end for thing in things if thing.name == "both"]
    later = [thing for thing in things if both and thing.begin >= both[-1]]
    return bool(later) and not (len({thing.name for thing in later}) > 1 and pins.are_listed(text, later))


class Told:
    """An evened text and the PINs that it names, as the judge sees them."""

    def __init__(self, text: str, things: Sequence[Named]) -> None:
        self._text, self._things = text, things

    def chances(self) -> dict[Name, float]:
        """How likely each PIN is asked for, from 0 to 1."""
        runs = [run.encode("utf-8", "surrogatepass") for run in self._runs]
        return {
            name: _JUDGE.chance_of(columns(self._of(name), _JUDGE.size) | columns_under(f"{name}|", runs, _JUDGE.size))
            for name in JUDGED
        }

    def features(self, name: Name) -> Iterator[str]:
        """What speaks for a PIN or against it."""
        yield from self._of(name)
        yield from (f"{name}|{run}" for run in self._runs)

    @cached_property
    def _runs(self) -> list[str]:
        """The runs of two to four letters of all of the text."""
        return list(_runs(f"^{self._text}$", (2, 3, 4)))

    @cached_property
    def _of_unnamed(self) -> list[str]:
        """What stands at the places of the others, for a PIN that is not named."""
        return [f"N{run}" for run in _runs(self._masked(None), (2, 3, 4, 5)) if _OTHER in run or _FOUR in run]

    def _of(self, name: Name) -> Iterator[str]:
        names = {thing.name for thing in self._things}
        yield f"{name}{(name in names) or ('both' in names and name in ('sign', 'user'))}"
        yield f"others{len(names - {name, 'four'})}"
        if name not in names:
            yield from self._of_unnamed
            return
        masked = self._masked(name)
        these, others = (
            [at for at, letter in enumerate(masked) if letter == looked_for] for looked_for in (_THIS, _OTHER)
        )
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

    def _masked(self, name: Name | None) -> str:
        """The text with a letter for each thing: this PIN, another one, or 4桁."""
        pieces: list[str] = ["^"]
        at = 0
        for thing in sorted(self._things, key=lambda thing: (thing.begin, -thing.end)):
            if thing.begin >= at:
                letter = _THIS if thing.name == name else _FOUR if thing.name == "four" else _OTHER
                pieces += [self._text[at : thing.begin], letter]
                at = thing.end
        return "".join([*pieces, self._text[at:], "$"])


def _around(mark: str, before: str, after: str, longest: int) -> Iterator[str]:
    for size in range(1, longest + 1):
        yield f"{mark}A{after[:size]}"
        yield f"{mark}B{before[-size:]}"
    yield from (f"{mark}a{run}" for run in _runs(after, (2, 3, 4)))
    if not mark:
        yield from (f"b{run}" for run in _runs(before, (2, 3, 4)))


def _runs(text: str, sizes: Sequence[int]) -> Iterator[str]:
    return (text[at : at + size] for size in sizes for at in range(len(text) - size + 1))
