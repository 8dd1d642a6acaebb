"""What an update means, read as it comes from Telegram."""

from __future__ import annotations

from typing import Any

import pytest

from bot.channels.telegram.incoming import Elsewhere, Incoming, PressedMessage, read_update
from bot.channels.telegram.render import Key
from bot.dialogue.replies import Commanded, Event, Pressed, Said, Sent

ANN = {"id": 5, "type": "private"}
CLUB = {"id": -5, "type": "supergroup"}


def message(chat: dict[str, Any], **content: Any) -> dict[str, Any]:
    return {"message_id": 9, "date": 1_700_000_000, "chat": chat, "from": {"id": 5}, **content}


@pytest.mark.parametrize(
    ("content", "event"),
    [
        ({"text": "こんにちは"}, Said("こんにちは")),
        ({"text": "/start abc_1"}, Commanded("start", "abc_1")),
        ({"text": " /HELP@kagi_bot "}, Commanded("help")),
        ({"text": "/help@other_bot"}, Said("/help@other_bot")),
        ({"text": "/fly"}, Said("/fly")),
        ({"photo": [{}], "caption": "暗証番号"}, Sent("photo")),
        ({"sticker": {}}, Sent("sticker")),
        ({"video_note": {}}, Sent("voice")),
        ({"venue": {}, "location": {}}, Sent("location")),
        ({"contact": {}}, Sent("contact")),
        ({"animation": {}, "document": {}}, Sent("file")),
        ({"dice": {}}, Sent("other")),
        ({"paid_media": {}, "caption": "x"}, Sent("other")),
    ],
)
def test_a_message_is_what_it_holds(content: dict[str, Any], event: Event) -> None:
    read = read_update({"update_id": 1, "message": message(ANN, **content)}, "kagi_bot", 0.0)
    assert read == Incoming(1, 5, event, 1_700_000_000.0, 9)


def test_of_what_was_edited_only_texts_are_answered_by_the_time_of_the_edit() -> None:
    text = {"update_id": 1, "edited_message": message(ANN, text="a", edit_date=1_700_000_060)}
    moved = {"update_id": 2, "edited_message": message(ANN, location={}, edit_date=1_700_000_060)}
    assert read_update(text, None, 0.0) == Incoming(1, 5, Said("a"), 1_700_000_060.0, 9)
    assert read_update(moved, None, 0.0) == Elsewhere(2, 5, "nothing")


def test_a_press_knows_the_keyboard_it_was_made_on() -> None:
    rows = [[{"text": "はい", "callback_data": "gY"}], [{"text": "地図", "url": "https://example.jp"}]]
    pressed = message(ANN, text="?", reply_markup={"inline_keyboard": rows})
    read = read_update({"update_id": 1, "callback_query": {"id": "q", "data": "gY", "message": pressed}}, None, 7.0)
    keyboard = ((Key("はい", "gY"),), (Key("地図", None, "https://example.jp"),))
    assert read == Incoming(1, 5, Pressed("gY"), 7.0, pressed=PressedMessage(9, keyboard))


def test_a_press_on_a_message_that_telegram_no_longer_shows_is_answered_too() -> None:
    old = {"message_id": 3, "date": 0, "chat": ANN}
    read = read_update({"update_id": 1, "callback_query": {"id": "q", "data": "gY", "message": old}}, None, 7.0)
    assert read == Incoming(1, 5, Pressed("gY"), 7.0)


@pytest.mark.parametrize(
    ("update", "what"),
    [
        ({"message": message(CLUB, text="a")}, "group"),
        ({"message": message(CLUB, left_chat_member={"id": 7})}, "nothing"),
        ({"my_chat_member": {"chat": CLUB, "new_chat_member": {"status": "member"}}}, "group"),
        ({"my_chat_member": {"chat": CLUB, "new_chat_member": {"status": "left"}}}, "nothing"),
        ({"my_chat_member": {"chat": ANN, "new_chat_member": {"status": "kicked"}}}, "blocked"),
        ({"my_chat_member": {"chat": ANN, "new_chat_member": {"status": "member"}}}, "nothing"),
        ({"message": message(ANN, pinned_message={})}, "nothing"),
        ({"callback_query": {"id": "q", "message": message(ANN)}}, "nothing"),
        ({"callback_query": {"id": "q", "data": "x", "inline_message_id": "1"}}, "nothing"),
        ({"poll": {"id": "1"}}, "nothing"),
    ],
)
def test_what_is_not_for_a_conversation_is_told_apart(update: dict[str, Any], what: str) -> None:
    read = read_update({"update_id": 1, **update}, "kagi_bot", 0.0)
    assert isinstance(read, Elsewhere)
    assert read.what == what


@pytest.mark.parametrize(
    "spoiled",
    [
        {"callback_query": {"data": "gY", "message": message(ANN, reply_markup={"inline_keyboard": [[key]]})}}
        for key in ({"text": "はい", "callback_data": {"id": 1}}, {"text": "はい", "url": 7}, {"callback_data": "gY"})
    ]
    + [{"message": message(ANN, text="a", media_group_id=[])}, {"message": message(ANN, text={})}]
    + [{"message": message(ANN, text="a") | {"date": date}} for date in (float("nan"), float("inf"), "soon")],
)
def test_a_field_of_another_type_than_telegram_sends_makes_the_update_unreadable(spoiled: dict[str, Any]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError, AttributeError)):
        read_update({"update_id": 1, **spoiled}, "kagi_bot", 0.0)
