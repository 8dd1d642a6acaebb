"""The page in a further language: chosen in the head of every page, kept by its links and tokens."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio
from aiohttp.test_utils import TestClient, TestServer

from bot.channels.web import WebSettings, make_app
from bot.dialogue.token import language_token
from tests.shipped import shipped


@pytest_asyncio.fixture
async def page() -> AsyncIterator[TestClient]:
    assistant = shipped()
    async with TestClient(TestServer(make_app(lambda: assistant, settings=WebSettings(burst=1000)))) as client:
        yield client


async def test_the_first_page_offers_the_languages_and_opens_in_one(page: TestClient) -> None:
    japanese = await (await page.get("/")).text()
    assert '<html lang="ja">' in japanese
    assert 'value="en" lang="en">English</button>' in japanese
    english = await (await page.get("/?lang=en")).text()
    assert '<html lang="en">' in english
    assert 'href="/help?lang=en"' in english
    assert '<html lang="ja">' in await (await page.get("/?lang=ja-easy")).text()
    assert '<html lang="ja">' in await (await page.get("/?lang=xx")).text()


async def test_choosing_a_language_keeps_the_place(page: TestClient) -> None:
    token = language_token("en")
    guide = await (await page.post("/pressed", data={"data": "g" + token, "token": token})).text()
    assert 'data-language="en"' in guide
    back = await (await page.post("/language", data={"token": token, "to": "ja"})).text()
    assert 'data-language="ja"' in back


async def test_a_question_in_english_leads_to_an_address_that_is_english(page: TestClient) -> None:
    answer = await page.post("/said", data={"text": "how much does it cost to reset my pin?", "token": ""})
    assert answer.url.path == "/a"
    assert '<html lang="en">' in await answer.text()


async def test_a_missing_page_says_so_in_the_language_of_its_address(page: TestClient) -> None:
    missing = await page.get("/nothing?lang=en")
    assert missing.status == 404
    assert "There is no such page" in await missing.text()
