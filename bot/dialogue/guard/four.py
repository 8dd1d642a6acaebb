"""Four digits: `REASONS` is what says for and against a PIN; a judge weighs them, but for those that are final."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from bot.dialogue.guard import opinion, said
from bot.dialogue.guard.groups import TOLL_FREE, is_stuck_after, is_stuck_before
from bot.dialogue.guard.place import Place
from bot.dialogue.guard.quoted import is_example, is_well_known

_NO_UNIT_AFTER_PIN = re.compile(r"\s?(?:番(?![がのまに台目]|から)|人に|こ)")
"""After a word for a PIN, no unit: 暗証番号は8512番です, 8512人に教えた."""
_NO_UNIT = re.compile(
    r"番(?:で(?:入|通|開|ロ)|を(?:入|打|忘)|って(?:入|打)|に(?:し|設定|変|登録))|"
    r"番(?:が|です、|だ、|、)(?:暗証|パス|ピン)|年[^。]{0,10}(?:そのまま|そのまんま|それ[をに]|を使い|を使っ)"
)
_CLOCK = re.compile(
    r"(?:[とか~-][0-9]{4})?\s?(?:から(?!.{0,10}[変替])|まで|~|-|ごろ|頃|[くぐ]らい|ちょうど|過ぎ|すぎ|集合|[着発]|"
    r"に(?:行|着|届|申|通知|連絡|発|受|取り|もら|終|始|閉|開|出[るかし発]|来|予約|待ち|集|会|市|役|窓)|枠|"
    r"[開閉][庁館]|の(?:[開閉][庁門場店館]|開始|終了|電車|バス|新幹線|便|飛行機|予約|約束)|なら空|は(?:休|空|開|閉|"
    r"やって|営業|混)|で(?:閉[まめ館庁店]))"
)
_PIN_ITSELF = re.compile("暗証|暗唱|暗号|あんしょう|ピン|ぴん|pin")
_WHAT_TIME = re.compile(r"what time|when do|何時")
_OCLOCK = re.compile(
    r"(?:[0-9]{3,4} ?(?:から|to|~)|\b(?:at|around|until|till|before|after|booked(?: for)?|confirmed for|opens|closes|"
    r"reserved(?: for)?|(?:slot|booking) is)|(?:昼|朝|夜|午前|午後|夕方|いま|今|[開閉]庁|終了|開始|受付|時刻|時間|"
    r"始発|終電)[がのは]?) ?$"
)
_YEAR_STILL_THERE = re.compile(r"(?:.が|[^のち私僕俺母父夫妻]は)のまん?ま")
"""2015に作った, 表示が2024のまま: a year, whatever follows it."""
_REMEMBERED = re.compile(r"\s?(?:と(?:同じ|おんなじ|一緒)|だった(?!の)|だめ|ダメ|じゃ|違|ちがう)")
_MEANT_TIME = re.compile(r"まで(?!は)|に(?:行|着|来|予約)")
_DIALLED = re.compile(r"[」』]?(?:の(?:電話|番号|ダイヤル)|に(?:電話|かけ)|から|で始ま|なんとか|なんちゃら|の[0-9]{2})")


@dataclass(frozen=True)
class Four:
    """Four digits in one, and where they stand; `bare` if the text is nothing but numbers."""

    digits: str
    place: Place
    bare: bool

    def is_pin(self) -> bool:
        """What the first reason that holds says if it is final; else what the judge says, who is told all that hold."""
        reasons = self._reasons()
        first = next(reasons, None)
        if first and first.is_final:
            return first.pin
        return opinion.is_pin(self.place, self.digits, [reason.sign for reason in (first, *reasons) if reason])

    def is_likely_pin(self) -> bool:
        """What the judge says of digits that are written so that no reason is final: 2-6-0-9, さんななぜろご."""
        return opinion.is_pin(self.place, self.digits, self.signs())

    def signs(self) -> list[str]:
        """What the judge is told of the reasons: those that hold."""
        return [reason.sign for reason in self._reasons()]

    def _reasons(self) -> Iterator[Reason]:
        at = self.place
        return (reason for reason in REASONS if reason.holds(self, at, at.before, at.after))

    def is_counted(self) -> bool:
        return said.UNIT.match(self.place.after) is not None

    def is_clock_or_day(self) -> bool:
        """A time of the day, or a day of the year."""
        first, last = int(self.digits[:2]), int(self.digits[2:])
        return (first < 24 and last < 60) or (1 <= first <= 12 and 1 <= last <= 31)

    def is_named_but_no_pin(self) -> object:
        counted = self.is_counted() and not _NO_UNIT_AFTER_PIN.match(self.place.after)
        time = self.is_clock_or_day() and _MEANT_TIME.match(self.place.after)
        dialled = self.digits in TOLL_FREE and _DIALLED.match(self.place.after)
        called_so = self.place.named and self.place.named["plain"] and said.OTHER_NUMBER.search(self.place.before)
        return self.place.named and (counted or time or dialled or called_so)

    def is_example(self) -> bool:
        return not self.bare and is_example(self.place, is_well_known(self.digits))

    def is_told(self) -> object:
        named = self.place.named
        return named and _PIN_ITSELF.match(named.group()) and said.GIVEN_AFTER.match(self.place.after)

    def is_used(self) -> bool:
        year = 1900 <= int(self.digits) <= 2099 and _YEAR_STILL_THERE.match(self.place.before[-2:] + self.place.after)
        return said.USED.match(self.place.after) is not None and not year

    def is_time(self) -> object:
        asked = _OCLOCK.search(self.place.before) or _WHAT_TIME.search(self.place.sentence)
        return self.is_clock_or_day() and (asked or _CLOCK.match(self.place.after))


class Reason(NamedTuple):
    """Why four digits are a PIN, or are not; `holds` says whether it is so here.

    By its `sign` the judge knows it: teach it again after a change (`python -m bench.training guard`).
    """

    pin: bool
    sign: str
    name: str
    holds: Callable[[Four, Place, str, str], object]
    is_final: bool = False
    """Whether no judge overrules it."""


_PIN, _NONE = True, False
REASONS = (
    Reason(_NONE, "end", "the end of something longer: E-1234", lambda it, at, *_: is_stuck_before(at), is_final=True),
    Reason(
        _NONE,
        "beginning",
        "the beginning of something longer: 1234GB",
        lambda it, at, *_: is_stuck_after(at),
        is_final=True,
    ),
    # After a word for a PIN, few things are something else.
    Reason(
        _NONE,
        "not-named",
        "named, but counted: 暗証番号は1200人が",
        lambda it, *_: it.is_named_but_no_pin(),
        is_final=True,
    ),
    Reason(_NONE, "general", "spoken of in general: 1234とか0000ってまずい？", lambda it, *_: it.is_example()),
    Reason(_PIN, "told", "told as one: 暗証番号は8512です", lambda it, *_: it.is_told(), is_final=True),
    Reason(_PIN, "named", "named: 暗証番号は8512", lambda it, at, *_: at.named),
    # Without such a word, what was done with it says so; else what it belongs to.
    Reason(_NONE, "other", "something's: 受付番号1203", lambda it, at, before, after: said.OTHER_NUMBER.search(before)),
    Reason(_PIN, "alone", "all that was said: 8512", lambda it, *_: it.bare, is_final=True),
    Reason(_PIN, "used", "used: 1956って入れた, 1976のまま", lambda it, *_: it.is_used()),
    Reason(
        _NONE,
        "counted",
        "counted: 1203番まで",
        lambda it, at, before, after: it.is_counted() and not _NO_UNIT.match(after),
        is_final=True,
    ),
    Reason(
        _NONE,
        "personal",
        "of a house or a birthday: 大字山田1203",
        lambda it, at, before, after: said.REUSABLE_NUMBER.search(before) and not _REMEMBERED.match(after),
    ),
    Reason(_NONE, "time", "a time: 1730に行く", lambda it, *_: it.is_time()),
)
"""From what is surest to what is likely."""
