"""From a Telegram update to what the person did.

Files, photos and voices are never opened or downloaded: only their kind is passed on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

from telegram import Bot, CallbackQuery, ChatMember, Message, Update
from telegram.constants import ChatType

from bot.channels.telegram.render import Key, Keyboard
from bot.dialogue.replies import COMMANDS, Commanded, Event, Pressed, Said, Sent

KINDS = ("message", "edited_message", "callback_query", "my_chat_member")
"""The update kinds we ask Telegram for."""

_COMMAND = re.compile(r"/(?P<name>[A-Za-z0-9_]{1,32})(?:@(?P<bot>\w+))?(?:\s+(?P<argument>.*))?", re.DOTALL)


@dataclass(frozen=True)
class PressedMessage:
    """The message whose button was pressed, and the keyboard it shows now."""

    message_id: int
    keyboard: Keyboard


@dataclass(frozen=True)
class Incoming:
    """One update of a private chat, ready to be answered."""

    update_id: int
    chat_id: int
    event: Event
    at: float
    """Unix time in seconds when the person did it; when it arrived, for a press."""
    message_id: int | None = None
    """The citizen's own message, which may have to be deleted."""
    pressed: PressedMessage | None = None
    album: str | None = None
    """The same for all parts of one album, which get one answer together."""


@dataclass(frozen=True)
class Elsewhere:
    """An update that is not answered in a conversation.

    `group`: someone put the bot into a group, which it leaves. `blocked`: the person blocked the
    bot. `nothing`: no answer is due.
    """

    update_id: int
    chat_id: int
    what: Literal["group", "blocked", "nothing"]


def read_update(raw: dict[str, Any], bot: Bot, username: str | None, now: float) -> Incoming | Elsewhere:
    """What this update means. `username` is the bot's own, for `/help@name`; `now` the Unix time.

    Raises KeyError, TypeError, ValueError or AttributeError if the update is malformed.
    """
    update = Update.de_json(raw, bot)
    chat = update.effective_chat
    chat_id = chat.id if chat else 0
    if update.my_chat_member:
        left = update.my_chat_member.new_chat_member.status in (ChatMember.BANNED, ChatMember.LEFT)
        if chat and chat.type == ChatType.PRIVATE:
            return Elsewhere(update.update_id, chat_id, "blocked" if left else "nothing")
        return Elsewhere(update.update_id, chat_id, "nothing" if left else "group")
    if chat is None or update.update_id is None:
        return Elsewhere(update.update_id, chat_id, "nothing")
    if chat.type != ChatType.PRIVATE:
        joined_or_wrote = update.message is not None and update.message.left_chat_member is None
        return Elsewhere(update.update_id, chat_id, "group" if joined_or_wrote else "nothing")
    if update.callback_query:
        return _read_press(update.update_id, chat_id, update.callback_query, now)
    if update.message:
        event = _read_message(update.message, username)
    elif update.edited_message and update.edited_message.text:
        event = _read_message(update.edited_message, username)
    else:
        event = None  # such as each movement of a live location
    message = update.effective_message
    if event is None or message is None:
        return Elsewhere(update.update_id, chat_id, "nothing")
    at = (message.edit_date or message.date).timestamp()
    return Incoming(update.update_id, chat_id, event, at, message.message_id, album=message.media_group_id)


def _read_press(update_id: int, chat_id: int, query: CallbackQuery, now: float) -> Incoming | Elsewhere:
    if not query.data:
        return Elsewhere(update_id, chat_id, "nothing")
    pressed = None
    if isinstance(query.message, Message) and query.message.reply_markup:
        rows = query.message.reply_markup.inline_keyboard
        keyboard = tuple(tuple(Key(key.text, _text_or_none(key.callback_data), key.url) for key in row) for row in rows)
        pressed = PressedMessage(query.message.message_id, keyboard)
    return Incoming(update_id, chat_id, Pressed(query.data), now, pressed=pressed)


def _text_or_none(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _read_message(message: Message, username: str | None) -> Event | None:
    if message.text is not None:
        return _read_text(message.text, username)
    if message.photo:
        return Sent("photo")
    if message.sticker:
        return Sent("sticker")
    if message.voice or message.video_note:
        return Sent("voice")
    if message.location or message.venue:
        return Sent("location")
    if message.contact:
        return Sent("contact")
    if message.document or message.audio or message.video or message.animation:
        return Sent("file")
    if message.effective_attachment is not None or message.caption:
        return Sent("other")
    return None  # a service message: pinned, joined, auto-delete timer


def _read_text(text: str, username: str | None) -> Event:
    found = _COMMAND.fullmatch(text.strip())
    if found is None or found["name"].lower() not in COMMANDS:
        return Said(text)
    if found["bot"] and username and found["bot"].lower() != username.lower():
        return Said(text)
    return Commanded(found["name"].lower(), (found["argument"] or "").strip())
