"""Four digits: a PIN unless something says otherwise. `REASONS` is the list of what says so."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from bot.dialogue.guard import said
from bot.dialogue.guard.groups import TOLL_FREE, is_stuck_after, is_stuck_before
from bot.dialogue.guard.place import Place
from bot.dialogue.guard.quoted import is_example, is_well_known

_NO_UNIT_AFTER_PIN = re.compile(r"\s?(?:番(?![がのまに台目]|から)|人に|こ)")
"""After a word for a PIN, no unit: 暗証番号は8512番です, 8512人に教えた."""
_NO_UNIT = re.compile(r"番(?:で(?:入|通|開|ロ)|を(?:入|打|忘)|って(?:入|打)|に(?:し|設定|変|登録))")
_TICKET_TALK = re.compile(
    r"番号?札|整理券|発券|呼ばれ|呼び出|お待ち|待合|何番目|(?:自分|私)の番(?!号)|番まで|\b(?:ticket|queue)\b"
)
_CLOCK = re.compile(
    r"(?:[とか~-][0-9]{4})?\s?(?:から(?!.{0,10}[変替])|まで|~|-|ごろ|頃|[くぐ]らい|ちょうど|過ぎ|すぎ|集合|[着発]|"
    r"に(?:行|着|届|申|通知|連絡|発|受|取り|もら|終|始|閉|開|出[るかし発]|来|予約|待ち|集|会|市|役|窓)|枠|"
    r"[開閉][庁館]|の(?:[開閉][庁門場店館]|開始|終了|電車|バス|新幹線|便|飛行機|予約|約束)|なら空|は(?:休|空|開|閉|"
    r"やって|営業|混)|で(?:閉[まめ館庁店]))"
)
_COMPARED = re.compile(r"[」』]?より(?:も|[大小]き?さ?い|上|下|前|後)")
_WHAT_TIME = re.compile(r"what time|when do|何時")
_OCLOCK = re.compile(
    r"(?:[0-9]{3,4} ?(?:から|to|~)|\b(?:at|around|until|till|before|after|booked(?: for)?|confirmed for|opens|closes|"
    r"reserved(?: for)?|(?:slot|booking) is)|(?:昼|朝|夜|午前|午後|夕方|いま|今|[開閉]庁|終了|開始|受付|時刻|時間|"
    r"始発|終電)[がのは]?) ?$"
)
_YEAR_STILL_THERE = re.compile(r"(?:.が|[^のち私僕俺母父夫妻]は)のまん?ま")
"""2015に作った, 表示が2024のまま: a year, whatever follows it."""
_REMEMBERED = re.compile(r"\s?(?:と(?:同じ|おんなじ|一緒)|だった(?!の)|だめ|ダメ|じゃ|違|ちがう)")
_REMEMBERED_BY = re.compile(
    r"(?:西暦(?:で|の)|(?:昭和|平成|大正)[0-9元]{1,2}年の|結婚(?:した|記念日の?)|[^。、]{0,8}(?:孫|妻|夫|母|父|子|娘|"
    r"息子|犬|猫|主人|自分|私|彼女?|親|婆|爺|ばあ|じい|ちゃん|さん)の(?:誕生日|命日|生まれた?年|記念日)の?)\s?"
)
_AND_NOTHING_ELSE = re.compile(r"\s?(?:です|でした|だった|だよ|や|なん(?:だ|です)けど)?(?:[。!]|$)")
_YEAR_BEFORE = re.compile(
    r"(?:expires?|issued|spring|summer|autumn|fall|winter|early|late|mid|year|for|(?:jan|feb|mar|apr|may|jun|jul|aug|"
    r"sep|oct|nov|dec)[a-z]*(?: [0-9]{1,2},?)?、?|預かり|小計|"
    r"来年|去年|今年|昨年|期限[はが]?|says|office|excel|windows|(?:再発行|再交付|証明書|往復|片道|"
    r"[0-9][枚回])[がはで]?|[+=])[ :]?$|(?:19|20)[0-9]{2}(?:とか|か|と|や|、|・)$|[0-9]日$"
)
_YEAR_AFTER = re.compile(
    r"[」』]?(?:に(?!し|せ|変え|変更|設定|登録)|[春夏秋冬代札+×=]|の[0-9]{1,2}月|の(?:とき|時|頃)|は(?:期限|何年|"
    r"令和|平成|昭和)|の(?:まん?ま|生まれ|(?!番号|暗証)[一-龯]|古|id)|"
    r"から(?!.{0,6}変)|"
    r"(?:とか|か|と|や|、|・)(?:19|20)[0-9]{2}|と.{0,4}(?:書いてあ|あ[りる])|で(?:足り|買|終わ|閉|廃|期限|切れ|満了)|"
    r"まで|"
    r"が(?:期限|最後|有効)|以[降前]| edition| or later|ごろ|頃|現在|版|卒|発行|制定|改正|モデル|チャ[ー-]ジ|"
    r"もら[うえっ]|払[うえっ]|と[0-9]{3}|[開閉]店|開始|"
    r"終了)"
)
_TITLE_BEFORE = re.compile(
    r"(?:(?![母父妻夫娘孫親兄姉弟妹私])[ァ-ヶー一-龯]|(?<!\bis)(?<!\bare)(?<!\bwas)(?<!\bpin)(?<!\bcode)(?<=[a-z])) ?$|"
    r"(?:^|[。、 ]).{0,6}(?<!番号)(?<=[一-龯ァ-ヶ])は$"
)
_TITLE_AFTER = re.compile(rf"$|[。?\n{said.EMOJI}]|笑|の")
_NOTED = re.compile(r"紙|メモ|手帳|ノート|付箋|ふせん")
"""Who keeps a note of a number, keeps a PIN."""
_PRINTED = re.compile("カ[ー-]ド|[表裏]|券面|封筒|通知")
_WRITTEN = re.compile("(?:と|って)(?:だけ)?(?:書いて)?あ[りる]")
_EITHER = re.compile(r"(?:どちら|どっち)か(?:な|です|だ|$)")
"""1987か2003か、どちらかなんです: of years one says what they are of."""
_HAPPENED = re.compile(r"[たる]の[はが]$")
"""作ったのは2016だったと思う."""


def is_ordinary(digits: str) -> bool:
    """A year, a round number or the beginning of a toll-free number."""
    value = int(digits)
    return digits in TOLL_FREE or 1900 <= value <= 2099 or (value >= 1000 and value % 100 == 0)


_SHOP = re.compile(
    r"(?:(?:amazon|アマゾン|楽天|メルカリ|ヨドバシ|ダイソ[ー-]|コンビニ|ドンキ|ケ[ー-]ズ|ヤマダ|ビック|ニトリ|イオン|"
    r"ロ[ー-]ソン|セブン|ファミマ|百均|ス[ー-]パ[ー-]|薬局|電機|カメラ|写真[屋館機]?|[^役窓]店|屋|ショップ|通販|"
    r"ネット|タクシ[ー-])(?:で|は|が)|(?:リ[ー-]ダ[ー-]|機械|本体|ケ[ー-]ス|写真)(?:は|が))、?$"
)
_PAID = re.compile(r"(?:でした|だった|もした|し(?:た|まし)|くらい|ぐらい|で買|のカ[ー-]ドリ)")
_LABEL = re.compile(r"「[^」「]{0,24}[a-zァ-ヶー一-龯] $")
_CLOSED = re.compile("」(?!.{0,8}(?:入れ|入力|打|設定|登録))")
_TO_THE_LAST = re.compile(r"(?:000[01]|1000)(?:から|~|-|、)$")
_MEANT_TIME = re.compile(r"まで(?!は)|に(?:行|着|来|予約)")
_DIALLED = re.compile(r"[」』]?(?:の(?:電話|番号|ダイヤル)|に(?:電話|かけ)|から|で始ま|なんとか|なんちゃら|の[0-9]{2})")


@dataclass(frozen=True)
class Four:
    """Four digits in one, and where they stand; `bare` if the text is nothing but numbers."""

    digits: str
    place: Place
    bare: bool

    def is_pin(self) -> bool:
        """The first reason that holds decides; four digits without any are a PIN."""
        at = self.place
        return next((reason.pin for reason in REASONS if reason.holds(self, at, at.before, at.after)), True)

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

    def is_used(self) -> bool:
        year = 1900 <= int(self.digits) <= 2099 and _YEAR_STILL_THERE.match(self.place.before[-2:] + self.place.after)
        return said.USED.match(self.place.after) is not None and not year

    def is_time(self) -> object:
        asked = _OCLOCK.search(self.place.before) or _WHAT_TIME.search(self.place.sentence)
        return self.is_clock_or_day() and (asked or _CLOCK.match(self.place.after))

    def is_year_or_amount(self) -> object:
        """A year or a round number where one is meant, unless somebody's or refused."""
        at, before, after = self.place, self.place.before, self.place.after
        either = not before.strip("、") and _EITHER.search(at.rest)
        if not is_ordinary(self.digits) or _NOTED.search(at.sentence) or either:
            return False
        if _YEAR_BEFORE.search(at.plain, max(0, at.start - 16), at.start) or _HAPPENED.search(before):
            return True
        dialled = self.digits in TOLL_FREE and _DIALLED.match(after)
        printed = _PRINTED.search(before) and _WRITTEN.match(after)
        title = _TITLE_BEFORE.search(before) and _TITLE_AFTER.match(after)
        return title or _YEAR_AFTER.match(after) or dialled or printed


class Reason(NamedTuple):
    """Why four digits are a PIN, or are not; `holds` says whether it is so here."""

    pin: bool
    name: str
    holds: Callable[[Four, Place, str, str], object]


_PIN, _NONE = True, False
REASONS = (
    Reason(_NONE, "the end of something longer: E-1234", lambda it, at, before, after: is_stuck_before(at)),
    Reason(_NONE, "the beginning of something longer: 1234GB", lambda it, at, before, after: is_stuck_after(at)),
    # After a word for a PIN, few things are something else.
    Reason(_NONE, "named, but counted: 暗証番号は1200人が", lambda it, *_: it.is_named_but_no_pin()),
    Reason(_NONE, "spoken of in general: 1234とか0000ってまずい？", lambda it, *_: it.is_example()),
    Reason(_PIN, "named: 暗証番号は8512", lambda it, at, *_: at.named),
    # Without such a word, what was done with it says so; else what it belongs to.
    Reason(_PIN, "typed: I tried 8512", lambda it, at, before, after: said.USED_BEFORE.search(before)),
    Reason(_NONE, "something's: 受付番号1203", lambda it, at, before, after: said.OTHER_NUMBER.search(before)),
    Reason(_PIN, "all that was said: 8512", lambda it, *_: it.bare),
    Reason(
        _NONE,
        "a price: リーダーは2480でした",
        lambda it, at, before, after: _SHOP.search(before) and _PAID.match(after),
    ),
    Reason(_NONE, "the last of all: 0000から9999", lambda it, at, before, after: _TO_THE_LAST.search(before)),
    Reason(_PIN, "used: 1956って入れた, 1976のまま", lambda it, *_: it.is_used()),
    Reason(
        _PIN,
        "called so behind: 5310と書いた紙が出た。これが暗証番号",
        lambda it, at, *_: at.called_behind and not it.is_counted(),
    ),
    Reason(_NONE, "compared: 9999より大きい番号", lambda it, at, before, after: _COMPARED.match(after)),
    Reason(_NONE, "shown: 1203と出た", lambda it, at, before, after: said.SHOWN.match(after)),
    Reason(
        _NONE,
        "a label that is shown: 「build 8512」は何",
        lambda it, at, *_: _LABEL.search(at.before) and _CLOSED.match(at.after),
    ),
    Reason(_NONE, "asked about: 6983って何", lambda it, at, before, after: said.ASKED_WHAT.match(after)),
    Reason(_NONE, "counted: 1203番まで", lambda it, at, before, after: it.is_counted() and not _NO_UNIT.match(after)),
    Reason(
        _PIN,
        "all that is remembered: 孫の誕生日0714です",
        lambda it, at, before, after: _REMEMBERED_BY.fullmatch(before) and _AND_NOTHING_ELSE.match(after),
    ),
    Reason(
        _NONE,
        "of a house or a birthday: 誕生日0401",
        lambda it, at, before, after: said.REUSABLE_NUMBER.search(before) and not _REMEMBERED.match(after),
    ),
    Reason(_NONE, "a time: 1730に行く", lambda it, *_: it.is_time()),
    Reason(
        _NONE,
        "called at a counter: 1203で呼ばれた",
        lambda it, at, *_: _TICKET_TALK.search(at.sentence) and not _NOTED.search(at.rest),
    ),
    Reason(_NONE, "a year or an amount: 2027に切れる", lambda it, *_: it.is_year_or_amount()),
)
"""From what is surest to what is likely. To teach the guard a new case, add a reason where it belongs."""
