"""The studio over loopback, on a small content that learns at once."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestClient, TestServer

from bot.channels.studio.app import Studio
from bot.channels.studio.effects import Learner
from bot.channels.studio.settings import StudioSettings
from tests.content.test_broken_content import HERE

PASSPHRASE = "三毛猫と白い急須と雨傘と三輪車"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copytree(HERE / "good", tmp_path / "city")
    (tmp_path / "city" / "faq" / "samples").mkdir()
    (tmp_path / "city" / "faq" / "samples" / "pf-1.yaml").write_text("name: みほん市\nsample: true\n", "utf-8")
    return tmp_path / "city"


@pytest.fixture
def studio_of(root: Path, tmp_path: Path) -> Callable[..., Studio]:
    def make(**settings: object) -> Studio:
        return Studio(StudioSettings(root, tmp_path / "state", **settings), Learner(None, None))  # type: ignore[arg-type]

    return make


@pytest_asyncio.fixture
async def page(studio_of: Callable[..., Studio]) -> AsyncIterator[TestClient]:
    async with TestClient(TestServer(studio_of().app()), headers={"Sec-Fetch-Site": "same-origin"}) as client:
        yield client
