"""The content is loaded once for all tests here: each process that a test starts is a fork of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bench.lives import Lives
from bot.assistant import Assistant
from tests.shipped import shipped


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def lives(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Lives]:
    async with Lives.start(tmp_path_factory.mktemp("lives")) as started:
        yield started


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def assistant() -> Assistant:
    return await asyncio.to_thread(shipped)
