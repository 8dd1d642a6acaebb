"""A Reminder as an iCalendar file (RFC 5545), which every phone's calendar opens.

Written out here: one event with one alarm is a dozen lines, against four packages that `icalendar`
brings; the tests read the files with it. Times are given in UTC, so no time zone needs defining.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from bot.content.words import IN_JAPANESE, Words
from bot.dialogue.dates import TOKYO
from bot.dialogue.replies import Reminder

_LINE = 75
"""Octets of a line; longer ones are folded (section 3.1)."""


def calendar(reminder: Reminder, now: datetime, link: str | None = None, words: Words = IN_JAPANESE) -> bytes:
    """The file's bytes. `link` opens the checklist again; the file says nothing of who made it."""
    text = reminder.text + ("\n" + words("pair", label=words("checklist"), text=link) if link else "")
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//mainakagi//JA",
        "BEGIN:VEVENT",
        f"UID:{reminder.id}@mainakagi",
        f"DTSTAMP:{_utc(now)}",
        *_span(reminder),
        f"SUMMARY:{_escaped(reminder.title)}",
        f"DESCRIPTION:{_escaped(text)}",
        *([f"URL:{link}"] if link else []),
        "TRANSP:TRANSPARENT",
        "CLASS:PRIVATE",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{_escaped(reminder.title)}",
        f"TRIGGER;VALUE=DATE-TIME:{_utc(reminder.remind_at)}",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return b"".join(_folded(line) for line in lines)


def _span(reminder: Reminder) -> list[str]:
    if isinstance(reminder.begins, datetime):
        assert reminder.ends is not None, "a reminder with a time has an end"
        return [f"DTSTART:{_utc(reminder.begins)}", f"DTEND:{_utc(reminder.ends)}"]
    return [f"DTSTART;VALUE=DATE:{_day(reminder.begins)}", f"DTEND;VALUE=DATE:{_day(reminder.begins + timedelta(1))}"]


def _day(day: date) -> str:
    return f"{day:%Y%m%d}"


def _utc(moment: datetime) -> str:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=TOKYO)
    return f"{aware.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    for character in ("\\", ";", ","):
        text = text.replace(character, "\\" + character)
    return text.replace("\n", "\\n")


def _folded(line: str) -> bytes:
    """The line, cut between characters, its further parts beginning with a space."""
    parts, part = [], b""
    for character in line:
        piece = character.encode()
        if len(part) + len(piece) > _LINE:
            parts.append(part)
            part = b" "
        part += piece
    return b"\r\n".join((*parts, part)) + b"\r\n"
