from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar, Event

from bot.dialogue.dates import TOKYO
from bot.dialogue.replies import Reminder
from bot.printing.calendar import calendar

NOW = datetime(2026, 12, 1, 10, 0, tzinfo=TOKYO)
DAY = Reminder(
    "token",
    "visit-20261203",
    "窓口へ行く日（マイナンバーカードの暗証番号）",
    "持ち物：\n・カード、書類; \\1点\n" + "長い文" * 60,
    date(2026, 12, 3),
    datetime(2026, 12, 2, 18, 0, tzinfo=TOKYO),
)
HOURS = Reminder("token", "kiosk", "端末", "本文", NOW, NOW + timedelta(hours=21), NOW + timedelta(hours=24))


def event_of(reminder: Reminder, link: str | None = None) -> Event:
    (event,) = Calendar.from_ical(calendar(reminder, NOW, link)).walk("VEVENT")
    return event


def test_a_day_is_a_whole_day_with_an_alarm_the_evening_before() -> None:
    event = event_of(DAY, "https://pin.example.jp/k/token")
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (date(2026, 12, 3), date(2026, 12, 4))
    (alarm,) = event.walk("VALARM")
    assert alarm.decoded("trigger") == datetime(2026, 12, 2, 9, 0, tzinfo=UTC)


def test_texts_arrive_as_they_were() -> None:
    event = event_of(DAY, "https://pin.example.jp/k/token")
    assert str(event["summary"]) == DAY.title
    assert str(event["description"]) == DAY.text + "\nチェックリスト：https://pin.example.jp/k/token"


def test_hours_are_exact() -> None:
    event = event_of(HOURS)
    assert event.decoded("dtstart") == NOW
    assert event.decoded("dtend") == NOW + timedelta(hours=24)
    assert "url" not in event


def test_lines_are_folded_between_characters() -> None:
    lines = calendar(DAY, NOW).split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert all(line.decode() is not None for line in lines)
    assert calendar(DAY, NOW).endswith(b"END:VCALENDAR\r\n")
