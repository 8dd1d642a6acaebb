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
from bot.dialogue.dates import TOKYO, in_words, open_days, time_in_words
from bot.dialogue.replies import Button, Handed, Reminder, Reply, Take, Text
from bot.dialogue.walk import Result

DAYS = 20
"""Open days offered for the office: about four weeks."""

FILES: dict[str, Handed] = {"p": Handed("pdf", ""), "i": Handed("picture", ""), "l": Handed("link", "")}
_EPOCH = date(1970, 1, 1)
_CLOCKS = re.compile(r"(\d{1,2}):(\d{2})\D+(\d{1,2}):(\d{2})")


class Taking:
    """The ways to take results of one Content along."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._city = content.municipality
        self._say = content.words

    def take(self, result: Result, token: str, today: date) -> Take:
        """What can be done with this result."""
        files = (
            Button(self._say("button.pdf"), f"tp{token}", "side"),
            Button(self._say("button.picture"), f"ti{token}", "side"),
        )
        share = Button(self._say("button.share"), f"tl{token}", "side")
        if result.route.kind == "kiosk" and self._limit() is not None:
            return Take(token, files, share, Button(self._say("button.reserved"), f"tr{token}", "side"))
        if result.route.kind in ("office", "letter"):
            plan = Button(self._say("button.plan"), f"tv{token}", "side")
            return Take(token, files, share, plan, self.days(token, today))
        return Take(token, files, share)

    def days(self, token: str, today: date) -> tuple[Button, ...]:
        """A button for each of the next open days."""
        days = open_days(today, self._city, DAYS)
        return tuple(Button(in_words(day, self._say), f"v{day_code(day)}{token}") for day in days)

    def handed(self, how: str, result: Result, token: str) -> Reply | None:
        """The PDF, the picture or the link of a result, by the letter of its button; None for another letter."""
        if how not in FILES:
            return None
        what = FILES[how].what
        text = self._say(f"handed.{what}")
        if what != "link":
            things = self._say("comma").join(item.text for item in result.required)
            bring = (self._say("pair", label=self._say("items"), text=things),) if things else ()
            text = "\n".join((text, result.route.title, *bring))
        return Reply("notice", (Text(text),), handed=Handed(what, token))

    def reserved(self, result: Result, token: str, now: datetime) -> Reminder | None:
        """The time that is left for the kiosk from `now`, when the reservation in the app was finished."""
        limit = self._limit()
        if result.route.kind != "kiosk" or limit is None:
            return None
        begins = now.astimezone(TOKYO).replace(second=0, microsecond=0)
        limit_at = begins + limit
        hours = self._content.facts.get("kiosk-hours")
        ends = _last_chance(limit_at, hours.value if hours else "")
        say, until = self._say, time_in_words(ends, self._say)
        lines = [
            say("reserved.until", ends=until),
            *([say("reserved.closes", limit=time_in_words(limit_at, say))] if ends < limit_at else []),
            *([say("kiosk.hours", hours=hours.value)] if hours else []),
            say("reserved.earlier", begins=time_in_words(begins, say)),
            *self._things(result),
            say("reserved.trouble"),
        ]
        return Reminder(
            token,
            f"kiosk-{begins:%Y%m%dT%H%M}",
            say("reserved.title", ends=until),
            "\n".join(lines),
            begins,
            max(begins, ends - timedelta(hours=3)),
            ends,
        )

    def visit(self, result: Result, token: str, day: date) -> Reminder:
        """The chosen day at the office; the reminder comes at six in the evening before."""
        lines = [result.route.title, *self._things(result)]
        if result.route.kind == "letter" or not self._city.known:
            lines.append(self._say("visit.call-first", phone=self._content.city_text("phone")))
        elif self._city.hours:
            lines.append(self._say("hours", hours=self._city.hours))
        return Reminder(
            token,
            f"visit-{day:%Y%m%d}",
            self._say("visit.title"),
            "\n".join(lines),
            day,
            datetime.combine(day - timedelta(days=1), time(18), TOKYO),
        )

    def _things(self, result: Result) -> list[str]:
        things = [f"・{item.text}" for item in result.required]
        return [self._say("pair", label=self._say("items"), text="").rstrip(), *things] if things else []

    def _limit(self) -> timedelta | None:
        fact = self._content.facts.get("kiosk-limit")
        found = re.search(r"\d+", fact.value) if fact else None  # hours, in every language
        return timedelta(hours=int(found[0])) if found else None


def day_code(day: date) -> str:
    """Three base64url characters for a day."""
    return urlsafe_b64encode((day - _EPOCH).days.to_bytes(3, "big")).decode("ascii")[1:]


def day_of(code: str) -> date | None:
    """The day that a `day_code` was made of, or None."""
    try:
        return _EPOCH + timedelta(days=int.from_bytes(urlsafe_b64decode("A" + code), "big"))
    except (Base64Error, ValueError, OverflowError):
        return None


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
