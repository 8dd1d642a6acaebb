"""The page over loopback, answered by canned turns."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestClient, TestServer
from playwright.async_api import Browser

from bot.assistant import Assistant, assemble
from bot.channels.web import WebSettings, make_app
from bot.settings import PROJECT
from tests.web.browser import chromium
from tests.web.canned import CannedAssistant


@pytest.fixture
def assistant() -> CannedAssistant:
    return CannedAssistant()


@pytest.fixture
def settings() -> WebSettings:
    return WebSettings(operator="見本市役所", contact="03-0000-0000", burst=1000)


@pytest_asyncio.fixture
async def page(assistant: CannedAssistant, settings: WebSettings) -> AsyncIterator[TestClient]:
    async with TestClient(TestServer(make_app(lambda: assistant, settings=settings))) as client:
        yield client


@pytest.fixture(scope="session")
def shipped() -> Assistant:
    """The assistant with the shipped content. Learning it takes seconds, so what `make` has learnt is used."""
    return assemble(PROJECT, learnt=PROJECT / "var" / "learnt")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def running_browser() -> AsyncIterator[Browser]:
    """One Chromium for all tests: starting it costs more than most of them."""
    async with chromium() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="session")
async def browser(running_browser: Browser) -> AsyncIterator[Browser]:
    """Chromium without the windows of earlier tests."""
    yield running_browser
    for context in running_browser.contexts:
        await context.close()
