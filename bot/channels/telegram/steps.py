"""What a turn does in a chat, as a list of steps that can be counted, parked and resumed.

The steps follow from the turn and the update alone, so the same update gives the same steps after
a crash. Only toggles, ticks and the language are edited in place; else the pressed button gets its ✓ and what comes
next is a new message at the bottom, where the person is looking.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Literal

from pydantic_core import to_json

from bot.channels.telegram.handing import NOTHING, Handing, alternative, calendar_text, caption
from bot.channels.telegram.incoming import Incoming, PressedMessage
from bot.channels.telegram.joining import join
from bot.channels.telegram.render import CHOSEN, TICKED, UNTICKED, Key, Keyboard, Message, render
from bot.content.words import IN_JAPANESE
from bot.dialogue.presenting import FEEDBACK
from bot.dialogue.replies import Handed, Picture, Place, Places, Pressed, Reminder, Reply, Text, Turn, Warning
from bot.dialogue.token import spoken


@dataclass(frozen=True)
class Send:
    """Send a new message, as a reply to an earlier one if it is still there."""

    message: Message
    reply_to: int | None = None


@dataclass(frozen=True)
class Edit:
    """Put a message in the place of an earlier one; send it anew if that is gone."""

    message_id: int
    message: Message


@dataclass(frozen=True)
class Mark:
    """Show on an earlier message's keyboard which button was chosen."""

    message_id: int
    keyboard: Keyboard


@dataclass(frozen=True)
class Delete:
    """Delete a message of the citizen that held a secret."""

    message_id: int


@dataclass(frozen=True)
class SendFile:
    """Send what is made only then (files.py): the result of a token, a calendar file, or a picture by its name."""

    what: Literal["pdf", "pictures", "calendar", "explain", "code"]
    source: str
    caption: str
    otherwise: str = IN_JAPANESE("handed.not-made")
    """What is said if it cannot be made any more."""


@dataclass(frozen=True)
class SendVenue:
    """Send a place on a map."""

    place: Place


Step = Send | Edit | Mark | Delete | SendFile | SendVenue


def plan(turn: Turn, incoming: Incoming, handing: Handing = NOTHING) -> tuple[Step, ...]:
    """The steps of a turn, in order. `handing` says what this bot can hand out."""
    steps: list[Step] = []
    if turn.found and incoming.message_id is not None:
        steps.append(Delete(incoming.message_id))
        turn = _telling_of_deletion(turn)
    replies = join(turn.replies, turn.words)
    said = [step for reply in replies for step in _said(reply, incoming, handing, turn)]
    pressed = incoming.pressed
    if pressed is not None and isinstance(incoming.event, Pressed):
        if turn.ticks is not None and isinstance(said[-1], Send):
            return (*steps, Edit(pressed.message_id, said[-1].message))
        in_place = _is_toggle(pressed, incoming.event.data) or _is_language(incoming.event.data)
        if len(said) == 1 and isinstance(said[0], Send) and in_place:
            return (*steps, Edit(pressed.message_id, said[0].message))
        marked = _with_mark(pressed, incoming.event.data)
        if marked is not None:
            steps.append(Mark(pressed.message_id, marked))
    return (*steps, *said)


def _telling_of_deletion(turn: Turn) -> Turn:
    """The turn whose first warning says what became of the message. Where that failed the warning helps on."""
    told = Text(turn.words("secret.deleted"))
    for place, reply in enumerate(turn.replies):
        at = next((at for at, block in enumerate(reply.blocks, 1) if isinstance(block, Warning)), None)
        if at is not None:
            warning = replace(reply, blocks=(*reply.blocks[:at], told, *reply.blocks[at:]))
            return replace(turn, replies=(*turn.replies[:place], warning, *turn.replies[place + 1 :]))
    return turn


def _said(reply: Reply, incoming: Incoming, handing: Handing, turn: Turn) -> Iterator[Send | SendFile | SendVenue]:
    """The messages of a reply, its pictures before them, so that its buttons come last; or the file it hands out."""
    words, otherwise = turn.words, turn.words("handed.not-made")
    match reply.handed:
        case Handed("link", token):
            if handing.prints and handing.link(token):
                yield SendFile("code", token, words("handed.code"), otherwise)
            yield from (Send(message) for message in handing.letter(reply, token, words))
        case Handed() if not handing.prints:
            yield Send(Message(words("handed.no-files")))
        case Handed(what, token):
            yield SendFile("pdf" if what == "pdf" else "pictures", token, caption(reply, words), otherwise)
        case Reminder() as reminder:
            text = calendar_text(reminder, incoming.at, handing.link(reminder.token), words)
            yield SendFile("calendar", text, caption(reply, words))
        case Places(places):
            yield from (Send(message) for message in render(reply, words))
            yield from (SendVenue(place) for place in places)
        case None:
            pictures = [block for block in reply.blocks if isinstance(block, Picture)] if handing.prints else []
            for picture in pictures:
                yield SendFile("explain", f"{picture.name}.{turn.language}", alternative(picture), otherwise)
            *before, last = render(handing.offer(reply), words)
            yield from (Send(message) for message in before)
            yield Send(last, incoming.question if reply.about else None)  # so that a press brings the question along


def pack_step(chat_id: int, step: Step) -> bytes:
    """A step and its chat as bytes, for parking."""
    return to_json([chat_id, type(step).__name__, step])


def unpack_step(payload: bytes) -> tuple[int, Step]:
    """The inverse of `pack_step`. Raises ValueError, KeyError or TypeError on anything else."""
    chat_id, kind, fields = json.loads(payload)
    match kind:
        case "Send":
            return chat_id, Send(_message(fields["message"]), fields.get("reply_to"))
        case "Edit":
            return chat_id, Edit(fields["message_id"], _message(fields["message"]))
        case "Mark":
            return chat_id, Mark(fields["message_id"], _keyboard(fields["keyboard"]))
        case "Delete":
            return chat_id, Delete(fields["message_id"])
        case "SendVenue":
            return chat_id, SendVenue(Place(**fields["place"]))
        case "SendFile":
            return chat_id, SendFile(**fields)
    raise ValueError(f"no step is called {kind}")


def _message(fields: dict[str, object]) -> Message:
    return Message(str(fields["html"]), _keyboard(fields["keyboard"]))


def _keyboard(rows: object) -> Keyboard:
    assert isinstance(rows, list)
    return tuple(tuple(Key(**key) for key in row) for row in rows)


def _is_language(data: str) -> bool:
    """Whether a press asks for the same in another language."""
    return data.startswith("n") and spoken(data[1:]) is not None


def _is_toggle(pressed: PressedMessage, data: str) -> bool:
    return any(key.data == data and key.label.startswith((TICKED, UNTICKED)) for row in pressed.keyboard for key in row)


def _with_mark(pressed: PressedMessage, data: str) -> Keyboard | None:
    """The keyboard with ✓ on the pressed choice alone; None if nothing changes.

    Choices come first and have a row to themselves; a link or two buttons in a row end them. Above them may be the
    two buttons of a feedback question, which are marked among themselves.
    """
    keyboard = pressed.keyboard
    said = keyboard[:1] if keyboard and all(key.data and key.data[0] in _FEEDBACK for key in keyboard[0]) else ()
    choices = tuple(takewhile(lambda row: len(row) == 1 and row[0].data is not None, keyboard[len(said) :]))
    rest = keyboard[len(said) + len(choices) :]
    marked = _marked(said, data), _marked(choices, data), rest
    return (*marked[0], *marked[1], *rest) if marked != (said, choices, rest) else None


def _marked(rows: Keyboard, data: str) -> Keyboard:
    """The rows with ✓ on the pressed key alone; as they are if it is not among them."""
    if not any(key.data == data for row in rows for key in row):
        return rows
    return tuple(tuple(_mark(key, key.data == data) for key in row) for row in rows)


_FEEDBACK = frozenset(FEEDBACK.values())


def _mark(key: Key, chosen: bool) -> Key:
    label = key.label.removeprefix(CHOSEN)
    marked = CHOSEN + label if chosen else label
    return key if marked == key.label else replace(key, label=marked)
