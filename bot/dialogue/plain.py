"""Replies as plain text, for the terminal and for recorded talks."""

from __future__ import annotations

from bot.content.words import IN_JAPANESE, Words
from bot.dialogue.replies import Block, Bullets, Checklist, Details, Heading, Picture, Reply, Sources, Text, Warning


def plain(reply: Reply, words: Words = IN_JAPANESE, *, details: bool = True) -> str:
    """The reply as lines of text, buttons in brackets at the end; without `details`, folded parts are left out."""
    parts = [text for block in reply.blocks if (text := _block(block, words, details=details))]
    buttons = " ".join(f"［{'✓' if button.on else ''}{button.label}］" for button in reply.buttons)
    links = "\n".join(f"{words('pair', label=link.label, text=link.url)}" for link in reply.links)
    return "\n".join(part for part in (*parts, buttons, links) if part)


def _block(block: Block, words: Words, *, details: bool) -> str:
    match block:
        case Heading(text):
            return f"■ {text}"
        case Warning(text):
            return f"【{words('warning')}】{text}"
        case Text(text):
            return text
        case Bullets(items, ordered):
            return "\n".join(f"{number}. {item}" if ordered else f"・{item}" for number, item in enumerate(items, 1))
        case Checklist(title, items):
            lines = [
                f"□ {words('with-note', text=item.text, note=item.note) if item.note else item.text}" for item in items
            ]
            return "\n".join((f"■ {title}", *lines))
        case Details(title, text):
            return f"{words('in-brackets', text=title)}\n{text}" if details else ""
        case Picture(_, title, parts, foot):
            if not details:
                return ""
            drawn = [f"・{words('pair', label=part.head, text=' '.join(part.lines))}" for part in parts]
            return "\n".join((words("picture", title=title), *drawn, *([foot] if foot else [])))
        case Sources(items, freshness):
            if not details:
                return ""
            named = (f"{words('with-note', text=item.name, note=item.date)}{item.url}" for item in items)
            return "\n".join((freshness, *(words("pair", label=words("source"), text=one) for one in named)))
