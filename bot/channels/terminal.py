"""The conversation in a terminal, also with piped input: one line is one message.

Buttons are shown as ［…］; typing a button's words presses it. Commands begin with `/`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TextIO

from bot.dialogue.conversation import Conversation
from bot.dialogue.plain import plain
from bot.dialogue.replies import COMMANDS, Commanded, Turn


def chat(conversation: Conversation, lines: Iterable[str], out: TextIO, *, greet: bool) -> None:
    """Answer each line on `out` until the input ends. `greet`: begin with the start page and show a prompt."""
    if greet:
        _show(conversation.do(Commanded("start")), out)
        _prompt(out)
    for line in lines:
        _show(_take(conversation, line.rstrip("\n")), out)
        if greet:
            _prompt(out)


def _take(conversation: Conversation, line: str) -> Turn:
    name, _, argument = line.strip().removeprefix("/").partition(" ")
    if line.strip().startswith("/") and name in COMMANDS:
        return conversation.do(Commanded(name, argument))
    if conversation.button(line.strip()) is not None:
        return conversation.press(line.strip())
    return conversation.say(line)


def _show(turn: Turn, out: TextIO) -> None:
    for reply in turn.replies:
        out.write(plain(reply) + "\n\n")
    out.flush()


def _prompt(out: TextIO) -> None:
    out.write("> ")
    out.flush()
