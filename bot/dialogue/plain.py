"""Replies as plain text, for the terminal and for recorded talks."""

from __future__ import annotations

from bot.dialogue.replies import Block, Bullets, Checklist, Details, Heading, Picture, Reply, Sources, Text, Warning


def plain(reply: Reply, *, details: bool = True) -> str:
    """The reply as lines of text, buttons in brackets at the end; without `details`, folded parts are left out."""
    parts = [text for block in reply.blocks if (text := _block(block, details=details))]
    buttons = " ".join(f"［{'✓' if button.on else ''}{button.label}］" for button in reply.buttons)
    links = "\n".join(f"{link.label}：{link.url}" for link in reply.links)
    return "\n".join(part for part in (*parts, buttons, links) if part)


def _block(block: Block, *, details: bool) -> str:
    match block:
        case Heading(text):
            return f"■ {text}"
        case Warning(text):
            return f"【注意】{text}"
        case Text(text):
            return text
        case Bullets(items, ordered):
            return "\n".join(f"{number}. {item}" if ordered else f"・{item}" for number, item in enumerate(items, 1))
        case Checklist(title, items):
            lines = [f"□ {item.text}" + (f"（{item.note}）" if item.note else "") for item in items]
            return "\n".join((f"■ {title}", *lines))
        case Details(title, text):
            return f"（{title}）\n{text}" if details else ""
        case Picture(_, title, parts, foot):
            if not details:
                return ""
            drawn = [f"・{part.head}：{' '.join(part.lines)}" for part in parts]
            return "\n".join((f"（絵）{title}", *drawn, *([foot] if foot else [])))
        case Sources(items, freshness):
            if not details:
                return ""
            return "\n".join((freshness, *(f"出典：{item.name}（{item.date}）{item.url}" for item in items)))
