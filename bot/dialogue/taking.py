"""Taking a result along and handing it on: which buttons it offers, and the reminders of its dated steps.

Only two steps have a date (counter rule 2): the kiosk, whose hours run from the moment the
reservation in the app is finished, and the day that the person chooses for the office. A reminder has no place for a
PIN. How files are made is for `bot/printing`, how they are sent for the channels.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from datetime import date, datetime, time, timedelta

from bot.content.model import Content
from bot.dialogue.dates import TOKYO, in_words, open_days
from bot.dialogue.replies import Button, Handed, Reminder, Reply, Take, Text
from bot.dialogue.walk import Result

DAYS = 20
"""Open days offered for the office: about four weeks."""

FILES: dict[str, Handed] = {"p": Handed("pdf", ""), "i": Handed("picture", ""), "l": Handed("link", "")}
_EPOCH = date(1970, 1, 1)
_CLOCKS = re.compile(r"(\d{1,2}):(\d{2})〜(\d{1,2}):(\d{2})")


class Taking:
    """The ways to take results of one Content along."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._city = content.municipality

    def take(self, result: Result, token: str, today: date) -> Take:
        """What can be done with this result."""
        files = (Button("PDFを受け取る", f"tp{token}", "side"), Button("画像を受け取る", f"ti{token}", "side"))
        share = Button("家族に送る", f"tl{token}", "side")
        if result.route.kind == "kiosk" and self._limit() is not None:
            return Take(token, files, share, Button("アプリの予約が終わった", f"tr{token}", "side"))
        if result.route.kind in ("office", "letter"):
            plan = Button("行く日を予定に入れる", f"tv{token}", "side")
            return Take(token, files, share, plan, self.days(token, today))
        return Take(token, files, share)

    def days(self, token: str, today: date) -> tuple[Button, ...]:
        """A button for each of the next open days."""
        days = open_days(today, self._city, DAYS)
        return tuple(Button(in_words(day), f"v{day_code(day)}{token}") for day in days)

    def handed(self, how: str, result: Result, token: str) -> Reply | None:
        """The PDF, the picture or the link of a result, by the letter of its button; None for another letter."""
        if how not in FILES:
            return None
        what = FILES[how].what
        things = "、".join(item.text for item in result.required)
        bring = f"\n持ち物：{things}" if things else ""
        texts = {
            "pdf": f"チェックリストのPDFです。印刷して使えます。\n{result.route.title}{bring}",
            "picture": f"チェックリストの画像です。スマホに保存して使えます。\n{result.route.title}{bring}",
            "link": "次のリンクを家族に送ると、同じチェックリストが開きます。名前や、書いた文章は入っていません。",
        }
        return Reply("notice", (Text(texts[what]),), handed=Handed(what, token))

    def reserved(self, result: Result, token: str, now: datetime) -> Reminder | None:
        """The time that is left for the kiosk from `now`, when the reservation in the app was finished."""
        limit = self._limit()
        if result.route.kind != "kiosk" or limit is None:
            return None
        begins = now.astimezone(TOKYO).replace(second=0, microsecond=0)
        limit_at = begins + limit
        hours = self._content.facts.get("kiosk-hours")
        ends = _last_chance(limit_at, hours.value if hours else "")
        lines = [
            f"{_moment(ends)}までに、店の端末で手続きします。",
            *([f"予約の期限は{_moment(limit_at)}ですが、端末はその前に閉まります。"] if ends < limit_at else []),
            *([f"端末を使えるのは{hours.value}です。"] if hours else []),
            f"アプリの予約が{_moment(begins)}より前に終わっていたら、期限も早まります。",
            *_things(result),
            "うまくいかないときは、続けて打たずに窓口へ行きます。",
        ]
        return Reminder(
            token,
            f"kiosk-{begins:%Y%m%dT%H%M}",
            f"店の端末で暗証番号を決め直す（{_moment(ends)}まで）",
            "\n".join(lines),
            begins,
            max(begins, ends - timedelta(hours=3)),
            ends,
        )

    def visit(self, result: Result, token: str, day: date) -> Reminder:
        """The chosen day at the office; the reminder comes at six in the evening before."""
        lines = [result.route.title, *_things(result)]
        if result.route.kind == "letter" or not self._city.known:
            lines.append(f"行く前に、{self._city.text('phone')}に電話で確かめます。")
        elif self._city.hours:
            lines.append(f"受付時間：{self._city.hours}")
        return Reminder(
            token,
            f"visit-{day:%Y%m%d}",
            "窓口へ行く日（マイナンバーカードの暗証番号）",
            "\n".join(lines),
            day,
            datetime.combine(day - timedelta(days=1), time(18), TOKYO),
        )

    def _limit(self) -> timedelta | None:
        fact = self._content.facts.get("kiosk-limit")
        found = re.search(r"(\d+)時間", fact.value) if fact else None
        return timedelta(hours=int(found[1])) if found else None


def day_code(day: date) -> str:
    """Three base64url characters for a day."""
    return urlsafe_b64encode((day - _EPOCH).days.to_bytes(3, "big")).decode("ascii")[1:]


def day_of(code: str) -> date | None:
    """The day that a `day_code` was made of, or None."""
    try:
        return _EPOCH + timedelta(days=int.from_bytes(urlsafe_b64decode("A" + code), "big"))
    except (Base64Error, ValueError, OverflowError):
        return None


def _things(result: Result) -> list[str]:
    things = [f"・{item.text}" for item in result.required]
    return ["持ち物：", *things] if things else []


def _moment(moment: datetime) -> str:
    minutes = f"{moment.minute}分" if moment.minute else ""
    return f"{in_words(moment.date())}{moment.hour}時{minutes}"


def _last_chance(ends: datetime, hours: str) -> datetime:
    """The last moment up to `ends` at which the kiosk can be used."""
    found = _CLOCKS.search(hours)
    if found is None:
        return ends
    opens, closes = time(int(found[1]), int(found[2])), time(int(found[3]) % 24, int(found[4]))
    if opens <= ends.time() <= closes:
        return ends
    day = ends.date() if ends.time() > closes else ends.date() - timedelta(days=1)
    return datetime.combine(day, closes, ends.tzinfo)
