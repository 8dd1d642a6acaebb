"""Nothing lost, nothing twice, nobody waiting for somebody else: when calls fail and chats are slow."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import replace
from typing import Any

import pytest

from bot.channels.telegram import polling
from bot.channels.telegram.bot import TelegramBot
from bot.channels.telegram.polling import PEEK, TelegramRefused
from bot.channels.telegram.sender import UNLIMITED
from bot.channels.telegram.settings import TelegramSettings
from bot.content.loading import load
from bot.content.model import Content
from bot.content.words import IN_JAPANESE
from bot.dialogue.replies import Button, Event, Reply, Said, Text, Turn
from bot.dialogue.token import language_token
from bot.settings import PROJECT
from bot.stores.pace import LocalPace
from bot.stores.sqlite import SqliteStore
from bot.stores.store import Record, StoreError
from tests.telegram.conftest import IMPATIENT, Running
from tests.telegram.fake_api import TOKEN, FakeApi, person
from tests.telegram.fake_assistant import respond

ANN, BEN = 1001, 1002


async def record_of(store: SqliteStore, chat: int) -> Record:
    async with store.open(f"telegram:7:{chat}") as conversation:
        return await conversation.load()


async def test_an_update_is_confirmed_only_after_its_replies_are_out(api: FakeApi, running: Running) -> None:
    answer = hold(api)
    async with running():
        update_id = await api.type(ANN, "a")
        await api.until(lambda: bool(api.of("sendMessage")))
        looks = len(api.given)
        await api.until(lambda: len(api.given) >= looks + 2)
        answer.set()
        assert [update["update_id"] for update in api.updates] == [update_id]
        await api.until(lambda: not api.updates)
    assert api.texts() == ["[a]"]


def hold(api: FakeApi, **more: Any) -> asyncio.Event:
    """Let the next message wait for this event."""
    event = asyncio.Event()
    api.fail("sendMessage", 200, hold=event, **more)
    return event


async def test_while_a_chat_is_slow_the_queue_is_looked_at_calmly(api: FakeApi, running: Running) -> None:
    answer = hold(api)
    async with running():
        await api.type(ANN, "a")
        await api.until(lambda: bool(api.of("sendMessage")))
        began, looks = time.monotonic(), len(api.given)
        await api.until(lambda: len(api.given) >= looks + 4)
        assert time.monotonic() - began > 3 * PEEK
        answer.set()
        await api.until(lambda: not api.updates)


async def test_a_slow_chat_does_not_delay_the_next_look_at_the_queue(
    api: FakeApi, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling, "PEEK", 20.0)  # whoever waited for it would be seen on a slow machine too
    answer = hold(api, chat=ANN)
    async with running():
        await api.type(ANN, "slow")
        await api.until(lambda: bool(api.of("sendMessage")))
        await api.type(BEN, "quick")
        await api.until(lambda: api.texts(BEN) == ["[quick]"])
        began, looks = time.monotonic(), len(api.given)
        await api.until(lambda: len(api.given) > looks)
        assert time.monotonic() - began < 10
        answer.set()
        await api.until(lambda: not api.updates)


async def test_a_slow_chat_delays_no_other(api: FakeApi, running: Running) -> None:
    answer = hold(api, chat=ANN)
    async with running():
        await api.type(ANN, "slow")
        await api.until(lambda: bool(api.of("sendMessage")))
        await api.type(BEN, "quick")
        await api.until(lambda: api.texts(BEN) == ["[quick]"])
        assert api.texts(ANN) == []
        assert [update["message"]["text"] for update in api.updates] == ["slow", "quick"]  # neither is confirmed yet
        answer.set()
        await api.until(lambda: not api.updates)


async def test_a_limited_chat_waits_alone_and_gets_its_reply_in_order(api: FakeApi, running: Running) -> None:
    api.fail("sendMessage", 429, chat=ANN, retry_after=1)
    async with running():
        start = time.monotonic()
        await api.type(ANN, "a")
        await api.type(ANN, "b")
        await api.type(BEN, "quick")
        await api.until(lambda: len(api.texts()) == 3)
        assert time.monotonic() - start >= 1.0
    assert api.texts() == ["[quick]", "[a]", "[a][b]"]


async def test_what_takes_too_long_is_parked_and_later_replies_queue_behind_it(
    api: FakeApi, running: Running, store: SqliteStore
) -> None:
    api.fail("sendMessage", 429, chat=ANN, retry_after=1, times=1000)  # longer than what a reply may take
    async with running():
        await api.type(ANN, "three")
        await api.type(ANN, "after")
        await api.until(lambda: not api.updates)
        assert (await record_of(store, ANN)).parked
        assert api.texts() == []
        api.faults.clear()
        await api.until(lambda: len(api.texts()) == 4)
        while (await record_of(store, ANN)).parked:
            await asyncio.sleep(0.01)
    assert api.texts() == ["1: [three]", "2: [three]", "3: [three]", "[three][after]"]


async def until_the_second_reply_waits(api: FakeApi) -> asyncio.Event:
    """The first reply to a message of ANN's is out and the message confirmed; the next goes out when this is set."""
    first = hold(api)
    await api.type(ANN, "three")
    await api.until(lambda: bool(api.of("sendMessage")))
    second = hold(api)
    first.set()
    await api.until(lambda: len(api.of("sendMessage")) == 2 and not api.updates)
    return second


async def test_an_update_is_confirmed_once_its_first_reply_is_out_and_the_others_follow_in_order(
    api: FakeApi, running: Running, store: SqliteStore
) -> None:
    async with running():
        second = await until_the_second_reply_waits(api)
        assert api.texts() == ["1: [three]"]
        await api.type(ANN, "after")
        second.set()
        await api.until(lambda: len(api.texts()) == 4 and not api.updates)
        while await record_of(store, ANN) != Record("[three][after]"):
            await asyncio.sleep(0.01)
    assert api.texts() == ["1: [three]", "2: [three]", "3: [three]", "[three][after]"]


async def test_what_waited_for_the_last_parked_reply_is_not_parked_itself(
    api: FakeApi, running: Running, store: SqliteStore
) -> None:
    def two(token: str | None, event: Event) -> Turn:
        turn = respond(token, event)
        return replace(turn, replies=turn.replies[:2])

    async with running(answer=two):
        second = await until_the_second_reply_waits(api)
        looks = len(api.given)
        await api.type(ANN, "after")
        await api.until(lambda: len(api.given) > looks + 1)
        second.set()
        await api.until(lambda: len(api.texts()) == 3 and not api.updates)
    assert api.texts() == ["1: [three]", "2: [three]", "[three][after]"]
    assert await store.read(lambda db: db.execute("SELECT seq FROM sqlite_sequence").fetchone()[0]) == 1


async def test_a_mark_is_not_parked(api: FakeApi, running: Running) -> None:
    async with running():
        await api.type(ANN, "question")
        await api.until(lambda: len(api.texts()) == 1)
        (_, message_id), _ = list(api.messages.items())[-1]
        api.fail("sendMessage", 429, chat=ANN, retry_after=1)
        await api.type(ANN, "a")
        await api.press(ANN, message_id, "self")
        await api.until(lambda: len(api.texts()) == 3 and not api.updates)
    assert not api.of("editMessageReplyMarkup")


async def test_a_stop_sends_what_is_still_to_follow(api: FakeApi, store: SqliteStore) -> None:
    bot = TelegramBot(TelegramSettings(TOKEN, api.base_url), respond, store, patience=IMPATIENT)
    stop, answer = asyncio.Event(), hold(api)
    task = asyncio.create_task(bot.run(stop))
    await api.type(ANN, "three")
    await api.until(lambda: bool(api.of("sendMessage")))
    answer.set()
    stop.set()
    await asyncio.wait_for(task, 30)
    assert api.texts() == ["1: [three]", "2: [three]", "3: [three]"]
    assert not await store.parked()


async def test_a_stop_does_not_wait_for_a_chat_that_must_wait(api: FakeApi, store: SqliteStore) -> None:
    patience = replace(IMPATIENT, drain=60.0)
    bot = TelegramBot(TelegramSettings(TOKEN, api.base_url), respond, store, patience=patience)
    stop = asyncio.Event()
    api.fail("sendMessage", 429, retry_after=60)
    task = asyncio.create_task(bot.run(stop))
    await api.type(ANN, "three")
    await api.until(lambda: not api.updates)
    stop.set()
    await asyncio.wait_for(task, 30)
    assert await store.parked()


async def test_in_the_place_of_a_later_reply_that_telegram_never_accepts_stands_an_apology(
    api: FakeApi, running: Running
) -> None:
    async with running():
        answer = hold(api)
        await api.type(ANN, "three")
        await api.until(lambda: bool(api.of("sendMessage")))
        api.fail("sendMessage", 400, description="Bad Request: message is too long")
        answer.set()
        await api.until(lambda: len(api.texts()) == 3)
    assert api.texts() == ["1: [three]", IN_JAPANESE("telegram.apology"), "3: [three]"]


async def test_a_parked_reply_of_another_version_stops_none_behind_it(
    api: FakeApi, running: Running, store: SqliteStore
) -> None:
    async with store.open(f"telegram:7:{ANN}") as conversation:
        await conversation.save(Record("[a]", parked=True), park=(b'[1001, "Sing", {}]',))
    async with running():
        await api.type(ANN, "b")
        await api.until(lambda: len(api.texts()) == 2)
    assert api.texts() == [IN_JAPANESE("telegram.apology"), "[a][b]"]


async def test_parked_replies_are_delivered_after_a_restart(api: FakeApi, running: Running, store: SqliteStore) -> None:
    api.fail("sendMessage", 429, retry_after=60)
    async with running():
        await api.type(ANN, "three")
        await api.until(lambda: not api.updates)
    assert api.texts() == []
    store.pace = LocalPace()  # a new process has not heard of the refusal
    async with running():
        await api.until(lambda: len(api.texts()) == 3)
    assert api.texts() == ["1: [three]", "2: [three]", "3: [three]"]


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 500},
        {"status": 502, "body": b"<html>Bad Gateway</html>"},
        {"status": 200, "body": b'{"ok": tr'},
        {"status": 429, "retry_after": 0},
        {"status": 503, "times": 3},
    ],
    ids=lambda fault: f"{fault['status']}x{fault.get('times', 1)}",
)
async def test_a_send_that_failed_is_repeated(api: FakeApi, running: Running, fault: dict[str, Any]) -> None:
    api.fail("sendMessage", **fault)
    async with running():
        await api.type(ANN, "a")
        await api.until(lambda: api.texts() == ["[a]"])
    assert len(api.of("sendMessage")) == 1 + fault.get("times", 1)


async def test_after_a_403_the_conversation_ends_quietly(
    api: FakeApi, running: Running, store: SqliteStore, caplog: pytest.LogCaptureFixture
) -> None:
    api.fail("sendMessage", 403, description="Forbidden: bot was blocked by the user")
    async with running():
        await api.type(ANN, "three")
        await api.until(lambda: not api.updates)
    assert len(api.of("sendMessage")) == 1
    assert await record_of(store, ANN) == Record()
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


async def test_an_unmodified_toggle_and_a_late_press_are_tolerated(api: FakeApi, running: Running) -> None:
    api.fail("answerCallbackQuery", 400, description="Bad Request: query is too old and response timeout expired")
    async with running():
        await api.type(ANN, "toggles")
        await api.until(lambda: len(api.texts()) == 1)
        asked = next(iter(api.messages))[1]
        for _ in range(2):  # two taps on what the person still sees: the second changes nothing
            await api.press(ANN, asked, "t:on")
        await api.until(lambda: len(api.of("editMessageText")) == 2 and not api.updates)
    assert len(api.texts()) == 1


async def test_an_edit_of_a_message_that_is_gone_is_sent_anew(api: FakeApi, running: Running) -> None:
    async with running():
        await api.type(ANN, "toggles")
        await api.until(lambda: len(api.texts()) == 1)
        api.fail("editMessageText", 400, description="Bad Request: message to edit not found")
        await api.press(ANN, next(iter(api.messages))[1], "t:on")
        await api.until(lambda: len(api.texts()) == 2)


async def test_an_update_that_keeps_failing_gets_one_apology_and_the_next_is_answered(
    api: FakeApi, running: Running, caplog: pytest.LogCaptureFixture
) -> None:
    async with running():
        await api.type(ANN, "boom")
        await api.type(ANN, "a")
        await api.until(lambda: len(api.texts()) == 2)
        await api.until(lambda: not api.updates)
    assert "申し訳ありません" in api.texts()[0]
    assert api.texts()[1] == "[a]"
    assert "RuntimeError at fake_assistant.py" in caplog.text
    assert "0123" not in caplog.text


async def test_a_handled_update_that_comes_again_is_not_answered_again(api: FakeApi, running: Running) -> None:
    async with running():
        await api.type(ANN, "a")
        again = dict(api.updates[0])
        await api.until(lambda: api.texts() == ["[a]"] and not api.updates)
    api.updates.append(again)
    async with running():
        await api.type(ANN, "b")
        await api.until(lambda: len(api.texts()) == 2 and not api.updates)
    assert api.texts() == ["[a]", "[a][b]"]


def take_down(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: Any, **__: Any) -> None:
        raise StoreError("disk I/O error")

    for name in ("read", "run"):
        monkeypatch.setattr(store, name, fail)


async def test_while_the_store_is_down_answers_go_on_without_memory_and_each_chat_is_told_once(
    api: FakeApi, running: Running, store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running():
        await api.type(ANN, "a")
        await api.until(lambda: len(api.texts()) == 1)
        take_down(store, monkeypatch)
        await api.type(ANN, "b")
        await api.type(ANN, "c")
        await api.type(BEN, "d")
        await api.until(lambda: len(api.texts()) == 6 and not api.updates)
    told = IN_JAPANESE("telegram.no-memory")
    assert api.texts(ANN) == ["[a]", "[b]", told, "[c]"]
    assert api.texts(BEN) == ["[d]", told]
    monkeypatch.undo()


async def test_where_nothing_can_be_parked_all_replies_go_out_at_once(
    api: FakeApi, running: Running, store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running():
        answer = hold(api)
        await api.type(ANN, "three")
        await api.until(lambda: bool(api.of("sendMessage")))
        take_down(store, monkeypatch)
        answer.set()
        await api.until(lambda: not api.updates)
    assert api.texts() == ["1: [three]", "2: [three]", "3: [three]"]
    monkeypatch.undo()


async def test_who_wants_the_record_deleted_hears_that_it_still_stands(
    api: FakeApi, running: Running, store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running():
        await api.type(ANN, "a")
        await api.until(lambda: len(api.texts()) == 1)
        take_down(store, monkeypatch)
        await api.type(ANN, "/delete")
        await api.until(lambda: len(api.texts()) == 2 and not api.updates)
    assert api.texts()[1] == IN_JAPANESE("telegram.not-deleted")
    monkeypatch.undo()


@pytest.fixture(scope="module")
def shipped() -> Content:
    return load(PROJECT)


async def test_an_apology_is_in_the_language_of_the_button_or_of_the_app(
    api: FakeApi, running: Running, shipped: Content, store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(token: str | None, event: Event) -> Turn:
        if isinstance(event, Said) and event.text == "languages":
            languages = tuple(Button(name, f"n{language_token(name)}") for name in ("ja", "ja-easy", "en"))
            return Turn(None, (Reply("language", (Text("…"),), languages),))
        raise RuntimeError

    async with running(answer=fail, content=shipped):
        await api.type(ANN, "languages")
        await api.until(lambda: len(api.texts()) == 1 and not api.updates)
        (_, message_id), message = list(api.messages.items())[-1]
        take_down(store, monkeypatch)
        await api.type(BEN, "a", **{"from": person(BEN) | {"language_code": "en-GB"}})
        await api.type(BEN + 1, "a", **{"from": person(BEN + 1) | {"language_code": "fr"}})
        await api.type(BEN + 2, "a")
        await api.until(lambda: len(api.texts()) == 4 and not api.updates)
        for row in message["reply_markup"]["inline_keyboard"]:
            await api.press(ANN, message_id, row[0]["callback_data"])
        await api.until(lambda: len(api.texts(ANN)) == 4 and not api.updates)
    monkeypatch.undo()
    sorry = {name: one.words("telegram.apology") for name, one in shipped.translations.items()}
    sorry["ja"] = IN_JAPANESE("telegram.apology")
    assert api.texts(BEN) == [sorry["en"]]
    assert api.texts(BEN + 1) == api.texts(BEN + 2) == [sorry["ja"]]
    assert api.texts(ANN)[1:] == [sorry["ja"], sorry["ja-easy"], sorry["en"]]


async def test_many_chats_are_answered_in_parallel_and_each_in_order(api: FakeApi, running: Running) -> None:
    async with running(limits=UNLIMITED):
        for number in range(5):
            for chat in range(ANN, ANN + 30):
                await api.type(chat, str(number))
        await api.until(lambda: len(api.texts()) == 150, 60)
    for chat in range(ANN, ANN + 30):
        assert api.texts(chat) == ["".join(f"[{n}]" for n in range(number + 1)) for number in range(5)]


@pytest.mark.parametrize("status", [401, 404])
async def test_a_refused_token_ends_the_bot_with_a_sentence(api: FakeApi, store: SqliteStore, status: int) -> None:
    api.fail("getUpdates", status, description="Unauthorized")
    bot = TelegramBot(TelegramSettings(TOKEN, api.base_url), respond, store, patience=IMPATIENT)
    with pytest.raises(TelegramRefused, match="TELEGRAM_BOT_TOKEN"):
        await asyncio.wait_for(bot.run(asyncio.Event()), 30)


async def test_a_wrong_token_ends_the_bot_at_the_start(api: FakeApi, store: SqliteStore) -> None:
    bot = TelegramBot(TelegramSettings("7:wrong", api.base_url), respond, store, patience=IMPATIENT)
    with pytest.raises(TelegramRefused, match="TELEGRAM_BOT_TOKEN"):
        await asyncio.wait_for(bot.run(asyncio.Event()), 30)


async def test_a_second_poller_ends_the_first_with_a_sentence(api: FakeApi, store: SqliteStore) -> None:
    api.fail("getUpdates", 409, description="Conflict: terminated by other getUpdates request", times=9)
    bot = TelegramBot(TelegramSettings(TOKEN, api.base_url), respond, store, patience=IMPATIENT)
    with pytest.raises(TelegramRefused, match="別の場所でも動いています"):
        await asyncio.wait_for(bot.run(asyncio.Event()), 30)


async def test_of_two_pollers_the_newcomer_ends_and_the_other_goes_on(api: FakeApi, store: SqliteStore) -> None:
    stop, settled = asyncio.Event(), replace(IMPATIENT, settled=0.0)
    first = TelegramBot(TelegramSettings(TOKEN, api.base_url), respond, store, patience=settled)
    running = asyncio.create_task(first.run(stop))
    await first.ready.wait()
    newcomer = TelegramBot(TelegramSettings(TOKEN, api.base_url), respond, store, patience=IMPATIENT)
    with pytest.raises(TelegramRefused, match="別の場所でも動いています"):
        await asyncio.wait_for(newcomer.run(asyncio.Event()), 30)
    await api.type(ANN, "a")
    await api.until(lambda: api.texts() == ["[a]"])
    stop.set()
    await running


async def test_a_short_outage_at_the_start_and_later_is_survived(api: FakeApi, running: Running) -> None:
    api.fail("getMe", 502, times=2)
    api.fail("getUpdates", 500, times=3)
    async with running():
        await api.type(ANN, "a")
        await api.until(lambda: api.texts() == ["[a]"])


async def test_a_stop_finishes_what_is_in_hand_and_confirms_it(api: FakeApi, store: SqliteStore) -> None:
    bot = TelegramBot(TelegramSettings(TOKEN, api.base_url), respond, store, patience=IMPATIENT)
    stop = asyncio.Event()
    task = asyncio.create_task(bot.run(stop))
    answer = hold(api)
    await api.type(ANN, "a")
    await api.until(lambda: bool(api.of("sendMessage")))
    stop.set()
    await asyncio.sleep(0.05)
    answer.set()
    await asyncio.wait_for(task, 30)
    assert api.texts() == ["[a]"]
    assert api.updates == []


async def test_no_log_line_holds_text_chat_or_token(
    api: FakeApi, store: SqliteStore, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    def leak(token: str | None, event: Event) -> Turn:
        logging.getLogger("telegram.Bot").error("Called %s%s", api.base_url, TOKEN)
        logging.getLogger("asyncio").error("Called %s%s", api.base_url, TOKEN)
        return respond(token, event)

    bot = TelegramBot(TelegramSettings(TOKEN, api.base_url), leak, store, patience=IMPATIENT)
    stop = asyncio.Event()
    task = asyncio.create_task(bot.run(stop))
    api.fail("sendMessage", 502, body=b"secret words")
    await api.type(ANN, "secret words")
    await api.type(ANN, "boom")
    await api.until(lambda: len(api.texts()) == 2)
    stop.set()
    await task
    ours = "\n".join(
        f"{record.getMessage()} {record.exc_text}" for record in caplog.records if record.name != "aiohttp.server"
    )
    assert "was given up" in ours
    for secret in ("secret words", str(ANN), TOKEN, TOKEN.partition(":")[2]):
        assert secret not in ours
