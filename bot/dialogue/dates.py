"""Days and hours as citizens read them. All dates are in Asia/Tokyo; now is always passed in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import jpholiday

from bot.content.municipality import Municipality
from bot.content.words import Words

TOKYO = ZoneInfo("Asia/Tokyo")
_SATURDAY = 5


def in_words(day: date, words: Words) -> str:
    """12月20日（日）, Sun., Dec. 20."""
    return words("date.day", month=_month(day, words), day=day.day, weekday=words(f"date.weekday{day.weekday() + 1}"))


def month_in_words(day: date, words: Words) -> str:
    """2026年11月."""
    return words("date.month-year", year=day.year, month=_month(day, words))


def date_in_words(day: date, words: Words) -> str:
    """2026年12月20日（日）."""
    return words("date.year-day", year=day.year, day=in_words(day, words))


def time_in_words(moment: datetime, words: Words) -> str:
    """12月20日（日）14時30分."""
    clock = "date.hour" if moment.minute == 0 else "date.clock"
    at = words(clock, hour=moment.hour, minute=moment.minute, minutes=f"{moment.minute:02}")
    return words("date.moment", day=in_words(moment.date(), words), clock=at)


def _month(day: date, words: Words) -> str:
    return words(f"date.month{day.month}")


def in_spans(days: Iterable[date], words: Words) -> list[str]:
    """Days in order, three and more in a row as one span: 12月29日（火）〜1月3日（日）."""
    runs: list[list[date]] = []
    for day in sorted(set(days)):
        if runs and (day - runs[-1][-1]).days == 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    spans: list[str] = []
    for run in runs:
        first, last = in_words(run[0], words), in_words(run[-1], words)
        spans += [words("date.span", first=first, last=last)] if len(run) > 2 else [in_words(d, words) for d in run]
    return spans


def maintenance_sunday(year: int, month: int) -> date:
    """The day after the third Saturday, when the national system rests (facts/counter.md 82)."""
    first = date(year, month, 1)
    third_saturday = first + timedelta(days=(_SATURDAY - first.weekday()) % 7 + 14)
    return third_saturday + timedelta(days=1)


def next_maintenance(today: date, city: Municipality) -> tuple[date, ...]:
    """The next days from `today` on with no procedures: the Sunday of maintenance, and the city's own."""
    days = {day for day in city.maintenance.extra_dates if today <= day <= today + timedelta(days=60)}
    if city.value("maintenance.third_sat_next_sunday") == "true":
        sunday = maintenance_sunday(today.year, today.month)
        if sunday < today:
            after = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
            sunday = maintenance_sunday(after.year, after.month)
        days.add(sunday)
    return tuple(sorted(days))


def open_days(today: date, city: Municipality, count: int, *, reserved: bool = True) -> tuple[date, ...]:
    """The next `count` days after `today` on which an office is expected to be open.

    Weekdays and the city's own weekend openings, without holidays, the turn of the year, days of maintenance and
    the days the city closes; where it wants a reservation some business days ahead, only later ones, unless
    nothing has to be `reserved`.
    """
    ahead = (
        (city.reservation.deadline_business_days or 0)
        if reserved and city.value("reservation.need") == "required"
        else 0
    )
    days: list[date] = []
    day = today
    while len(days) < count + ahead and day < today + timedelta(days=_HORIZON):
        day += timedelta(days=1)
        if is_open(day, city):
            days.append(day)
    return tuple(days[ahead:])


_CLOCK = re.compile(r"(\d{1,2}):([0-5]\d)", re.ASCII)
_HORIZON = 120
_TURN_OF_THE_YEAR = frozenset({(12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)})
"""Not offered even if no city says so: most offices are closed."""


def clock(text: str | None) -> time | None:
    """8:30 as a time; None for anything else."""
    found = _CLOCK.fullmatch(text or "")
    return time(int(found[1]), int(found[2])) if found and int(found[1]) < 24 else None


def sets_closed_days(today: date, city: Municipality) -> bool:
    """Whether the city has said when it is closed, the turn of the year nearest to `today` included."""
    return any((day.month, day.day) in _TURN_OF_THE_YEAR and abs((day - today).days) <= 366 for day in city.closed_days)


def is_open(day: date, city: Municipality) -> bool:
    """Whether an office is expected to be open that day."""
    if day in city.closed_days or day in next_maintenance(day, city):
        return False
    if day in city.weekend_days:
        return True
    return day.weekday() < _SATURDAY and not jpholiday.is_holiday(day) and (day.month, day.day) not in _TURN_OF_THE_YEAR
