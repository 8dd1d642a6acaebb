"""Runs transcripts: the tests people read to learn what the bot does.

A transcript is a title and indented lines, each a word and its text::

    user TEXT       types TEXT (or a command: /guide)     press LABEL   presses the button
    send KIND       sends a photo, sticker, voice …       data DATA     presses a button we never made
    bot TEXT [A]    the turn says TEXT; with brackets, its choices are exactly these
    never TEXT      the turn does not say TEXT
    entry, question, route ID    a reply of the turn is this one

The token is packed and unpacked between turns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.dialogue.conversation import Conversation
from bot.dialogue.dates import TOKYO
from bot.dialogue.engine import Engine
from bot.dialogue.plain import plain
from bot.dialogue.replies import Pressed, Sent, Turn

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=TOKYO)


@dataclass(frozen=True)
class Transcript:
    """One conversation of a file; `lines` are (line number, word, text)."""

    title: str
    lines: tuple[tuple[int, str, str], ...]


def read(path: Path) -> Iterator[Transcript]:
    """The transcripts of a file."""
    title, lines = "", []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        if not line.startswith(" "):
            if lines:
                yield Transcript(title, tuple(lines))
            title, lines = line.strip(), []
        else:
            word, _, text = line.strip().partition(" ")
            lines.append((number, word, text.strip()))
    if lines:
        yield Transcript(title, tuple(lines))


def play(transcript: Transcript, engine: Engine) -> None:
    """Converse; AssertionError names the line that does not hold."""
    conversation = Conversation(lambda: engine, lambda: NOW)
    for number, word, text in transcript.lines:
        where = f"line {number}: {word} {text}"
        if word == "user":
            conversation.say(text)
        elif word == "press":
            conversation.press(text)
        elif word == "send":
            conversation.do(Sent(text))  # type: ignore[arg-type]
        elif word == "data":
            conversation.do(Pressed(text))
        else:
            assert conversation.last is not None, where
            check(conversation.last, word, text, where)


def check(turn: Turn, word: str, text: str, where: str) -> None:
    """Assert that `turn` is what the line says."""
    said = "\n".join(plain(reply, turn.words) for reply in turn.replies)
    if word == "bot":
        wanted, labels = re.sub(r"\s*\[.*\]$", "", text), re.findall(r"\[([^\]]+)\]", text)
        assert wanted in said, f"{where}\nwas: {said}"
        if labels:
            shown = [b.label for b in turn.replies[-1].buttons if b.role != "side"]
            assert shown == labels, f"{where}\nwas: {shown}"
    elif word == "never":
        assert text not in said, f"{where}\nwas: {said}"
    elif word in ("entry", "question", "route"):
        found = [getattr(reply, word) for reply in turn.replies]
        assert text in found, f"{where}\nwas: {found}\n{said}"
    else:
        raise AssertionError(f"{where}: unknown word")
