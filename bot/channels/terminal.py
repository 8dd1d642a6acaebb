"""The conversation in a terminal, also with piped input: one line is one message.

Buttons are shown as ［…］; typing a button's words presses it. Commands begin with `/`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TextIO

from bot.dialogue.conversation import Conversation
from bot.dialogue.plain import plain
from bot.dialogue.replies import Commanded, Turn


class Recorder(Protocol):
    """Writes down a conversation (review/talk.py)."""

    def said(self, text: str) -> None: ...

    def pressed(self, label: str) -> None: ...

    def answered(self, turn: Turn) -> None: ...


def chat(
    conversation: Conversation, lines: Iterable[str], out: TextIO, *, greet: bool, recorder: Recorder | None = None
) -> None:
    """Answer each line on `out` until the input ends.

    `greet`: begin with the start page and show a prompt. `recorder` is told of every turn, texts redacted.
    """
    if greet:
        _show(conversation.do(Commanded("start")), out)
        _prompt(out)
    for line in lines:
        text = line.rstrip("\n")
        pressed = conversation.button(text.strip()) is not None
        turn = _take(conversation, text)
        if recorder is not None:
            if pressed:
                recorder.pressed(text.strip())
            else:
                recorder.said(text if turn.redacted is None else turn.redacted)
            recorder.answered(turn)
        _show(turn, out)
        if greet:
            _prompt(out)


def _take(conversation: Conversation, line: str) -> Turn:
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
