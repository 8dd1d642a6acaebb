"""The page over loopback, answered by canned turns."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestClient, TestServer

from bot.channels.web import WebSettings, make_app
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
