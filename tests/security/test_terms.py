"""Telegram's terms for bot developers, kept: shown on the real bot over a Bot API on loopback.

They ask for a privacy policy that a command shows, for deletion on request, for encryption at rest
with the key apart, and that nothing be gathered that the service does not need
(telegram.org/tos/bot-developers, sections 4 and 5).
"""

from __future__ import annotations

import asyncio
import re
import stat
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import pytest

from bot.assistant import Assistant
from bot.channels.telegram.bot import TelegramBot
from bot.channels.telegram.polling import Patience
from bot.channels.telegram.settings import TelegramSettings
from bot.content.words import IN_JAPANESE
from bot.dialogue.plain import plain
from bot.dialogue.presenting import Operator
from bot.dialogue.replies import Commanded
from bot.stores.opening import open_store
from bot.stores.store import Store
from bot.stores.vault import load_vault
from tests.shipped import shipped
from tests.telegram.fake_api import TOKEN, FakeApi

CHAT = 7_123_456_789
NAME = f"telegram:7:{CHAT}"


@pytest.fixture(scope="module")
def assistant() -> Assistant:
    return shipped()


@dataclass
class Talk:
    """A person's chat with the bot; `state` is where it keeps what it keeps, in `store`."""

    api: FakeApi
    state: Path
    store: Store

    async def says(self, text: str) -> str:
        """Type a text and wait until it is dealt with; returns what was answered, as people read it."""
        before = len(self.api.texts(CHAT))
        await self.api.type(CHAT, text)
        await self.api.until(lambda: not self.api.updates, 30)
        while await self.store.parked():  # the later replies of a turn
            await asyncio.sleep(0.01)
        return unescape(re.sub("<[^>]+>", "", "\n".join(self.api.texts(CHAT)[before:])))

    def bytes_kept(self) -> bytes:
        return b"".join(path.read_bytes() for path in self.state.iterdir() if path.name != "secret.key")


@asynccontextmanager
async def talking(assistant: Assistant, state: Path) -> AsyncIterator[Talk]:
    async with FakeApi() as api:
        store = await open_store(None, state)
        patience = Patience(long_poll=1, first_pause=0.05, budget=0.5)
        settings = TelegramSettings(TOKEN, api.base_url, limits=False)
        bot = TelegramBot(settings, assistant.respond, store, patience=patience)
        stop = asyncio.Event()
        running = asyncio.create_task(bot.run(stop))
        await asyncio.wait_for(bot.ready.wait(), 30)
        try:
            yield Talk(api, state, store)
        finally:
            stop.set()
            await running
            await store.close()


async def test_the_privacy_command_says_it_in_400_characters(assistant: Assistant, tmp_path: Path) -> None:
    async with talking(assistant, tmp_path) as talk:
        said = await talk.says("/privacy")
        assert len(said) <= 400
        for word in ("保存しません", "24時間", "/delete", "暗証番号"):
            assert word in said
        registered = [call.fields["commands"] for call in talk.api.of("setMyCommands")]
        assert all({"privacy", "delete"} <= {one["command"] for one in commands} for commands in registered)


def test_where_questions_can_be_handed_over_the_privacy_command_says_so_in_400_characters(
    assistant: Assistant,
) -> None:
    collecting = Assistant(assistant.content, Operator(collects=True), assistant.clock, assistant.matcher)
    said = plain(collecting.respond(None, Commanded("privacy")).replies[0])
    assert len(said) <= 400
    for word in ("役所に届ける", "30日", "/delete では消せません"):
        assert word in said
    assert "30日" in plain(collecting.respond(None, Commanded("delete")).replies[0])
    assert "30日" not in plain(assistant.respond(None, Commanded("privacy")).replies[0])


STEPS = {
    "before anything": (),
    "in a guide": ("/guide",),
    "deep in a guide": ("/guide", "1", "1"),
    "after an answer": ("手数料はいくらですか",),
    "after a secret": ("暗証番号は8512です",),
    "after deleting": ("/guide", "/delete"),
}


@pytest.mark.parametrize("texts", STEPS.values(), ids=STEPS)
async def test_what_is_kept_is_deleted_on_request_at_any_step(
    texts: tuple[str, ...], assistant: Assistant, tmp_path: Path
) -> None:
    async with talking(assistant, tmp_path) as talk:
        for text in texts:
            await talk.says(text)
        address = load_vault(None, tmp_path / "secret.key").address(NAME).encode()
        if texts and texts[-1] == "/guide":
            assert address in talk.bytes_kept()
        began = time.process_time()
        said = await talk.says("/delete")
        assert time.process_time() - began < 1, "seconds of CPU; a second is what the citizen is promised"
        assert "消しました" in said
        assert address not in talk.bytes_kept()


async def test_parked_replies_are_deleted_too(assistant: Assistant, tmp_path: Path) -> None:
    async with talking(assistant, tmp_path) as talk:
        talk.api.fail("sendMessage", 429, retry_after=60, times=1)
        await talk.api.type(CHAT, "/guide")
        await talk.api.until(lambda: not talk.api.updates, 30)
        address = load_vault(None, tmp_path / "secret.key").address(NAME).encode()
        assert address in talk.bytes_kept()
        await talk.api.type(CHAT, "/delete")
        await talk.api.until(lambda: not talk.api.updates, 30)
        store = talk.bytes_kept()
        assert b"recover" not in store


async def test_blocking_the_bot_deletes_as_well(assistant: Assistant, tmp_path: Path) -> None:
    async with talking(assistant, tmp_path) as talk:
        await talk.says("/guide")
        me = {"user": {"id": 7, "is_bot": True, "first_name": "x"}}
        change = {
            "chat": {"id": CHAT, "type": "private"},
            "from": {"id": CHAT, "is_bot": False, "first_name": "x"},
            "date": 1,
            "old_chat_member": {**me, "status": "member"},
            "new_chat_member": {**me, "status": "kicked", "until_date": 0},
        }
        await talk.api.arrive("my_chat_member", change)
        await talk.api.until(lambda: not talk.api.updates, 30)
        assert load_vault(None, tmp_path / "secret.key").address(NAME).encode() not in talk.bytes_kept()


async def test_at_rest_everything_is_encrypted_and_the_key_lies_apart(assistant: Assistant, tmp_path: Path) -> None:
    async with talking(assistant, tmp_path) as talk:
        await talk.says("/guide")
        kept = talk.bytes_kept()
    key = (tmp_path / "secret.key").read_text().strip()
    assert key.encode() not in kept
    assert b"recover" not in kept
    assert str(CHAT).encode() not in kept
    assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.glob("*[ye]")} == {
        "secret.key": 0o600,
        "conversations.sqlite": 0o600,
    }


# --- what is said when someone typed a secret --------------------------------------------


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("暗証番号8512がロックされました", "暗証番号のような4けたの数字"),
        ("パスワード TARO1234 で入れない", "パスワードのような英数字"),
    ],
)
async def test_after_a_pin_the_message_is_deleted_and_three_cases_say_what_to_do(
    text: str, seen: str, assistant: Assistant, tmp_path: Path
) -> None:
    async with talking(assistant, tmp_path) as talk:
        said = await talk.says(text)
        deleted = talk.api.of("deleteMessage")
        assert [(call.chat, call.fields["message_id"]) for call in deleted] == [(CHAT, 1)]
        order = [call.method for call in talk.api.calls if call.method in ("deleteMessage", "sendMessage")]
        assert order[0] == "deleteMessage"
        for word in (
            seen,
            "記録もしていません",
            IN_JAPANESE("secret.deleted"),
            "長押しして「削除」",
            "使える：すぐに別の番号に変えて",
            "ロックしている：役所で、前とちがう番号",
            "手元にない：0120-95-0178",
            "警察",
            "#9110",
            "188",
        ):
            assert word in said
        assert "8512" not in said
        assert "TARO1234" not in said


async def test_the_question_beside_a_secret_is_answered(assistant: Assistant, tmp_path: Path) -> None:
    async with talking(assistant, tmp_path) as talk:
        said = await talk.says("番号は1234 5678 9018です。ロックを解除するのにお金はかかりますか")
        assert "12けたの番号" in said
        assert "無料" in said or "手数料" in said
        assert "5678" not in said


async def test_a_message_that_cannot_be_deleted_any_more_is_answered_all_the_same(
    assistant: Assistant, tmp_path: Path
) -> None:
    async with talking(assistant, tmp_path) as talk:
        talk.api.fail("deleteMessage", 400, description="Bad Request: message can't be deleted")
        assert "長押しして「削除」" in await talk.says("暗証番号は8512です")
