"""Handing a question that was not answered to the office: only where the operator wants it, only after a yes.

The text is shown without secrets and confirmed before anything is kept, and what is kept is what was shown: the
button that says yes carries a code of it. The text itself comes along with the press (`Pressed.about`); nothing
keeps it in between.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from bot.content.words import Words
from bot.dialogue.guard import PLACEHOLDER, guard
from bot.dialogue.replies import Button, Heading, Reply, Text, Turn, Warning
from bot.dialogue.token import offer_code

ASK, YES, NO = "o", "j", "a"
"""The first letters of the buttons: hand this to the office; yes, with the code of the text; no."""

GIVEN_LIMIT = 300
"""Characters of a text that may be handed over: a question, not a story."""

GIVEN_DAYS = 30
"""Days that it is kept at most."""


@dataclass(frozen=True)
class Giving:
    """What a press leads to: a reply, and the text to keep if it was confirmed."""

    reply: Reply
    given: str | None = None


def offer(words: Words) -> Button:
    """The button under an unanswered question."""
    return Button(words("give.button"), ASK, "side")


def is_giving(data: str) -> bool:
    """Whether a press is about handing a question over."""
    return data[:1] in (ASK, YES, NO)


def press(data: str, about: str | None, words: Words, *, collects: bool) -> Giving:
    """What the press `data` leads to with the text `about` that it brought along."""
    if data == NO:
        return _said(words, "give.not")
    if not collects:
        return _said(words, "give.off")
    text = guard(about or "").text.strip()
    if not text:
        return _said(words, "give.gone")
    if not text.replace(PLACEHOLDER, "").strip():
        return _said(words, "give.only-secret")
    if len(text) > GIVEN_LIMIT:
        return _said(words, "give.long", limit=GIVEN_LIMIT)
    if data == YES + offer_code(text):
        return Giving(Reply("notice", (Text(words("give.done", days=GIVEN_DAYS)),)), text)
    return Giving(_confirm(text, words))


def not_kept(turn: Turn, why: Literal["full", "failed"]) -> Turn:
    """The turn for a channel that could not keep what was given: it says so instead."""
    return replace(turn, replies=(Reply("notice", (Text(turn.words(f"give.{why}")),)),), given=None)


def _said(words: Words, name: str, **slots: object) -> Giving:
    return Giving(Reply("notice", (Text(words(name, **slots)),)))


def _confirm(text: str, words: Words) -> Reply:
    blocks = (
        Heading(words("give.title")),
        Text(words("quoted", text=text)),
        Warning(words("give.names")),
        Text(words("give.how", days=GIVEN_DAYS)),
    )
    yes, no = Button(words("give.yes"), YES + offer_code(text)), Button(words("give.no"), NO)
    return Reply("notice", blocks, (yes, no), about=text)
