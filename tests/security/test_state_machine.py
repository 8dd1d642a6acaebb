"""Whatever people do in whatever order, with restarts and lapses between: engine and store agree with a model."""

from __future__ import annotations

import asyncio
import functools
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.dialogue.replies import Commanded, Event, Pressed, Said, Turn
from bot.stores.sqlite import SqliteStore
from bot.stores.store import Record
from bot.stores.vault import Vault
from tests.shipped import shipped

KEY = "0" * 43 + "="
CHATS = ("telegram:7:7081234567", "telegram:7:7081234568")
TEXTS = (
    "1",
    "2",
    "はい",
    "わからない",
    "戻る",
    "最初から",
    "やめる",
    "手数料はいくらですか",
    "8512",
    "番号は123456789018",
    "",
    "\ud800",
    "🙂",
)
HOUR = 3600


_shipped = functools.cache(shipped)


class Keeping(RuleBasedStateMachine):
    """Two people, one store; the model is a token and a time for each."""

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="machine-")
        self.loop = asyncio.new_event_loop()
        self.now = 1_800_000_000.0
        self.assistant = _shipped()
        self.model: dict[str, tuple[str | None, float]] = {}
        self.last: dict[str, Turn] = {}
        self.vault = Vault([KEY])
        self.store = self._open()

    def _open(self) -> SqliteStore:
        async def make() -> SqliteStore:
            return SqliteStore(Path(self.folder.name, "store.sqlite"), self.vault, lambda: self.now)

        return self.loop.run_until_complete(make())

    def _do(self, chat: str, event: Event) -> None:
        async def turn() -> Turn:
            async with self.store.open(chat) as conversation:
                record = await conversation.load()
                assert record.token in self._allowed(chat)
                turn = self.assistant.respond(record.token, event)
                if turn.forget:
                    await conversation.forget()
                else:
                    await conversation.save(Record(turn.token))
                return turn

        made = self.loop.run_until_complete(turn())
        assert made.replies, "nobody is left without an answer"
        assert all(len(button.data) <= 64 for reply in made.replies for button in reply.buttons)
        if isinstance(event, Said):
            assert "8512" not in (made.redacted or "")
            assert "123456789018" not in (made.redacted or "")
        self.last[chat] = made
        self.model[chat] = (None if made.forget else made.token, self.now)

    def _allowed(self, chat: str) -> tuple[str | None, ...]:
        """What a record may hold: up to 24 hours its token, after that nothing, at the very second either."""
        token, at = self.model.get(chat, (None, self.now))
        age = self.now - at
        return (token,) if age < 24 * HOUR else (None,) if age > 24 * HOUR else (token, None)

    @rule(chat=st.sampled_from(CHATS), text=st.one_of(st.sampled_from(TEXTS), st.text(max_size=30)))
    def say(self, chat: str, text: str) -> None:
        self._do(chat, Said(text))

    @rule(chat=st.sampled_from(CHATS), name=st.sampled_from(["start", "guide", "menu", "help", "privacy"]))
    def command(self, chat: str, name: str) -> None:
        self._do(chat, Commanded(name))

    @rule(chat=st.sampled_from(CHATS))
    def delete(self, chat: str) -> None:
        self._do(chat, Commanded("delete"))
        assert self.vault.address(chat).encode() not in self._bytes()

    @precondition(lambda self: self.last)
    @rule(chat=st.sampled_from(CHATS), by=st.sampled_from(CHATS), which=st.integers(0, 40))
    def press(self, chat: str, by: str, which: int) -> None:
        """A button of the last message, also one that was forwarded from somebody else."""
        turn = self.last.get(chat)
        buttons = [button for reply in turn.replies for button in reply.buttons] if turn else []
        if buttons:
            self._do(by, Pressed(buttons[which % len(buttons)].data))

    @rule(data=st.text("gbefkmlhpsxdctv0AZ_-", max_size=64))
    def forge(self, data: str) -> None:
        self._do(CHATS[0], Pressed(data))

    @rule(hours=st.sampled_from([1, 23, 25]))
    def wait(self, hours: int) -> None:
        self.now += hours * HOUR
        self.loop.run_until_complete(self.store.sweep())

    @rule()
    def restart(self) -> None:
        self.loop.run_until_complete(self.store.close())
        self.store = self._open()

    @invariant()
    def nothing_is_readable(self) -> None:
        if hasattr(self, "store"):
            kept = self._bytes()
            assert b"708123456" not in kept
            assert b"recover" not in kept

    def _bytes(self) -> bytes:
        return b"".join(path.read_bytes() for path in Path(self.folder.name).iterdir())

    def teardown(self) -> None:
        self.loop.run_until_complete(self.store.close())
        self.loop.close()
        self.folder.cleanup()


TestStore: Any = Keeping.TestCase
TestStore.settings = settings(max_examples=8, stateful_step_count=15, deadline=None)
