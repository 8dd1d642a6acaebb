"""Ticking the things of a checklist.

A tick button carries the item's code and the wanted state, so pressing it twice, or Telegram
delivering it twice, is the same as once. What is ticked is the one thing that buttons cannot carry
alone, since two quick taps must both count: the channel keeps it beside the message (design.md,
Ticks) and passes it in with the press. Nothing here knows where it is kept.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from dataclasses import dataclass

from bot.dialogue.replies import Ticks
from bot.dialogue.token import choice_code

TICK, REASONS = "i", "w"
"""The first letters of the buttons that tick an item, and that show or hide the reasons."""

_ON, _REASONS, _ITEM = 1 << 16, 1 << 17, (1 << 16) - 1


@dataclass(frozen=True)
class Tick:
    """What a tick button wants: that `item` is `on`, in a list that shows `reasons` or does not."""

    item: str
    on: bool
    reasons: bool

    @property
    def code(self) -> str:
        """Three base64url characters: 16 bits of the item, one bit each for the wanted state and for the reasons."""
        bits = _bits(self.item) | (_ON if self.on else 0) | (_REASONS if self.reasons else 0)
        return _three(bits)


def item_code(item_id: str) -> str:
    """The code of an item of a flow, three base64url characters."""
    return _three(choice_code("item", item_id))


def tick_of(data: str) -> Tick | None:
    """What a tick button's data wants; None if it is another button, or damaged."""
    if not data.startswith(TICK):
        return None
    try:
        bits = _bits(data[1:4])
    except (Base64Error, ValueError):
        return None
    return Tick(_three(bits & _ITEM), bool(bits & _ON), bool(bits & _REASONS))


def is_of_list(data: str) -> bool:
    """Whether this is a button of a checklist: one that changes its message in place."""
    return data.startswith((TICK, REASONS))


def ticks_of(buttons: tuple[str, ...]) -> Ticks | None:
    """What a checklist shows as ticked, from the data of its buttons: each wants the opposite of what it shows.

    None if there is no tick button among them.
    """
    ticks = [tick for data in buttons if (tick := tick_of(data)) is not None]
    return Ticks(tuple(t.item for t in ticks), tuple(t.item for t in ticks if not t.on)) if ticks else None


def ticked(before: Ticks | None, items: tuple[str, ...], tick: Tick | None) -> tuple[Ticks, bool]:
    """The ticks on a list of `items` after `tick`, and whether earlier ticks were cleared.

    They are if the list is not the one they were made on.
    """
    changed = before is not None and before.items != items
    on = set(before.on) if before is not None and not changed else set()
    if tick is not None:
        on = on | {tick.item} if tick.on else on - {tick.item}
    return Ticks(items, tuple(item for item in items if item in on)), changed


def _three(bits: int) -> str:
    return urlsafe_b64encode(bits.to_bytes(3, "big")).decode("ascii")[1:]


def _bits(code: str) -> int:
    if len(code) != 3:
        raise ValueError(code)
    return int.from_bytes(urlsafe_b64decode("A" + code), "big")
