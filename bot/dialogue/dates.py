"""Days and hours as citizens read them. All dates are in Asia/Tokyo; now is always passed in."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from bot.content.municipality import Municipality

TOKYO = ZoneInfo("Asia/Tokyo")
_WEEKDAYS = "月火水木金土日"
_SATURDAY = 5


def in_words(day: date) -> str:
    """12月20日（日）."""
    return f"{day.month}月{day.day}日（{_WEEKDAYS[day.weekday()]}）"


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
