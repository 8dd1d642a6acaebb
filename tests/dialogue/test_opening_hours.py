"""Whether the office is open now: said only by a city that has set its hours and closed days (counter rule 13)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from bot.content.model import Content
from bot.content.municipality import Municipality
from bot.dialogue.dates import TOKYO
from bot.dialogue.engine import Engine
from bot.dialogue.plain import plain
from bot.dialogue.replies import Said

YEAR_END = ["2026-12-29", "2026-12-30", "2026-12-31", "2027-01-01", "2027-01-02", "2027-01-03"]
CITY: dict[str, Any] = {
    "name": "見本市",
    "phone": "000-000-0000",
    "hours": "平日 8:30〜17:00",
    "opens": "8:30",
    "closes": "17:00",
    "closed_days": [*YEAR_END, "2026-11-26"],
    "weekend_days": ["2026-12-05"],
    "evening_days": ["2026-12-02"],
}


def said(content: Content, engine: Engine, now: str, **settings: Any) -> str:
    """What 「人と話したい」 is answered with at `now` by a city with these settings."""
    city = Municipality(**{**CITY, **settings})
    there = Engine(content.model_copy(update={"municipality": city}), engine.matcher)
    moment = datetime.fromisoformat(now).replace(tzinfo=TOKYO)
    return "\n".join(plain(reply) for reply in there.respond(None, Said("人と話したい"), moment).replies)


@pytest.mark.parametrize(
    ("now", "sentence"),
    [
        ("2026-11-24T08:30", "いまは受付時間の中の見込みです（17:00まで）"),
        ("2026-11-24T16:59", "いまは受付時間の中の見込みです（17:00まで）"),
        ("2026-11-24T17:00", "いまは受付時間の外です。次は11月25日（水）の8:30から"),
        ("2026-11-24T07:00", "いまは受付時間の外です。次は11月24日（火）の8:30から"),
        ("2026-11-25T20:00", "次は11月27日（金）の8:30から"),  # the city closes on the 26th
        ("2026-11-23T10:00", "次は11月24日（火）の8:30から"),  # 勤労感謝の日
        ("2026-11-28T10:00", "次は11月30日（月）の8:30から"),
        ("2026-12-04T18:00", "次に開くのは12月5日（土）の見込みです"),
        ("2026-12-28T18:00", "次は1月4日（月）の8:30から"),
    ],
)
def test_open_or_not(content: Content, engine: Engine, now: str, sentence: str) -> None:
    assert sentence in said(content, engine, now)


@pytest.mark.parametrize("now", ["2026-12-05T10:00", "2026-12-02T18:00"])
def test_on_days_with_other_hours_nothing_is_claimed(content: Content, engine: Engine, now: str) -> None:
    answer = said(content, engine, now)
    assert "いまは受付時間" not in answer
    assert "受付時間は電話で確かめてください" in answer


@pytest.mark.parametrize(
    "settings",
    [{"closed_days": []}, {"closed_days": ["2026-11-26"]}, {"opens": None}, {"closes": "夕方"}],
    ids=["no closed days", "no year end", "no opening time", "no time"],
)
def test_without_hours_and_closed_days_nothing_is_claimed(
    content: Content, engine: Engine, settings: dict[str, Any]
) -> None:
    assert "いまは受付時間" not in said(content, engine, "2026-11-24T10:00", **settings)
