"""How old a statement is, as citizens read it: never newer than the oldest of its sources, and old is said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from bot.content.loading import load
from bot.content.model import Content, Source
from bot.dialogue.dates import TOKYO
from bot.dialogue.engine import Engine
from bot.dialogue.replies import Pressed, Said, Sources, Turn
from bot.dialogue.standing import Standing
from bot.matching.matcher import TrainedMatcher

READ = date(2026, 11, 22)
OLD = "変わっているかもしれません"
Ask = Callable[[Content, date], Turn]


@pytest.fixture(scope="module")
def content() -> Content:
    return load(Path(__file__).parent / "content")


@pytest.fixture(scope="module")
def ask(content: Content) -> Ask:
    matcher = TrainedMatcher(content)

    def asked(content: Content, day: date) -> Turn:
        now = datetime(day.year, day.month, day.day, 10, tzinfo=TOKYO)
        return Engine(content, matcher).respond(None, Said("手数料はいくらですか？"), now)

    return asked


def freshness(turn: Turn) -> str:
    (said,) = [block.freshness for block in turn.replies[0].blocks if isinstance(block, Sources)]
    return said


def sources(content: Content, *read_on: date, confirmed: date | None = None) -> str:
    known = {
        str(number): Source(name="A", url="https://a.example.jp", read_on=day, confirmed_by_city_on=confirmed)
        for number, day in enumerate(read_on)
    }
    return Standing(content.model_copy(update={"sources": known})).sources(known, READ).freshness


def test_an_answer_says_it_once_its_source_is_older_than_a_year(content: Content, ask: Ask) -> None:
    assert OLD not in freshness(ask(content, READ + timedelta(days=365)))
    said = freshness(ask(content, READ + timedelta(days=366)))
    assert "2026年11月に閲覧" in said
    assert OLD in said


def test_a_result_says_it_too(content: Content) -> None:
    from tests.telegram.test_ticks import a_result

    engine = Engine(content, TrainedMatcher(content))
    for days, old in ((365, False), (366, True)):
        now = datetime(2026, 11, 22, 10, tzinfo=TOKYO) + timedelta(days=days)
        (reply,) = engine.respond(None, Pressed(f"g{a_result(content)}"), now).replies
        said = [block.freshness for block in reply.blocks if isinstance(block, Sources)]
        assert [OLD in one for one in said] == [old]


def test_of_several_sources_the_oldest_is_named(content: Content) -> None:
    assert "2026年9月に閲覧" in sources(content, READ, date(2026, 9, 1))
    assert "2026年11月に確認" in sources(content, date(2024, 1, 1), confirmed=READ)


def test_what_the_city_confirmed_is_as_young_as_that(content: Content) -> None:
    assert OLD in sources(content, date(2025, 1, 1))
    assert OLD not in sources(content, date(2025, 1, 1), confirmed=READ)


def test_old_settings_of_the_city_are_said_as_well(content: Content, ask: Ask) -> None:
    city = content.municipality.model_copy(update={"verified_on": READ, "stale_after_days": 90})
    here = content.model_copy(update={"municipality": city})
    assert OLD not in freshness(ask(here, READ + timedelta(days=90)))
    assert OLD in freshness(ask(here, READ + timedelta(days=91)))
