"""Four digits: a PIN unless something says otherwise. `REASONS` is the list of what says so."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from bot.dialogue.guard.examples import is_example, is_well_known
from bot.dialogue.guard.groups import TOLL_FREE, Group, is_stuck_after, is_stuck_before
from bot.dialogue.guard.said import (
    ASKED_WHAT,
    GIVEN_WORD,
    OTHER_NUMBER,
    PRESSED_BEFORE,
    REUSABLE_NUMBER,
    SHOWN,
    SOMEONES,
    UNIT,
    USED,
    USED_BEFORE,
    sentence_around,
)

_HARD_UNIT = re.compile(
    r" ?(?:円|えん|年|ねん|桁|けた|ケタ|文字|もじ|回|ポイント|万|歳|才|%|歩|便|(?:yen|digits?|years?|times?)\b)"
)
_NO_UNIT_AFTER_PIN = re.compile(r"\s?(?:番(?![がのまに台目]|から)|人に|こ)")
"""After a word for a PIN, no unit: 暗証番号は8512番です, 8512人に教えた."""
_NO_UNIT = re.compile(
    r"しか(?:思|使|浮|覚|入れ|打)|番(?:で(?:入|通|開|ロ)|を(?:入|打|忘)|って(?:入|打)|に(?:し|設定|変|登録))"
)
_TICKET_TALK = re.compile(
    r"番号?札|整理券|発券|呼ばれ|呼び出|お待ち|待合|何番目|(?:自分|私)の番(?!号)|番まで|\b(?:ticket|queue)\b"
)
_CLOCK = re.compile(
    r"(?:[とか~-][0-9]{4})?\s?(?:から(?!.{0,10}[変替])|まで|~|-|ごろ|頃|[くぐ]らい|ちょうど|過ぎ|すぎ|集合|[着発]|に(?:行|着|届|申|通知|連絡|発|受|取り|もら|終|始|閉|"
    r"開|出[るかし発]|来|予約|待ち|集|会|市|役|窓)|"
    r"枠|[開閉][庁館]|の(?:[開閉][庁門場店館]|開始|終了|電車|バス|新幹線|便|飛行機|予約|約束)|なら空|は(?:休|空|開|閉|やって|営業|混))"
)
_WHAT_TIME = re.compile(r"what time|when do|何時")
_OCLOCK = re.compile(
    r"(?:[0-9]{3,4} ?(?:から|to|~)|\b(?:at|around|until|till|before|after|booked(?: for)?|confirmed for|opens|"
    r"closes|reserved(?: for)?|(?:slot|"
    r"booking) is)|"
    r"(?:昼|朝|夜|午前|午後|夕方|いま|今|[開閉]庁|終了|開始|受付|時刻|時間|始発|終電)[がのは]?) ?$"
)
_YEAR_OF_SOMETHING = re.compile(r"に(?![しせ])")
_YEAR_STILL_THERE = re.compile(r"(?:.が|[^の]は)のまん?ま")
"""2015に作った, 表示が2024のまま: a year, whatever follows it."""
_REFUSED = re.compile(
    r"\s?(?:は|も|が|って|で)?(?:だめ|ダメ|駄目|違[うっい]|じゃ|です(?!か)|でした|だった|なん[でだ]|ロック|"
    r"通[らっ]|入[らっ]|[、,]?これ|の?ど(?:っち|れ|ちら)|[がは]正[解し])"
)
_REMEMBERED = re.compile(r"\s?(?:だった(?!の)|だめ|ダメ|じゃ|違|ちがう)")
_REMEMBERED_BY = re.compile(
    r"(?:西暦(?:で|の)|(?:昭和|平成|大正)[0-9元]{1,2}年の|結婚(?:した|記念日の?)|"
    r"[^。、]{0,8}(?:孫|妻|夫|母|父|子|娘|息子|犬|猫|主人|自分|私|彼女?|親|婆|爺|ばあ|じい|ちゃん|さん)の"
    r"(?:誕生日|命日|生まれた?年|記念日)の?)\s?"
)
_AND_NOTHING_ELSE = re.compile(r"\s?(?:です|でした|だった|だよ|や|なん(?:だ|です)けど)?(?:[。!]|$)")
_HAPPENED = re.compile(r"[たるい]の[はが]$")
"""作ったのは2016だったと思う."""
_COUNTED = re.compile(r"年|生ま|うま|円|料|ポイント|時|金|費|代|枚|件|電話|期限|ダイヤル|更新|予約|から[^変替か]")


def is_ordinary(digits: str) -> bool:
    """A year, a round number or the beginning of a toll-free number."""
    value = int(digits)
    return digits in TOLL_FREE or 1900 <= value <= 2099 or (value >= 1000 and value % 100 == 0)


def _is_clock_or_day(digits: str) -> bool:
    """A time of the day, or a day of the year."""
    first, last = int(digits[:2]), int(digits[2:])
    return (first < 24 and last < 60) or (1 <= first <= 12 and 1 <= last <= 31)


_SHOP = re.compile(
    r"(?:(?:amazon|アマゾン|楽天|メルカリ|ヨドバシ|ダイソ[ー-]|コンビニ|ドンキ|ケ[ー-]ズ|ヤマダ|ビック|ニトリ|イオン|ロ[ー-]ソン|セブン|ファミマ|百均|ス[ー-]パ[ー-]|薬局|電機|カメラ|写真[屋館機]?|[^役窓]店|屋|"
    r"ショップ|通販|ネット|タクシ[ー-])(?:で|は|が)|(?:リ[ー-]ダ[ー-]|機械|本体|ケ[ー-]ス|写真)(?:は|が))、?$"
)
_PAID = re.compile(r"(?:でした|だった|もした|し(?:た|まし)|くらい|ぐらい|で買|のカ[ー-]ドリ)")
_TO_THE_LAST = re.compile(r"(?:000[01]|1000)(?:から|~|-|、)$")


class Reason(NamedTuple):
    """Why four digits are a PIN, or are not; `holds` says whether it is so here."""

    pin: bool
    name: str
    holds: Callable[[Four], object]


@dataclass(frozen=True, slots=True)
class Four:
    """Four digits in one, and what stands around them; `bare` if the text is nothing but numbers."""

    plain: str
    group: Group
    before: str
    after: str
    bare: bool

    def is_pin(self) -> bool:
        """The first reason that holds decides; four digits without any are a PIN."""
        return next((reason.pin for reason in REASONS if reason.holds(self)), True)

    @property
    def named(self) -> re.Match[str] | None:
        return GIVEN_WORD.search(self.before)

    @property
    def sentence(self) -> str:
        return sentence_around(self.plain, self.group.start, self.group.end)

    @property
    def counted(self) -> bool:
        return UNIT.match(self.after) is not None

    @property
    def example(self) -> bool:
        start, end = self.group.start, self.group.end
        return not self.bare and is_example(self.plain, start, end, is_well_known(self.group.digits))

    @property
    def toll_free(self) -> bool:
        return self.group.digits in TOLL_FREE and _DIALLED.match(self.after) is not None

    @property
    def used(self) -> bool:
        year = 1900 <= int(self.group.digits) <= 2099
        still_there = _YEAR_STILL_THERE.match(self.before[-2:] + self.after)
        of_something = year and (_YEAR_OF_SOMETHING.match(self.after) or still_there)
        return USED.match(self.after) is not None and not of_something

    @property
    def remembered(self) -> bool:
        return bool(_REMEMBERED_BY.fullmatch(self.before) and _AND_NOTHING_ELSE.match(self.after))

    @property
    def told(self) -> bool:
        refused = _REFUSED.match(self.after) and not _HAPPENED.search(self.before)
        return bool(SOMEONES.search(self.before) or refused)

    @property
    def time(self) -> bool:
        return _is_clock_or_day(self.group.digits) and bool(
            _CLOCK.match(self.after) or _OCLOCK.search(self.before) or _WHAT_TIME.search(self.sentence)
        )


_MEANT_TIME = re.compile(r"まで(?!は)|に(?:行|着|来|予約)")
_DIALLED = re.compile(r"の(?:電話|番号|ダイヤル)|に(?:電話|かけ)")

REASONS = (
    Reason(False, "the end of something longer: E-1234", lambda it: is_stuck_before(it.plain, it.group)),
    Reason(False, "the beginning of something longer: 1234GB", lambda it: is_stuck_after(it.plain, it.group)),
    Reason(False, "a unit that no PIN has: 1000円", lambda it: _HARD_UNIT.match(it.after)),
    Reason(
        False,
        "the number of something, called so: 整理券の番号は1234",
        lambda it: (named := it.named) and named["plain"] and OTHER_NUMBER.search(it.before),
    ),
    # After a word for a PIN, few things are something else.
    Reason(
        False,
        "named, but counted: 暗証番号は1200人が",
        lambda it: it.counted and not _NO_UNIT_AFTER_PIN.match(it.after) and it.named,
    ),
    Reason(
        False,
        "named, but a time: 暗証番号を1715までに",
        lambda it: _is_clock_or_day(it.group.digits) and _MEANT_TIME.match(it.after) and it.named,
    ),
    Reason(False, "named, but a telephone: 暗証番号は0570の電話で", lambda it: it.toll_free and it.named),
    Reason(False, "spoken of in general: 1234とか0000ってまずい？", lambda it: it.example),
    Reason(True, "named: 暗証番号は8512", lambda it: it.named),
    # Without such a word, what was done with it says so; else what it belongs to.
    Reason(True, "typed, in English: I tried 8512", lambda it: USED_BEFORE.search(it.before)),
    Reason(True, "typed: 押したのは8512", lambda it: PRESSED_BEFORE.search(it.before)),
    Reason(False, "the number of something: 受付番号1203", lambda it: OTHER_NUMBER.search(it.before)),
    Reason(True, "all that was said: 8512", lambda it: it.bare),
    Reason(False, "a price: リーダーは2480でした", lambda it: _SHOP.search(it.before) and _PAID.match(it.after)),
    Reason(False, "the last of all: 0000から9999", lambda it: _TO_THE_LAST.search(it.before)),
    Reason(False, "an error's: 8512というエラー", lambda it: ASKED_WHAT.match(it.after) and "エラー" in it.after),
    Reason(True, "used: 1956って入れた, 1976のまま", lambda it: it.used),
    Reason(False, "shown: 1203と出た", lambda it: SHOWN.match(it.after)),
    Reason(False, "asked about: 6983って何", lambda it: ASKED_WHAT.match(it.after)),
    Reason(False, "counted: 1203番まで", lambda it: it.counted and not _NO_UNIT.match(it.after)),
    Reason(True, "all that is remembered: 孫の誕生日0714です", lambda it: it.remembered),
    Reason(
        False,
        "the number of a house or a birthday: 誕生日0401",
        lambda it: REUSABLE_NUMBER.search(it.before) and not _REMEMBERED.match(it.after),
    ),
    Reason(False, "a time: 1730に行く", lambda it: it.time),
    Reason(False, "called at a counter: 1203で呼ばれた", lambda it: _TICKET_TALK.search(it.sentence)),
    Reason(
        False,
        "a year or a round number, and nobody's: 2027に切れる",
        lambda it: is_ordinary(it.group.digits) and (not it.told or _COUNTED.search(it.sentence)),
    ),
)
"""From what is surest to what is likely. To teach the guard a new case, add a reason where it belongs."""
