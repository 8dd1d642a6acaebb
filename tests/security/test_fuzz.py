"""Nothing hostile makes the front doors fail: a few thousand updates and requests; `bench/fuzz` sends 110,000."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bench.fuzzing import HOOK, _doors, fuzz
from bot.assistant import Assistant
from bot.dialogue.replies import Said
from tests.shipped import shipped


@pytest.fixture(scope="module")
def assistant() -> Assistant:
    return shipped()


async def test_hostile_updates_and_requests_are_answered_or_refused(assistant: Assistant, tmp_path: Path) -> None:
    fuzzed = await fuzz(assistant, tmp_path, updates=450, requests=250)
    assert fuzzed.wrong == []
    assert fuzzed.statuses["update 200"] > 400
    assert fuzzed.statuses["page 200"] > 60
    assert fuzzed.unread < 450 * 0.6, "most updates are answered"


async def test_a_failure_would_be_seen(assistant: Assistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    respond = Assistant.respond

    def careless(self: Assistant, token: str | None, event: Any) -> Any:
        if isinstance(event, Said) and "1" in event.text:
            raise ValueError(event.text)
        return respond(self, token, event)

    monkeypatch.setattr(Assistant, "respond", careless)
    fuzzed = await fuzz(assistant, tmp_path, updates=40, requests=80)
    assert any("failed: ValueError" in line for line in fuzzed.wrong)
    assert any(line.startswith("500 for") for line in fuzzed.wrong)


async def test_the_longest_update_of_telegram_is_not_too_long(assistant: Assistant, tmp_path: Path) -> None:
    """A webhook's JSON writes each character outside ASCII as \\uXXXX, and an answered message comes along."""
    message = {"message_id": 1, "date": 1, "chat": {"id": 5, "type": "private"}, "text": "𠮷" * 2048}
    update = {"update_id": 1, "message": {**message, "reply_to_message": message}}
    async with _doors(assistant, tmp_path) as (_, secret, port), aiohttp.ClientSession() as session:
        body = json.dumps(update)
        assert len(body) > 48_000
        too_long = BytesIO(b"x" * 1_100_000)
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
        async with session.post(f"http://127.0.0.1:{port}{HOOK}", data=body, headers=headers) as response:
            assert response.status == 200
        async with session.post(f"http://127.0.0.1:{port}{HOOK}", data=too_long, headers=headers) as response:
            assert response.status == 413
