"""Several workers behind nginx go on while one of them is renewed or dies."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from bench.citizens import Citizen, judge, town
from bench.crashing import Setting, crash, redis_server
from bench.faulting import endure
from bench.lives import Lives
from bench.posting import Posting
from bench.reloading import GUIDE, reload
from bot.assistant import Assistant
from bot.channels.telegram.settings import TelegramSettings
from tests.deploy.workers import Workers, nginx
from tests.needs import needs
from tests.telegram.fake_api import TOKEN, FakeApi

pytestmark = [pytest.mark.asyncio(loop_scope="module")]


@dataclass
class Town:
    """People using two workers."""

    workers: Workers
    citizens: list[Citizen]
    api: FakeApi
    url: str
    posting: Posting
    folder: Path


@asynccontextmanager
async def busy(lives: Lives, assistant: Assistant, folder: Path) -> AsyncIterator[Town]:
    """Two workers behind nginx, used by people until the context ends; then everybody has got their answers."""
    async with AsyncExitStack() as stack:
        api = await stack.enter_async_context(FakeApi())
        workers = Workers(lives, api, await stack.enter_async_context(redis_server(folder)), folder)
        await asyncio.gather(*map(workers.begin, workers.ports))
        url = await stack.enter_async_context(nginx(folder, workers.ports))
        posting = Posting(api, [f"{url}/telegram/webhook"], TelegramSettings(TOKEN).secret)
        running = asyncio.create_task(posting.run())
        stack.callback(running.cancel)
        citizens, stop = town(api, assistant, 12, seed=3), asyncio.Event()
        living = [asyncio.create_task(citizen.live(stop)) for citizen in citizens]
        yield Town(workers, citizens, api, url, posting, folder)
        stop.set()
        async with asyncio.timeout(180):
            await asyncio.gather(*living)
        for port in workers.ports:
            await workers.stop(port)


@needs("nginx")
@needs("redis-server")
async def test_a_rolling_restart_under_load_loses_and_repeats_nothing(
    lives: Lives, assistant: Assistant, tmp_path: Path
) -> None:
    async with busy(lives, assistant, tmp_path) as town:
        for port in town.workers.ports * 2:
            await asyncio.sleep(0.3)
            assert await town.workers.stop(port) < 20
            await town.workers.begin(port)
        async with aiohttp.ClientSession() as session:
            async with session.get(f"{town.url}/a?e=secret-entry&t=SECRETTOKEN") as response:
                assert response.status == 200
            async with session.get(f"{town.url}/metrics") as response:
                assert response.status == 403
    verdict = judge(town.citizens, town.api.calls)
    assert (verdict.lost, verdict.first_differing, verdict.repeated) == (0, [], [])
    assert verdict.updates > 12
    logged = (tmp_path / "mainakagi.log").read_text() + (tmp_path / "mainakagi-error.log").read_text()
    assert " 200 " in logged
    assert "SECRET" not in logged
    assert "secret" not in logged


@needs("nginx")
@needs("redis-server")
async def test_while_a_worker_is_killed_and_begun_again_the_other_goes_on(
    lives: Lives, assistant: Assistant, tmp_path: Path
) -> None:
    async with busy(lives, assistant, tmp_path) as town:
        kills = []
        for port in town.workers.ports:
            await asyncio.sleep(0.5)
            await town.workers.kill(port)
            kills.append(time.monotonic())
            await asyncio.sleep(0.2)
            await town.workers.begin(port)
    verdict = judge(town.citizens, town.api.calls)
    assert (verdict.lost, verdict.first_differing) == (0, [])
    assert max(verdict.repeats_after(kills), default=0) <= 1


@pytest.mark.parametrize("mode", ["polling", "webhook"])
@pytest.mark.parametrize("store", ["sqlite", pytest.param("redis", marks=needs("redis-server"))])
async def test_killed_again_and_again_the_program_tells_everybody_what_the_oracle_says(
    lives: Lives, assistant: Assistant, tmp_path: Path, mode: str, store: str
) -> None:
    outcome = await crash(Setting(mode, store), 4, tmp_path, assistant, lives, people=8)
    assert outcome.holds, outcome
    assert outcome.verdict.updates >= 8
    assert outcome.kills.total() == 4


async def test_a_refused_token_ends_the_program_with_one_sentence(lives: Lives, tmp_path: Path) -> None:
    log = lives.folder / "log"
    before = len(log.read_bytes()) if log.exists() else 0
    async with FakeApi() as api:
        api.fail("getUpdates", 401, description="Unauthorized")
        process = await lives.begin(
            {
                "TELEGRAM_BOT_TOKEN": TOKEN,
                "TELEGRAM_API_BASE_URL": api.base_url,
                "MAINAKAGI_STATE_DIR": str(tmp_path),
                "MAINAKAGI_LISTEN": "127.0.0.1:0",
            }
        )
        assert await asyncio.wait_for(lives.ended(process), 60) == 70
    assert "TELEGRAM_BOT_TOKEN を BotFather で確かめて" in log.read_bytes()[before:].decode()


async def test_while_a_quarter_of_all_calls_fail_everybody_gets_every_answer_in_order(
    lives: Lives, assistant: Assistant, tmp_path: Path
) -> None:
    verdict, faults = await endure(80, tmp_path, assistant, lives, random.Random(2), people=6)
    assert (verdict.lost, verdict.first_differing) == (0, [])
    assert faults.total() > 10


async def test_while_content_is_saved_right_and_wrong_no_message_is_made_of_two_versions(
    lives: Lives, assistant: Assistant, tmp_path: Path
) -> None:
    outcome = await reload(4, tmp_path, assistant, lives, random.Random(3), people=4, marks=GUIDE)
    assert outcome.holds, outcome
    assert outcome.saved == {"good": 2, "broken": 2}
    assert outcome.marked > 0
