"""The staff's chat hears of content that does not go live: once per failure, and once that it is good again."""

from __future__ import annotations

import pytest

from bot.channels.telegram.settings import read_settings
from bot.channels.telegram.staff import StaffNews
from bot.content.problems import Problem
from tests.telegram.conftest import Running
from tests.telegram.fake_api import TOKEN, FakeApi

STAFF = -1001
COLON = Problem("faq/ja.yaml", 53, 13, "full-width-colon", "コロンが全角です。<半角> で書いてください。")
DATE = Problem("faq/facts.yaml", 7, 3, "date", "「2026-13-01」という日付はありません。")


async def test_each_failure_is_told_once_and_the_end_of_all_once(api: FakeApi, running: Running) -> None:
    seen: list[tuple[Problem, ...]] = []
    async with running(staff_chat=STAFF) as bot:
        news = StaffNews(lambda: seen[-1], bot.tell_staff)
        for problems in ((), (COLON,), (COLON,), (COLON, DATE), (COLON,), (), (), (COLON,)):
            seen.append(problems)
            assert await news.look()
    told = api.texts(STAFF)
    assert ["前の内容のまま" in text for text in told] == [True, True, False, True]
    assert "faq/ja.yaml の53行目：コロンが全角です。&lt;半角&gt; で書いてください。" in told[0]
    assert "2026-13-01" in told[1]
    assert "直りました" in told[2]


async def test_a_failure_that_could_not_be_told_is_told_later(api: FakeApi, running: Running) -> None:
    sent = []
    news = StaffNews(lambda: (COLON,), lambda html: later(html, sent))
    assert not await news.look()
    assert await news.look()
    assert await news.look()
    assert len(sent) == 2


async def later(html: str, sent: list[str]) -> bool:
    sent.append(html)
    return len(sent) > 1


async def test_a_chat_that_does_not_exist_is_not_tried_again(api: FakeApi, running: Running) -> None:
    async with running(staff_chat=STAFF) as bot:
        api.fail("sendMessage", 400, description="Bad Request: chat not found", times=10)
        assert await bot.tell_staff("a")


async def test_the_bot_stays_in_the_staff_s_group_and_answers_nobody_there(api: FakeApi, running: Running) -> None:
    group = {"id": STAFF, "type": "supergroup", "title": "職員"}
    async with running(staff_chat=STAFF):
        await api.arrive("message", {**api.message_of(7, text="/start"), "chat": group})
        await api.until(lambda: not api.updates)
    assert api.of("leaveChat") == []
    assert api.texts() == []


def test_a_staff_chat_is_a_number() -> None:
    settings = read_settings({"TELEGRAM_BOT_TOKEN": TOKEN, "MAINAKAGI_STAFF_CHAT": "-1001234567890"})
    assert settings is not None
    assert settings.staff_chat == -1001234567890
    with pytest.raises(ValueError, match="MAINAKAGI_STAFF_CHAT"):
        read_settings({"TELEGRAM_BOT_TOKEN": TOKEN, "MAINAKAGI_STAFF_CHAT": "@staff"})
