"""「次にすることが分かりましたか？」 on the page, without a script: a small form, counted once per page shown."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestClient, TestServer

from bot.assistant import Assistant
from bot.channels.web import WebSettings, make_app
from bot.channels.web.gate import Once, number_once
from bot.content.loading import load
from bot.dialogue.replies import Heard
from bot.matching.matcher import TrainedMatcher
from tests.dialogue.running import NOW

ASK = "次にすることが分かりましたか？"


@pytest.fixture(scope="module")
def assistant() -> Assistant:
    content = load(Path(__file__).parent.parent / "dialogue" / "content")
    return Assistant(content, clock=lambda: NOW, matcher=TrainedMatcher(content))


@pytest.fixture
def heard() -> list[Heard]:
    return []


@pytest_asyncio.fixture
async def page(assistant: Assistant, heard: list[Heard]) -> AsyncIterator[TestClient]:
    app = make_app(lambda: assistant, settings=WebSettings(burst=1000), hear=heard.append)
    async with TestClient(TestServer(app)) as client:
        yield client


def form_of(html: str) -> dict[str, str]:
    """The fields of the feedback form, as はい sends them."""
    form = re.search(r"<form(?:(?!</form>).)*" + ASK + r".*?</form>", html, re.DOTALL)
    assert form
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[0]))
    return {**fields, "data": re.findall(r'name="data" value="([^"]*)"', form[0])[0]}


async def test_an_answer_is_asked_about_and_counted_once(page: TestClient, heard: list[Heard]) -> None:
    form = form_of(await (await page.post("/said", data={"text": "手数料はいくらですか？"})).text())
    for _ in range(2):  # the second is the page loaded again
        answer = await page.post("/pressed", data=form)
        assert "よかったです" in await answer.text()
    assert heard == [Heard(form["data"][1:], "cost", understood=True)]


async def test_a_form_without_its_number_is_answered_and_not_counted(page: TestClient, heard: list[Heard]) -> None:
    form = form_of(await (await page.post("/said", data={"text": "手数料はいくらですか？"})).text())
    for once in ("", "short", "x" * 200):
        answer = await page.post("/pressed", data={**form, "once": once})
        assert answer.status == 200
    assert heard == []


def test_a_number_counts_once_a_day_and_the_oldest_are_forgotten() -> None:
    clock = [0.0]
    once, number = Once(keep=2, clock=lambda: clock[0]), number_once()
    assert [once.take(number), once.take(number)] == [True, False]
    clock[0] = 24 * 3600.0
    assert once.take(number)
    others = [number_once() for _ in range(2)]
    assert all(once.take(other) for other in others)
    assert once.take(number)
