"""A strict fake Bot API and a bot that works against it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from cryptography.fernet import Fernet

from bot.channels.telegram.bot import TelegramBot
from bot.channels.telegram.polling import Patience
from bot.channels.telegram.settings import TelegramSettings
from bot.dialogue.replies import as_it_is
from bot.stores.sqlite import SqliteStore
from bot.stores.vault import Vault
from tests.telegram.fake_api import TOKEN, FakeApi
from tests.telegram.fake_assistant import respond

IMPATIENT = Patience(long_poll=5, first_pause=0.05, longest_pause=0.2, conflicts=2, budget=1.0, drain=2.0)

Running = Callable[..., AbstractAsyncContextManager[TelegramBot]]


@pytest_asyncio.fixture
async def api() -> AsyncIterator[FakeApi]:
    async with FakeApi() as fake:
        yield fake


@pytest_asyncio.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    opened = SqliteStore(tmp_path / "store.sqlite", Vault([Fernet.generate_key().decode()]))
    yield opened
    await opened.close()


@pytest.fixture
def running(api: FakeApi, store: SqliteStore) -> Running:
    """`async with running(…) as bot`: a registered bot; settings may be given by name."""

    @asynccontextmanager
    async def start(
        *,
        answer: Any = respond,
        limits: Any = None,
        printer: Any = None,
        page: str = "",
        hear: Any = None,
        give: Any = as_it_is,
        content: Any = None,
        **settings: Any,
    ) -> AsyncIterator[TelegramBot]:
        chosen = TelegramSettings(**{"token": TOKEN, "base_url": api.base_url, **settings})
        bot = TelegramBot(
            chosen,
            answer,
            store,
            limits=limits,
            patience=IMPATIENT,
            printer=printer,
            page=page,
            hear=hear or (lambda heard: None),
            give=give,
            content_of=lambda: content,
        )
        stop = asyncio.Event()
        task = asyncio.create_task(bot.run(stop))
        async with asyncio.timeout(5):
            await bot.ready.wait()
        try:
            yield bot
        finally:
            stop.set()
            await task

    return start
