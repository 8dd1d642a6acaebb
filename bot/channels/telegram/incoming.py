"""From a Telegram update to what the person did.

Files, photos and voices are never opened or downloaded: only their kind is passed on. Updates are read
as they come: the library's objects for them cost more than working out the answer to a press.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import isfinite
from typing import Any, Literal, cast, get_args

from telegram.constants import ChatMemberStatus, ChatType, MessageAttachmentType

from bot.channels.telegram.render import Key, Keyboard, Style
from bot.dialogue.replies import COMMANDS, Commanded, Event, Pressed, Said, Sent, Ticks
from bot.dialogue.ticking import is_of_list, ticks_of

KINDS = ("message", "edited_message", "callback_query", "my_chat_member")
"""The update kinds we ask Telegram for."""

_COMMAND = re.compile(r"/(?P<name>[A-Za-z0-9_]{1,32})(?:@(?P<bot>\w+))?(?:\s+(?P<argument>.*))?", re.DOTALL)


@dataclass(frozen=True)
class PressedMessage:
    """The message whose button was pressed, and the keyboard it shows now."""

    message_id: int
    keyboard: Keyboard

    @property
    def ticks(self) -> Ticks | None:
        """What it shows as ticked, if it is a checklist: what counts once nothing is kept any more."""
        return ticks_of(tuple(key.data for row in self.keyboard for key in row if key.data))


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
    asked: int | None = None
    """The citizen's message that the pressed message replies to."""
    album: str | None = None
    """The same for all parts of one album, which get one answer together."""
    speaks: str = ""
    """The language of the person's app (`en`, `pt-br`), if Telegram tells it."""

    @property
    def question(self) -> int | None:
        """The citizen's message that this is about."""
        return self.asked if self.message_id is None else self.message_id

    @property
    def list_message(self) -> int | None:
        """The message that shows the checklist whose button was pressed; None for anything else."""
        of_list = isinstance(self.event, Pressed) and is_of_list(self.event.data)
        return self.pressed.message_id if of_list and self.pressed else None


@dataclass(frozen=True)
class Elsewhere:
    """An update that is not answered in a conversation.

    `group`: someone put the bot into a group, which it leaves. `blocked`: the person blocked the
    bot. `nothing`: no answer is due.
    """

    update_id: int
    chat_id: int
    what: Literal["group", "blocked", "nothing"]


def read_update(raw: dict[str, Any], username: str | None, now: float) -> Incoming | Elsewhere:
    """What this update means. `username` is the bot's own, for `/help@name`; `now` the Unix time.

    Raises KeyError, TypeError, ValueError or AttributeError if the update is malformed.
    """
    update_id = int(raw["update_id"])
    if member := raw.get("my_chat_member"):
        left = member["new_chat_member"]["status"] in (ChatMemberStatus.BANNED, ChatMemberStatus.LEFT)
        if member["chat"]["type"] == ChatType.PRIVATE:
            return Elsewhere(update_id, int(member["chat"]["id"]), "blocked" if left else "nothing")
        return Elsewhere(update_id, int(member["chat"]["id"]), "nothing" if left else "group")
    query = raw.get("callback_query")
    new, edited = raw.get("message"), raw.get("edited_message")
    message = (query.get("message") if query else new or edited) or {}
    chat = message.get("chat")
    if chat is None:
        return Elsewhere(update_id, 0, "nothing")
    chat_id = int(chat["id"])
    if chat["type"] != ChatType.PRIVATE:
        joined_or_wrote = new is not None and "left_chat_member" not in new
        return Elsewhere(update_id, chat_id, "group" if joined_or_wrote else "nothing")
    if query:
        return _read_press(update_id, chat_id, query, now)
    speaks = _speaks(message.get("from"))
    # of what was edited only texts count: each movement of a live location is an edit
    event = _read_message(message, username, speaks) if new is not None or message.get("text") else None
    if event is None:
        return Elsewhere(update_id, chat_id, "nothing")
    at = float(message.get("edit_date") or message["date"])
    if not isfinite(at):
        raise ValueError("a date that is no time")
    album = _text(message.get("media_group_id"))
    return Incoming(update_id, chat_id, event, at, int(message["message_id"]), album=album, speaks=speaks)


def _read_press(update_id: int, chat_id: int, query: dict[str, Any], now: float) -> Incoming | Elsewhere:
    if not query.get("data"):
        return Elsewhere(update_id, chat_id, "nothing")
    pressed, message = None, query["message"]
    if rows := (message.get("reply_markup") or {}).get("inline_keyboard"):
        keyboard = tuple(tuple(_read_key(key) for key in row) for row in rows)
        pressed = PressedMessage(int(message["message_id"]), keyboard)
    question = message.get("reply_to_message") or {}
    ours = (question.get("from") or {}).get("is_bot", False)
    about, asked = (_text(question.get("text")), question.get("message_id")) if not ours else (None, None)
    press, speaks = Pressed(str(query["data"]), about=about), _speaks(query.get("from"))
    return Incoming(update_id, chat_id, press, now, pressed=pressed, asked=asked, speaks=speaks)


def _speaks(sender: object) -> str:
    """The language of a person's app; empty if it is not told."""
    code = sender.get("language_code") if isinstance(sender, dict) else None
    return code if isinstance(code, str) else ""


_STYLES = get_args(Style)


def _read_key(key: dict[str, Any]) -> Key:
    style = key.get("style")
    copy = (key.get("copy_text") or {}).get("text")
    known = cast("Style", style) if style in _STYLES else None
    return Key(str(key["text"]), _text(key.get("callback_data")), _text(key.get("url")), _text(copy), known)


def _text(value: object) -> str | None:
    """A field that is a text or not there. Raises TypeError on anything else, which Telegram never sends."""
    if value is None or isinstance(value, str):
        return value
    raise TypeError(f"no text but a {type(value).__name__}")


_SENT = (
    (Sent("photo"), frozenset({"photo"})),
    (Sent("sticker"), frozenset({"sticker"})),
    (Sent("voice"), frozenset({"voice", "video_note"})),
    (Sent("location"), frozenset({"location", "venue"})),
    (Sent("contact"), frozenset({"contact"})),
    (Sent("file"), frozenset({"document", "audio", "video", "animation"})),
    (Sent("other"), frozenset({*map(str, MessageAttachmentType), "caption"})),
)
"""What was sent, by the fields that tell it; the first that fits."""


def _read_message(message: dict[str, Any], username: str | None, speaks: str) -> Event | None:
    if (text := message.get("text")) is not None:
        return _read_text(text, username, speaks)
    # None is for a service message: pinned, joined, auto-delete timer
    return next((sent for sent, fields in _SENT if not fields.isdisjoint(message)), None)


def _read_text(text: str, username: str | None, speaks: str) -> Event:
    found = _COMMAND.fullmatch(text.strip())
    if found is None or found["name"].lower() not in COMMANDS:
        return Said(text)
    if found["bot"] and username and found["bot"].lower() != username.lower():
        return Said(text)
    return Commanded(found["name"].lower(), (found["argument"] or "").strip(), speaks)
