from datetime import date

import pytest

from bot.content.municipality import Municipality
from bot.content.words import IN_JAPANESE
from bot.dialogue.dates import in_words, maintenance_sunday, next_maintenance


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [(2026, 11, 22), (2026, 12, 20), (2027, 1, 17), (2027, 2, 21), (2027, 3, 21)],
)
def test_maintenance_is_the_day_after_the_third_saturday(year: int, month: int, day: int) -> None:
    """The dates of facts/counter.md, 83."""
    assert maintenance_sunday(year, month) == date(year, month, day)


@pytest.mark.parametrize(
    ("today", "next_day"),
    [("2026-11-22", "2026-11-22"), ("2026-11-23", "2026-12-20"), ("2026-12-31", "2027-01-17")],
)
def test_the_next_closed_day_is_never_past(today: str, next_day: str) -> None:
    assert next_maintenance(date.fromisoformat(today), Municipality()) == (date.fromisoformat(next_day),)


def test_a_city_adds_its_own_closed_days() -> None:
    city = Municipality.model_validate({"maintenance": {"extra_dates": ["2026-12-05"]}})
    assert next_maintenance(date(2026, 11, 24), city) == (date(2026, 12, 5), date(2026, 12, 20))


def test_dates_are_read_with_their_weekday() -> None:
    assert in_words(date(2026, 12, 20), IN_JAPANESE) == "12月20日（日）"
