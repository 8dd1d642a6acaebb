"""What a person meets on Telegram, against a strict fake of the Bot API."""

from __future__ import annotations

from typing import Any

import pytest

from bot.channels.telegram.sender import Limits
from bot.dialogue.replies import COMMANDS
from tests.telegram.conftest import Running
from tests.telegram.fake_api import FakeApi, person

ANN, BEN, GROUP = 1001, 1002, -500


async def test_texts_are_answered_one_after_another_with_the_state_between(api: FakeApi, running: Running) -> None:
    async with running():
        for text in ("a", "b", "c"):
            await api.type(ANN, text)
        await api.until(lambda: len(api.texts()) == 3)
    assert api.texts() == ["[a]", "[a][b]", "[a][b][c]"]


async def test_the_bot_registers_its_commands_and_keeps_waiting_updates(api: FakeApi, running: Running) -> None:
    await api.type(ANN, "sent while the bot was away")
    async with running() as bot:
        await api.until(lambda: len(api.texts()) == 1)
        assert bot.username == "kagi_bot"
    assert [c.fields.get("language_code") for c in api.of("setMyCommands")] == [None, "ja"]
    assert [c["command"] for c in api.of("setMyCommands")[0].fields["commands"]] == list(COMMANDS)
    assert "drop_pending_updates" not in api.of("deleteWebhook")[0].fields


async def test_a_press_is_answered_marked_and_followed_by_a_new_message(api: FakeApi, running: Running) -> None:
    async with running():
        await api.type(ANN, "question")
        await api.until(lambda: len(api.texts()) == 1)
        (_, asked), message = next(item for item in api.messages.items())
        await api.press(ANN, asked, "proxy")
        await api.until(lambda: len(api.texts()) == 2)
    assert api.of("answerCallbackQuery")[0].fields["callback_query_id"].startswith("q")
    labels = [[key["text"] for key in row] for row in message["reply_markup"]["inline_keyboard"]]
    assert labels == [["本人が行く"], ["✓ 本人は行けない"], ["もどる", "最初から"]]
    assert api.texts()[1] == "押した: proxy"


async def test_another_choice_on_an_old_message_moves_the_mark(api: FakeApi, running: Running) -> None:
    async with running():
        await api.type(ANN, "question")
        await api.until(lambda: len(api.texts()) == 1)
        (_, asked), message = next(item for item in api.messages.items())
        for count, data in ((2, "proxy"), (3, "self")):
            await api.press(ANN, asked, data)
            await api.until(lambda count=count: len(api.texts()) == count)
    labels = [row[0]["text"] for row in message["reply_markup"]["inline_keyboard"][:2]]
    assert labels == ["✓ 本人が行く", "本人は行けない"]


async def test_a_toggle_changes_its_message_in_place(api: FakeApi, running: Running) -> None:
    async with running():
        await api.type(ANN, "toggles")
        await api.until(lambda: len(api.texts()) == 1)
        (_, asked), message = next(item for item in api.messages.items())
        assert message["reply_markup"]["inline_keyboard"][0][0]["text"] == "☐ 免許証"
        await api.press(ANN, asked, "t:on")
        await api.until(lambda: bool(api.of("editMessageText")))
        await api.until(lambda: message["reply_markup"]["inline_keyboard"][0][0]["text"] == "☑ 免許証")
    assert len(api.texts()) == 1


async def test_commands_deep_links_edits_and_media_become_events(api: FakeApi, running: Running) -> None:
    async with running():
        await api.type(ANN, "/start TOKEN_1")
        await api.type(ANN, "/HELP@Kagi_Bot")
        await api.arrive("edited_message", api.message_of(ANN, text="edited", edit_date=1_800_000_000))
        await api.arrive("message", api.message_of(ANN, location={"latitude": 1.0, "longitude": 2.0}))
        await api.type(ANN, "/unknown")
        await api.until(lambda: len(api.texts()) == 5)
    assert api.texts() == ["/start TOKEN_1", "/help ", "[edited]", "それは読めません", "[edited][/unknown]"]


async def test_an_album_gets_one_answer(api: FakeApi, running: Running) -> None:
    photo = [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]
    async with running():
        for _ in range(4):
            await api.arrive("message", api.message_of(ANN, photo=photo, media_group_id="g"))
        await api.type(ANN, "after")
        await api.until(lambda: "[after]" in api.texts())
    assert api.texts() == ["それは読めません", "[after]"]


async def test_a_message_with_a_secret_is_deleted_and_answered_even_if_deleting_fails(
    api: FakeApi, running: Running
) -> None:
    async with running():
        await api.type(ANN, "pin 0123")
        await api.until(lambda: len(api.texts()) == 1)
        api.fail("deleteMessage", 400, description="Bad Request: message can't be deleted")
        await api.type(ANN, "pin 4567")
        await api.until(lambda: len(api.texts()) == 2)
    assert [call.chat for call in api.of("deleteMessage")] == [ANN, ANN]


async def test_delete_forgets_the_conversation(api: FakeApi, running: Running) -> None:
    async with running():
        for count, text in enumerate(("a", "/delete", "b"), 1):
            await api.type(ANN, text)
            await api.until(lambda count=count: len(api.texts()) == count)
    assert api.texts() == ["[a]", "消しました", "[b]"]


async def test_in_a_group_the_bot_says_one_sentence_and_leaves(api: FakeApi, running: Running) -> None:
    group = {"id": GROUP, "type": "group", "title": "町内会"}
    async with running():
        for text in ("hello", "are you there"):
            await api.arrive("message", {**api.message_of(ANN, text=text), "chat": group})
        await api.type(ANN, "private")
        await api.until(lambda: len(api.texts()) == 2 and bool(api.of("leaveChat")))
    assert ["グループではお答えできません" in text for text in api.texts(GROUP)] == [True]
    assert [call.chat for call in api.of("leaveChat")] == [GROUP]


async def test_whoever_blocks_the_bot_is_forgotten(api: FakeApi, running: Running) -> None:
    async def member(status: str) -> None:
        both = {"user": {"id": 7, "is_bot": True, "first_name": "かぎ"}}
        change: dict[str, Any] = {
            "chat": {"id": ANN, "type": "private"},
            "from": person(ANN),
            "date": 1_800_000_000,
            "old_chat_member": {"status": "member", **both},
            "new_chat_member": {"status": status, **both, **({"until_date": 0} if status == "kicked" else {})},
        }
        await api.arrive("my_chat_member", change)

    async with running():
        await api.type(ANN, "a")
        await member("kicked")
        await member("member")
        await api.type(ANN, "b")
        await api.until(lambda: len(api.texts()) == 2)
    assert api.texts() == ["[a]", "[b]"]


async def test_more_than_20_updates_a_minute_get_one_polite_sentence(api: FakeApi, running: Running) -> None:
    async with running(limits=Limits(chat_burst=100)):
        for number in range(25):
            await api.type(ANN, f"{number}")
        await api.type(BEN, "other")
        await api.until(lambda: "[other]" in api.texts(BEN))
        await api.until(lambda: any("あわてなくて大丈夫です" in text for text in api.texts(ANN)))
    assert sum("あわてなくて大丈夫です" in text for text in api.texts(ANN)) == 1
    assert sum(text.startswith("[0]") for text in api.texts(ANN)) == 20


async def test_what_gathered_over_an_hour_of_outage_is_answered_in_full(api: FakeApi, running: Running) -> None:
    for number in range(30):
        message = {**api.message_of(ANN, text=f"{number}"), "date": 1_800_000_000 + 10 * number}
        await api.arrive("message", message)
    async with running(limits=Limits(chat_burst=100)):
        await api.until(lambda: len(api.texts()) == 30)
    assert api.texts()[-1].endswith("[29]")


async def test_texts_are_escaped_and_long_ones_arrive_in_full(api: FakeApi, running: Running) -> None:
    text = "<b>&</b>" + "あ" * 3900
    async with running():
        await api.type(ANN, text)
        await api.until(lambda: sum(text.count("あ") for text in api.texts()) == 3900)
    assert api.texts()[0].startswith("[&lt;b&gt;&amp;&lt;/b&gt;あ")


@pytest.mark.parametrize("raw", [{"message": {"chat": 5}}, {"callback_query": {}}, {"poll": {}}, {}])
async def test_an_update_that_nobody_can_read_stops_nothing(
    api: FakeApi, running: Running, raw: dict[str, Any]
) -> None:
    async with running():
        api.updates.append({"update_id": 99, **raw})
        await api.type(ANN, "next")
        await api.until(lambda: api.texts() == ["[next]"])
        await api.until(lambda: not api.updates)
