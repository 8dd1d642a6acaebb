"""Replies that belong together as one reply, so that they arrive as one message.

Telegram takes about 30 messages a second from a bot, and whoever reads on a small screen has one thing to read
and one set of buttons: first the answer, then the question that goes on. Apart stay two answers, for each has its
sources and buttons; what has choices of its own, which would mix with the question's; what is handed out; a
checklist, which a tap changes in place; the choice of a language, which must be found by those who can read nothing
else; and what would not be fewer messages.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.channels.telegram.render import render
from bot.content.words import Words
from bot.dialogue.replies import Button, Checklist, Reply, Text


def join(replies: Iterable[Reply], words: Words) -> tuple[Reply, ...]:
    """The replies of a turn in their order, as few as they can be."""
    joined: list[Reply] = []
    for reply in reversed(list(replies)):
        both = _as_one(reply, joined[0], words) if joined else None
        joined[:1] = [both] if both else [reply, *joined[:1]]
    return tuple(joined)


def _as_one(first: Reply, then: Reply, words: Words) -> Reply | None:
    """Both as one reply, or None if they stay apart.

    The buttons of `then` come first: a typed number means its choices, and a press is marked among them.
    """
    answers = first.kind == "answer"
    if _ends(first) or _begins(then) or (answers and then.kind == "answer"):
        return None
    buttons = _together(then.buttons, first.buttons)
    if buttons is None:
        return None
    between = (Text(words("telegram.goes-on")),) if answers and then.question else ()
    both = replace(
        then,
        kind=first.kind if answers else then.kind,
        blocks=(*first.blocks, *between, *then.blocks),
        buttons=buttons,
        links=(*then.links, *first.links),
        copies=(*then.copies, *first.copies),
        about=first.about or then.about,
    )
    messages = len(render(both, words))
    fewer = messages == 1 or messages < len(render(first, words)) + len(render(then, words))
    return both if fewer else None


def _ends(reply: Reply) -> bool:
    """Whether nothing may follow in its message: its last words belong to its buttons, or it is changed in place."""
    lives = any(isinstance(block, Checklist) and block.lives for block in reply.blocks)
    chooses = any(button.role not in ("side", "primary") for button in reply.buttons)
    return lives or chooses or reply.feedback is not None or reply.take is not None or _begins(reply)


def _begins(reply: Reply) -> bool:
    """Whether nothing may stand before it in its message."""
    return reply.kind in ("checklist", "language") or reply.handed is not None


def _together(buttons: tuple[Button, ...], more: tuple[Button, ...]) -> tuple[Button, ...] | None:
    """Both rows of buttons, the same one once; None if two would have the same words and do different things."""
    known = {(button.label, button.data) for button in buttons}
    rest = tuple(button for button in more if (button.label, button.data) not in known)
    alike = {button.label for button in buttons} & {button.label for button in rest}
    return None if alike else (*buttons, *rest)
