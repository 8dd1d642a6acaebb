"""Replies as Telegram messages: HTML within the length limit, and keyboards.

Everything is escaped here. Messages are cut between blocks, else between lines, else inside a line,
and every part is complete HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from html import escape
from typing import Literal
from urllib.parse import urlsplit

from bot.content.words import IN_JAPANESE, Words
from bot.dialogue.replies import (
    Block,
    Bullets,
    Button,
    Checklist,
    Copy,
    Details,
    Heading,
    Link,
    Picture,
    Reply,
    Sources,
    Text,
    Warning,
)
from bot.dialogue.results import all_there

LIMIT = 4096
"""UTF-16 units of one message. Telegram counts without tags; we count them too, which is never too long."""

DATA_LIMIT = 64
"""Bytes of a button's data."""

TICKED, UNTICKED, CHOSEN = "☑ ", "☐ ", "✓ "


Style = Literal["primary", "danger", "success"]


@dataclass(frozen=True)
class Key:
    """One button of a keyboard: `data` comes back, `url` opens, or `copy` goes to the clipboard.

    `style` colours it where the app can; its words say the same without a colour.
    """

    label: str
    data: str | None = None
    url: str | None = None
    copy: str | None = None
    style: Style | None = None


Keyboard = tuple[tuple[Key, ...], ...]


@dataclass(frozen=True)
class Message:
    """One Telegram message."""

    html: str
    keyboard: Keyboard = field(default=())


RENDERED_KEPT = 256
"""Replies whose messages are kept: a joined reply is asked for twice, and many people meet the same questions."""


def render(reply: Reply, words: Words = IN_JAPANESE) -> tuple[Message, ...]:
    """The messages of a reply, in order; the last one has the keyboard. Never empty.

    A checklist that lives is a message of its own in the middle, so that a tap changes little. Some are kept, but
    none of a reply `about` a question: that has what somebody typed.
    """
    return _kept(reply, words) if reply.about is None else _messages(reply, words)


def _messages(reply: Reply, words: Words) -> tuple[Message, ...]:
    if reply.kind == "checklist":
        return _living(reply, words)
    at = [number for number, block in enumerate(reply.blocks) if isinstance(block, Checklist) and block.lives]
    if not at:
        return _whole(reply, words)
    before, lists, after = reply.blocks[: at[0]], reply.blocks[at[0] : at[-1] + 1], reply.blocks[at[-1] + 1 :]
    first = (
        _whole(replace(reply, blocks=before, buttons=(), links=(), copies=(), feedback=None), words) if before else ()
    )
    return (*first, *_living(replace(reply, blocks=lists), words), *_whole(replace(reply, blocks=after), words))


_kept = lru_cache(RENDERED_KEPT)(_messages)


def _living(reply: Reply, words: Words) -> tuple[Message, ...]:
    """A checklist with its tick buttons: one message, unless it is longer than any we have."""
    lists = [block for block in reply.blocks if isinstance(block, Checklist)]
    ticks = [item.tick for block in lists for item in block.items if item.tick]
    shown = reply.reasons is not None and reply.reasons.on
    pieces = [
        piece
        for block in reply.blocks
        for piece in (_ticked(block, words, shown) if isinstance(block, Checklist) else _pieces(block, words))
    ]
    if not all_there(lists):
        pieces.append(_Piece(_lines(words("list.press"))))
    *full, last = _pack(pieces)
    keys = keyboard((*ticks, *([reply.reasons] if reply.reasons else [])))
    return (*(Message(part) for part in full), Message(last, keys))


def _ticked(block: Checklist, words: Words, reasons: bool) -> Iterator[_Piece]:
    """A list whose items are ticked, each with its reason if they are shown, and how many are missing."""
    lines = [*_lines(block.title, bold=True)]
    for item in block.items:
        lines += _lines((TICKED if item.on else UNTICKED) + item.text)
        lines += _lines(f"　{item.note}") if item.note else ()
        if item.why and reasons:
            lines += _lines("　" + words("pair", label=words("item.reasons"), text=item.why))
    lines += _lines(block.said, bold=True) if block.said else ()
    yield _Piece(tuple(lines))


def _whole(reply: Reply, words: Words) -> tuple[Message, ...]:
    blocks = [piece for block in reply.blocks for piece in _pieces(block, words)]
    blocks += [
        _Piece(_lines(words("pair", label=link.label, text=_bare(link.url))))
        for link in reply.links
        if not _opens(link)
    ]
    blocks += [_Piece(_lines(reply.feedback.ask))] if reply.feedback else []
    parts = list(_pack(blocks)) or ["…"]
    keys = keyboard(reply.buttons, reply.links, reply.copies)
    if said := reply.feedback:
        keys = (tuple(Key(button.label, button.data) for button in (said.yes, said.no)), *keys)
    return (
        *(Message(part) for part in parts[:-1]),
        Message(parts[-1], keys),
    )


def keyboard(buttons: Iterable[Button], links: Iterable[Link] = (), copies: Iterable[Copy] = ()) -> Keyboard:
    """Choices, toggles and the next step one per row, then what can be copied, links, and the rest two per row."""
    rows: list[tuple[Key, ...]] = []
    side: list[Key] = []
    first = [button for button in buttons if button.role != "primary"]
    for button in [*first, *(button for button in buttons if button.role == "primary")]:
        size = len(button.data.encode())
        assert 1 <= size <= DATA_LIMIT, f"the data of button {button.label!r} has {size} bytes"
        if button.role == "side":
            side.append(Key(button.label, button.data))
        elif button.role == "toggle":
            rows.append((Key((TICKED if button.on else UNTICKED) + button.label, button.data),))
        else:
            style = button.role if button.role in ("primary", "danger") else None
            rows.append((Key(button.label, button.data, style=style),))
    rows += [(Key(copy.label, copy=copy.text),) for copy in copies]
    rows += [(Key(link.label, url=link.url),) for link in links if _opens(link)]
    rows += [tuple(side[start : start + 2]) for start in range(0, len(side), 2)]
    return tuple(rows)


def units(text: str) -> int:
    """The length of a text as Telegram counts it, in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def _fits(text: str, limit: int) -> bool:
    """Whether a text has at most so many units; none of its characters has more than two."""
    return 2 * len(text) <= limit or units(text) <= limit


def _opens(link: Link) -> bool:
    """Whether Telegram accepts the address on a button; `tel:` and the local page it refuses."""
    address = urlsplit(link.url)
    host = address.hostname or ""
    return address.scheme == "https" or (address.scheme == "http" and "." in host and not host.startswith("127."))


def _bare(url: str) -> str:
    return url.removeprefix("tel:").removeprefix("mailto:")


@dataclass(frozen=True)
class _Piece:
    """Lines of complete HTML that belong together, in one pair of tags or none."""

    lines: tuple[str, ...]
    opening: str = ""
    closing: str = ""

    def html(self) -> str:
        return self.opening + "\n".join(self.lines) + self.closing


def _pieces(block: Block, words: Words) -> Iterator[_Piece]:
    match block:
        case Text(text):
            yield _Piece(_lines(text))
        case Heading(text):
            yield _Piece(_lines(text, bold=True))
        case Warning(text):
            yield _Piece((*_lines(f"⚠️ {words('warning')}", bold=True), *_lines(text)))
        case Bullets(items, ordered):
            marks = (f"{number}. " for number in range(1, len(items) + 1)) if ordered else ("・" for _ in items)
            yield _Piece(tuple(line for mark, item in zip(marks, items, strict=True) for line in _lines(mark + item)))
        case Checklist(title, items, optional):
            lines = [*_lines(words("item.if-you-have", items=title) if optional else title, bold=True)]
            for item in items:
                lines += _lines(UNTICKED + item.text)
                lines += _lines(f"　{item.note}") if item.note else ()
            yield _Piece(tuple(lines))
            reasons = [
                line
                for item in items
                if item.why
                for line in _lines("・" + words("pair", label=item.text, text=item.why))
            ]
            if reasons:
                yield _fold(words("item.reasons"), reasons)
        case Details(title, text):
            yield _fold(title, _lines(text))
        case Picture():
            return  # sent as a photo (steps.py); the answer says the same in words
        case Sources(items, freshness):
            named = [
                words(
                    "with-note",
                    text=f'<a href="{escape(item.url)}">{escape(item.name)}</a>' if item.url else escape(item.name),
                    note=escape(item.date),
                )
                for item in items
            ]
            lines = [words("pair", label=escape(words("source")), text=named[0]), *named[1:]] if named else []
            if lines or freshness:
                yield _Piece((*lines, *(_lines(freshness) if freshness else ())))


def _fold(title: str, lines: Iterable[str]) -> _Piece:
    return _Piece((*_lines(title, bold=True), *lines), "<blockquote expandable>", "</blockquote>")


_ROOM = LIMIT - 128
"""What one line may take, so that it fits into a message with the tags of its piece."""


_BLANK_LINES = re.compile(r"\n\s*\n")


def _lines(text: str, *, bold: bool = False) -> tuple[str, ...]:
    """The escaped lines of a text; one that would not fit into a message is cut, blank ones are joined."""
    lines = [part for line in _BLANK_LINES.sub("\n\n", text.strip("\n")).split("\n") for part in _cut(line)]
    return tuple(f"<b>{line}</b>" if bold and line else line for line in lines)


def _cut(line: str) -> Iterator[str]:
    whole = escape(line)
    if _fits(whole, _ROOM):
        yield whole
        return
    escaped, size = "", 0
    for character in line:
        piece = escape(character)
        if size + units(piece) > _ROOM:
            yield escaped
            escaped, size = "", 0
        escaped, size = escaped + piece, size + units(piece)
    yield escaped


def _pack(pieces: Iterable[_Piece]) -> Iterator[str]:
    message = ""
    for piece in pieces:
        html = piece.html()
        joined = f"{message}\n\n{html}" if message else html
        if _fits(joined, LIMIT):
            message = joined
            continue
        if message:
            yield message
        *full, message = _split(piece)
        yield from full
    if message:
        yield message


def _split(piece: _Piece) -> Iterator[str]:
    tags = units(piece.opening + piece.closing)
    kept: list[str] = []
    size = tags
    for line in piece.lines:
        more = units(line) + 1  # with its line break
        if kept and size + more > LIMIT:
            yield replace(piece, lines=tuple(kept)).html()
            kept, size = [], tags
        kept.append(line)
        size += more
    yield replace(piece, lines=tuple(kept)).html()
